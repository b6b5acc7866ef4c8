"""Hiding something from others: who may, what may not be hidden, and who sees that it is and ends it."""

from contextlib import nullcontext
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, MASH, OAKFIELD, Agency
from tests.people import Family, Room, a_family, share
from tests.services.assessment import cases

CONCERN = "safeguarding_concern"
ORDER = {"kind": "no_contact_order", "court_reference": "SYN-27"}


def hiding(family: Family, **more: Any) -> dict[str, Any]:
    """Early help's words: the child's home address is for early help alone."""
    return {
        "subjects": [str(family.child)],
        "except": [EARLY_HELP.id],
        "categories": ["home_address"],
        "reason": "Synthetic.",
        **more,
    }


async def known(room: Room, *agencies: Agency) -> Family:
    """A school's family, of whose child these agencies see the name and the concerns."""
    family = await a_family(room)
    for agency in agencies:
        await share(room[OAKFIELD], agency, [family.child], ["identity_contact", CONCERN])
    return family


async def hidden(room: Room, agency: Agency, family: Family, **more: Any) -> str:
    """The id of a restriction that an agency recorded."""
    return (await room[agency].made("/sharing/restrictions", hiding(family, **more)))["restriction"]


async def ids(room: Room, who: Agency, path: str, name: str, **asked: Any) -> list[str]:
    """What one agency is listed."""
    answer = await room[who].get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return [one[name] for one in answer.json()[f"{name}s"]]


async def told(room: Room, agency: Agency, about: str) -> list[str]:
    """What an agency was told about something."""
    notices = (await room[agency].get("/notices", params={"limit": 100})).json()["notices"]
    return [one["kind"] for one in notices if one["about"] == about]


async def test_oversight_is_told_where_a_person_of_another_agency_is_named(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.child], ["existence"])
    hidden = {
        "hidden_from": OAKFIELD.id,
        "practitioner": "ta-9",
        "subjects": [str(family.child)],
        "categories": ["identity_contact"],
        "reason": "An uncle works there.",
    }
    made = await room[HOUSING].made("/sharing/restrictions", hidden)
    assert await told(room, DPO, made["restriction"]) == ["restriction.recorded"]
    named = await room[OAKFIELD].get(f"/referral/people/{family.child}", headers={"practitioner": "p-1"})
    assert named.status_code == 200


async def test_an_agency_whose_sharing_was_withdrawn_hides_nothing_of_anybody(room: Room) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact"])
    await share(room[OAKFIELD], HOUSING, [family.child], ["existence"], purpose="service_delivery")
    await room[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Changed mind."})
    assert (await room[HOUSING].get(f"/referral/people/{family.child}")).status_code == 404
    made_up = {**hiding(family), "subjects": [str(uuid4())]}
    for path, more in (
        ("/sharing/restrictions", {}),
        ("/sharing/seals", {"named": [], "text": ["7 Bramblewick Row"], "except": None}),
    ):
        bodies = [
            {k: v for k, v in {**b, **more}.items() if v is not None} for b in (hiding(family), made_up)
        ]
        theirs, nobody = [await room[HOUSING].post(path, body) for body in bodies]
        assert (theirs.status_code, theirs.content) == (404, nobody.content)


async def test_an_agency_that_something_is_hidden_from_altogether_hides_nothing(room: Room) -> None:
    family = await known(room, HOUSING)
    everything = ["identity_contact", CONCERN, "existence"]
    await hidden(room, OAKFIELD, family, **ORDER, categories=everything)
    assert (await room[HOUSING].post("/sharing/restrictions", hiding(family))).status_code == 404


@pytest.mark.parametrize(
    "kind",
    [{}, {"kind": "professional_safety", "court_reference": "SYN-1"}, {"kind": "refuge"}],
)
async def test_concerns_are_hidden_from_nobody_without_an_order(room: Room, kind: dict[str, str]) -> None:
    family = await known(room, HOUSING)
    wanted = hiding(family, **kind, categories=[CONCERN])
    answer = await room[HOUSING].post("/sharing/restrictions", wanted)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/concerns-stay-visible")
    seal = {
        "subjects": wanted["subjects"],
        "named": [],
        "text": ["7 Bramblewick Row"],
        "reason": "Synthetic.",
    }
    answer = await room[HOUSING].post("/sharing/seals", {**seal, **kind, "categories": [CONCERN]})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/concerns-stay-visible")


@pytest.mark.parametrize("one", [{}, {"practitioner": "p-1"}])
async def test_nothing_is_hidden_from_oversight(room: Room, one: dict[str, str]) -> None:
    family = await known(room, EARLY_HELP)
    said = hiding(family, hidden_from=DPO.id, **one)
    del said["except"]
    answer = await room[EARLY_HELP].post("/sharing/restrictions", said)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/oversight-sees-all")


async def test_an_order_hides_concerns_and_so_may_oversight(room: Room) -> None:
    family = await known(room, HOUSING)
    await hidden(room, OAKFIELD, family, **ORDER, categories=[CONCERN])
    await hidden(room, DPO, family, categories=[CONCERN])
    answer = await room[DPO].post("/sharing/restrictions", hiding(family, subjects=[str(uuid4())]))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "name"), [("/sharing/restrictions", "restriction"), ("/sharing/seals", "seal")]
)
async def test_oversight_lists_and_lifts_what_anybody_hides_and_is_told_at_once(
    room: Room, path: str, name: str
) -> None:
    family = await known(room, MASH)
    text = {"named": [OAKFIELD.id], "text": ["7 Bramblewick Row"], "except": None}
    body = hiding(family, **(text if name == "seal" else {}), categories=["identity_contact"])
    made = (await room[OAKFIELD].made(path, {k: v for k, v in body.items() if v is not None}))[name]
    assert (await room[MASH].get(f"/referral/people/{family.child}")).status_code == 404
    about = {"subject": str(family.child)}
    for agency, listed in ((OAKFIELD, [made]), (DPO, [made]), (MASH, []), (HOUSING, [])):
        assert await ids(room, agency, path, name, **about) == listed, agency.id
    assert await told(room, DPO, made) == [f"{name}.recorded"]
    reason = {"reason": "Nothing supports it."}
    assert (await room[MASH].post(f"{path}/{made}/lift", reason)).status_code == 404
    assert (await room[DPO].post(f"{path}/{made}/lift", reason)).status_code == 204
    assert (await room[MASH].get(f"/referral/people/{family.child}")).status_code == 200
    assert await told(room, OAKFIELD, made) == [f"{name}.lifted"]
    [ended] = (await room[OAKFIELD].get(path, params=about)).json()[f"{name}s"]
    assert (ended["in_force"], ended["lifted"]["by"], ended["lifted"]["reason"]) == (
        False,
        DPO.id,
        "Nothing supports it.",
    )


async def test_finds_what_is_hidden_from_whom_and_what_no_longer_is_page_by_page(room: Room) -> None:
    family = await known(room, HOUSING)
    path, about = "/sharing/restrictions", {"subject": str(family.child)}
    first = await hidden(room, OAKFIELD, family)
    second = await hidden(room, OAKFIELD, family, **{"except": [HOUSING.id]})
    third = await hidden(room, OAKFIELD, family, **{"except": None, "hidden_from": HOUSING.id})
    await room[OAKFIELD].made(f"{path}/{first}/lift", {"reason": "Over."})
    from_housing = {**about, "agency": HOUSING.id}
    assert await ids(room, DPO, path, "restriction", **from_housing) == [third, first]
    assert await ids(room, DPO, path, "restriction", **from_housing, in_force=True) == [third]
    assert await ids(room, DPO, path, "restriction", **about, in_force=False) == [first]
    page = (await room[DPO].get(path, params={**about, "limit": 2})).json()
    rest = await ids(room, DPO, path, "restriction", **about, limit=2, cursor=page["next"])
    assert [one["restriction"] for one in page["restrictions"]] + rest == [third, second, first]


async def test_lists_restrictions_of_processing_to_oversight_alone(room: Room) -> None:
    family = await a_family(room)
    body = {"subjects": [str(family.child)], "asked_by": "Robin Synthetic", "reason": "It is contested."}
    made = (await room[DPO].made("/rights/restrictions", body))["restriction"]
    asked = {"subject": str(family.child)}
    assert await ids(room, DPO, "/rights/restrictions", "restriction", **asked) == [made]
    assert await ids(room, DPO, "/sharing/restrictions", "restriction", **asked) == []
    assert (await room[OAKFIELD].get("/rights/restrictions")).status_code == 403


async def test_nobody_is_told_of_what_hides_nothing_from_those_with_a_duty(room: Room) -> None:
    family = await known(room, HOUSING)
    made = await hidden(room, OAKFIELD, family, **{"except": None, "hidden_from": HOUSING.id})
    assert await told(room, DPO, made) == []


async def test_tells_an_agency_that_another_withdrew_its_decision(room: Room) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact"])
    await room[HOUSING].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "We are done."})
    assert await told(room, OAKFIELD, decision) == ["decision.withdrawn"]
    assert await told(room, HOUSING, decision) == []


async def test_a_household_does_not_name_a_child_whose_processing_is_restricted(room: Room) -> None:
    family = await a_family(room)
    everything = ["existence", "family_household", "request_for_help", "identity_contact", "plan_and_actions"]
    people: list[UUID] = [family.household, family.child, family.parent]
    await share(room[OAKFIELD], EARLY_HELP, people, everything)
    referral = {
        "household": str(family.household),
        "children": [str(family.child)],
        "receiver": EARLY_HELP.id,
        "reason": "Synthetic.",
        "needs": ["housing"],
        "family_aware": True,
        "sharing": {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": "Synthetic."},
    }
    await room[OAKFIELD].made("/referral/referrals", referral)
    await room[EARLY_HELP].made("/assessment/engagements", cases.engagement_of(family))
    await room[EARLY_HELP].made("/assessment/assessments", cases.assessment_of(family))
    await room[EARLY_HELP].made("/assessment/plans", cases.plan_of(family))
    paths = (
        f"/referral/households/{family.household}/case",
        f"/assessment/households/{family.household}/case",
        "/referral/referrals",
    )
    before = [(await room[EARLY_HELP].get(path)).text for path in paths]
    assert all(str(family.child) in text for text in before)
    body = {"subjects": [str(family.child)], "asked_by": "Robin Synthetic", "reason": "It is contested."}
    await room[DPO].made("/rights/restrictions", body)
    for path in paths:
        for agency in (EARLY_HELP, OAKFIELD):
            answer = await room[agency].get(path)
            assert str(family.child) not in answer.text, (path, agency.id)
    for path in paths[:2]:
        assert str(family.child) in (await room[DPO].get(path)).text


HIDES = """
insert into hub.decision_event (decision, event, agency, categories, subjects, kind, court_reference, reason)
values (gen_random_uuid(), 'restricted', $4, $1, array[gen_random_uuid()], $2, $3, 'Test.')"""


async def hides(administrator: asyncpg.Connection, oversees: bool, *said: Any) -> None:
    """The front door, for the school or for oversight, writes a restriction past our code; it is undone."""
    transaction = administrator.transaction()
    await transaction.start()
    await administrator.execute("set local role hub_gateway")
    context = {"agency": OAKFIELD.id, "client": OAKFIELD.id, "practitioner": "p-1"}
    for name, value in {**context, "oversight": "on" if oversees else ""}.items():
        await administrator.execute("select set_config($1, $2, true)", f"hub.{name}", value)
    try:
        await administrator.execute(HIDES, *said)
    finally:
        await transaction.rollback()


@pytest.mark.parametrize(
    ("categories", "kind", "reference", "oversees", "allowed"),
    [
        ([CONCERN], "other", None, False, False),
        (["existence", CONCERN], "professional_safety", "SYN-27", False, False),
        ([CONCERN], "no_contact_order", None, False, False),
        ([CONCERN], "refuge", None, False, False),
        ([CONCERN], None, "SYN-27", False, False),
        ([CONCERN], "no_contact_order", "SYN-27", False, True),
        ([CONCERN], "refuge", "SYN-27", False, True),
        ([CONCERN], "other", None, True, True),
        (["home_address"], "other", None, False, True),
    ],
)
async def test_the_wall_behind_it_hides_concerns_under_an_order_or_by_oversight_alone(
    room: Room,
    administrator: asyncpg.Connection,
    categories: list[str],
    kind: str | None,
    reference: str | None,
    oversees: bool,
    allowed: bool,
) -> None:
    with nullcontext() if allowed else pytest.raises(asyncpg.InsufficientPrivilegeError, match="concerns"):
        await hides(administrator, oversees, categories, kind, reference, MASH.id)


@pytest.mark.parametrize("oversees", [False, True])
async def test_and_nothing_from_oversight(administrator: asyncpg.Connection, oversees: bool) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="nothing is hidden from oversight"):
        await hides(administrator, oversees, ["home_address"], "other", None, DPO.id)
