"""Where two who may decide differ, whoever may know of it reads nowhere that it is shared."""

from typing import Any

import httpx
import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import DPO, EARLY_HELP, HILLTOP, HOUSING, OAKFIELD, Agency
from deploy.local import Running
from tests.gateway.accounts import known_twice
from tests.gateway.agreeing import SIGNATURE, Two, joined
from tests.gateway.agreeing import agreement as between
from tests.gateway.deciding import FATHER, MOTHER, body, decided, history, sees, step
from tests.gateway.disagreeing import COLLEAGUE, SHARE, disagreements, refuses, worked_with_by_both
from tests.gateway.papers import consent, receipt
from tests.people import Family, Room, a_family, share

Told = dict[str, Any]
AGREED: Told = {"standing": "given", "r4b": "active", "r5": "active", "state": "given", "not_shared": []}
DISPUTED: Told = {
    "standing": "disputed",
    "r4b": "proposed",
    "r5": "draft",
    "state": "disputed",
    "not_shared": ["family_household"],
}


async def told(by: Partner, decision: str) -> Told:
    """What somebody reads of where a decision stands, in each of the shapes in which it leaves."""
    said = await receipt(by, decision)
    [purpose] = said["processing"]["purposes"]
    found = (await history(by, decision))["decision"]["standing"]
    assert purpose["standing"] == found
    return {
        "standing": found,
        "r4b": (await consent(by, decision, "4.3"))["status"],
        "r5": (await consent(by, decision, "5.0"))["status"],
        "state": said["event"][-1]["event_state"],
        "not_shared": purpose["not_shared"],
    }


async def resolved(room: Room, family: Family, said: dict[str, str]) -> None:
    """A named person at Oakfield, who recorded neither side, resolves it."""
    [found] = await disagreements(room[OAKFIELD], family)
    await room[OAKFIELD].made(f"/sharing/conflicts/{found['conflict']}/resolve", said, headers=COLLEAGUE)


@pytest.mark.parametrize("reader", [OAKFIELD, DPO])
async def test_a_disputed_agreement_is_not_in_force_wherever_it_is_read(room: Room, reader: Agency) -> None:
    family = await worked_with_by_both(room)
    agreement = await decided(room[OAKFIELD], family, HOUSING.id)
    assert await told(room[reader], agreement) == AGREED
    await refuses(room[EARLY_HELP], family)
    assert await told(room[reader], agreement) == DISPUTED


async def test_a_list_says_so_too(room: Room) -> None:
    family = await a_family(room)
    agreement = await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[OAKFIELD], family)
    page = await room[OAKFIELD].get("/sharing/decisions", params={"subject": str(family.household)})
    listed = {one["decision"]: one for one in page.json()["decisions"]}
    assert listed[agreement]["standing"] == "disputed"
    assert listed[agreement]["dispute"]["categories"] == ["family_household"]
    assert (await history(room[OAKFIELD], agreement))["decision"]["dispute"] == listed[agreement]["dispute"]


async def test_a_receipt_dates_the_dispute_after_the_agreement(room: Room) -> None:
    family = await a_family(room)
    agreement = await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[OAKFIELD], family)
    given, disputed = (await receipt(room[OAKFIELD], agreement))["event"]
    assert given["event_state"] == "given"
    assert given["event_time"] < disputed["event_time"]


@pytest.mark.parametrize("reader", [OAKFIELD, HOUSING])
async def test_who_may_not_know_of_the_other_side_reads_what_was_recorded(room: Room, reader: Agency) -> None:
    """Hilltop registered the child by the UPN, and refuses: nobody but oversight learns that it did."""
    child, who = await known_twice(room), ["identity_contact"]
    agreement = await share(room[OAKFIELD], HOUSING, [child.id], who)
    before = await told(room[reader], agreement)
    await share(room[HILLTOP], HOUSING, [child.id], who, event="refused", given_by=None, giver=FATHER)
    assert await told(room[reader], agreement) == before == AGREED
    assert (await told(room[DPO], agreement))["standing"] == "disputed"


@pytest.mark.parametrize("release", ["4.3", "5.0"])
async def test_what_they_do_not_differ_about_stands_and_the_rest_is_left_out(
    room: Room, release: str
) -> None:
    family = await a_family(room)
    both = ["family_household", "request_for_help"]
    agreement = await decided(room[OAKFIELD], family, HOUSING.id, categories=both)
    await refuses(room[OAKFIELD], family, categories=["request_for_help"])
    found = await consent(room[OAKFIELD], agreement, release)
    terms = found["provision"] if release == "4.3" else found["provision"][0]
    codes = terms.get("class") or [one["coding"][0] for one in terms["code"]]
    assert (found["status"], [one["code"] for one in codes]) == ("active", ["family_household"])
    said = (await receipt(room[OAKFIELD], agreement))["processing"]["purposes"][0]
    assert (said["standing"], said["not_shared"]) == ("disputed", ["request_for_help"])


async def test_it_stands_for_whom_nobody_refused(room: Room) -> None:
    family = await a_family(room)
    people = [str(family.household), str(family.child)]
    agreement = await decided(room[OAKFIELD], family, HOUSING.id, subjects=people)
    await refuses(room[OAKFIELD], family, subjects=people[1:])
    found = await consent(room[OAKFIELD], agreement, "4.3")
    statuses = [entry["resource"]["status"] for entry in found["entry"]]
    assert statuses == ["active", "proposed"]


@pytest.mark.parametrize(
    ("said", "then"),
    [(SHARE, AGREED), ({"outcome": "do_not_share", "reason": "We heard both."}, DISPUTED)],
)
async def test_it_is_in_force_once_a_person_decided_to_share_and_not_before(
    room: Room, said: dict[str, str], then: Told
) -> None:
    family = await a_family(room)
    agreement = await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[OAKFIELD], family)
    await resolved(room, family, said)
    assert await told(room[OAKFIELD], agreement) == then


async def test_a_change_of_mind_ends_it_whatever_was_resolved(room: Room) -> None:
    family = await a_family(room)
    agreement = await decided(room[OAKFIELD], family, HOUSING.id)
    refusal = await refuses(room[OAKFIELD], family)
    await resolved(room, family, {"outcome": "do_not_share", "reason": "We heard both."})
    agrees = {"reason": "He thought again.", "decision": body(family, HOUSING.id, giver=FATHER)}
    await room[OAKFIELD].made(step(refusal, "supersede"), agrees)
    assert await told(room[OAKFIELD], agreement) == AGREED


async def test_what_was_withdrawn_is_withdrawn_and_not_disputed(room: Room) -> None:
    family = await a_family(room)
    agreement = await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[OAKFIELD], family)
    await room[OAKFIELD].made(step(agreement, "withdraw"), {"reason": "Changed her mind."})
    found = await told(room[OAKFIELD], agreement)
    assert (found["standing"], found["r4b"], found["state"]) == ("withdrawn", "inactive", "withdrawn")


@pytest.fixture
async def three(hub: Running, http: httpx.AsyncClient) -> list[Partner]:
    """A school and two housing associations that may all share with each other."""
    new = [await joined(hub, http, like) for like in (OAKFIELD, HOUSING, HOUSING)]
    parties = [each.agency.id for each in new]
    drafted = await new[0].made("/sharing/agreements", between(Two(*new[:2]), parties=parties))
    for each in new:
        await each.made(f"/sharing/agreements/{drafted['agreement']}/sign", SIGNATURE)
    return new


async def test_of_a_type_it_is_disputed_once_it_is_shared_with_none_of_them(three: list[Partner]) -> None:
    school, one, other = three
    family = await a_family(Room({OAKFIELD.id: school}))
    agreement = await decided(school, family, "type:housing")
    await refuses(school, family, one.agency.id)
    assert [await sees(each, family) for each in (one, other)] == [False, True]
    assert await told(school, agreement) == AGREED
    await refuses(school, family, other.agency.id)
    assert not await sees(other, family)
    assert await told(school, agreement) == DISPUTED


async def test_a_refusal_that_is_not_known_of_does_not_show_in_what_one_that_is_leaves(
    room: Room, three: list[Partner]
) -> None:
    """Another school registered the child, and the father refuses there what only one of them is shown."""
    school, one, other = three
    everybody, who = Room({**room.partners, OAKFIELD.id: school}), ["identity_contact"]
    child = await known_twice(everybody)
    about = {"subjects": [str(child.id)], "categories": who}
    ours = {**about, "agency": "type:housing", "purpose": "early_help", "basis": "agreement"}
    ours |= {"giver": MOTHER, "reason": "The family asked for help together."}
    agreement = (await school.made("/sharing/decisions", ours))["decision"]
    father = {"event": "refused", "given_by": None, "giver": FATHER}
    await share(school, one.agency, [child.id], who, **father)
    await share(room[HILLTOP], other.agency, [child.id], who, **father)
    assert await child.seen_by(other) == set()
    assert await told(school, agreement) == AGREED
    assert (await told(room[DPO], agreement))["standing"] == "disputed"
