"""Lays histories in PostgreSQL, many cells at once: what happened next in all of them is one statement."""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from hub.database import Database
from hub.sharing import Category
from tests.policy import happened
from tests.policy.happened import AGENCIES, AUTHOR, EXCEPTED, HOUSING, Happened

AT_ONCE = 200  # each decision holds locks until its statement's transaction ends
ALL = [category.value for category in Category]
PURPOSES = ("early_help", "safeguarding", "attendance", "service_delivery")

# The triggers of the ledger plan once: what they planned over an empty table is slow over a full one.
COUNTED = (
    "analyze hub.decision_event, hub.share, hub.restriction, hub.override_grant, hub.sight, hub.caseload,"
    " hub.conflict, referral.concern"
)

DECISIONS = """
insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects, reason,
  given_by, capacity, hidden_from, named, starts, ends, recorded_by, successor, kind, court_reference,
  agreement, client, practitioner, at)
select r.decision, r.event, r.agency, r.purpose, r.basis, r.categories, r.subjects, 'synthetic',
  r.given_by, r.capacity, r.hidden_from, r.named, now() + r.starts * interval '1 hour',
  now() + r.ends * interval '1 hour', r.recorded_by, r.successor, r.kind, r.court_reference,
  r.agreement, 'policy', 'p-8', clock_timestamp()
from jsonb_to_recordset($1::jsonb) r(decision uuid, event text, agency text, purpose text, basis text,
  categories text[], subjects uuid[], given_by text, capacity text, hidden_from text, named text[],
  starts int, ends int, recorded_by text, successor uuid, kind text, court_reference text, agreement uuid)"""
OVERRIDES = """
insert into hub.override_event (override, event, subject, words, categories, purpose, reason_code,
  restrictions, second_person, starts, ends, agency, practitioner, client)
select r.decision, r.event, r.subjects[1], 'synthetic', r.categories, r.purpose, r.reason_code,
  r.restrictions, r.second_person, case when r.event = 'opened' then now() end,
  case when r.event = 'opened' then now() + interval '4 hours' end, r.agency, r.person, 'policy'
from jsonb_to_recordset($1::jsonb) r(decision uuid, event text, subjects uuid[], categories text[],
  purpose text, reason_code text, restrictions uuid[], second_person text, agency text, person text)"""
RESOLUTIONS = """
insert into hub.conflict_resolution (conflict, outcome, reason, recorded_by, practitioner)
select k.id, r.outcome, 'synthetic', r.recorded_by, 'p-9' from jsonb_to_recordset($1::jsonb)
  r(decision uuid, outcome text, recorded_by text) join hub.conflict k on k.agreement = r.decision"""
AGREEMENT = """
insert into hub.agreement (id, title, dpia_reference, parties, starts, ends, drafted_by)
values ($1, $2, 'DPIA-1', $3, now() - interval '1 day', now() + $4 * interval '1 hour', $5)"""
TERM = """
insert into hub.agreement_term (agreement, number, exception, effect, disclosers, receivers, categories,
  purposes, starts) values ($1, $2, $3, $4, $5, $5, $6, $7, now() - interval '1 day')"""
STEP = """
insert into hub.agreement_event (agreement, event, party, signatory, signed_on, reason, client, practitioner)
values ($1, $2, $3, 'Sam Synthetic', current_date, 'synthetic', 'policy', '')"""


@dataclass
class Ground:
    """Where the histories are laid, and who explains them."""

    connection: asyncpg.Connection
    database: Database


@dataclass(frozen=True)
class Cell:
    """One person, what happened about them, on which basis and for which purpose; a record per category."""

    history: tuple[Happened, ...]
    basis: str
    purpose: str
    categories: tuple[str, ...]
    subject: UUID = field(default_factory=uuid4)
    stranger: UUID = field(default_factory=uuid4)
    ids: dict[str, UUID] = field(default_factory=dict[str, UUID])

    def named(self, decision: str) -> UUID:
        """The id of a decision, a restriction or an override of this cell's."""
        return self.ids.setdefault(decision, uuid4())

    def about(self, one: Happened) -> tuple[list[str], list[str]]:
        """The subjects and the categories of one event."""
        subject = self.stranger if one.about == "somebody else" else self.subject
        other = ALL[(ALL.index(self.categories[0]) + 1) % len(ALL)]
        return [str(subject)], [other] if one.about == "another category" else list(self.categories)


async def prepare(connection: asyncpg.Connection) -> None:
    """Everybody joins, and signs: the school with all, and one whose agreement leaves housing out."""
    await connection.execute("select set_config('hub.agency', $1, false)", AUTHOR)
    for agency, kind in AGENCIES.items():
        await connection.execute("insert into hub.agency (id, name, type) values ($1, $1, $2)", agency, kind)
    everybody = [a for a in AGENCIES if a not in (happened.UNAGREED, EXCEPTED, happened.OVERSIGHT)]
    for name, hours in happened.AGREEMENTS.items():
        parties = everybody if name == "standing" else [AUTHOR, HOUSING, happened.OTHER_HOUSING]
        await _agree(connection, agreement(name), name, parties, AUTHOR, max(hours, 2), [(False, "allow")])
    both = [EXCEPTED, HOUSING]
    await connection.execute("select set_config('hub.agency', $1, false)", EXCEPTED)
    terms = [(False, "allow"), (True, "deny")]
    await _agree(connection, uuid4(), "exception", both, EXCEPTED, happened.LONG, terms)


_ids: dict[str, UUID] = {}


def agreement(name: str) -> UUID:
    """The id of an agreement."""
    return _ids.setdefault(name, uuid4())


async def _agree(
    connection: asyncpg.Connection,
    identity: UUID,
    name: str,
    parties: Sequence[str],
    drafter: str,
    hours: int,
    terms: Sequence[tuple[bool, str]],
) -> None:
    await connection.execute(AGREEMENT, identity, name, sorted(parties), hours, drafter)
    for number, (exception, effect) in enumerate(terms, 1):
        said = (exception, effect, sorted(parties), ALL, list(PURPOSES))
        await connection.execute(TERM, identity, number, *said)
    for party in parties:
        await connection.execute(STEP, identity, "signed", party)


async def time_passes(connection: asyncpg.Connection) -> None:
    """What becomes of the agreements behind decisions that were recorded while they stood."""
    await connection.execute(STEP, agreement("ended"), "ended", AUTHOR)
    await connection.execute(STEP, agreement("left"), "left", HOUSING)
    for table, which in (("agreement", "id"), ("share", "agreement")):
        await connection.execute(
            f"update hub.{table} set starts = now() - interval '2 days', ends = now() - interval '1 hour'"
            f" where {which} = $1",
            agreement("expired"),
        )


async def lay(connection: asyncpg.Connection, cells: Sequence[Cell]) -> None:
    """Write every cell's records, and let happen what happened, in order."""
    for some in _batches(cells):
        await _write(connection, some)
    for number in range(max(len(cell.history) for cell in cells)):
        for statement, rows in _next(cells, number).items():
            for count, some in enumerate(_batches(rows)):
                await connection.execute(statement, json.dumps(some))
                if count == 0:
                    await connection.execute(COUNTED)


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def _next(cells: Iterable[Cell], number: int) -> Mapping[str, list[dict[str, Any]]]:
    """The event of that number of each cell, by the statement that records it."""
    found: dict[str, list[dict[str, Any]]] = {DECISIONS: [], OVERRIDES: [], RESOLUTIONS: []}
    for cell in cells:
        for one in cell.history[number : number + 1]:
            if not happened.cannot_be_recorded(one, cell.basis):
                statement, row = _row(cell, one)
                found[statement].append(row)
    return found


def _row(cell: Cell, one: Happened) -> tuple[str, dict[str, Any]]:
    if one.event == "resolved":
        facts = {"decision": str(cell.named("one")), "outcome": one.outcome, "recorded_by": one.by}
        return RESOLUTIONS, facts
    subjects, categories = cell.about(one)
    row = {
        "decision": str(cell.named(one.decision)),
        "event": one.event,
        "agency": one.to,
        "subjects": subjects,
        "categories": categories,
        "purpose": cell.purpose,
    }
    if one.event in ("opened", "ended"):
        return OVERRIDES, _glass(cell, one, row)
    return DECISIONS, row | _terms(cell, one, categories)


def _glass(cell: Cell, one: Happened, row: dict[str, Any]) -> dict[str, Any]:
    if one.event == "ended":
        return row | {"person": one.person, "categories": None, "purpose": None, "restrictions": []}
    code = {"reason_code": "missing_child", "second_person": "p-9", "person": one.person}
    return row | code | {"restrictions": [str(cell.named(name)) for name in one.names]}


def _terms(cell: Cell, one: Happened, categories: Sequence[str]) -> dict[str, Any]:
    terms = {
        "starts": one.starts,
        "ends": one.ends,
        "recorded_by": one.by,
        "hidden_from": one.person,
        "named": list(one.exempt) if one.to == "!" else None,
    }
    if one.event in ("restricted", "lifted"):
        # PostgreSQL hides concerns under an order alone (docs/decisions/0027).
        order = one.decision == "order" or Category.CONCERN in categories
        kind = {
            "kind": "no_contact_order" if order else "other",
            "court_reference": "NS-1" if order else None,
        }
        return terms | kind | {"purpose": None, "basis": None}
    basis = one.basis or cell.basis
    said = {"basis": basis, "successor": str(uuid4()) if one.event == "superseded" else None}
    if one.by == AUTHOR and one.event in ("given", "varied") and not one.to.startswith("type:"):
        said["agreement"] = str(agreement(one.agreement))
    if basis == "court_order":
        said["court_reference"] = "NS-1"
    if basis == "agreement" and one.event in happened.DECIDES:
        said |= {"given_by": one.giver, "capacity": "pr_holder"}
    return terms | said


async def refuses(connection: asyncpg.Connection, cell: Cell, one: Happened) -> bool:
    """Whether PostgreSQL refuses to record it, or has nothing that it could be recorded of."""
    statement, row = _row(cell, one)
    try:
        return await connection.execute(statement, json.dumps([row])) == "INSERT 0 0"
    except (asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError):
        return True


async def _write(connection: asyncpg.Connection, cells: Sequence[Cell]) -> None:
    pairs = list(itertools.chain.from_iterable(((c.subject, cat) for cat in c.categories) for c in cells))
    await connection.execute(
        "insert into referral.concern (id, subject, category, agency, kind, narrative, occurred_at,"
        " received_at) select gen_random_uuid(), s, c, $3, 'other', 'synthetic', now(), now()"
        " from unnest($1::uuid[], $2::text[]) r(s, c)",
        [subject for subject, _ in pairs],
        [category for _, category in pairs],
        AUTHOR,
    )
    subjects = [cell.subject for cell in cells]
    await connection.execute(
        "insert into hub.caseload (agency, purpose, subject, own) select $2, 'early_help', s, true"
        " from unnest($1::uuid[]) s",
        *(subjects, AUTHOR),
    )
    await connection.execute(
        "insert into hub.event (type, subject, category, agency, purpose, request)"
        " select 'policy.laid', s, c, $3, 'early_help', gen_random_uuid()"
        " from unnest($1::uuid[], $2::text[]) r(s, c)",
        [subject for subject, _ in pairs],
        [category for _, category in pairs],
        AUTHOR,
    )
