"""The ledger itself: events are appended, never changed; who may append, and what ends an earlier one."""

from collections.abc import Sequence
from uuid import UUID

from hub.database import Tx
from hub.problem import NotFound, Problem
from hub.sharing.vocabulary import DecisionId, Event


class NotInvolved(Problem):
    """Only an agency already involved with this person may decide about sharing."""

    status = 403


class AgencyUnknown(Problem):
    """No agency of that name belongs to this partnership."""

    status = 422


async def require_involvement(tx: Tx, subjects: Sequence[UUID]) -> None:
    """Refuse to decide about people the caller's agency has nothing to do with (NotInvolved)."""
    known = await tx.value(
        "select count(distinct subject) from hub.caseload "
        "where agency = current_setting('hub.agency') and subject = any(:subjects)",
        subjects=list(set(subjects)),
    )
    if known != len(set(subjects)):
        raise NotInvolved


async def follow(tx: Tx, decision_id: DecisionId, event: Event, reason: str) -> None:
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
