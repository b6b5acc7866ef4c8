"""Two who may decide say different things: nothing is shared until a person resolves it."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from hub.database import Tx
from hub.heard import Heard
from hub.problem import NotFound, Problem
from hub.sharing.circumstances import Reason
from hub.sharing.overrides import named_person


class ConflictAlreadyResolved(Problem):
    """This disagreement is over: somebody resolved it, or one of the two changed their mind."""

    status = 409


class ResolvedByOneSide(Problem):
    """Only a colleague of those who recorded a refusal, or oversight, shares against it."""

    status = 403


class Resolution(Heard):
    """What somebody decided after hearing both."""

    outcome: Literal["share", "do_not_share"]
    reason: Reason = Field(description="in words both could read")


async def resolve(tx: Tx, conflict: UUID, resolution: Resolution) -> None:
    """Resolve a disagreement that the caller's agency may know of as one of its sides; for oversight, any.

    Raises NotFound, ConflictAlreadyResolved, PractitionerMissing (a person resolves it, not an agency), and
    ResolvedByOneSide: nothing is shared against a refusal by the other side, nor on the word of whoever
    recorded one.
    """
    tx.asked.append(conflict)
    found = await tx.rows(
        "select open, hub.may_overrule(id, current_setting('hub.agency'), :person) as may_share"
        " from hub.conflict where id = :conflict",
        conflict=conflict,
        person=named_person(tx),
    )
    if not found:
        raise NotFound
    if found[0]["open"] and resolution.outcome == "share" and not found[0]["may_share"]:
        raise ResolvedByOneSide("Let a colleague where the refusal was recorded hear both and decide.")
    taken = found[0]["open"] and await tx.value(
        "insert into hub.conflict_resolution (conflict, outcome, reason)"
        " select id, :outcome, :reason from hub.conflict where id = :conflict and open"
        " on conflict do nothing returning true",
        conflict=conflict,
        outcome=resolution.outcome,
        reason=resolution.reason,
    )
    if not taken:
        raise ConflictAlreadyResolved("Nothing is left to resolve: see `GET /sharing/conflicts?open=true`.")
