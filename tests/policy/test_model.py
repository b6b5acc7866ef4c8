"""PostgreSQL's policy and the model agree on every cell of thousands of random ledgers."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from tests.policy.model import Asker, Ledger, Override, Restriction, Row, Share, sees

AGENCIES = ("oakfield-primary", "northshire-housing", "northshire-police")
CATEGORIES = ("housing_tenancy", "identity_contact")
PURPOSES = ("early_help", "safeguarding")
PEOPLE, TEAMS, SUBJECTS = ("p-1", "p-2"), ("duty", "night"), (0, 1)
CELLS = [Row(author, subject, "housing_tenancy") for author in AGENCIES[:2] for subject in SUBJECTS]

hours = some.integers(-3, 3)
subjects, categories = some.sampled_from(SUBJECTS), some.sampled_from(CATEGORIES)
agencies, purposes, people = map(some.sampled_from, (AGENCIES, PURPOSES, PEOPLE))
recipients = agencies | some.builds("{}/{}".format, agencies, some.sampled_from(TEAMS))

ledgers = some.builds(
    Ledger,
    shares=some.lists(
        some.builds(Share, subjects, categories, purposes, recipients, hours, hours), max_size=6
    ).map(tuple),
    restrictions=some.lists(
        some.builds(
            Restriction,
            subjects,
            categories,
            agencies | some.just("*"),
            some.just("") | people,
            hours,
        ).filter(lambda r: r.agency != "*" or not r.practitioner),
        max_size=3,
    ).map(tuple),
    overrides=some.lists(
        some.builds(
            Override, subjects, categories, purposes, agencies, people, some.booleans(), hours, hours
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
async def connection(database_url: str, hub: object) -> Any:
    """One connection; every ledger is rolled back."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


OPENED = Override(0, "housing_tenancy", "early_help", "northshire-police", "p-1", True, -1, 1)
HIDDEN = Restriction(0, "housing_tenancy", "northshire-police", "", 1)
POLICE = Asker("northshire-police", "", "p-1", "early_help")


@example(Ledger(), [POLICE])
@example(Ledger(restrictions=(HIDDEN,), overrides=(OPENED,)), [POLICE])
@example(Ledger(restrictions=(HIDDEN,), overrides=(replace(OPENED, over_restriction=False),)), [POLICE])
@given(ledgers, some.lists(askers, min_size=6, max_size=6))
@settings(max_examples=420, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
async def test_postgresql_shows_what_the_model_says_on_every_cell(
    connection: asyncpg.Connection, ledger: Ledger, asking: list[Asker]
) -> None:
    transaction = connection.transaction()
    await transaction.start()
    try:
        ids = [uuid4() for _ in SUBJECTS]
        rows = await _lay(connection, ledger, ids)
        await connection.execute("set local role hub_referral")
        for asker in asking:
            shown = await _shown(connection, asker, list(rows))
            expected = {identity for identity, row in rows.items() if sees(ledger, row, asker)}
            assert shown == expected, (asker, [rows[each] for each in shown ^ expected])
    finally:
        await transaction.rollback()


async def _lay(connection: asyncpg.Connection, ledger: Ledger, ids: list[UUID]) -> dict[UUID, Row]:
    """Put the ledger in force and write the rows, as the administrator."""
    hour = "now() + $%d * interval '1 hour'"
    # Shares without a decision: on this basis none needs an agreement between organisations behind it.
    for s in ledger.shares:
        await connection.execute(
            "insert into hub.share (subject, category, purpose, agency, decision, basis, starts, ends)"
            f" values ($1, $2, $3, $4, gen_random_uuid(), 'safeguarding', {hour % 5}, {hour % 6})",
            *(ids[s.subject], s.category, s.purpose, s.recipient, s.starts, s.ends),
        )
    for r in ledger.restrictions:
        await connection.execute(
            "insert into hub.restriction (subject, category, agency, practitioner, decision, ends)"
            f" values ($1, $2, $3, $4, gen_random_uuid(), {hour % 5})",
            *(ids[r.subject], r.category, r.agency, r.practitioner, r.ends),
        )
    for o in ledger.overrides:
        await connection.execute(
            "insert into hub.override_grant (subject, category, purpose, agency, practitioner, override,"
            f" over_restriction, starts, ends) values ($1, $2, $3, $4, $5, gen_random_uuid(), $6, {hour % 7},"
            f" {hour % 8})",
            *(ids[o.subject], o.category, o.purpose, o.agency, o.practitioner, o.over_restriction),
            *(o.starts, o.ends),
        )
    rows: dict[UUID, Row] = {}
    for row in CELLS:
        identity = uuid4()
        await connection.execute(
            "insert into referral.address (id, subject, category, agency, lines, updated_at)"
            " values ($1, $2, $3, $4, '{synthetic}', now())",
            *(identity, ids[row.subject], row.category, row.author),
        )
        rows[identity] = row
    return rows


async def _shown(connection: asyncpg.Connection, asker: Asker, rows: list[UUID]) -> set[UUID]:
    own = f"{asker.agency}+{asker.agency}/{asker.team}" if asker.team else asker.agency
    others = [other for other in asker.others if other != asker.agency]
    context = {
        "agency": asker.agency,
        "purpose": asker.purpose,
        "practitioner": asker.practitioner,
        "audience": ",".join([own, *others]) if asker.agency else "",
    }
    for name, value in context.items():
        await connection.execute("select set_config($1, $2, true)", f"hub.{name}", value)
    found = await connection.fetch("select id from referral.address where id = any($1)", rows)
    return {row["id"] for row in found}
