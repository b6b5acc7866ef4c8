"""An order or a seal that comes after a copy was gathered, decided or released: nothing leaves meanwhile."""

from typing import Any

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, OAKFIELD
from tests.people import Family, Room, a_family

PATH = "/rights/access-requests"
SECOND = {"practitioner": "p-2"}
WHERE = "41 Hidingplace Mews"


async def asked_about(room: Room, family: Family, **more: Any) -> str:
    """Her father's request about the child, decided as proposed by one person; its path."""
    child = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    lives = {"lines": [WHERE], "postcode": "BS5 6LA"}
    await room[EARLY_HELP].made("/referral/people", {"upn": family.upn, **child, "address": lives})
    father = {"given_name": "Bart", "family_name": "Other", "date_of_birth": "1984-01-02"}
    asks = {
        "subject": str(family.child),
        "asked_by": "Bart Other",
        "asker": (await room[OAKFIELD].made("/referral/people", father))["person"],
        "capacity": "parental_responsibility",
        "received_on": "2026-10-31",
        **more,
    }
    path = f"{PATH}/{(await room[DPO].made(PATH, asks))['request']['request']}"
    await room[DPO].made(f"{path}/items")
    return path


async def ordered(room: Room, family: Family, kind: str = "no_contact_order") -> str:
    """The order that comes in; its id."""
    said = {
        "subjects": [str(family.child)],
        "categories": ["home_address"],
        "except": [EARLY_HELP.id],
        "kind": kind,
        "court_reference": "SYN-1",
        "reason": "He must not know where she is.",
    }
    return (await room[EARLY_HELP].made("/sharing/restrictions", said))["restriction"]


async def released(room: Room, path: str) -> Any:
    """What the second person hears."""
    return await room[DPO].post(f"{path}/release", {"reason": "I read it."}, headers=SECOND)


@pytest.mark.parametrize("kind", ["no_contact_order", "refuge", "professional_safety"])
async def test_an_order_after_the_gathering_goes_to_a_person_before_anything_leaves(
    room: Room, administrator: asyncpg.Connection, kind: str
) -> None:
    family = await a_family(room)
    path = await asked_about(room, family)
    await ordered(room, family, kind)
    refused = await released(room, path)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/protection-came-since")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await administrator.execute(
            "insert into hub.rights_event (request, event, reason, agency, practitioner)"
            " values ($1, 'released', 'x', 'northshire-dpo', 'p-2')",
            path.rpartition("/")[2],
        )
    assert (await room[DPO].get(path)).json()["request"]["status"] == "needs_decision"
    answer = {"outcome": "answer", "reason": "A copy without the address is in her interests."}
    opened = await room[DPO].made(f"{path}/decision", answer)
    assert opened["request"]["status"] == "open"
    assert {one["decision"] for one in opened["items"]} == {None}
    assert (await released(room, path)).json()["type"] == "/problems/items-undecided"
    await room[DPO].made(f"{path}/items")
    assert (await released(room, path)).status_code == 200
    copy = await room[DPO].get(f"{path}/export")
    assert copy.status_code == 200, copy.text
    assert WHERE not in copy.text


async def test_a_released_copy_is_not_exported_any_more_until_it_is_decided_again(room: Room) -> None:
    family = await a_family(room)
    path = await asked_about(room, family)
    assert (await released(room, path)).status_code == 200
    assert WHERE in (await room[DPO].get(f"{path}/export")).text
    await ordered(room, family)
    for form in ("json", "pdf"):
        refused = await room[DPO].get(f"{path}/export", params={"format": form})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/protection-came-since")
    await room[DPO].made(f"{path}/decision", {"outcome": "answer", "reason": "Without the address."})
    await room[DPO].made(f"{path}/items")
    assert (await room[DPO].get(f"{path}/export")).json()["type"] == "/problems/not-released"
    assert (await released(room, path)).status_code == 200
    copy = await room[DPO].get(f"{path}/export")
    assert copy.status_code == 200, copy.text
    assert WHERE not in copy.text
    await ordered(room, family)
    await room[DPO].made(f"{path}/decision", {"outcome": "refuse", "reason": "It puts her at risk."})
    assert (await room[DPO].get(f"{path}/export")).json()["type"] == "/problems/not-released"


async def test_what_is_lifted_by_then_and_her_own_request_go_on(room: Room) -> None:
    family = await a_family(room)
    path = await asked_about(room, family)
    order = await ordered(room, family)
    await room[EARLY_HELP].made(f"/sharing/restrictions/{order}/lift", {"reason": "The court lifted it."})
    assert (await released(room, path)).status_code == 200
    own = await asked_about(room, family, capacity="self", asker=None)
    await ordered(room, family)
    assert (await released(room, own)).status_code == 200
