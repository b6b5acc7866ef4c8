"""Who reads what is sealed all the same, and who does not though they read everything else."""

import re
from typing import Any

import httpx
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, MASH, NURSING, POLICE
from tests.gateway.glass import COLLEAGUE, SERGEANT, opened
from tests.gateway.sealed_family import TELLS, Planted, planted, seal
from tests.people import Partner, Room, share

PURPOSE = "safeguarding"
SEEN = ["home_address", "identity_contact", "family_household", "existence"]


@pytest.fixture(scope="module")
async def known(room: Room) -> tuple[Planted, str]:
    """A family whose address is written down everywhere and sealed, and the seal."""
    family = await planted(room)
    danger = {"basis": "safeguarding", "detriment_test": "Weighed.", "given_by": None, "purpose": PURPOSE}
    for agency in (POLICE, MASH):
        await share(room[EARLY_HELP], agency, family.everybody, SEEN, **danger)
    return family, await seal(room, family, EARLY_HELP, NURSING)


def _tells(answer: httpx.Response) -> bool:
    assert answer.status_code == 200, answer.text
    return re.search(TELLS, answer.text, re.IGNORECASE) is not None


async def _person(partner: Partner, known: Planted, who: dict[str, str], **more: Any) -> httpx.Response:
    path = f"/referral/people/{known.family.child}"
    return await partner.get(path, headers={**who, **more}, purpose=PURPOSE)


async def test_an_override_that_names_the_seal_opens_it_for_one_person(
    room: Room, known: tuple[Planted, str]
) -> None:
    family, sealing = known
    assert not _tells(await _person(room[POLICE], family, SERGEANT))
    override = await opened(
        room[POLICE], family.family.child, categories=["home_address"], over_restrictions=[sealing]
    )
    shown = await _person(room[POLICE], family, SERGEANT)
    assert _tells(shown)
    assert shown.json()["addresses"]
    for who in (COLLEAGUE, {"practitioner": "insp-2"}):
        assert not _tells(await _person(room[POLICE], family, who))
    assert not _tells(await _person(room[POLICE], family, SERGEANT, audience=MASH.id))
    assert not _tells(await _person(room[MASH], family, SERGEANT))
    path = f"/sharing/overrides/{override}/end"
    ended = await room[POLICE].post(path, {"words": "Found safe and well."}, headers=SERGEANT)
    assert ended.status_code == 204
    assert not _tells(await _person(room[POLICE], family, SERGEANT))


async def test_an_override_that_does_not_name_the_seal_opens_nothing_of_it(
    room: Room, known: tuple[Planted, str]
) -> None:
    family, _ = known
    await opened(room[POLICE], family.family.child, categories=["home_address", "identity_contact"])
    shown = await _person(room[POLICE], family, SERGEANT)
    assert (_tells(shown), shown.json()["addresses"]) == (False, [])


async def test_oversight_reads_every_record_and_nothing_that_is_sealed(
    room: Room, known: tuple[Planted, str]
) -> None:
    family, _ = known
    for path in (
        f"/referral/households/{family.ids['household']}/case",
        f"/assessment/assessments/{family.ids['assessment']}",
        f"/assessment/plans/{family.ids['plan']}",
    ):
        answer = await room[DPO].get(path)
        assert "[sealed]" in answer.text
        assert not _tells(answer)


async def test_the_log_of_who_looked_does_not_tell_it(room: Room, known: tuple[Planted, str]) -> None:
    family, _ = known
    for agency in (MASH, EARLY_HELP):
        for path in ("/disclosures", "/disclosures/for-the-family"):
            answer = await room[agency].get(path, params={"subject": str(family.family.child)})
            assert not _tells(answer)


async def test_a_header_that_would_repeat_it_does_not(room: Room, known: tuple[Planted, str]) -> None:
    family, _ = known
    address = f"{46 + family.number} Zebedee Lane"
    answer = await room[HOUSING].get("/referral/households", params={"cursor": address})
    refused = await room[HOUSING].get(f"/sharing/agreements/{address}")
    for one in (answer, refused):
        assert not re.search(TELLS, one.text + str(one.headers), re.IGNORECASE)
