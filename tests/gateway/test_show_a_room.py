"""A shared screen is shown cases, as far as all of the room may see; who decides, hides or looks is not."""

from typing import Any

from deploy.demo.partnership import HOUSING, OAKFIELD
from tests.people import Room, a_family
from tests.policy.matrix.operations import NAMED, of_rest

UNKNOWN = "00000000-0000-4000-8000-000000000000"
IN_A_ROOM = {"audience": HOUSING.id}


async def test_the_front_doors_own_answers_are_for_no_room(room: Room, document: dict[str, Any]) -> None:
    asked = 0
    for operation in of_rest(document):
        partner = room.who_may(operation.scopes)
        own = operation.path.split("/")[1] not in ("referral", "assessment", "directory")
        if not (own and operation.scopes and partner):
            continue
        path = NAMED.sub(UNKNOWN, operation.path)
        answer = await partner.ask(operation.method, path, headers=IN_A_ROOM)
        said = (answer.status_code, answer.json()["type"])
        assert said == (400, "/problems/not-for-a-room"), operation.name
        asked += 1
    assert asked > 60


async def test_nor_does_the_document_offer_it(document: dict[str, Any]) -> None:
    audience = {"$ref": "#/components/parameters/Audience"}
    assert audience not in document["paths"]["/sharing/restrictions"]["get"]["parameters"]
    assert audience in document["paths"]["/referral/people/{person}"]["get"]["parameters"]


async def test_alone_in_the_room_is_no_room(room: Room) -> None:
    family = await a_family(room)
    asked = {"params": {"subject": str(family.child)}, "headers": {"audience": OAKFIELD.id}}
    assert (await room[OAKFIELD].get("/sharing/decisions", **asked)).status_code == 200


async def test_graphql_shows_a_room_no_more_than_all_of_it_may_see(room: Room) -> None:
    family = await a_family(room)
    asked = {"query": f'{{ case(id: "{family.household}") {{ members {{ role }} }} }}'}
    alone = await room[OAKFIELD].post("/graphql", asked)
    assert alone.json()["data"]["case"] is not None, alone.text
    together = await room[OAKFIELD].post("/graphql", asked, headers=IN_A_ROOM)
    assert together.json()["data"]["case"] is None


async def test_a_misspelt_agency_is_one_that_nothing_is_shared_with(room: Room) -> None:
    family = await a_family(room)
    path = f"/referral/households/{family.household}/case"
    assert (await room[OAKFIELD].get(path)).status_code == 200
    answer = await room[OAKFIELD].get(path, headers={"audience": "oakfeild-primary"})
    assert answer.status_code == 404
