"""One connection, two ways in: SQL of ours and the ORM write in one transaction, or not at all."""

from collections.abc import AsyncGenerator
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from deploy.local import Running
from hub.caller import AgencyId, Caller, ClientId, Purpose
from hub.database import Database, Tx, unavailable
from services.referral.models import Household

WHO = Caller(AgencyId("oakfield"), ClientId("oakfield-mis"), frozenset(), Purpose.EARLY_HELP)
COUNT = "select count(*) from referral.household where id = any($1)"
OPEN = (
    "insert into referral.household (id, subject, category, name, created_at)"
    " values (:id, :id, 'household', 'Two', now())"
)


@pytest.fixture
async def database(
    hub: Running, server: dict[str, dict[str, str]], database_url: str
) -> AsyncGenerator[Database]:
    place = database_url.rpartition("@")[2]
    opened = Database(f"postgresql://hub_referral:{server['roles']['referral']}@{place}", 1)
    yield opened
    await opened.close()


async def _write_both(tx: Tx) -> list[UUID]:
    one, two = uuid4(), uuid4()
    tx.session.add(Household(id=one, subject=one, name="One"))
    await tx.session.flush()
    await tx.run(OPEN, id=two)
    return [one, two]


async def test_both_are_there_after_the_commit(database: Database, administrator: asyncpg.Connection) -> None:
    async with database.transaction(WHO, "test", uuid4()) as tx:
        ids = await _write_both(tx)
        await tx.commit()
    assert await administrator.fetchval(COUNT, ids) == 2


async def test_neither_is_there_without_it(database: Database, administrator: asyncpg.Connection) -> None:
    async with database.transaction(WHO, "test", uuid4()) as tx:
        ids = await _write_both(tx)
    assert await administrator.fetchval(COUNT, ids) == 0


async def test_the_orm_sees_who_is_asking_and_what_was_just_written(database: Database) -> None:
    async with database.transaction(WHO, "test", uuid4()) as tx:
        _, two = await _write_both(tx)
        found = await tx.session.get(Household, two)
        assert found is not None
        assert found.agency == WHO.agency


async def test_nothing_of_one_caller_is_left_for_the_next(database: Database) -> None:
    async with database.transaction(WHO, "test", uuid4()) as tx:
        first = await tx.value("select pg_backend_pid()")
        await tx.commit()
    async with database.transaction(None, "test", uuid4()) as tx:
        assert await tx.value("select pg_backend_pid()") == first
        assert await tx.value("select current_setting('hub.agency', true)") == ""


async def test_an_attempt_that_fails_leaves_the_rest_to_commit(
    database: Database, administrator: asyncpg.Connection
) -> None:
    async with database.transaction(WHO, "test", uuid4()) as tx:
        ids = await _write_both(tx)
        with pytest.raises(IntegrityError):
            async with tx.attempt():
                await tx.run(OPEN, id=ids[0])
        await tx.commit()
    assert await administrator.fetchval(COUNT, ids) == 2


async def test_a_connection_that_died_in_the_pool_is_not_used_again(
    database: Database, administrator: asyncpg.Connection
) -> None:
    async with database.transaction(WHO, "test", uuid4()) as tx:
        first = await tx.value("select pg_backend_pid()")
    await administrator.fetchval("select pg_terminate_backend($1, 5000)", first)
    async with database.transaction(WHO, "test", uuid4()) as tx:
        assert await tx.value("select pg_backend_pid()") != first


async def test_a_connection_that_dies_under_a_request_is_unavailable_and_thrown_away(
    database: Database, administrator: asyncpg.Connection
) -> None:
    with pytest.raises(DBAPIError) as broken:  # noqa: PT012  # the whole request breaks, not one line
        async with database.transaction(WHO, "test", uuid4()) as tx:
            mine = await tx.value("select pg_backend_pid()")
            await administrator.fetchval("select pg_terminate_backend($1, 5000)", mine)
            await tx.value("select 1")
    assert unavailable(broken.value) is not None
    async with database.transaction(WHO, "test", uuid4()) as tx:
        assert await tx.value("select 1") == 1


async def test_a_value_that_does_not_fit_is_no_outage(database: Database) -> None:
    async with database.transaction(WHO, "test", uuid4()) as tx:
        with pytest.raises(DBAPIError) as reason:
            await tx.value("select cast(:number as int)", number=2**40)
    assert unavailable(reason.value) is None
