"""Who works together, and who is shut out: read a page at a time, in one order."""

import base64
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx

from deploy.demo.partnership import CHARITY, EARLY_HELP, OAKFIELD, POLICE, Agency
from deploy.local import Running
from hub.caller import AgencyId
from tests.gateway.agreeing import joined, two_agencies
from tests.pages import every
from tests.people import Room, a_family, a_team, share

PATH = "/agencies"
OUT = "/partnership/suspensions"
WHY = {"reason": "Left the school. Synthetic."}


async def member(room: Room, agency: Agency) -> dict[str, Any]:
    """An agency as the list has it."""
    return next(one for one in await every(room[CHARITY], PATH, "agencies") if one["id"] == agency.id)


async def test_lists_the_agencies_of_the_partnership(room: Room) -> None:
    found = await member(room, EARLY_HELP)
    assert (found["name"], found["type"], found["active"]) == (EARLY_HELP.name, EARLY_HELP.type, True)


async def test_lists_each_once_however_long_a_page_is(room: Room) -> None:
    whole = await every(room[CHARITY], PATH, "agencies", limit=100)
    assert await every(room[CHARITY], PATH, "agencies", limit=3) == whole
    assert len({one["id"] for one in whole}) == len(whole) > 3


async def test_goes_on_behind_a_long_name_which_no_cursor_says(
    room: Room, hub: Running, http: httpx.AsyncClient
) -> None:
    name = f"Ysgol {'Llanfair' * 15} {uuid4().hex}"
    await joined(hub, http, OAKFIELD, name)
    said = list[str]()
    page = (await room[CHARITY].get(PATH, params={"limit": 1})).json()
    while page["next"]:
        assert name not in base64.urlsafe_b64decode(page["next"]).decode()
        said += [one["name"] for one in page["agencies"]]
        page = (await room[CHARITY].get(PATH, params={"limit": 1, "cursor": page["next"]})).json()
    assert name in said


async def test_names_the_teams_as_a_decision_does(room: Room, hub: Running) -> None:
    family, team = await a_family(room), await a_team(hub.settings["gateway"], POLICE, f"t-{uuid4().hex[:8]}")
    assert team in (await member(room, POLICE))["teams"]
    assert await share(room[OAKFIELD], replace(POLICE, id=AgencyId(team)), [family.child], ["existence"])


async def test_lists_who_is_shut_out_each_once(hub: Running, http: httpx.AsyncClient, room: Room) -> None:
    school, host = (await two_agencies(hub, http)).school.agency, room[EARLY_HELP]
    shut = [f"agencies/{school.id}/practitioners/{who}" for who in ("head-1", "head-2")]
    shut += [f"clients/{school.client}", f"agencies/{school.id}"]
    for path in shut:
        await host.made(f"/partnership/{path}/suspend", WHY)
    found = await every(host, OUT, "suspended", limit=1)
    ours = [(one["client"], one["practitioner"]) for one in found if one["agency"] == school.id]
    assert ours == [(None, None), (None, "head-1"), (None, "head-2"), (school.client, None)]
    assert await every(host, OUT, "suspended", limit=100) == found
    for path in reversed(shut):
        await host.made(f"/partnership/{path}/restore", WHY)
    left = await every(host, OUT, "suspended")
    assert school.id not in {one["agency"] for one in left}


async def test_refuses_a_cursor_of_another_list(room: Room) -> None:
    host = room[EARLY_HELP]
    [cursor] = {(await host.get(PATH, params={"limit": 1})).json()["next"]}
    for odd in (cursor, "bm90IG91cnM=", "WyIxIiwgMiwgIjMiXQ==", "WyIxIiwgIlx1MDAwMCIsICIzIl0="):
        answer = await host.get(OUT, params={"cursor": odd})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/cursor-not-valid")
