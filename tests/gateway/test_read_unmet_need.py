"""Unmet need whole: searches and returned referrals in one answer, and no number that points at a family."""

import asyncio
import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import EARLY_HELP, MASH, OAKFIELD
from hub.heard import today
from hub.small_numbers import quarter_name, quarter_of
from tests.people import Family, Room, a_family

NOON = datetime(2026, 5, 20, 12, tzinfo=ZoneInfo("Europe/London"))
QUARTER, OF_LOOKING = "2026-Q2", date(2026, 4, 1)
SECRET = "Sky needs a bed of her own"


async def send_back(room: Room, family: Family, needs: Sequence[str], reason: str) -> str:
    """A referral that the MASH returns; its id."""
    made = await room[OAKFIELD].made(
        "/referral/referrals",
        {
            "household": str(family.household),
            "children": [str(family.child)],
            "receiver": MASH.id,
            "reason": "They asked for help.",
            "needs": needs,
            "family_aware": True,
            "sharing": {"basis": "safeguarding", "reason": "To decide who helps.", "detriment_test": "None."},
        },
    )
    which = made["referral"]["referral"]
    await room[MASH].made(
        f"/referral/referrals/{which}/triage",
        {
            "rag": "green",
            "level_of_need": 1,
            "outcome": "returned",
            "rationale": "It is for the school.",
            "return_reason": reason,
            "feedback": "The school can help.",
        },
    )
    return which


@pytest.fixture(scope="module", autouse=True)
async def quarter(room: Room, database_url: str) -> None:
    """Six referrals about debt and two about bereavement came back, one of them in words of its own."""
    sent: list[str] = []
    for number in range(6):
        needs = ["Debt", SECRET] if number == 0 else ["Debt"]
        sent.append(await send_back(room, await a_family(room), needs, "threshold_not_met"))
    sent += [await send_back(room, await a_family(room), ["bereavement"], "no_agreement") for _ in range(2)]
    connection = await asyncpg.connect(database_url)
    await connection.execute("update referral.move set at = $1 where referral = any($2::uuid[])", NOON, sent)
    await connection.execute(
        "insert into directory.unmet (quarter, kind, area, need, times) values"
        " ($1, 'full', 'BS5 6', 'money', 7), ($1, 'nothing_found', 'BS16 2', 'food', 2)",
        OF_LOOKING,
    )
    await connection.close()


async def read(room: Room, **asked: str) -> httpx.Response:
    return await room[EARLY_HELP].get("/insight/unmet", params={"quarter": QUARTER, **asked})


def said(body: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    return {(row["kind"], row["area"], row["need"]): row["says"] for row in body["rows"]}


async def test_what_was_looked_for_and_what_came_back_are_one_answer(room: Room) -> None:
    answer = await read(room)
    assert said(answer.json()) == {
        ("full", "BS5 6", "money"): "7",
        ("nothing_found", "BS16 2", "food"): "fewer than 5",
        ("returned", "BS5 6", "money: threshold_not_met"): "6",
        ("returned", "BS5 6", "bereavement: no_agreement"): "fewer than 5",
        ("returned", "BS5 6", "other: threshold_not_met"): "fewer than 5",
    }
    totals = answer.json()["totals"]
    assert totals["returned"]["all"]["says"] == totals["returned"]["areas"]["BS5 6"]["says"] == "at least 6"
    assert totals["nothing_found"]["all"]["says"] == "fewer than 5"
    assert not any(word in answer.text for word in ("Sky", "bed", "6AA", str(OAKFIELD.id)))


async def test_it_comes_as_csv_as_points_and_as_a_page_that_says_the_same(room: Room) -> None:
    sheet = await read(room, format="csv")
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(sheet.text))]
    assert (QUARTER, "returned", "BS5 6", "money: threshold_not_met", "6") in rows
    points = (await read(room, format="geojson")).json()["features"]
    assert {point["properties"]["area"] for point in points} == {"BS5 6", "BS16 2"}
    longitude, latitude = points[0]["geometry"]["coordinates"]
    assert (-2.7 < longitude < -2.4, 51.3 < latitude < 51.6) == (True, True)
    page = await read(room, format="html")
    assert page.headers["content-type"].startswith("text/html")
    assert all(word in page.text for word in ("<svg", "<caption>", "fewer than 5", "at least 6", "BS16 2"))
    assert "<script" not in page.text


async def test_what_was_published_does_not_change_and_keeps_no_small_number(
    room: Room, administrator: asyncpg.Connection
) -> None:
    before = (await read(room)).json()
    await administrator.execute(
        "delete from referral.move where referral in (select referral from referral.move where at = $1"
        " and return_reason = 'threshold_not_met' limit 1) and status = 'returned'",
        NOON,
    )
    answers = await asyncio.gather(*(read(room) for _ in range(3)))
    assert all(answer.json() == before for answer in answers)
    kept = await administrator.fetch("select times from referral.counted")
    assert all(row["times"] is None or row["times"] >= 5 for row in kept)


async def test_a_look_leaves_its_trace(room: Room, administrator: asyncpg.Connection) -> None:
    await read(room)
    row = await administrator.fetchrow(
        "select agency, subject, categories, outcome from hub.disclosure"
        " where operation = 'referral GET /insight/returned' order by at desc limit 1"
    )
    assert row is not None
    assert tuple(row) == (EARLY_HELP.id, None, ["request_for_help"], "shown")


async def test_a_sealed_home_is_in_no_area(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    sent = await send_back(room, family, ["housing"], "duplicate")
    await administrator.execute(
        "update referral.move set at = $1 where referral = cast($2 as uuid)", NOON - timedelta(days=90), sent
    )
    await administrator.execute(
        "insert into hub.restriction (subject, category, agency, decision, ends)"
        " values ($1, 'home_address', $2, gen_random_uuid(), 'infinity')",
        family.child,
        str(MASH.id),
    )
    rows = said((await read(room, quarter="2026-Q1")).json())
    assert rows == {("returned", "not told", "housing: duplicate"): "fewer than 5"}
    await administrator.execute("delete from hub.restriction where subject = $1", family.child)


async def test_a_quarter_that_still_counts_is_not_published(room: Room) -> None:
    answer = await read(room, quarter=quarter_name(quarter_of(today())))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/quarter-not-over")
    own = {"quarter": quarter_name(quarter_of(today()))}
    answer = await room[EARLY_HELP].get("/referral/insight/returned", params=own)
    assert answer.status_code == 409


@pytest.mark.parametrize("path", ["/insight/unmet", "/referral/insight/returned", "/directory/unmet"])
async def test_it_is_for_those_with_the_scope(room: Room, http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 401
    refused = await room[OAKFIELD].get(path)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")
    assert (await room[EARLY_HELP].get(path)).status_code == 200
