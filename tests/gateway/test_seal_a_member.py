"""The sealed school is a member of the partnership: its name and its id tell where somebody is."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import DPO, EARLY_HELP, MASH, OAKFIELD, POLICE
from deploy.local import Running
from tests.gateway.agreeing import joined
from tests.pages import every
from tests.people import Family, Room, a_family, share

SHOWN = ["existence", "identity_contact", "family_household"]
WITHOUT_AGREEMENT = {"basis": "safeguarding", "given_by": None, "detriment_test": "Not asking is safer."}
CASE = '{{ case(id: "{}") {{ household {{ openedBy }} members {{ identities {{ accordingTo }} }} }} }}'


@dataclass(frozen=True)
class Fled:
    """A child who changed to a school that early help alone may know, and another child of that school."""

    family: Family
    other: Family
    school: Partner

    async def seal(self, text: str, *named: Any) -> str:
        """The school seals where it is, as the child's and the household's; the seal's id."""
        body = {
            "subjects": [str(self.family.child), str(self.family.household)],
            "named": [self.school.agency.id, *(agency.id for agency in named)],
            "text": [text],
            "reason": "He must not find the school.",
        }
        return (await self.school.made("/sharing/seals", body))["seal"]


@pytest.fixture
async def fled(room: Room, hub: Running, http: httpx.AsyncClient) -> Fled:
    """Both families are shared with the police and early help."""
    letters = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    school = await joined(hub, http, OAKFIELD, f"{letters.capitalize()} Madeup Academy")
    everybody = Room({**room.partners, school.agency.id: school})
    family, other = [await a_family(everybody, school.agency) for _ in range(2)]
    for one in (family, other):
        for reader in (POLICE, EARLY_HELP):
            await share(school, reader, [one.household, one.child], SHOWN, **WITHOUT_AGREEMENT)
    return Fled(family, other, school)


async def said_of(partner: Partner, family: Family) -> dict[str, str]:
    """What somebody hears about a family, each way there is."""
    about = f"subject={family.child}"
    asked = {
        "case": await partner.get(f"/referral/households/{family.household}/case"),
        "person": await partner.get(f"/referral/people/{family.child}"),
        "decisions": await partner.get(f"/sharing/decisions?{about}"),
        "graphql": await partner.post("/graphql", {"query": CASE.format(family.household)}),
    }
    assert {answer.status_code for answer in asked.values()} == {200}, asked
    return {way: answer.text for way, answer in asked.items()}


def naming(said: dict[str, str], school: Partner) -> set[str]:
    """The ways in which the school is named."""
    return {way for way, text in said.items() if school.agency.id in text}


@pytest.mark.parametrize("called", ["by its name", "by its id"])
async def test_no_answer_about_the_child_names_the_school_to_whom_the_seal_does_not(
    room: Room, fled: Fled, called: str
) -> None:
    before = naming(await said_of(room[POLICE], fled.family), fled.school)
    assert {"case", "person", "graphql"} <= before, "nothing to hide proves nothing"
    agency = fled.school.agency
    await fled.seal(agency.name if called == "by its name" else agency.id, EARLY_HELP)
    after = await said_of(room[POLICE], fled.family)
    assert naming(after, fled.school) == set()
    assert '"according_to":"[sealed]"' in after["person"]
    assert naming(await said_of(room[EARLY_HELP], fled.family), fled.school) == before


async def test_nor_does_the_register_of_who_works_with_them(room: Room, fled: Fled) -> None:
    about = {"upn": fled.family.upn}
    assert fled.school.agency.id in (await room[POLICE].post("/referral/existence", about)).text
    await fled.seal(fled.school.agency.name)
    answer = await room[POLICE].post("/referral/existence", about)
    assert (answer.status_code, fled.school.agency.id in answer.text) == (200, False)
    assert "[sealed]" in answer.text


async def test_the_family_s_list_of_who_looked_does_not_name_it(room: Room, fled: Fled) -> None:
    await said_of(fled.school, fled.family)
    path = f"/disclosures/for-the-family?subject={fled.family.child}"
    assert fled.school.agency.id in (await room[DPO].get(path)).text
    await fled.seal(fled.school.agency.name, EARLY_HELP)
    answer = await room[DPO].get(path)
    assert (answer.status_code, fled.school.agency.id in answer.text) == (200, False)
    assert "[sealed]" in answer.text


@pytest.mark.parametrize("called", ["by its name", "by its id"])
async def test_answers_about_anybody_else_are_as_before(room: Room, fled: Fled, called: str) -> None:
    """What was missing from them would tell, and nobody could work with that school any more."""
    before = await said_of(room[POLICE], fled.other)
    agency = fled.school.agency
    await fled.seal(agency.name if called == "by its name" else agency.id)
    assert await said_of(room[POLICE], fled.other) == before
    register = {one["id"]: one["name"] for one in await every(room[POLICE], "/agencies", "agencies")}
    assert register[agency.id] == agency.name


async def test_nor_does_a_list_about_the_household_where_the_child_alone_is_protected(
    room: Room, fled: Fled
) -> None:
    path = f"/sharing/decisions?subject={fled.family.household}"
    assert fled.school.agency.id in (await room[POLICE].get(path)).text
    body = {"subjects": [str(fled.family.child)], "named": [], "reason": "As above."}
    await fled.school.made("/sharing/seals", body | {"text": [fled.school.agency.name]})
    answer = await room[POLICE].get(path)
    assert (answer.status_code, fled.school.agency.id in answer.text) == (200, False)


async def test_in_words_it_is_hidden_anywhere(room: Room, fled: Fled) -> None:
    concern = {"upn": fled.other.upn, "kind": "other", "occurred_at": "2026-11-20T08:40:00Z"}
    said = f"Her cousin goes to {fled.school.agency.name} now."
    made = await fled.school.made("/referral/concerns", concern | {"narrative": said})
    await share(fled.school, MASH, [fled.other.child], ["safeguarding_concern"], **WITHOUT_AGREEMENT)
    await fled.seal(fled.school.agency.name)
    read = (await room[MASH].get(f"/referral/concerns/{made['concern']}")).json()["concern"]
    assert read["narrative"] == "Her cousin goes to [sealed] now."
    assert read["raised_by"] == fled.school.agency.id


async def test_its_pupil_number_is_hidden_with_it(room: Room, fled: Fled) -> None:
    """Seven of its digits are the local authority and the school that first gave it."""
    assert fled.family.upn in (await said_of(room[POLICE], fled.family))["person"]
    await fled.seal(fled.school.agency.name)
    assert fled.family.upn not in "".join((await said_of(room[POLICE], fled.family)).values())


@pytest.mark.parametrize("text", ["Early Help", "Madeup Academy", "early help team", "Domestic Abuse"])
async def test_a_part_of_what_agencies_or_the_hubs_own_words_are_called_is_not_sealed(
    fled: Fled, text: str
) -> None:
    body = {"subjects": [str(fled.family.child)], "named": [], "text": [text], "reason": "As above."}
    answer = await fled.school.post("/sharing/seals", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/text-too-common")
    assert answer.json()["errors"][0]["pointer"] == "/text/0"


async def test_once_the_seal_is_lifted_it_is_named_again(room: Room, fled: Fled) -> None:
    before = naming(await said_of(room[POLICE], fled.family), fled.school)
    seal = await fled.seal(fled.school.agency.name)
    assert naming(await said_of(room[POLICE], fled.family), fled.school) == set()
    await fled.school.made(f"/sharing/seals/{seal}/lift", {"reason": "They moved on."})
    assert naming(await said_of(room[POLICE], fled.family), fled.school) == before


async def test_a_member_that_joins_later_is_hidden_too(
    room: Room, fled: Fled, hub: Running, http: httpx.AsyncClient
) -> None:
    name = f"{fled.school.agency.name} North"
    await fled.seal(name, EARLY_HELP)
    later = await joined(hub, http, OAKFIELD, name)
    registered = {"upn": fled.family.upn, "given_name": "Sky", "family_name": "Synthetic"}
    await later.made("/referral/people", {**registered, "date_of_birth": "2016-05-04"})
    await share(later, POLICE, [fled.family.child], SHOWN, **WITHOUT_AGREEMENT)
    said = await said_of(room[POLICE], fled.family)
    assert naming(said, later) == set()
    assert "[sealed]" in said["person"]
    await share(later, EARLY_HELP, [fled.family.child], SHOWN, **WITHOUT_AGREEMENT)
    assert "person" in naming(await said_of(room[EARLY_HELP], fled.family), later)
