"""The ledger: what agency A may see about person P, of category C, for purpose U, on which basis.

Append-only. A decision is given, not shared, withdrawn or lifted by inserting an event; PostgreSQL keeps
what is in force (`hub.share`, `hub.restriction`) in the same transaction, and the row policies read that.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from hub.caller import AgencyId, Purpose
from hub.database import Tx
from hub.problem import NotFound, Problem

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

    GIVEN = "given"
    NOT_SHARED = "not_shared"
    WITHDRAWN = "withdrawn"
    RESTRICTED = "restricted"
    LIFTED = "lifted"


class AgreementNeedsAGiver(Problem):
    """An agreement names who gave it."""

    status = 422


class DutyNeedsADetrimentTest(Problem):
    """Sharing without agreement records the detriment test."""

    status = 422


class NotInvolved(Problem):
    """Only an agency already involved with this person may decide about sharing."""

    status = 403


class DecisionInOwnFavour(Problem):
    """An agency does not decide what it may itself see: another involved agency does."""

    status = 403


class AgencyUnknown(Problem):
    """No agency of that name belongs to this partnership."""

    status = 422


class Decision(BaseModel):
    """One agency, some categories, some people, one purpose: to share, or not to share."""

    model_config = ConfigDict(extra="forbid")

    agency: AgencyId = Field(max_length=64, description="the agency that will see")
    subjects: list[UUID] = Field(min_length=1, max_length=50, description="persons and households")
    categories: list[Category] = Field(min_length=1, max_length=30)
    purpose: Purpose
    basis: Basis
    share: bool = Field(True, description="false records a decision not to share, with its reason")
    reason: str = Field(min_length=3, max_length=2000, description="in words a family could read")
    given_by: str | None = Field(
        None, max_length=200, description="agreement: who gave it, and in what capacity"
    )
    detriment_test: str | None = Field(
        None,
        max_length=2000,
        description="other bases: why sharing is not more detrimental to the child",
    )
    starts: AwareDatetime | None = Field(None, description="from when; now if left out")
    ends: AwareDatetime | None = Field(None, description="until when; a year from now if left out")

    @model_validator(mode="after")
    def _in_order(self) -> "Decision":
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValueError("ends must be after starts")
        return self


def check(decision: Decision) -> None:
    """Refuse a decision that does not say what its basis needs.

    Raises AgreementNeedsAGiver or DutyNeedsADetrimentTest (DfE information sharing advice, rules 3 and 7).
    """
    if decision.basis is Basis.AGREEMENT and not decision.given_by:
        raise AgreementNeedsAGiver("Say who gave the agreement in `given_by`.")
    if decision.basis is not Basis.AGREEMENT and not decision.detriment_test:
        raise DutyNeedsADetrimentTest("Say in `detriment_test` why sharing does not do more harm than good.")


async def decide(tx: Tx, decision: Decision) -> DecisionId:
    """Record one decision and put it in force. Returns its id, which a withdrawal names."""
    check(decision)
    if decision.agency == tx.known_caller.agency:
        raise DecisionInOwnFavour
    decision_id = DecisionId(uuid4())
    await require_involvement(tx, decision.subjects)
    await _append(
        tx,
        decision_id,
        Event.GIVEN if decision.share else Event.NOT_SHARED,
        agency=decision.agency,
        purpose=decision.purpose,
        basis=decision.basis,
        categories=decision.categories,
        subjects=decision.subjects,
        reason=decision.reason,
        given_by=decision.given_by,
        detriment_test=decision.detriment_test,
        starts=decision.starts,
        ends=decision.ends,
    )
    return decision_id


async def withdraw(tx: Tx, decision_id: DecisionId, reason: str) -> None:
    """Take a decision out of force, for the next read, write and delivery. As easy as giving.

    Waits for writes that are fanning out about the same people. Raises NotFound for a decision that
    the caller's agency neither recorded nor benefits from.
    """
    await tx.run("select hub.hold_alone(:decision)", decision=decision_id)
    await _follow(tx, decision_id, Event.WITHDRAWN, reason)


class Restriction(BaseModel):
    """Hide some categories about some people from one agency, whatever else was decided."""

    model_config = ConfigDict(extra="forbid")

    hidden_from: AgencyId = Field(max_length=64)
    subjects: list[UUID] = Field(min_length=1, max_length=50)
    categories: list[Category] = Field(min_length=1, max_length=30)
    reason: str = Field(min_length=3, max_length=2000)
    ends: AwareDatetime | None = Field(None, description="until when; until it is lifted if left out")


async def restrict(tx: Tx, restriction: Restriction) -> DecisionId:
    """Put a restriction in force. It wins over every decision to share."""
    await require_involvement(tx, restriction.subjects)
    restriction_id = DecisionId(uuid4())
    await _append(
        tx,
        restriction_id,
        Event.RESTRICTED,
        agency=restriction.hidden_from,
        categories=restriction.categories,
        subjects=restriction.subjects,
        reason=restriction.reason,
        ends=restriction.ends,
    )
    return restriction_id


async def lift(tx: Tx, restriction_id: DecisionId, reason: str) -> None:
    """End a restriction. Raises NotFound for one that the caller's agency did not record."""
    await _follow(tx, restriction_id, Event.LIFTED, reason)


async def require_involvement(tx: Tx, subjects: Sequence[UUID]) -> None:
    """Refuse to decide about people the caller's agency has nothing to do with (NotInvolved)."""
    known = await tx.value(
        "select count(distinct subject) from hub.caseload "
        "where agency = current_setting('hub.agency') and subject = any(:subjects)",
        subjects=list(set(subjects)),
    )
    if known != len(set(subjects)):
        raise NotInvolved


async def _follow(tx: Tx, decision_id: DecisionId, event: Event, reason: str) -> None:
    """Append the event that ends an earlier one, for the same agency, people and categories.

    Ending it twice is as good as once.
    """
    first = Event.GIVEN if event is Event.WITHDRAWN else Event.RESTRICTED
    tx.asked.append(decision_id)
    found = await tx.value(
        "with first as (select * from hub.decision_event where decision = :decision and event = :first),"
        " ended as (insert into hub.decision_event"
        " (decision, event, agency, purpose, basis, categories, subjects, reason)"
        " select decision, :event, agency, purpose, basis, categories, subjects, :reason from first"
        " on conflict do nothing) select true from first",
        decision=decision_id,
        event=event,
        first=first,
        reason=reason,
    )
    if not found:
        raise NotFound


async def _append(
    tx: Tx,
    decision_id: DecisionId,
    event: Event,
    *,
    agency: AgencyId,
    categories: Sequence[Category],
    subjects: Sequence[UUID],
    reason: str,
    purpose: Purpose | None = None,
    basis: Basis | None = None,
    given_by: str | None = None,
    detriment_test: str | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> None:
    if not await tx.value("select true from hub.agency where id = :agency and active", agency=agency):
        raise AgencyUnknown(f"{agency} is not an agency of this partnership.")
    await tx.run(
        "insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects,"
        " reason, given_by, detriment_test, starts, ends) values (:decision, :event, :agency, :purpose,"
        " :basis, :categories, :subjects, :reason, :given_by, :detriment_test,"
        " coalesce(:starts, now()), coalesce(:ends, case when cast(:event as text) = 'restricted'"
        " then 'infinity' else now() + interval '1 year' end))",
        decision=decision_id,
        event=event,
        agency=agency,
        purpose=purpose,
        basis=basis,
        categories=[c.value for c in categories],
        subjects=list(subjects),
        reason=reason,
        given_by=given_by,
        detriment_test=detriment_test,
        starts=starts,
        ends=ends,
    )
