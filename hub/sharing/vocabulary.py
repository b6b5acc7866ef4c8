"""The words of the ledger: categories, bases, events, and the ids it hands out."""

from enum import StrEnum
from typing import NewType
from uuid import UUID

SubjectId = NewType("SubjectId", UUID)
DecisionId = NewType("DecisionId", UUID)


class Category(StrEnum):
    """What has its own sharing category is its own row."""

    EXISTENCE = "existence"
    IDENTITY = "identity_contact"
    HOME_ADDRESS = "home_address"
    HOUSEHOLD = "family_household"
    CONCERN = "safeguarding_concern"
    REQUEST_FOR_HELP = "request_for_help"
    ATTENDANCE = "education_attendance"
    SEND = "education_send"
    HEALTH_PHYSICAL = "health_physical"
    HEALTH_MENTAL = "health_mental"
    SOCIAL_CARE = "social_care_history"
    POLICE = "police_justice"
    HOUSING = "housing_tenancy"
    FINANCE = "finance_benefits"
    DOMESTIC_ABUSE = "domestic_abuse"
    SUBSTANCE = "substance_misuse"
    IMMIGRATION = "immigration"
    WISHES = "wishes_feelings"
    PLAN = "plan_and_actions"
    MINUTES = "meeting_minutes"
    NOTES = "professional_notes"
    THIRD_PARTY = "third_party"


class Basis(StrEnum):
    """Why sharing is right. Consent is one basis, not the only one (Children Act 2004 s.16LA)."""

    AGREEMENT = "agreement"
    STATUTORY_DUTY = "statutory_duty"
    SAFEGUARDING = "safeguarding"
    COURT_ORDER = "court_order"


class Event(StrEnum):
    """What can happen in the ledger."""

    PROPOSED = "proposed"
    GIVEN = "given"
    REFUSED = "refused"
    NOT_SHARED = "not_shared"
    VARIED = "varied"
    REVIEWED = "reviewed"
    COUNTERSIGNED = "countersigned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    RESTRICTED = "restricted"
    LIFTED = "lifted"
