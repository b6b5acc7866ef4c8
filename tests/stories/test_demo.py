"""The demo's story, in one process and in many: the same journey, the same answers."""

import io
from typing import Any

import asyncpg
import pytest
from rich.console import Console

from deploy.demo.story import play
from deploy.demo.teller import Teller
from deploy.local import in_one_process
from deploy.many import in_many_processes
from tests.people import KEYS, introduce


def _table(teller: Teller, title: str) -> dict[str, dict[str, str]]:
    tables = {
        step["table"]: step["rows"]
        for chapter in teller.chapters
        for step in chapter["steps"]
        if "table" in step
    }
    return {row["agency"]: row for row in tables[title]}


@pytest.fixture(scope="module", params=["one process", "many processes"])
async def told(
    request: pytest.FixtureRequest, server: dict[str, Any], worker_id: str, fresh_keys: dict[str, str]
) -> Teller:
    """The story, told once in each topology, on a database of its own."""
    topology = in_one_process if request.param == "one process" else in_many_processes
    url = await _database(server, f"hub_story_{worker_id}_{request.param[:3]}")
    teller = Teller(Console(file=io.StringIO()))
    async with topology(url, fresh_keys, secrets_of_roles=server["roles"]) as running:
        await introduce(running.settings["gateway"])
        await play(running, KEYS, teller)
    return teller


async def _database(server: dict[str, Any], name: str) -> str:
    connection = await asyncpg.connect(server["url"])
    await connection.execute(f'create database "{name}" template template_hub')
    await connection.close()
    return server["url"].rpartition("/")[0] + "/" + name


def _facts(teller: Teller, words: str) -> list[dict[str, Any]]:
    steps = [step for chapter in teller.chapters for step in chapter["steps"]]
    return [step.get("facts", {}) for step in steps if words in step.get("what", "")]


async def test_a_batch_sent_twice_doubles_nothing(told: Teller) -> None:
    assert _facts(told, "posts it all again") == [{"same_answer": True}]


async def test_each_section_is_seen_by_its_author_and_the_early_help_team_alone(told: Teller) -> None:
    seen = _table(told, "Who sees what, with the assessment")
    for column, authors in (
        ("health", {"Riverside School Nursing"}),
        ("housing", {"Northshire Housing"}),
        ("wishes", {"Oakfield Primary School"}),
    ):
        assert {name for name, row in seen.items() if row[column] == "✓"} == {
            *authors,
            "Northshire Early Help",
        }


async def test_what_one_agency_wrote_no_other_opens_until_it_countersigns(told: Teller) -> None:
    assert _facts(told, "is told, and countersigns") == [{"before": 0, "after": 1}]


async def test_withdrawing_ends_what_housing_sees_and_not_what_a_duty_lets_the_police_see(
    told: Teller,
) -> None:
    seen = _table(told, "Who sees what, after the withdrawal")
    assert seen["Northshire Housing"]["case"] == "404"
    assert seen["Northshire Police"]["case"] == "200"
    assert seen["Northshire Police"]["concerns"] == "✓"


async def test_a_correction_shows_in_the_record_and_reaches_who_was_shown_it(told: Teller) -> None:
    [read] = _facts(told, "stays on record beside it")
    assert (read["now"], read["was"]) == ("2019-06-09", "2019-06-02")
    [reached] = _facts(told, "tells everybody who was shown it")
    assert {"oakfield-primary", "northshire-early-help", "northshire-mash"} <= set(reached["told"])
    assert "harbour-family-charity" not in reached["told"]


async def test_an_erasure_takes_the_address_and_leaves_what_must_be_kept(told: Teller) -> None:
    assert _facts(told, "asks for Arun") == [{"addresses": 0, "identities": 1}]


async def test_a_copy_of_records_lists_what_it_leaves_out(told: Teller) -> None:
    [copy] = _facts(told, "releases it")
    assert copy["records"] > copy["redacted"] > 0
    assert copy["withheld"] > 0


async def test_the_plans_own_needs_find_a_service_without_a_name(told: Teller) -> None:
    [match] = _facts(told, "asks the directory what fits the plan")
    assert match["near_home"] is True
    assert match["score"] > 0


async def test_a_family_reports_a_listing_and_its_provider_confirms_it_once(told: Teller) -> None:
    assert _facts(told, "says on a page what was wrong") == [
        {"said": "It was shut at four. Ring me on [number]."}
    ]
    [tapped] = _facts(told, "taps once")
    assert tapped == {"how": "provider_link", "fresh": "fresh", "again": 404}
    assert _facts(told, "may read what was not there") == [{"school": 403}]


async def test_the_story_ends_with_a_verified_log(told: Teller) -> None:
    last = told.chapters[-1]["steps"][-1]
    assert last["who"] == "The audit log"
    assert "verifies offline" in last["what"]
