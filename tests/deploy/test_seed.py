"""Filling a hub with synthetic families."""

import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from deploy.seed import CannotSeed, Seeded, seeded
from hub.policy import SERVICE_ROLES
from hub.sharing import Category
from services.assessment.models.assessments import AssessmentStatus
from services.assessment.models.plans import ActionStatus, PlanStatus
from services.assessment.rules import assessments as assessment_rules
from services.assessment.rules import frameworks
from services.assessment.rules import plans as plan_rules
from services.directory.rules import postcodes
from services.referral.rules import identifiers, moves, names
from services.referral.store.people import digest
from tests.deploy.seeding import KEY, a_database

Hub = asyncpg.Connection
S = TypeVar("S", bound=StrEnum)
FAMILIES = 400
TODAY = datetime.now(UTC).date()
EVENTS = ("given", "countersigned", "not_shared", "withdrawn", "expired", "restricted", "lifted")
LEDGER_STEPS = "(select count(*) from hub.decision_event) + (select count(*) from hub.agreement_event)"
LEDGER = ("hub.share", "hub.passed_on", "hub.restriction", "hub.sight", "hub.caseload")


async def fill(url: str, families: int = FAMILIES, **more: Any) -> Seeded:
    """`seeded` with a key, on a day."""
    return await seeded(url, families, matching_key=KEY, today=TODAY, **more)


@pytest.fixture(scope="module")
async def one(server: dict[str, Any], worker_id: str) -> AsyncIterator[Hub]:
    """A hub filled over sets, in one go."""
    async with a_database(server, f"seed_one_{worker_id}") as url:
        await fill(url)
        connection = await asyncpg.connect(url)
        yield connection
        await connection.close()


@pytest.fixture(scope="module")
async def other(server: dict[str, Any], worker_id: str) -> AsyncIterator[Hub]:
    """A hub filled with the same families in two goes, the ledger's triggers at work."""
    async with a_database(server, f"seed_other_{worker_id}") as url:
        await fill(url, 90, by_triggers=True)
        await fill(url, by_triggers=True)
        connection = await asyncpg.connect(url)
        yield connection
        await connection.close()


async def tables(hub: Hub) -> list[str]:
    """Every table a fill may write to, but for those whose rows are random, or of the moment, on purpose."""
    names = await hub.fetch(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables"
        " where schemaname in ('hub', 'referral', 'assessment')"
        " and tablename not in ('unsequenced', 'ledger_entry', 'seal_version', 'narrowing', 'notice',"
        " 'alembic_version')"
    )
    return [row["name"] for row in names]


async def content(hub: Hub, table: str) -> str:
    """All rows of a table as one text."""
    rows = await hub.fetch(f"select (to_jsonb(t) - 'salt')::text as row from {table} t order by 1")
    return "\n".join(row["row"] for row in rows)


async def test_the_triggers_and_the_sets_put_the_same_in_force(one: Hub, other: Hub) -> None:
    for table in LEDGER:
        assert await content(one, table) == await content(other, table) != ""


async def test_there_is_something_of_everything_to_put_in_force(one: Hub) -> None:
    events = await one.fetch("select event, count(*) from hub.decision_event group by event")
    assert {row["event"] for row in events} == set(EVENTS)
    assert await one.fetchval("select count(*) from hub.share where starts > $1", TODAY)
    shared = await one.fetch("select distinct category from hub.share")
    assert {row["category"] for row in shared} <= set(Category)


async def test_the_same_number_gives_the_same_families(one: Hub, other: Hub) -> None:
    for table in await tables(one):
        assert await content(one, table) == await content(other, table), table


async def test_a_second_fill_adds_nothing(server: dict[str, Any], worker_id: str) -> None:
    async with a_database(server, f"seed_twice_{worker_id}") as url:
        first, second = await fill(url, 20), await fill(url, 20)
    assert (first.added, second.added) == (20, 0)
    assert (first.rows["referral.household"], second.rows) == (20, {})


async def test_another_number_gives_other_families_beside_the_first(
    server: dict[str, Any], worker_id: str
) -> None:
    async with a_database(server, f"seed_both_{worker_id}") as url:
        await fill(url, 20)
        assert (await fill(url, 20, seed=9)).added == 20


async def test_it_says_how_far_it_is(server: dict[str, Any], worker_id: str) -> None:
    heard: list[int] = []
    async with a_database(server, f"seed_heard_{worker_id}") as url:
        await fill(url, 30, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 30


async def test_no_row_names_another_that_is_not_there(one: Hub) -> None:
    keys = await one.fetch(
        "select c.conrelid::regclass::text as child, a.attname as own, c.confrelid::regclass::text as parent,"
        " p.attname as theirs from pg_constraint c"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
        " join pg_attribute p on p.attrelid = c.confrelid and p.attnum = c.confkey[1] where c.contype = 'f'"
    )
    assert len(keys) > 10
    for child, own, parent, theirs in keys:
        orphans = await one.fetchval(
            f"select count(*) from {child} c where c.{own} is not null"
            f" and not exists (select from {parent} p where p.{theirs} = c.{own})"
        )
        assert orphans == 0, (child, own)


async def test_every_person_is_somebody_and_every_author_a_member(one: Hub) -> None:
    for table in ("identity", "address", "attendance", "member", "concern"):
        person = "person" if table == "member" else "subject"
        assert not await one.fetchval(
            f"select count(*) from referral.{table} t where"
            f" not exists (select from referral.person p where p.id = t.{person})"
            " or not exists (select from hub.agency a where a.id = t.agency)"
        ), table


async def test_a_household_has_the_size_of_a_family(one: Hub) -> None:
    sizes = await one.fetch(
        "select count(*) filter (where role = 'child') as children,"
        " count(*) filter (where role = 'parent') as adults from referral.member group by subject"
    )
    assert {row["children"] for row in sizes} == {1, 2, 3, 4, 5}
    assert {row["adults"] for row in sizes} == {1, 2}


async def test_a_pupil_is_found_by_a_valid_upn(one: Hub) -> None:
    pupils = await one.fetch(
        "select upn, k.digest from referral.identity i join referral.person_key k on k.person = i.subject"
        " where upn is not null"
    )
    assert len(pupils) > FAMILIES
    for upn, known in pupils:
        assert identifiers.authority_warning(identifiers.upn(upn)) is None
        assert not identifiers.is_temporary(identifiers.upn(upn))
        assert known == digest(KEY.encode(), upn)


async def test_somebody_is_found_by_name_and_birthday(one: Hub) -> None:
    people = await one.fetch(
        "select given_name, family_name, date_of_birth, k.digest"
        " from referral.identity i join referral.name_key k on k.person = i.subject"
    )
    assert {row["given_name"] for row in people} >= {"Siân", "Łukasz"}
    for given, family, born, known in people:
        assert known == digest(KEY.encode(), names.key(given, family, born))


async def test_families_live_at_real_postcodes_of_one_area(one: Hub) -> None:
    there = await one.fetch("select distinct postcode from referral.address")
    found = [postcodes.find(row["postcode"]) for row in there]
    assert len({place.authority if place else None for place in found} - {None}) == 1
    assert None not in found


async def test_concerns_are_as_unequal_as_in_life(one: Hub) -> None:
    many = Counter(
        row["subject"]
        for row in await one.fetch(
            "select m.subject from referral.concern c join referral.member m on m.person = c.subject"
        )
    )
    assert len(many) < 0.6 * FAMILIES
    assert max(many.values()) > 20


async def check_lives(
    hub: Hub, schema: str, record: str, status: type[S], check: Callable[[S, S], None]
) -> None:
    """Every record of a kind took only steps that its rules allow."""
    table = "move" if record == "referral" else f"{record}_move"
    lives = await hub.fetch(
        f"select distinct array_agg(status order by number) as life from {schema}.{table} group by {record}"
    )
    assert len(lives) > 1
    for row in lives:
        for here, there in itertools.pairwise(map(status, row["life"])):
            check(here, there)


async def test_every_record_lives_by_its_rules(one: Hub) -> None:
    await check_lives(one, "referral", "referral", moves.Status, moves.check_move)
    await check_lives(one, "assessment", "assessment", AssessmentStatus, assessment_rules.check_move)
    await check_lives(one, "assessment", "plan", PlanStatus, plan_rules.check_move)
    await check_lives(one, "assessment", "action", ActionStatus, plan_rules.check_action_move)


async def test_a_section_has_the_category_of_its_dimension(one: Hub) -> None:
    sections = await one.fetch(
        "select s.category, dimension, framework, framework_version from assessment.section s"
        " join assessment.assessment a on a.id = assessment"
    )
    assert sections
    for category, dimension, framework, version in sections:
        known = frameworks.find(framework, version)
        assert frameworks.category_of(known, dimension, Category(category)) == category
        assert dimension is None or frameworks.category_of(known, dimension, None) == category


async def test_nothing_happened_after_today(one: Hub) -> None:
    for table, column in (
        ("hub.event", "at"),
        ("hub.disclosure", "at"),
        ("hub.decision_event", "at"),
        ("hub.caseload", "updated_at"),
        ("referral.concern", "received_at"),
        ("assessment.minute", "at"),
    ):
        assert await one.fetchval(f"select max({column}) < $1 from {table}", TODAY), table


async def test_every_disclosure_and_every_step_waits_for_its_place_in_the_log(one: Hub, other: Hub) -> None:
    for hub in (one, other):
        entered = await hub.fetchval("select count(*) from hub.ledger_entry where why = 'seed'")
        assert entered == await hub.fetchval(f"select {LEDGER_STEPS}") > 0
        waiting = await hub.fetchval("select count(*) from hub.unsequenced")
        assert waiting == entered + await hub.fetchval("select count(*) from hub.disclosure") > entered


async def test_it_refuses_a_role_that_row_security_binds(server: dict[str, Any]) -> None:
    bound = make_url(server["url"]).set(
        username=SERVICE_ROLES["referral"], password=server["roles"]["referral"], database="template_hub"
    )
    with pytest.raises(CannotSeed, match="binds"):
        await fill(bound.render_as_string(hide_password=False))


async def test_it_refuses_a_database_that_is_not_up_to_date(server: dict[str, Any]) -> None:
    with pytest.raises(CannotSeed, match="hub migrate"):
        await fill(server["url"])


@pytest.mark.parametrize("wrong", [{"families": 0}, {"families": 5, "seed": 10}])
async def test_it_refuses_what_it_cannot_number(server: dict[str, Any], wrong: dict[str, int]) -> None:
    with pytest.raises(CannotSeed, match="From 1"):
        await fill(server["url"], **wrong)
