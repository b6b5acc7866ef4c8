"""What an agency may not see is not there: the same bytes as for an id somebody made up."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, MASH
from tests.people import Room
from tests.services.assessment.cases import (
    action_of,
    assessed_family,
    goal_of,
    meeting_of,
    offer_of,
    plan_of,
    rows_of,
    section_of,
)

SOMEBODY = uuid4()
END = {"ended_on": "2026-05-01", "reason": "Enough."}
DOORS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", "/engagements/{engagement}/end", END),
    ("GET", "/assessments/{assessment}", None),
    ("POST", "/assessments/{assessment}/sections", section_of(SOMEBODY)),
    ("POST", "/assessments/{assessment}/review-with-family", {}),
    ("POST", "/assessments/{assessment}/complete", {"decision": "plan"}),
    ("GET", "/plans/{plan}", None),
    ("POST", "/plans/{plan}/goals", goal_of(SOMEBODY)),
    ("POST", "/plans/{plan}/actions", action_of(str(SOMEBODY))),
    ("POST", "/plans/{plan}/offers", offer_of(SOMEBODY)),
    ("POST", "/plans/{plan}/agree", {}),
    ("POST", "/plans/{plan}/actions/{action}/done", {}),
    ("POST", "/plans/{plan}/actions/{action}/drop", {}),
    ("GET", "/meetings/{meeting}", None),
    ("POST", "/meetings/{meeting}/minutes", {"text": "Nothing."}),
]


@pytest.fixture(scope="module")
async def real(room: Room) -> dict[str, str]:
    """One of everything, all the early help team's own."""
    case, asker = await assessed_family(room), room[EARLY_HELP]
    plan = (await asker.made("/assessment/plans", plan_of(case.family)))["plan"]["plan"]
    path = f"/assessment/plans/{plan}"
    goal = (await asker.made(f"{path}/goals", goal_of(case.family.child)))["goal"]["goal"]
    action = await asker.made(f"{path}/actions", action_of(goal))
    meeting = await asker.made("/assessment/meetings", meeting_of(case.family))
    whole = await asker.get(f"/assessment/households/{case.family.household}/case")
    return {
        "engagement": whole.json()["engagements"][0]["engagement"],
        "assessment": case.assessment,
        "plan": plan,
        "action": action["action"]["action"],
        "meeting": meeting["meeting"]["meeting"],
    }


@pytest.mark.parametrize(("method", "path", "body"), DOORS, ids=[" ".join(d[:2]) for d in DOORS])
async def test_it_answers_as_if_it_were_not_there(
    room: Room,
    administrator: asyncpg.Connection,
    real: dict[str, str],
    method: str,
    path: str,
    body: dict[str, Any] | None,
) -> None:
    made_up = {name: str(uuid4()) for name in real}
    theirs = await room[MASH].ask(method, "/assessment" + path.format(**real), json=body)
    nothing = await room[MASH].ask(method, "/assessment" + path.format(**made_up), json=body)
    assert (theirs.status_code, theirs.content) == (404, nothing.content)
    assert set(theirs.headers) == set(nothing.headers)
    for answer in (theirs, nothing):
        rows = await rows_of(
            administrator,
            "select outcome from hub.disclosure where request = $1",
            UUID(answer.headers["x-request-id"]),
        )
        assert {row["outcome"] for row in rows} == {"refused"}
