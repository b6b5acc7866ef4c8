"""What happens to a decision after it was recorded: answered, varied, reviewed, withdrawn, superseded."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD, POLICE
from deploy.local import Running
from tests.gateway.deciding import (
    CATEGORY,
    MOTHER,
    body,
    decided,
    history,
    known_to_early_help,
    refused,
    sees,
    step,
)
from tests.people import Family, Partner, Room, a_family, a_team

WHY = {"reason": "They talked it through."}


async def test_a_proposal_shows_nothing_until_the_family_agrees(room: Room) -> None:
    family = await a_family(room)
    school = room[OAKFIELD]
    decision = await decided(school, family, HOUSING.id, event="proposed")
    assert not await sees(room[HOUSING], family)
    await school.made(step(decision, "give"), {**WHY, "giver": MOTHER, "method": "telephone"})
    assert await sees(room[HOUSING], family)
    said = await history(school, decision)
    assert [one["event"] for one in said["history"]] == ["proposed", "given"]
    assert said["history"][1]["circumstances"] == {"method": "telephone"}


async def test_a_refusal_is_recorded_and_is_final(room: Room) -> None:
    family = await a_family(room)
    school = room[OAKFIELD]
    decision = await decided(school, family, HOUSING.id, event="proposed")
    await school.made(step(decision, "refuse"), {**WHY, "giver": MOTHER})
    assert (await history(school, decision))["decision"]["standing"] == "refused"
    said = {**WHY, "giver": MOTHER}
    assert await refused(school, step(decision, "give"), said) == (409, "decision-move-not-allowed")


async def test_an_agency_learns_nothing_of_what_was_not_shared_with_it(room: Room) -> None:
    family = await a_family(room)
    for event in ("proposed", "refused", "not_shared"):
        decision = await decided(room[OAKFIELD], family, HOUSING.id, event=event)
        answers = [await room[HOUSING].get(f"/sharing/decisions/{which}") for which in (decision, uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content


async def test_a_variation_takes_effect_on_the_next_read(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    await room[OAKFIELD].made(step(decision, "vary"), {**WHY, "categories": ["existence"]})
    assert not await sees(room[HOUSING], family)
    said = await history(room[OAKFIELD], decision)
    assert (said["decision"]["standing"], said["decision"]["categories"]) == ("varied", ["existence"])
    assert said["history"][0]["categories"] == ["family_household"]


async def test_a_review_leaves_it_standing(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    await room[OAKFIELD].made(step(decision, "review"), WHY)
    assert (await history(room[OAKFIELD], decision))["decision"]["standing"] == "given"
    assert await sees(room[HOUSING], family)


async def test_only_the_recorder_changes_a_decision(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    wider = {**WHY, "categories": ["health_mental"]}
    assert await refused(room[HOUSING], step(decision, "vary"), wider) == (403, "only-the-recorder-changes")
    assert await refused(room[POLICE], step(decision, "vary"), wider) == (404, "not-found")


async def _answers(by: Partner, family: Family, decision: str) -> dict[str, tuple[int, bytes]]:
    """What an agency is answered that takes each step that is the recorder's."""
    said: dict[str, dict[str, Any]] = {
        "give": WHY | {"giver": MOTHER},
        "refuse": WHY | {"giver": MOTHER},
        "review": WHY,
        "vary": WHY | {"categories": ["existence"]},
        "supersede": WHY | {"decision": body(family, POLICE.id)},
    }
    answers = {verb: await by.post(step(decision, verb), words) for verb, words in said.items()}
    return {verb: (answer.status_code, answer.content) for verb, answer in answers.items()}


async def test_what_an_agency_may_not_read_it_changes_like_what_does_not_exist(room: Room) -> None:
    family = await known_to_early_help(room)
    for event in ("given", "proposed"):
        decision = await decided(room[OAKFIELD], family, HOUSING.id, event=event)
        made_up = str(uuid4())
        for partner in (room[EARLY_HELP], room[POLICE], *([room[HOUSING]] if event == "proposed" else [])):
            assert (await partner.get(f"/sharing/decisions/{decision}")).status_code == 404
            answers = await _answers(partner, family, decision)
            assert answers == await _answers(partner, family, made_up)
            assert {status for status, _ in answers.values()} == {404}


async def test_what_is_hidden_from_an_agency_it_changes_like_what_does_not_exist(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    hidden = {"hidden_from": HOUSING.id, "subjects": [str(family.household)], "categories": [CATEGORY], **WHY}
    restriction = (await room[OAKFIELD].made("/sharing/restrictions", hidden))["restriction"]
    assert (await room[HOUSING].get(f"/sharing/decisions/{decision}")).status_code == 404
    unseen = await _answers(room[HOUSING], family, decision)
    assert unseen == await _answers(room[HOUSING], family, str(uuid4()))
    assert {status for status, _ in unseen.values()} == {404}
    await room[OAKFIELD].made(f"/sharing/restrictions/{restriction}/lift", WHY)
    assert (await room[HOUSING].get(f"/sharing/decisions/{decision}")).status_code == 200
    seen = await _answers(room[HOUSING], family, decision)
    assert {status for status, _ in seen.values()} == {403}


async def test_another_decision_takes_its_place_in_one_step(room: Room) -> None:
    family = await a_family(room)
    school = room[OAKFIELD]
    old = await decided(school, family, HOUSING.id)
    said = {**WHY, "decision": body(family, HOUSING.id, categories=["family_household", "existence"])}
    new = (await school.made(step(old, "supersede"), said))["decision"]
    assert await sees(room[HOUSING], family)
    assert (await history(school, old))["history"][-1]["successor"] == new
    problem = await room[OAKFIELD].post(step(old, "withdraw"), {"reason": "Changed her mind."})
    assert problem.status_code == 409
    assert new in problem.json()["detail"]
    await school.made(step(new, "withdraw"), {"reason": "Changed her mind."})
    assert not await sees(room[HOUSING], family)


YEARS = timedelta(days=800)
COMPETENT = {
    "assessed_by": "K Synthetic, school nurse",
    "assessed_at": datetime.now(UTC).isoformat(),
    "reasoning": "She explained in her own words who would read it, and what might follow.",
}
WITHHOLD = {
    "considered_at": datetime.now(UTC).isoformat(),
    "by": "Duty manager",
    "outcome": "withhold",
    "reasons": "It would put her at risk.",
}


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"giver": None}, "agreement-needs-a-giver"),
        ({"giver": {**MOTHER, "capacity": "gillick_competent", "age": 14}}, "gillick-needs-reasoning"),
        ({"giver": {**MOTHER, "capacity": "young_person", "age": 15}}, "capacity-does-not-fit"),
        ({"giver": {**MOTHER, "capacity": "young_person"}}, "capacity-does-not-fit"),
        ({"giver": {**MOTHER, "capacity": "adult", "age": 17}}, "capacity-does-not-fit"),
        ({"event": "refused", "giver": None, "given_by": "Robin"}, "giver-unclear"),
        ({"informed": False}, "not-informed-needs-a-reason"),
        ({"basis": "statutory_duty", "giver": None}, "duty-needs-a-detriment-test"),
        ({"basis": "safeguarding", "detriment_test": WITHHOLD}, "detriment-test-says-otherwise"),
        ({"agency": "type:circus"}, "agency-unknown"),
        ({"agency": "nobody/team"}, "agency-unknown"),
        ({"agency": f"{HOUSING.id}/made-up"}, "agency-unknown"),
        ({"agency": "a b"}, "payload-not-valid"),
        ({"event": "refused", "basis": "court_order"}, "payload-not-valid"),
        (
            {"starts": (datetime.now(UTC) + YEARS).isoformat(), "ends": "2020-01-01T00:00:00Z"},
            "payload-not-valid",
        ),
    ],
)
async def test_says_what_a_decision_lacks(room: Room, more: dict[str, Any], problem: str) -> None:
    family = await a_family(room)
    said = body(family, **{"agency": HOUSING.id, **more})
    assert await refused(room[OAKFIELD], "/sharing/decisions", said) == (422, problem)


async def test_a_team_is_one_that_its_agency_has_also_while_its_client_is_suspended(
    room: Room, hub: Running, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    team = await a_team(hub.settings["gateway"], HOUSING, "tenancy")
    suspend = "update gateway.client set active = false where agency = $1 and team = 'tenancy'"
    await administrator.execute(suspend, HOUSING.id)
    decision = await decided(room[OAKFIELD], family, team)
    assert (await history(room[OAKFIELD], decision))["decision"]["agency"] == team
    for made_up in (f"{HOUSING.id}/tenancies", f"{POLICE.id}/tenancy"):
        answer = await room[OAKFIELD].post("/sharing/decisions", body(family, made_up))
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/agency-unknown")
        assert answer.json()["detail"].startswith(made_up.replace("/", " has no team "))


async def test_a_competent_child_decides_and_how_that_was_judged_is_kept(room: Room) -> None:
    family = await a_family(room)
    born = {"given_name": "Ash", "family_name": "Synthetic", "date_of_birth": "2012-06-01"}
    child = (await room[OAKFIELD].made("/referral/people", born))["person"]
    giver = {"name": "Ash Synthetic", "person": child, "capacity": "gillick_competent", "age": 14}
    told = {
        "words_shown": "Who sees this and why.",
        "language": "en-GB",
        "informed": True,
        "method": "in_person",
    }
    said = {"subjects": [child], "giver": {**giver, "competence": COMPETENT}, **told}
    decision = await decided(room[OAKFIELD], family, HOUSING.id, **said)
    [given] = (await history(room[OAKFIELD], decision))["history"]
    assert given["giver"] == {k: v for k, v in giver.items() if k != "age"}
    assert given["circumstances"]["age"] == 14
    assert given["circumstances"]["competence"]["reasoning"] == COMPETENT["reasoning"]
    assert given["circumstances"]["language"] == "en-GB"
    assert (await history(room[HOUSING], decision))["history"][0]["circumstances"] is None


async def test_an_agency_decides_nothing_in_its_own_favour_nor_in_its_teams(room: Room) -> None:
    family = await a_family(room)
    for own in (OAKFIELD.id, f"{OAKFIELD.id}/pastoral"):
        said = body(family, own)
        assert await refused(room[OAKFIELD], "/sharing/decisions", said) == (403, "decision-in-own-favour")


async def test_what_becomes_of_a_proposal_or_a_refusal_is_not_for_whom_it_would_have_been(room: Room) -> None:
    family = await a_family(room)
    school = room[OAKFIELD]
    proposal = await decided(school, family, HOUSING.id, event="proposed")
    await school.made(step(proposal, "withdraw"), WHY)
    withheld = await decided(school, family, HOUSING.id, event="not_shared")
    await school.made(step(withheld, "review"), WHY)
    for decision in (proposal, withheld):
        assert (await room[HOUSING].get(f"/sharing/decisions/{decision}")).status_code == 404
    about = {"subject": str(family.household)}
    assert (await room[HOUSING].get("/sharing/decisions", params=about)).json()["decisions"] == []
