"""The demo's story, in one process and in many: the same journey, the same answers."""

import io
from typing import Any

import pytest
from rich.console import Console

from deploy import local
from deploy.demo.story import play
from deploy.demo.teller import Teller
from tests.people import KEYS


def _table(teller: Teller, title: str) -> dict[str, dict[str, str]]:
    tables = {
        step["table"]: step["rows"]
        for chapter in teller.chapters
        for step in chapter["steps"]
        if "table" in step
    }
    return {row["agency"]: row for row in tables[title]}


@pytest.fixture(scope="module")
async def told(hub: local.Running) -> Teller:
    """The story, told once on this worker's hub."""
    teller = Teller(Console(file=io.StringIO()))
    await play(hub, KEYS, teller)
    return teller


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


async def test_withdrawing_ends_what_housing_sees_and_not_what_a_duty_lets_the_police_see(
    told: Teller,
) -> None:
    seen = _table(told, "Who sees what, after the withdrawal")
    assert seen["Northshire Housing"]["case"] == "404"
    assert seen["Northshire Police"]["case"] == "200"
    assert seen["Northshire Police"]["concerns"] == "✓"


async def test_the_story_ends_with_a_verified_log(told: Teller) -> None:
    last = told.chapters[-1]["steps"][-1]
    assert last["who"] == "The audit log"
    assert "verifies offline" in last["what"]
