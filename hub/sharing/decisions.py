"""Deciding to share, or not to; proposing it, and recording what the family answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, model_validator

from hub.caller import AgencyId, Purpose
from hub.database import Tx
from hub.heard import Agency, Until
from hub.problem import Problem
from hub.sharing.agreements import require_cover
from hub.sharing.circumstances import Circumstances, Reason, check_circumstances
from hub.sharing.givers import NOBODY, GiverUnclear, Known, check_known
from hub.sharing.history import append, check_follows, same, stand_ours
from hub.sharing.ledger import require_involvement, require_members
from hub.sharing.overrides import named_person
from hub.sharing.recipients import TYPE, Recipient, agency_of, require_recipient
from hub.sharing.restrictions import CourtReferenceMissing
from hub.sharing.speaking import require_speaks
from hub.sharing.vocabulary import Basis, Category, DecisionId, Event

# What an agency's own decisions still share of what it decides not to; nobody else's are named.
STILL_SHARED = """
select distinct s.decision from hub.share s
join hub.decision_event e on e.decision = s.decision and e.event in ('proposed', 'given')
where s.subject = any(cast(:subjects as uuid[])) and s.category = any(cast(:categories as text[]))
  and s.purpose = :purpose and s.ends > now() and hub.reaches(:recipient, s.agency)
  and e.recorded_by = current_setting('hub.agency')
  and s.decision is distinct from cast(:replaced as uuid) order by 1"""
MOST_ASKED = 40  # a partnership has about as many agencies
EXAMPLE: dict[str, JsonValue] = {
    "agency": "type:early_help_team",
    "subjects": ["00000000-0000-4000-8000-000000000001"],  # put the id of somebody you work with
    "categories": ["existence", "family_household"],
    "purpose": "early_help",
    "basis": "agreement",
    "giver": {"name": "Robin Synthetic", "capacity": "pr_holder"},
    "method": "in_person",
    "informed": True,
    "reason": "The family asked for help together.",
}


class StillShared(Problem):
    """Your agency's own decision still shares what this one says is not shared."""

    status = 409


class Decision(Circumstances):
    """One recipient, some categories, some people, one purpose: to share, or not to share."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    agency: Recipient = Field(
        description="who will see: an agency, `type:health_provider`, or a team as `agency/team`"
    )
    subjects: list[UUID] = Field(min_length=1, max_length=50, description="persons and households")
    categories: list[Category] = Field(min_length=1, max_length=30)
    purpose: Purpose
    basis: Basis
    share: bool = Field(True, description="false records a decision not to share, with its reason")
    event: Literal["proposed", "given", "refused", "not_shared"] | None = Field(
        None, description="how it begins: `given` if left out, or `not_shared` where `share` is false"
    )
    countersigners: list[Agency] = Field(
        [],
        max_length=MOST_ASKED,
        description="agencies whose records this is meant to open too: each is asked to countersign it",
    )
    reason: Reason = Field(description="in words a family could read")
    court_reference: str | None = Field(
        None, min_length=3, max_length=100, description="court_order: which order it is"
    )
    starts: AwareDatetime | None = Field(None, description="from when; now if left out")
    ends: Until | None = Field(None, description="until when; a year from its start if left out")

    @model_validator(mode="after")
    def _consistent(self) -> "Decision":
        if not self.share and self.event == "given":
            raise ValueError("a decision not to share is not given")
        if self.event == "refused" and self.basis is not Basis.AGREEMENT:
            raise ValueError("only an agreement can be refused")
        return self

    @property
    def begins(self) -> Event:
        """The event that records it."""
        return Event(self.event) if self.event else Event.GIVEN if self.share else Event.NOT_SHARED


class Answer(Circumstances):
    """What a family answered to a proposal, and how."""

    reason: Reason = Field(description="in words a family could read")


def check(decision: Decision) -> None:
    """Refuse a decision that does not say what its basis needs (see `check_circumstances`).

    Raises GiverUnclear for a refusal without a giver, CourtReferenceMissing for an order without reference.
    """
    check_circumstances(decision, decision.begins, decision.basis)
    if decision.basis is Basis.COURT_ORDER and not decision.court_reference:
        raise CourtReferenceMissing("Say in `court_reference` which order it is.")
    _check_refuser(decision, decision.begins)


async def decide(
    tx: Tx, decision: Decision, known: Known = NOBODY, *, replaced: DecisionId | None = None
) -> DecisionId:
    """Record one decision and put it in force. Returns its id, which a withdrawal names.

    It opens what the caller's agency wrote and what it may itself see now; what anybody else wrote, once they
    countersign (`hub.sharing.countersigning`).
    Where two who may decide about somebody say different things, what they differ about is not in force.
    `known` is the giver, and those it is about, as the caller knows them; `replaced` the decision in whose
    place it stands.
    Raises AgencyUnknown, DecisionInOwnFavour, NotInvolved, MayNotSpeakForThem, PractitionerMissing,
    StillShared, and what `check` and `check_known` raise.
    """
    check(decision)
    require_decider(tx, decision.basis)
    check_known(decision.giver, known.speaker, decision.subjects)
    await require_recipient(tx, decision.agency)
    await require_involvement(tx, decision.subjects)
    await _require_speaker(tx, decision, known, decision.subjects)
    await require_members(tx, decision.countersigners)
    check_follows(None, decision.begins)
    if decision.begins is Event.GIVEN:
        await require_backing(
            tx, decision.agency, decision.categories, decision.purpose, decision.basis, decision.starts
        )
    if decision.begins is Event.NOT_SHARED:
        await _require_unshared(tx, decision, replaced)
    decision_id = DecisionId(uuid4())
    facts = {
        "agency": decision.agency,
        "purpose": decision.purpose,
        "basis": decision.basis,
        "categories": [category.value for category in dict.fromkeys(decision.categories)],
        "subjects": list(dict.fromkeys(decision.subjects)),
        "asked": _asked(tx, decision),
        "court_reference": decision.court_reference,
        "starts": decision.starts,
        "ends": decision.ends,
    }
    await append(tx, decision_id, decision.begins, facts | said(decision))
    return decision_id


async def give(tx: Tx, decision_id: DecisionId, answer: Answer, known: Known = NOBODY) -> None:
    """The family agrees to what was proposed; it is in force from now on, or from when it was to start.

    Raises NotFound, OnlyTheRecorderChanges, DecisionMoveNotAllowed, MayNotSpeakForThem, and what `check` and
    `check_known` raise.
    """
    await _answered(tx, decision_id, answer, Event.GIVEN, known)


async def refuse(tx: Tx, decision_id: DecisionId, answer: Answer, known: Known = NOBODY) -> None:
    """The family refuses what was proposed. Raises the same, and GiverUnclear without a giver."""
    await _answered(tx, decision_id, answer, Event.REFUSED, known)


async def _answered(tx: Tx, decision_id: DecisionId, answer: Answer, event: Event, known: Known) -> None:
    now = await stand_ours(tx, decision_id, event)
    check_circumstances(answer, event, Basis(now["basis"]))
    require_decider(tx, Basis(now["basis"]))
    _check_refuser(answer, event)
    check_known(answer.giver, known.speaker, now["subjects"])
    await _require_speaker(tx, answer, known, now["subjects"])
    terms = same(now) | {"starts": now["starts"], "ends": now["ends"]}
    if event is Event.GIVEN:
        await require_backing_of(tx, terms)
    await append(tx, decision_id, event, terms | said(answer))


def require_decider(tx: Tx, basis: Basis) -> None:
    """Where nobody agreed, a named person decides and answers for it (PractitionerMissing)."""
    if basis is not Basis.AGREEMENT:
        named_person(tx)


async def require_backing(
    tx: Tx,
    recipient: AgencyId,
    categories: Sequence[Category],
    purpose: Purpose,
    basis: Basis,
    starts: datetime | None,
) -> None:
    """Refuse what no agreement between organisations backs (AgreementMissing, AgreementExpired).

    A decision for a type of agency reaches those of them that an agreement covers, and no other.
    """
    if not recipient.startswith(TYPE):
        await require_cover(tx, recipient, categories, purpose, basis, starts)


async def require_backing_of(tx: Tx, terms: Mapping[str, Any]) -> None:
    """The same, for terms as the ledger has them."""
    categories = [Category(name) for name in terms["categories"]]
    purpose, basis = Purpose(terms["purpose"]), Basis(terms["basis"])
    await require_backing(tx, terms["agency"], categories, purpose, basis, terms["starts"])


async def _require_unshared(tx: Tx, decision: Decision, replaced: DecisionId | None) -> None:
    """Refuse to write down as not shared what stays shared (StillShared): it would end nothing."""
    found = await tx.rows(
        STILL_SHARED,
        subjects=decision.subjects,
        categories=[category.value for category in decision.categories],
        purpose=decision.purpose,
        recipient=decision.agency,
        replaced=replaced,
    )
    if found:
        still = ", ".join(str(row["decision"]) for row in found)
        raise StillShared(f"Withdraw it, or supersede it with this one, and what it shares ends: {still}.")


def _asked(tx: Tx, decision: Decision) -> list[AgencyId]:
    """Whose countersignature would open anything: neither its recorder's nor its recipient's."""
    theirs = (tx.known_caller.agency, agency_of(decision.agency))
    return [agency for agency in dict.fromkeys(decision.countersigners) if agency not in theirs]


def _check_refuser(answer: Circumstances, event: Event) -> None:
    if event is Event.REFUSED and answer.giver is None:
        raise GiverUnclear("Say who refuses in `giver`: name and capacity.")


async def _require_speaker(tx: Tx, told: Circumstances, known: Known, subjects: Sequence[UUID]) -> None:
    if giver := told.giver:
        await require_speaks(tx, giver.capacity, giver.person, known, subjects, giver.age)


def said(told: Decision | Answer) -> dict[str, Any]:
    """Who said so and how it came about, as the ledger keeps it."""
    return {
        "reason": told.reason,
        "given_by": told.speaker,
        "giver": told.giver.person if told.giver else None,
        "capacity": told.giver.capacity if told.giver else None,
        "detriment_test": told.weighed(),
        "circumstances": told.kept(),
    }
