"""The ledger itself: events are appended, never changed; who may append, and what ends an earlier one."""

from collections.abc import Sequence
from uuid import UUID

from hub.caller import AgencyId
from hub.database import Tx
from hub.problem import NotFound, Problem
from hub.sharing.vocabulary import DecisionId, Event


class NotInvolved(Problem):
    """Only an agency already involved with this person may decide about sharing."""

    status = 403


class AgencyUnknown(Problem):
    """No agency of that name belongs to this partnership."""

    status = 422


async def require_involvement(tx: Tx, subjects: Sequence[UUID], *, with_all: bool = True) -> None:
    """Refuse to decide about people the caller's agency has nothing to do with (NotInvolved).

    Who answers for its own records need not know everybody a decision is about.
    """
    known = await tx.value(
        "select count(distinct subject) from hub.caseload "
        "where agency = current_setting('hub.agency') and subject = any(:subjects)",
        subjects=list(set(subjects)),
    )
    if known < (len(set(subjects)) if with_all else 1):
        raise NotInvolved


async def require_members(tx: Tx, agencies: Sequence[AgencyId]) -> None:
    """Refuse what is not an agency of this partnership (AgencyUnknown)."""
    unknown = await tx.value(
        "select one from unnest(cast(:agencies as text[])) one"
        " where not exists (select from hub.agency where id = one and active) limit 1",
        agencies=list(agencies),
    )
    if unknown:
        raise AgencyUnknown(f"{unknown} is not an agency of this partnership.")


async def end_restriction(tx: Tx, decision_id: DecisionId, reason: str) -> None:
    """Append the event that lifts a restriction, for the same agency, people and categories.

    Lifting it twice is as good as once. Raises NotFound for one that the caller's agency neither recorded
    nor oversees; who recorded it reads who lifted it.
    """
    tx.asked.append(decision_id)
    found = await tx.value(
        "with first as (select * from hub.decision_event where decision = :decision and event = :first),"
        " ended as (insert into hub.decision_event"
        " (decision, event, agency, purpose, basis, categories, subjects, reason, begun_by)"
        " select decision, :event, agency, purpose, basis, categories, subjects, :reason,"
        " nullif(recorded_by, current_setting('hub.agency')) from first"
        " on conflict do nothing) select true from first",
        decision=decision_id,
        event=Event.LIFTED,
        first=Event.RESTRICTED,
        reason=reason,
    )
    if not found:
        raise NotFound
