"""Unmet need: counted without a word of who asked, published without a number that could point at anybody."""

import csv
import io
from typing import Any

import asyncpg
import pytest

from services.directory.jobs.count_unmet import Tally
from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import a_place, a_service, an_id, feed_of

HOME = "BS5 6LA"
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
        await directory.get("/services", search=SECRET, postcode="BS16 2QQ")
    tally: Tally = directory.app.state.tally
    await tally.add()


async def ask(directory: Directory, **asked: Any) -> None:
    """A family's question."""
    answer = await directory.http.post("/matches", json=asked)
    assert answer.status_code == 200, answer.text


async def test_nothing_is_kept_but_a_quarter_an_area_a_need_and_a_number(directory: Directory) -> None:
    connection = await asyncpg.connect(directory.administrator)
    rows = [dict(row) for row in await connection.fetch("select * from directory.unmet order by kind, need")]
    await connection.close()
    assert {(row["kind"], row["area"], row["need"], row["barrier"], row["times"]) for row in rows} == {
        ("barrier", "BS5 6", "money", "childcare", 6),
        ("full", "BS5 6", "money", "", 6),
        ("nothing_found", "BS5 6", "bereavement", "", 3),
        ("nothing_found", "BS5 6", "food", "", 7),
        ("nothing_found", "BS16 2", "food", "", 5),
    }
    assert not any("Robin" in str(row) or HOME in str(row) for row in rows)


async def test_small_numbers_are_hidden_and_totals_do_not_tell_them(directory: Directory) -> None:
    body = await directory.get("/unmet")
    said = {(row["kind"], row["area"], row["need"]): row["says"] for row in body["rows"]}
    assert said == {
        ("nothing_found", "BS5 6", "food"): "7",
        ("nothing_found", "BS5 6", "bereavement"): "fewer than 5",
        ("nothing_found", "BS16 2", "food"): "5",
        ("full", "BS5 6", "money"): "6",
        ("barrier", "BS5 6", "money: childcare"): "6",
    }
    totals = body["totals"]["nothing_found"]
    assert totals["areas"]["BS5 6"] == {"count": 7, "exact": False, "says": "at least 7"}
    assert totals["all"]["says"] == "at least 12"


async def test_it_comes_as_csv_as_points_and_as_a_page_that_says_the_same(directory: Directory) -> None:
    sheet = await directory.http.get("/unmet", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert {(row["area"], row["need"], row["count"]) for row in rows} >= {
        ("BS5 6", "bereavement", "fewer than 5")
    }
    points = (await directory.get("/unmet", format="geojson"))["features"]
    assert {point["properties"]["area"] for point in points} == {"BS5 6", "BS16 2"}
    longitude, latitude = points[0]["geometry"]["coordinates"]
    assert (-2.7 < longitude < -2.4, 51.3 < latitude < 51.6) == (True, True)
    page = await directory.http.get("/unmet", params={"format": "html"})
    assert page.headers["content-type"].startswith("text/html")
    assert all(word in page.text for word in ("<svg", "<caption>", "fewer than 5", "at least 12", "BS16 2"))


async def test_a_quarter_is_a_quarter_and_another_is_empty(directory: Directory) -> None:
    assert (await directory.get("/unmet", quarter="2020-Q1"))["rows"] == []
    assert (await directory.http.get("/unmet", params={"quarter": "2026-11"})).status_code == 422


async def test_the_directory_itself_has_no_right_to_the_table(directory: Directory) -> None:
    async with directory.transaction() as tx:
        with pytest.raises(Exception, match="permission denied"):
            await tx.rows("select * from directory.unmet")
