"""Hiding something, whatever was decided: from an agency, one person of it, or everybody not named.

It hides from now on and until it ends or is lifted; `starts` says from when the order behind it runs.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from pydantic import AwareDatetime, Field, model_validator

from hub.caller import AgencyId
from hub.database import Tx
from hub.heard import Heard, Staff, Until
from hub.problem import Problem
from hub.sharing.insight import require_insight
from hub.sharing.ledger import end_restriction, require_members
from hub.sharing.vocabulary import Category, DecisionId, Event

EVERYBODY_ELSE = "!"  # no agency can be called so
MOST_AGENCIES = 100
OF_OVERSIGHT = "select true from hub.agency where id = :agency and type = 'data_protection_officer'"


class RestrictionKind(StrEnum):
    """Why something is hidden."""

    NO_CONTACT_ORDER = "no_contact_order"
    REFUGE = "refuge"
    PROFESSIONAL_SAFETY = "professional_safety"
    OTHER = "other"


class CourtReferenceMissing(Problem):
    """An order of a court is recorded with its reference."""

    status = 422


class ConcernsStayVisible(Problem):
    """A concern about a child is hidden only under an order or a refuge's reference, or by oversight."""

    status = 422


class OversightSeesAll(Problem):
    """Nothing is hidden from the hub's data protection officer."""

    status = 422


ORDERED = (RestrictionKind.NO_CONTACT_ORDER, RestrictionKind.REFUGE)


class Restriction(Heard):
    """Hide some categories about some people, whatever else was decided.

    From one agency (`hidden_from`), from one person of it (`practitioner` too), or from every agency,
    those that join later included, but these (`except`; empty means nobody).
    """

    hidden_from: AgencyId | None = Field(None, max_length=64)
    practitioner: Staff | None = Field(None, description="one person of that agency, by staff id")
    exempt: list[AgencyId] | None = Field(
        None, alias="except", max_length=MOST_AGENCIES, description="hidden from everybody but these"
    )
    subjects: list[UUID] = Field(min_length=1, max_length=50)
    categories: list[Category] = Field(min_length=1, max_length=30)
    kind: RestrictionKind = RestrictionKind.OTHER
    court_reference: str | None = Field(None, min_length=3, max_length=100)
    reason: str = Field(min_length=3, max_length=2000)
    starts: AwareDatetime | None = Field(None, description="from when the order runs; it hides from now on")
    ends: Until | None = Field(None, description="until when; until it is lifted if left out")

    @model_validator(mode="after")
    def _from_somebody(self) -> "Restriction":
        if (self.hidden_from is None) == (self.exempt is None):
            raise ValueError("give either hidden_from or except")
        if self.practitioner and self.hidden_from is None:
            raise ValueError("a practitioner is one of the agency in hidden_from")
        return self


async def restrict(tx: Tx, restriction: Restriction) -> DecisionId:
    """Put a restriction in force. It wins over every decision to share.

    Raises NotFound, AgencyUnknown, CourtReferenceMissing, ConcernsStayVisible, OversightSeesAll.
    """
    return await hide(
        tx,
        agency=restriction.hidden_from,
        practitioner=restriction.practitioner,
        named=restriction.exempt,
        subjects=restriction.subjects,
        categories=restriction.categories,
        kind=restriction.kind,
        court_reference=restriction.court_reference,
        reason=restriction.reason,
        starts=restriction.starts,
        ends=restriction.ends,
    )


async def hide(
    tx: Tx,
    *,
    subjects: Sequence[UUID],
    categories: Sequence[Category],
    kind: RestrictionKind,
    reason: str,
    court_reference: str | None = None,
    agency: AgencyId | None = None,
    practitioner: str | None = None,
    named: Sequence[AgencyId] | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
    sealed: bool = False,
) -> DecisionId:
    """Append the event that hides, once what is under way about these people has been delivered."""
    _check_order(tx, categories, kind, court_reference)
    await require_insight(tx, subjects)
    await require_members(tx, [agency] if agency else named or [])
    if await tx.value(OF_OVERSIGHT, agency=agency):
        raise OversightSeesAll("Name another agency in `hidden_from`: oversight sees all, by office.")
    await tx.run("select hub.hold_alone_about(:subjects)", subjects=list(subjects))
    restriction = DecisionId(uuid4())
    await tx.run(
        "insert into hub.decision_event (decision, event, agency, hidden_from, named, categories, subjects,"
        " kind, court_reference, reason, circumstances, starts, ends) values (:decision, :event, :agency,"
        " :hidden_from, :named, :categories, :subjects, :kind, :court_reference, :reason,"
        " cast(:circumstances as jsonb),"
        " coalesce(cast(:starts as timestamptz), now()),"
        " coalesce(cast(:ends as timestamptz), 'infinity'))",
        decision=restriction,
        event=Event.RESTRICTED,
        agency=agency or EVERYBODY_ELSE,
        hidden_from=practitioner or "",
        named=None if agency else sorted(set(named or ())),
        categories=[category.value for category in categories],
        subjects=list(subjects),
        kind=kind,
        court_reference=court_reference,
        reason=reason,
        circumstances=json.dumps({"sealed": True} if sealed else {}),
        starts=starts,
        ends=ends,
    )
    return restriction


async def lift(tx: Tx, restriction_id: DecisionId, reason: str) -> None:
    """End a restriction or a seal: one's own, or for oversight anybody's. Raises NotFound for any other."""
    await end_restriction(tx, restriction_id, reason)


def _check_order(
    tx: Tx, categories: Sequence[Category], kind: RestrictionKind, court_reference: str | None
) -> None:
    """Refuse an order without its reference, and concerns hidden without one (docs/decisions/0027)."""
    if kind is RestrictionKind.NO_CONTACT_ORDER and not court_reference:
        raise CourtReferenceMissing("Say in `court_reference` which order it is.")
    ordered = kind in ORDERED and court_reference
    if Category.CONCERN in categories and not ordered and not tx.known_caller.oversees:
        raise ConcernsStayVisible(
            "Leave out safeguarding_concern, or name the order or the refuge in `kind` and `court_reference`."
        )
