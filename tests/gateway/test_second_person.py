"""Who is told of an override: a colleague whom this hub knows, where the agency has its people known."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from deploy.demo.partnership import EARLY_HELP, POLICE
from deploy.local import Running
from tests.gateway.agreeing import joined
from tests.gateway.glass import opens
from tests.people import Room


async def test_is_somebody_of_the_register_that_their_agency_keeps(
    hub: Running, http: httpx.AsyncClient, room: Room
) -> None:
    force = await joined(hub, http, POLICE)
    assert (await opens(force, uuid4(), second_person="insp-2")).status_code == 201
    today = datetime.now(UTC).date()
    training = {
        "agency": force.agency.id,
        "practitioner": "insp-2",
        "course": "breaking-the-glass",
        "completed_on": today.isoformat(),
        "expires_on": (today + timedelta(days=30)).isoformat(),
    }
    await room[EARLY_HELP].made("/partnership/training", training)
    unknown = await opens(force, uuid4(), second_person="insp-9")
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/second-person-unknown")
    assert (await opens(force, uuid4(), second_person="insp-2")).status_code == 201
    path = f"/partnership/agencies/{force.agency.id}/practitioners/insp-2/suspend"
    await room[EARLY_HELP].made(path, {"reason": "Under investigation."})
    assert (await opens(force, uuid4(), second_person="insp-2")).status_code == 422
