"""Override in PostgreSQL: no grant without its event, none longer, none unsaid."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy import local
from deploy.demo.partnership import POLICE
from hub.policy import SERVICE_ROLES
from tests.gateway.glass import opened
from tests.people import Room
from tests.policy.ledger import Asking, asking

OPENED = (
    "insert into hub.override_event (override, event, subject, categories, purpose, reason_code, words,"
    " second_person, starts, ends) values (gen_random_uuid(), 'opened', gen_random_uuid(),"
    " '{existence}', 'safeguarding', 'missing_child', 'synthetic words', $1, now() + $2, now() + $2 + $3)"
)


def _as_gateway(database_url: str, server: dict[str, Any]) -> str:
    place = database_url.rpartition("@")[2]
    return f"postgresql://{SERVICE_ROLES['gateway']}:{server['roles']['gateway']}@{place}"


@pytest.mark.parametrize(
    "statement",
    [
        "insert into hub.override_grant select * from hub.override_grant",
        "update hub.override_grant set ends = ends + interval '1 day'",
        "update hub.override_event set restrictions = array[gen_random_uuid()]",
        "select hub.settle_overrides(gen_random_uuid(), '{existence}')",
        "update hub.override_event set ends = ends + interval '1 hour'",
        "delete from hub.override_event",
        "delete from hub.override_delay",
        "insert into hub.notice (agency, kind, about) values ('northshire-police', 'x', gen_random_uuid())",
    ],
)
async def test_the_front_door_s_own_role_cannot_grant_lengthen_or_unsay(
    statement: str, hub: local.Running, database_url: str, server: dict[str, Any]
) -> None:
    async with asking(_as_gateway(database_url, server), Asking(POLICE.id)) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


@pytest.mark.parametrize(
    ("person", "second", "later", "lasts"),
    [
        ("ps-1", "PS-1", 0, 1),
        ("", "insp-2", 0, 1),
        ("ps-1", "insp-2", 0, 25),
    ],
)
async def test_postgresql_refuses_what_the_rules_refuse(
    person: str,
    second: str,
    later: int,
    lasts: int,
    hub: local.Running,
    database_url: str,
    server: dict[str, Any],
) -> None:
    async with asking(_as_gateway(database_url, server), Asking(POLICE.id)) as connection:
        await connection.execute("select set_config('hub.practitioner', $1, true)", person)
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.InsufficientPrivilegeError)):
            await connection.execute(OPENED, second, timedelta(hours=later), timedelta(hours=lasts))


async def test_an_override_begins_now_whatever_is_written(
    hub: local.Running, database_url: str, server: dict[str, Any]
) -> None:
    async with asking(_as_gateway(database_url, server), Asking(POLICE.id)) as connection:
        await connection.execute("select set_config('hub.practitioner', 'ps-1', true)")
        await connection.execute(OPENED, "insp-2", timedelta(days=3), timedelta(hours=2))
        assert await connection.fetchval(
            "select bool_and(starts = now() and ends = now() + interval '2 hours')"
            " from hub.override_event where at > now()"
        )


async def test_a_disclosure_cannot_leave_out_or_make_up_its_override(
    room: Room, administrator: asyncpg.Connection, database_url: str, server: dict[str, Any]
) -> None:
    person = uuid4()
    override = await opened(room[POLICE], person)
    async with asking(
        _as_gateway(database_url, server), Asking(POLICE.id, purpose="safeguarding")
    ) as connection:
        await connection.execute("select set_config('hub.practitioner', 'ps-1', true)")
        for category, said in (("identity_contact", None), ("home_address", uuid4())):
            await connection.execute(
                "insert into hub.disclosure (subject, categories, override) values ($1, $2, $3)",
                person,
                [category],
                said,
            )
    written = await administrator.fetch(
        "select override from hub.disclosure where subject = $1 order by at", person
    )
    assert [row["override"] for row in written] == [UUID(override), None]
