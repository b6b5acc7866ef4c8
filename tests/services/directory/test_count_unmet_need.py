"""Unmet need: counted without a word of who asked, published without a number that could point at anybody."""

import itertools
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from hub.caller import Scope
from hub.heard import today
from hub.small_numbers import quarter_name, quarter_of
from services.directory.jobs.count_unmet import Tally
from services.directory.rules.needs import known, needs
from services.referral.rules.needs import sayings
from tests.services.directory.conftest import COUNCIL, Directory, Serve, caller
from tests.services.directory.feeds import a_place, a_service, an_id, feed_of

HOME = "BS5 6LA"
PLACES = itertools.count(1)
LAST = quarter_of(quarter_of(today()) - timedelta(days=1))
SECRET = "food for Robin Synthetic of 1 Example Street"


@pytest.fixture(scope="module", autouse=True)
async def counted(directory: Directory, serve: Serve) -> None:
    """One debt service, which is full; many families ask, some for what is not there."""
    full = {"id": an_id("capacity"), "available": 0, "maximum": 4, "updated": "2026-11-20T10:00:00Z"}
    debt = a_service("Debt Advice", service_at_locations=[a_place("near", HOME)], capacities=[full])
    await directory.pull(await serve(feed_of([debt])))
    for _ in range(7):
        await ask(directory, needs=["food"], postcode=HOME)
    for _ in range(3):
        await ask(directory, needs=["bereavement"], postcode=HOME)
    for _ in range(6):
        await ask(directory, needs=["debt"], postcode=HOME, barriers=["childcare"])
    for _ in range(5):
        params = {"search": SECRET, "postcode": "BS16 2QQ"}
        await directory.http.get("/services", params=params, headers={"x-hub-mark": str(next(PLACES))})
    for _ in range(9):
        await ask(directory, "the same place", needs=["learning"], postcode=HOME)
    tally: Tally = directory.app.state.tally
    await tally.add()
    connection = await asyncpg.connect(directory.administrator)
    await connection.execute("update directory.unmet set quarter = $1", LAST)
    await connection.close()


async def ask(directory: Directory, mark: str | None = None, **asked: Any) -> None:
    """A family's question, by itself from a place of its own."""
    headers = {"x-hub-mark": mark or str(next(PLACES))}
    answer = await directory.http.post("/matches", json=asked, headers=headers)
    assert answer.status_code == 200, answer.text


async def read(directory: Directory, *scopes: Scope, **params: str) -> Any:
    """What a commissioner reads."""
    token = directory.signer.sign(caller(COUNCIL, *(scopes or (Scope.INSIGHT_READ,))), "directory")
    return await directory.http.get("/unmet", params=params, headers={"authorization": f"Bearer {token}"})


async def test_nothing_is_kept_but_a_quarter_an_area_a_need_and_a_number(directory: Directory) -> None:
    connection = await asyncpg.connect(directory.administrator)
    rows = [dict(row) for row in await connection.fetch("select * from directory.unmet order by kind, need")]
    await connection.close()
    assert {(row["kind"], row["area"], row["need"], row["barrier"], row["times"]) for row in rows} == {
        ("barrier", "BS5 6", "money", "childcare", 6),
        ("full", "BS5 6", "money", "", 6),
        ("nothing_found", "BS5 6", "bereavement", "", 3),
        ("nothing_found", "BS5 6", "learning", "", 1),
        ("nothing_found", "BS5 6", "food", "", 7),
        ("nothing_found", "BS16 2", "food", "", 5),
    }
    assert not any("Robin" in str(row) or HOME in str(row) for row in rows)


async def test_small_numbers_do_not_leave_the_directory(directory: Directory) -> None:
    body = (await read(directory, quarter=quarter_name(LAST))).json()
    assert {
        (row["kind"], row["area"], row["need"], row["barrier"]): row["count"] for row in body["rows"]
    } == {
        ("nothing_found", "BS5 6", "food", None): 7,
        ("nothing_found", "BS5 6", "bereavement", None): None,
        ("nothing_found", "BS5 6", "learning", None): None,
        ("nothing_found", "BS16 2", "food", None): 5,
        ("full", "BS5 6", "money", None): 6,
        ("barrier", "BS5 6", "money", "childcare"): 6,
    }


async def test_whoever_repeats_a_question_counts_once_a_day(directory: Directory) -> None:
    tally = Tally(directory.database)
    one = next(iter(directory.app.state.tally.asked))[1]
    for _ in range(6):
        tally.note("a", [one])
    tally.note("b", [one])
    assert tally.waiting[one] == 2
    tally.day -= timedelta(days=1)
    tally.note("a", [one])
    assert (tally.waiting[one], len(tally.asked)) == (3, 1)


async def test_a_quarter_that_still_counts_is_not_published(directory: Directory) -> None:
    answer = await read(directory, quarter=quarter_name(quarter_of(today())))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/quarter-not-over")
    assert (await read(directory)).json()["quarter"] < quarter_name(quarter_of(today()))
    assert (await read(directory, quarter="2020-Q1")).json()["rows"] == []
    assert (await read(directory, quarter="2026-11")).status_code == 422


async def test_it_is_for_those_with_the_scope(directory: Directory) -> None:
    assert (await directory.http.get("/unmet")).status_code == 401
    assert (await read(directory, Scope.DIRECTORY_WRITE)).status_code == 403


async def test_sectors_have_their_middles(directory: Directory) -> None:
    found = await directory.get("/sectors", area=["BS5 6", "nowhere", "not told"])
    [middle] = found["areas"]
    assert (middle["area"], -2.7 < middle["longitude"] < -2.4, 51.3 < middle["latitude"] < 51.6) == (
        "BS5 6",
        True,
        True,
    )


def test_the_referral_service_calls_needs_as_the_directory_does() -> None:
    assert set(sayings().values()) == set(needs())
    for said, need in sayings().items():
        assert known(said) == need


async def test_the_directory_itself_has_no_right_to_the_table(directory: Directory) -> None:
    async with directory.transaction() as tx:
        with pytest.raises(Exception, match="permission denied"):
            await tx.rows("select * from directory.unmet")
