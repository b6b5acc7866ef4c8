"""A decision for a type of agency reaches whoever is of it, and one for a team that team alone: by SQL."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import REGISTERED
from hub.policy import SERVICE_ROLES

RECORDER, HOUSING = "northshire-early-help", "northshire-housing"
NEWCOMER = "newcomer-primary"


class Ledger:
    """One transaction that is rolled back: decisions and members, and who has a share."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection, self.person, self.decision = connection, uuid4(), uuid4()

    async def happens(self, event: str, agency: str, **more: object) -> None:
        """An event of one decision."""
        await self.context(RECORDER)
        facts = {
            "decision": self.decision,
            "event": event,
            "agency": agency,
            "subjects": [self.person],
            "categories": ["housing_tenancy"],
            "purpose": "early_help",
            "basis": "safeguarding",
            "reason": "synthetic",
        } | more
        places = ", ".join(f"${n}" for n in range(1, len(facts) + 1))
        await self.connection.execute(
            f"insert into hub.decision_event ({', '.join(facts)}) values ({places})", *facts.values()
        )

    async def context(self, agency: str, audience: str | None = None) -> None:
        """Who asks."""
        for name in ("agency", "client", "practitioner", "operation"):
            await self.connection.execute("select set_config($1, $2, true)", f"hub.{name}", agency)
        await self.connection.execute("select set_config('hub.purpose', 'early_help', true)")
        await self.connection.execute("select set_config('hub.request', $1, true)", str(uuid4()))
        await self.connection.execute("select set_config('hub.audience', $1, true)", audience or agency)

    async def who(self) -> set[str]:
        """Every agency with a share."""
        rows = await self.connection.fetch("select agency from hub.share where subject = $1", self.person)
        return {row["agency"] for row in rows}

    async def on_caseload(self) -> set[str]:
        """Every agency with the person on its caseload."""
        rows = await self.connection.fetch("select agency from hub.caseload where subject = $1", self.person)
        return {row["agency"] for row in rows}

    async def joins(self, agency: str, kind: str) -> None:
        """An agency becomes a member."""
        await self.connection.execute(
            "insert into hub.agency (id, name, type) values ($1, $1, $2)", agency, kind
        )


@pytest.fixture
async def ledger(database_url: str, hub: object) -> AsyncIterator[Ledger]:
    """The ledger, as nobody else sees it."""
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()
    members = [agency.id for agency in REGISTERED]
    await connection.execute("update hub.agency set active = false where id <> all($1)", members)
    yield Ledger(connection)
    await transaction.rollback()
    await connection.close()


SCHOOLS = {"oakfield-primary", "hilltop-secondary"}


async def test_a_type_is_every_active_agency_of_it(ledger: Ledger) -> None:
    await ledger.happens("given", "type:school")
    assert await ledger.who() == SCHOOLS <= await ledger.on_caseload()


async def test_one_that_joins_later_sees_from_then_on(ledger: Ledger) -> None:
    await ledger.happens("given", "type:school")
    await ledger.joins(NEWCOMER, "school")
    assert await ledger.who() == {*SCHOOLS, NEWCOMER}
    await ledger.happens("withdrawn", "type:school")
    assert await ledger.who() == set() == await ledger.on_caseload()


async def test_one_that_leaves_or_becomes_another_sees_no_more(ledger: Ledger) -> None:
    await ledger.happens("given", "type:school")
    await ledger.connection.execute("update hub.agency set active = false where id = 'oakfield-primary'")
    assert await ledger.who() == {"hilltop-secondary"}
    await ledger.connection.execute("update hub.agency set type = 'college' where id = 'hilltop-secondary'")
    assert await ledger.who() == set()
    await ledger.connection.execute("update hub.agency set active = true where id = 'oakfield-primary'")
    assert await ledger.who() == {"oakfield-primary"}


async def test_one_that_joins_after_the_withdrawal_sees_nothing(ledger: Ledger) -> None:
    await ledger.happens("given", "type:school")
    await ledger.happens("withdrawn", "type:school")
    await ledger.joins(NEWCOMER, "school")
    assert await ledger.who() == set()


async def test_nobody_decides_for_a_type_in_its_own_favour(ledger: Ledger) -> None:
    await ledger.happens("given", "type:early_help_team")
    assert await ledger.who() == set()


async def test_a_type_is_reached_where_an_agreement_covers_all_that_was_decided(ledger: Ledger) -> None:
    await ledger.connection.execute(
        "update hub.agreement_term set categories = array_remove(categories, 'home_address')"
        " where 'housing_tenancy' = any(categories)"
    )
    given = {"basis": "agreement", "given_by": "Robin Synthetic"}
    await ledger.happens("given", "type:school", categories=["housing_tenancy", "home_address"], **given)
    assert await ledger.who() == set()


async def test_a_newcomer_without_an_agreement_between_organisations_sees_nothing(ledger: Ledger) -> None:
    await ledger.happens("given", "type:school", basis="agreement", given_by="Robin Synthetic")
    assert await ledger.who() == SCHOOLS
    await ledger.joins(NEWCOMER, "school")
    assert await ledger.who() == SCHOOLS


async def test_a_refusal_reaches_a_newcomer_too(ledger: Ledger) -> None:
    await ledger.connection.execute("update hub.partnership set agreements_required = false")
    given = {"basis": "agreement", "given_by": "Robin Synthetic"}
    await ledger.happens("given", "type:school", **given)
    refused = {"basis": "agreement", "given_by": "Jo Synthetic", "capacity": "pr_holder"}
    await ledger.happens("refused", "type:school", decision=uuid4(), **refused)
    await ledger.joins(NEWCOMER, "school")
    assert await ledger.who() == set()


async def sees(ledger: Ledger, audience: str) -> bool:
    """Whether a row of the recorder's about the person is shown to who asks."""
    await ledger.context(RECORDER)
    row: UUID = await ledger.connection.fetchval("select gen_random_uuid()")
    await ledger.connection.execute(
        "insert into referral.concern (id, subject, category, kind, narrative, occurred_at, received_at)"
        " values ($1, $2, 'housing_tenancy', 'other', 'synthetic', now(), now())",
        row,
        ledger.person,
    )
    await ledger.context(audience.partition("+")[0], audience)
    await ledger.connection.execute(f"set local role {SERVICE_ROLES['referral']}")
    found = await ledger.connection.fetchval("select count(*) from referral.concern where id = $1", row)
    await ledger.connection.execute("reset role")
    return bool(found)


@pytest.mark.parametrize(
    ("recipient", "audience", "seen"),
    [
        (f"{HOUSING}/tenancy", f"{HOUSING}+{HOUSING}/tenancy", True),
        (f"{HOUSING}/tenancy", f"{HOUSING}+{HOUSING}/repairs", False),
        (f"{HOUSING}/tenancy", HOUSING, False),
        (HOUSING, f"{HOUSING}+{HOUSING}/tenancy", True),
        (f"{HOUSING}/tenancy", "northshire-police+northshire-police/tenancy", False),
    ],
)
async def test_a_team_sees_what_is_shared_with_it_or_its_agency(
    ledger: Ledger, recipient: str, audience: str, seen: bool
) -> None:
    await ledger.happens("given", recipient)
    assert await sees(ledger, audience) is seen
    assert HOUSING in await ledger.on_caseload()


async def test_withdrawing_from_a_team_clears_its_agencys_caseload(ledger: Ledger) -> None:
    await ledger.happens("given", f"{HOUSING}/tenancy")
    await ledger.happens("withdrawn", f"{HOUSING}/tenancy")
    assert await ledger.on_caseload() == set()


@pytest.mark.parametrize(
    ("then", "more"),
    [
        ("given", {}),
        ("refused", {}),
        ("varied", {"purpose": "attendance"}),
        ("varied", {"subjects": [uuid4()]}),
        ("withdrawn", {"basis": "court_order"}),
        ("withdrawn", {"agency": "northshire-police"}),
    ],
)
async def test_postgresql_refuses_what_may_not_follow(
    ledger: Ledger, then: str, more: dict[str, object]
) -> None:
    await ledger.happens("given", HOUSING)
    other = dict(more)
    agency = str(other.pop("agency", HOUSING))
    with pytest.raises(asyncpg.CheckViolationError):
        await ledger.happens(then, agency, **other)


async def test_postgresql_keeps_a_decision_to_who_recorded_it(ledger: Ledger) -> None:
    await ledger.happens("given", HOUSING)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not theirs"):
        await ledger.happens("varied", HOUSING, recorded_by="northshire-mash")


async def test_postgresql_keeps_one_parents_word_from_the_other(ledger: Ledger) -> None:
    agreement = {"basis": "agreement"}
    await ledger.happens("given", HOUSING, given_by="Robin Synthetic", **agreement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only who gave"):
        await ledger.happens("withdrawn", HOUSING, given_by="Jo Synthetic", **agreement)


async def test_postgresql_lets_nobody_decide_in_its_own_favour(ledger: Ledger) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="own favour"):
        await ledger.happens("given", f"{RECORDER}/triage")
