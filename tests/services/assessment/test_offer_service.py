"""Putting a service of the local directory on a plan."""

from uuid import uuid4

from deploy.demo.partnership import EARLY_HELP, MASH
from services.assessment.schemas.plans import OneOffer
from tests.people import Room
from tests.services.assessment.cases import let_see, offer_of, planned_family, take_back


async def test_it_keeps_which_service_from_which_feed_for_whom_and_why(room: Room) -> None:
    case = await planned_family(room)
    body = offer_of(case.family.child)
    answer = await room[EARLY_HELP].post(f"{case.path}/offers", body)
    assert answer.status_code == 201
    shown = OneOffer.model_validate_json(answer.content).offer
    assert shown.subject == case.family.child
    assert (shown.service, shown.name, shown.source) == (body["service"], body["name"], body["source"])


async def test_it_is_for_somebody_whom_the_plan_names(room: Room) -> None:
    case = await planned_family(room)
    answer = await room[EARLY_HELP].post(f"{case.path}/offers", offer_of(uuid4()))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-of-this-family")


async def test_it_names_its_service(room: Room) -> None:
    case = await planned_family(room)
    answer = await room[EARLY_HELP].post(
        f"{case.path}/offers", offer_of(case.family.child, service="", name="x" * 201)
    )
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/service", "/name"]


async def test_it_is_gone_from_the_next_read_after_a_withdrawal(room: Room) -> None:
    case = await planned_family(room)
    await room[EARLY_HELP].made(f"{case.path}/offers", offer_of(case.family.household))
    decision = await let_see(room, case.family, MASH, "plan_and_actions")
    path = f"/assessment/households/{case.family.household}/case"
    assert len((await room[MASH].get(path)).json()["offers"]) == 1
    await take_back(room, decision)
    assert (await room[MASH].get(path)).json()["offers"] == []
