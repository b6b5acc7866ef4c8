"""A hub with the limits that every hub has, who reads there, and what oversight hears of it."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from deploy.demo.partnership import DPO, OAKFIELD
from gateway.browsing.limits import LIMITS
from gateway.browsing.watching import watch_once
from tests.pages import every
from tests.people import Family, Partner, Room, a_family, share
from tests.policy.matrix.hubs import Hub

ALARMS = "/disclosures/alarms"
RULES = "/partnership/rules"
IN_VAIN, SHOWN = "asked_in_vain", "many_new_people"


def limit(kind: str, who: str, hours: int = 1) -> int:
    """How much passes where a caseload is small."""
    [found] = [one.most for one in LIMITS if (one.kind, one.who, one.hours) == (kind, who, hours)]
    return found


async def allow(host: Partner, factor: int) -> None:
    """What a partnership says of the limits."""
    body = {"agreements_required": False, "reading_limit_factor": factor, "reason": "Synthetic."}
    assert (await host.ask("PUT", RULES, json=body)).status_code == 204


async def watched(own: Hub) -> None:
    """One round is over."""
    database = own.database()
    await watch_once(database)
    await database.close()


async def in_vain(partner: Partner, times: int, practitioner: str, who: UUID | None = None) -> None:
    """Somebody asks for one made-up id after another (or for the same again)."""
    for _ in range(times):
        answer = await read(partner, who or uuid4(), practitioner)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def read(partner: Partner, who: UUID, practitioner: str) -> httpx.Response:
    """One person is opened."""
    return await partner.get(f"/referral/people/{who}", headers=named(practitioner))


def named(practitioner: str) -> dict[str, str]:
    """The header that says who asks."""
    return {"practitioner": practitioner}


async def alarms(table: Room, partner: Partner) -> list[dict[str, Any]]:
    """What oversight reads of an agency, newest first."""
    return [one for one in await every(table[DPO], ALARMS, "alarms") if one["agency"] == partner.agency.id]


async def hide(table: Room, partner: Partner, family: Family) -> None:
    """The school hides the child's identity from an agency again."""
    hidden = {
        "hidden_from": partner.agency.id,
        "subjects": [str(family.child)],
        "categories": ["identity_contact"],
        "reason": "A relative works there.",
    }
    await table[OAKFIELD].made("/sharing/restrictions", hidden)


async def shared_families(table: Room, partner: Partner, how_many: int) -> list[Family]:
    """Families of a school that the agency is shown."""
    families = [await a_family(table) for _ in range(how_many)]
    for family in families:
        subjects = [family.household, family.child]
        await share(table[OAKFIELD], partner.agency, subjects, ["identity_contact", "family_household"])
    return families
