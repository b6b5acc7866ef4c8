"""PostgreSQL's policy, `explain` and the model agree on every cell of thousands of random ledgers."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from hub.caller import AgencyId, Caller, ClientId, PractitionerId, Purpose, Scope
from hub.database import Database, Tx
from hub.explain import Asked, explain_all
from hub.sharing import Category
from tests.policy.happened import HOUSING, OVERSIGHT, POLICE
from tests.policy.laying import Ground
from tests.policy.model import Asker, Ledger, Override, Restriction, Row, Share, sees

AGENCIES = ("oakfield", HOUSING, POLICE)
CATEGORIES = ("housing_tenancy", "identity_contact")
PURPOSES = ("early_help", "safeguarding")
PEOPLE, TEAMS, SUBJECTS = ("p-1", "p-2"), ("duty", "night"), (0, 1)
CELLS = [
    Row(author, subject, category)
    for author in AGENCIES[:2]
    for subject in SUBJECTS
    for category in CATEGORIES
]
ASKERS = 6
EXAMPLES = 10_000 // (len(CELLS) * ASKERS) + 1

hours = some.integers(-3, 3)
subjects, categories = some.sampled_from(SUBJECTS), some.sampled_from(CATEGORIES)
agencies, purposes, people = map(some.sampled_from, (AGENCIES, PURPOSES, PEOPLE))
named = some.sampled_from(("hidden", "too", "again"))
recipients = agencies | some.builds("{}/{}".format, agencies, some.sampled_from(TEAMS))

ledgers = some.builds(
    Ledger,
    shares=some.lists(
        some.builds(Share, subjects, categories, purposes, agencies, recipients, hours, hours), max_size=6
    ).map(tuple),
    restrictions=some.lists(
        some.builds(
            Restriction,
            subjects,
            categories,
            agencies | some.just("*"),
            some.just("") | people,
            hours,
            named,
        ).filter(lambda r: r.agency != "*" or not r.practitioner),
        max_size=3,
        unique_by=lambda r: r.decision,
    ).map(tuple),
    overrides=some.lists(
        some.builds(
            Override,
            subjects,
            categories,
            purposes,
            agencies,
            people,
            some.lists(named, max_size=3).map(tuple),
            some.just(-3),
            some.integers(-2, 3),
        ),
        max_size=3,
    ).map(tuple),
)
askers = some.builds(
    Asker,
    agency=agencies | some.just(""),
    team=some.just("") | some.sampled_from(TEAMS),
    practitioner=some.just("") | people,
    purpose=purposes,
    others=some.lists(agencies, max_size=2).map(tuple),
)


@pytest.fixture(scope="module")
async def database(ground: Ground, server: dict[str, Any]) -> AsyncIterator[Database]:
    """The administrator's own connection: one transaction lays a ledger, reads it, and is rolled back."""
    name = await ground.connection.fetchval("select current_database()")
    database = Database(server["url"].rpartition("/")[0] + f"/{name}", 1)
    yield database
    await database.close()


OPENED = Override(0, "housing_tenancy", "early_help", POLICE, "p-1", ("hidden",), -1, 1)
HIDDEN = Restriction(0, "housing_tenancy", POLICE, "", 1)
AGAIN = replace(HIDDEN, decision="too")
ASKS = Asker(POLICE, "", "p-1", "early_help")


@example(Ledger(), [ASKS])
@example(Ledger(restrictions=(HIDDEN,), overrides=(OPENED,)), [ASKS])
@example(Ledger(restrictions=(HIDDEN,), overrides=(replace(OPENED, names=()),)), [ASKS])
@example(Ledger(restrictions=(HIDDEN, AGAIN), overrides=(OPENED,)), [ASKS])
@example(Ledger(restrictions=(HIDDEN, AGAIN), overrides=(OPENED, replace(OPENED, names=("too",)))), [ASKS])
@given(ledgers, some.lists(askers, min_size=ASKERS, max_size=ASKERS))
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
async def test_postgresql_and_explain_say_what_the_model_says_on_every_cell(
    database: Database, ledger: Ledger, asking: list[Asker]
) -> None:
    async with database.transaction(OVERSEER, "policy test", uuid4()) as tx:
        ids = [uuid4() for _ in SUBJECTS]
        rows = await _lay(tx, ledger, ids)
        shown = [await _shown(tx, asker, rows) for asker in asking]
        explained = [await _explained(tx, asker, ids) for asker in asking]
    for asker, seen, said in zip(asking, shown, explained, strict=True):
        for row in CELLS:
            expected = sees(ledger, row, asker)
            assert (row in seen) == expected, _words("PostgreSQL", asker, row, ledger, expected)
            assert (row in said) == expected or not asker.agency, _words(
                "explain", asker, row, ledger, expected
            )


async def test_nobody_sees_anything_without_saying_who_they_are(database: Database) -> None:
    shared = [
        Share(0, category, "early_help", AGENCIES[0], agency, -1, 1)
        for agency in AGENCIES
        for category in CATEGORIES
    ]
    async with database.transaction(OVERSEER, "policy test", uuid4()) as tx:
        rows = await _lay(tx, Ledger(tuple(shared)), [uuid4(), uuid4()])
        for purpose in (*PURPOSES, ""):
            assert not await _shown(tx, Asker("", "", "p-1", purpose, AGENCIES), rows)
        assert await _shown(tx, Asker(POLICE, "", "", "early_help"), rows)


def _words(who: str, asker: Asker, row: Row, ledger: Ledger, expected: bool) -> str:
    """The disagreement as one would tell it."""
    team = f" of the {asker.team} team" if asker.team else ""
    room = f", with {', '.join(asker.others)} in the room" if asker.others else ""
    asks = (
        f"{asker.practitioner or 'somebody'} of {asker.agency or 'nobody'}{team}, for {asker.purpose}{room}"
    )
    facts = [*ledger.shares, *ledger.restrictions, *ledger.overrides] or ["nothing was decided"]
    return "\n".join(
        [
            f"{asks}, {'may' if expected else 'may not'} see {row}; {who} says otherwise. In force:",
            *(f"  {fact}" for fact in facts),
        ]
    )


OVERSEER = Caller(
    AgencyId(OVERSIGHT),
    ClientId(OVERSIGHT),
    frozenset({Scope.RECORDS_OVERSEE}),
    Purpose.EARLY_HELP,
    PractitionerId("p-9"),
    (AgencyId(OVERSIGHT),),
)
CALLED = "cast(md5({0}) as uuid)"
HOUR = "now() + r.{0} * interval '1 hour'"
SHARES = f"""
insert into hub.share (subject, category, purpose, agency, author, discloser, decision, basis, starts, ends)
select r.id, r.category, r.purpose, r.recipient, r.author, r.author, gen_random_uuid(), 'safeguarding',
  {HOUR.format("starts")}, {HOUR.format("ends")} from jsonb_to_recordset(cast(:facts as jsonb))
  r(id uuid, category text, purpose text, author text, recipient text, starts int, ends int)"""
RESTRICTIONS = f"""
insert into hub.restriction (subject, category, agency, practitioner, decision, ends)
select r.id, r.category, r.agency, r.practitioner, {CALLED.format("r.decision")}, {HOUR.format("ends")}
from jsonb_to_recordset(cast(:facts as jsonb))
  r(id uuid, category text, agency text, practitioner text, ends int, decision text)"""
OVERRIDES = f"""
insert into hub.override_event (override, event, subject, words, categories, purpose, reason_code,
  restrictions, second_person, starts, ends, agency, practitioner, client)
select gen_random_uuid(), 'opened', r.id, 'synthetic', array[r.category], r.purpose, 'missing_child',
  array(select {CALLED.format("name")} from unnest(r.names) name), 'p-9', {HOUR.format("starts")},
  {HOUR.format("ends")}, r.agency, r.practitioner, 'policy' from jsonb_to_recordset(cast(:facts as jsonb))
  r(id uuid, category text, purpose text, agency text, practitioner text, names text[], starts int, ends int)
"""
SETTLED = """
select hub.settle_overrides(id, cast(:categories as text[])) from unnest(cast(:ids as uuid[])) id"""
ROWS = """
with laid as (insert into hub.event (type, subject, category, agency, purpose, request)
  select 'policy.laid', id, 'existence', 'oakfield', '', gen_random_uuid()
  from unnest(cast(:ids as uuid[])) id)
insert into referral.concern (id, subject, category, agency, kind, narrative, occurred_at, received_at)
select gen_random_uuid(), r.id, r.category, r.author, 'other', 'synthetic', now(), now()
from jsonb_to_recordset(cast(:facts as jsonb)) r(id uuid, category text, author text)"""


async def _lay(tx: Tx, ledger: Ledger, ids: Sequence[UUID]) -> list[UUID]:
    """Put the ledger in force as it is, whatever would have brought it about, and write the rows.

    Overrides began and ended when the ledger says; what they reach is settled at the end.
    """
    await tx.run("set local session_replication_role = replica")
    await tx.run(OVERRIDES, facts=_json(ledger.overrides, ids))
    await tx.run(ROWS, ids=list(ids), facts=_json(CELLS, ids))
    await tx.run("set local session_replication_role = origin")
    await tx.run(SHARES, facts=_json(ledger.shares, ids))
    await tx.run(RESTRICTIONS, facts=_json(ledger.restrictions, ids))
    await tx.run(SETTLED, ids=list(ids), categories=list(CATEGORIES))
    return list(ids)


def _json(facts: Sequence[Share | Restriction | Override | Row], ids: Sequence[UUID]) -> str:
    """The facts with the ids of this example."""
    return json.dumps([asdict(fact) | {"id": str(ids[fact.subject])} for fact in facts])


async def _shown(tx: Tx, asker: Asker, ids: Sequence[UUID]) -> set[Row]:
    """What the row policy shows, read as the service's own role."""
    own = f"{asker.agency}+{asker.agency}/{asker.team}" if asker.team else asker.agency
    others = [other for other in asker.others if other != asker.agency]
    await tx.run(
        "select set_config('role', 'hub_referral', true), set_config('hub.agency', :agency, true),"
        " set_config('hub.purpose', :purpose, true), set_config('hub.practitioner', :practitioner, true),"
        " set_config('hub.oversight', '', true), set_config('hub.audience', :audience, true)",
        agency=asker.agency,
        purpose=asker.purpose,
        practitioner=asker.practitioner,
        audience=",".join([own, *others]) if asker.agency else "",
    )
    rows = await tx.rows(
        "select agency, subject, category from referral.concern where subject = any(:ids)", ids=list(ids)
    )
    await tx.run("set local role none")
    return {Row(row["agency"], ids.index(row["subject"]), row["category"]) for row in rows}


def _asked(asker: Asker, row: Row, ids: Sequence[UUID], room: tuple[AgencyId, ...]) -> Asked:
    about = ids[row.subject], Category(row.category)
    return Asked(AgencyId(asker.agency), *about, asker.practitioner, asker.team, room, AgencyId(row.author))


async def _explained(tx: Tx, asker: Asker, ids: Sequence[UUID]) -> set[Row]:
    """What `explain` says of the same, to oversight, read as the front door's own role."""
    if not asker.agency:
        return set()
    await tx.run(
        "select set_config('role', 'hub_gateway', true), set_config('hub.agency', :agency, true),"
        " set_config('hub.purpose', :purpose, true), set_config('hub.practitioner', 'p-9', true),"
        " set_config('hub.oversight', 'on', true), set_config('hub.audience', :agency, true)",
        agency=OVERSIGHT,
        purpose=asker.purpose,
    )
    room = tuple(map(AgencyId, asker.others))
    asked = [_asked(asker, row, ids, room) for row in CELLS]
    said = await explain_all(tx, asked)
    await tx.run("set local role none")
    return {row for row, answer in zip(CELLS, said, strict=True) if answer.visible}
