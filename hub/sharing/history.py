"""The life of a decision: what may follow what, who may say so, and the event that is appended."""

import json
from collections.abc import Mapping
from typing import Any

from hub.database import Tx
from hub.policy import hidden_from_us
from hub.problem import NotFound, Problem
from hub.sharing.vocabulary import DecisionId, Event

BEGINS = frozenset({Event.PROPOSED, Event.GIVEN, Event.REFUSED, Event.NOT_SHARED})
ANSWERED = frozenset({Event.COUNTERSIGNED, Event.DECLINED})
# In SQL: what moves a decision on, from where its newest such event says it stands.
MOVES = "event not in ('reviewed', 'countersigned', 'declined')"
IN_FORCE = ANSWERED | {Event.VARIED, Event.REVIEWED, Event.WITHDRAWN, Event.EXPIRED, Event.SUPERSEDED}

# Where a decision stands -> what may happen next. A review, and what another agency answers for its own
# records, leave it standing where it stood. What a family refused stays refused; a change of mind is a
# decision of its own that supersedes it.
FOLLOWS: Mapping[Event | None, frozenset[Event]] = {
    None: BEGINS,
    Event.PROPOSED: frozenset(
        {Event.GIVEN, Event.REFUSED, Event.NOT_SHARED, Event.WITHDRAWN, Event.SUPERSEDED}
    ),
    Event.GIVEN: IN_FORCE,
    Event.VARIED: IN_FORCE,
    Event.EXPIRED: frozenset({Event.WITHDRAWN, Event.SUPERSEDED}),
    Event.REFUSED: frozenset({Event.SUPERSEDED}),
    Event.NOT_SHARED: frozenset({Event.REVIEWED, Event.SUPERSEDED}),
    Event.WITHDRAWN: frozenset(),
    Event.SUPERSEDED: frozenset(),
}

# Whether the caller may read a decision of another's: row security shows it, and something of what it is
# about is not hidden (gateway.sharing.shown says the same).
OPEN_TO_US = f"""
exists (select from unnest(cast(:subjects as uuid[])) whom, unnest(cast(:categories as text[])) what
  where not {hidden_from_us("whom", "what")})"""
READS = f"select exists (select from hub.decision_event where decision = :decision) and {OPEN_TO_US}"


class DecisionMoveNotAllowed(Problem):
    """A decision cannot make this step from where it stands."""

    status = 409


class OnlyTheRecorderChanges(Problem):
    """A decision is changed by the agency that recorded it."""

    status = 403


class OnlyTheGiverTakesBack(Problem):
    """Only who gave an agreement changes it or takes it back."""

    status = 409


def check_follows(standing: Event | None, event: Event, successor: object = None) -> None:
    """Refuse a step that the life of a decision does not have (DecisionMoveNotAllowed)."""
    if event not in FOLLOWS[standing]:
        instead = f" Decision {successor} took its place." if successor else ""
        raise DecisionMoveNotAllowed(f"It stands at {standing} and cannot be {event}.{instead}")


async def stand(tx: Tx, decision: DecisionId) -> dict[str, Any]:
    """Hold a decision still and read its terms. NotFound for one that is none of the caller's business."""
    tx.asked.append(decision)
    await tx.run("select hub.hold_decision(:decision)", decision=decision)
    found = await tx.rows("select * from hub.decision_now(:decision)", decision=decision)
    if not found:
        raise NotFound
    return dict(found[0])


async def stand_ours(tx: Tx, decision: DecisionId, event: Event) -> dict[str, Any]:
    """`stand`, for a step that only the recorder takes.

    Raises NotFound for one that the caller may not read either, OnlyTheRecorderChanges and
    DecisionMoveNotAllowed.
    """
    now = await stand(tx, decision)
    if not now["ours"]:
        raise await not_theirs(tx, decision, now)
    check_follows(Event(now["standing"]), event, now["successor"])
    return now


async def not_theirs(tx: Tx, decision: DecisionId, now: Mapping[str, Any]) -> Problem:
    """OnlyTheRecorderChanges, or NotFound for a decision that the caller may not read either."""
    terms = {name: now[name] for name in ("subjects", "categories")}
    return OnlyTheRecorderChanges() if await tx.value(READS, decision=decision, **terms) else NotFound()


async def require_open(tx: Tx, now: Mapping[str, Any]) -> None:
    """NotFound for a decision of which everything is hidden from the caller's agency."""
    terms = {name: now[name] for name in ("subjects", "categories")}
    if not await tx.value(f"select {OPEN_TO_US}", **terms):
        raise NotFound


async def append(tx: Tx, decision: DecisionId, event: Event, facts: Mapping[str, Any]) -> None:
    """Append one event to a decision's history; PostgreSQL puts it in force, or takes it out."""
    values = {**facts, "decision": decision, "event": event}
    values["circumstances"] = json.dumps(values.get("circumstances") or {})
    values["starts"], values["ends"] = values.get("starts"), values.get("ends")
    columns = [name for name in values if name not in ("starts", "ends")]
    places = [f"cast(:{c} as jsonb)" if c == "circumstances" else f":{c}" for c in columns]
    await tx.run(
        f"insert into hub.decision_event ({', '.join(columns)}, starts, ends) values ({', '.join(places)},"
        " coalesce(:starts, now()), coalesce(:ends, case when cast(:event as text) in"
        " ('proposed', 'given', 'not_shared')"
        " then greatest(now(), :starts) + interval '1 year' else 'infinity' end))",
        **values,
    )


def same(now: Mapping[str, Any]) -> dict[str, Any]:
    """What every later event of a decision repeats: it stays about what it was about."""
    return {name: now[name] for name in ("agency", "purpose", "basis", "subjects", "categories", "asked")}
