"""What happens to a decision later: varied, reviewed, withdrawn, superseded."""

from typing import Any

from pydantic import AwareDatetime, Field, model_validator

from hub.database import Tx
from hub.heard import Heard
from hub.problem import PayloadNotValid, Problem
from hub.sharing.circumstances import Reason
from hub.sharing.decisions import Decision, check, decide, require_backing_of, require_decider
from hub.sharing.givers import NOBODY, Acquaintance, Known, Speaker, check_acquainted
from hub.sharing.history import (
    OnlyTheGiverTakesBack,
    append,
    check_follows,
    not_theirs,
    same,
    stand,
    stand_ours,
)
from hub.sharing.speaking import require_speaks
from hub.sharing.vocabulary import Basis, Category, DecisionId, Event


class RefusalStands(Problem):
    """What somebody refused is replaced by their own word about all of it, and by nothing else."""

    status = 409


class DecisionEnding(Heard):
    """Why a decision is withdrawn."""

    reason: Reason = Field(description="in words a family could read")
    said_by: Speaker | None = Field(
        None, description="whose word it is, where that is not who gave the agreement"
    )


class DecisionReview(Heard):
    """Somebody looked at a decision again, and it stands."""

    reason: Reason = Field(description="what was looked at, and why it stands")


class Variation(DecisionEnding):
    """What changes about a decision from now on. Everything left out stays as it is."""

    categories: list[Category] | None = Field(None, min_length=1, max_length=30)
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> "Variation":
        if not (self.categories or self.starts or self.ends):
            raise ValueError("change categories, starts or ends")
        return self


class Succession(Heard):
    """The decision that takes another's place, and why."""

    reason: Reason = Field(description="why the old one is replaced, in words a family could read")
    decision: Decision


async def withdraw(tx: Tx, decision_id: DecisionId, ending: DecisionEnding, known: Known = NOBODY) -> None:
    """Take a decision out of force, for the next read, write and delivery. As easy as giving.

    Any agency that works with the family may be told that an agreement is withdrawn; any other decision
    is withdrawn by who recorded it or by who sees. Waits for writes that are fanning out about the same
    people. Withdrawing twice is as good as once. Raises NotFound, OnlyTheRecorderChanges,
    OnlyTheGiverTakesBack, PersonUnknown, CapacityDoesNotFit, and DecisionMoveNotAllowed where another
    decision took its place.
    """
    await tx.run("select hub.hold_alone(:decision)", decision=decision_id)
    now = await stand(tx, decision_id)
    if not now["ends_it"]:
        raise await not_theirs(tx, decision_id, now)
    _check_word(now, ending, known.speaker)
    if now["standing"] == Event.WITHDRAWN:
        return
    check_follows(Event(now["standing"]), Event.WITHDRAWN, now["successor"])
    await append(tx, decision_id, Event.WITHDRAWN, same(now) | _word(now, ending))


async def review(tx: Tx, decision_id: DecisionId, heard: DecisionReview) -> None:
    """Record that a decision was looked at again and stands.

    Raises NotFound, OnlyTheRecorderChanges, DecisionMoveNotAllowed.
    """
    now = await stand_ours(tx, decision_id, Event.REVIEWED)
    await append(tx, decision_id, Event.REVIEWED, same(now) | {"reason": heard.reason})


async def vary(tx: Tx, decision_id: DecisionId, heard: Variation, known: Known = NOBODY) -> None:
    """Change what a decision covers, or for how long, from now on. An agreement varies by its giver's word.

    Raises NotFound, OnlyTheRecorderChanges, DecisionMoveNotAllowed, OnlyTheGiverTakesBack, PersonUnknown,
    CapacityDoesNotFit, MayNotSpeakForThem, PractitionerMissing.
    """
    await tx.run("select hub.hold_alone(:decision)", decision=decision_id)
    now = await stand_ours(tx, decision_id, Event.VARIED)
    require_decider(tx, Basis(now["basis"]))
    _check_word(now, heard, known.speaker)
    if by := heard.said_by:
        await require_speaks(tx, now["capacity"], by.person or now["giver"], known, now["subjects"])
    starts, ends = heard.starts or now["starts"], heard.ends or now["ends"]
    if ends <= starts:
        raise PayloadNotValid(errors=[{"pointer": "/ends", "detail": "must be after it starts"}])
    changed = {"starts": starts, "ends": ends}
    if heard.categories:
        changed["categories"] = [category.value for category in dict.fromkeys(heard.categories)]
    varied = same(now) | _word(now, heard) | changed
    await require_backing_of(tx, varied)
    await append(tx, decision_id, Event.VARIED, varied)


async def supersede(tx: Tx, decision_id: DecisionId, heard: Succession, known: Known = NOBODY) -> DecisionId:
    """Put another decision in the place of this one, in one step. Returns the new one's id.

    One person's agreement or refusal is not replaced by another's: both words are kept (see conflicts).
    Raises NotFound, OnlyTheRecorderChanges, DecisionMoveNotAllowed, OnlyTheGiverTakesBack, RefusalStands,
    and what `decide` raises.
    """
    check(heard.decision)
    await tx.run("select hub.hold_alone(:decision)", decision=decision_id)
    # All of them in one order: the old decision's people after the new one's would wait in a ring (40P01).
    await tx.run(
        "select hub.hold_decision(:decision, :others)", decision=decision_id, others=heard.decision.subjects
    )
    now = await stand_ours(tx, decision_id, Event.SUPERSEDED)
    _check_replaces(now, heard.decision)
    successor = await decide(tx, heard.decision, known, replaced=decision_id)
    facts = same(now) | {"reason": heard.reason, "successor": successor}
    await append(tx, decision_id, Event.SUPERSEDED, facts)
    return successor


def _check_word(now: dict[str, Any], heard: DecisionEnding, known: Acquaintance | None) -> None:
    by = heard.said_by
    if by and now["basis"] == Basis.AGREEMENT:
        _check_same(now, by.name, by.person)
    if by and by.person and by.person != now["giver"]:
        check_acquainted(by, known, "/said_by/person", now["capacity"], now["subjects"])


def _check_replaces(now: dict[str, Any], new: Decision) -> None:
    if new.basis is Basis.AGREEMENT and now["basis"] == Basis.AGREEMENT:
        _check_same(now, new.speaker, new.giver.person if new.giver else None)
    if now["standing"] == Event.REFUSED and not _answers_all_of(now, new):
        raise RefusalStands(
            "Record what the same person says now, given or refused, for the same recipient and purpose and"
            " for all that they refused."
        )


def _answers_all_of(now: dict[str, Any], new: Decision) -> bool:
    """Whether it is as much of an answer as the refusal was (`hub.takes_back` says the same)."""
    return (
        new.basis is Basis.AGREEMENT
        and new.begins in (Event.GIVEN, Event.REFUSED)
        and (new.agency, new.purpose) == (now["agency"], now["purpose"])
        and set(new.subjects) >= set(now["subjects"])
        and set(new.categories) >= set(now["categories"])
    )


def _check_same(now: dict[str, Any], name: str | None, person: object) -> None:
    """Parent B does not take back what parent A agreed to (`hub.same_giver` says the same)."""
    if now["given_by"] is None or name is None:
        return
    alike = person == now["giver"] if person and now["giver"] else name.lower() == now["given_by"].lower()
    if not alike:
        raise OnlyTheGiverTakesBack(
            "Record the other person's own refusal instead: a decision with event `refused` and its giver."
        )


def _word(now: dict[str, Any], heard: DecisionEnding) -> dict[str, Any]:
    """Whose word it is: as they say, or the giver's own."""
    by = heard.said_by
    return {
        "reason": heard.reason,
        "given_by": by.name if by else now["given_by"],
        "giver": by.person if by else now["giver"],
    }
