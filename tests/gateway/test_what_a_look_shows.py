"""Of another's look an agency reads what its own people wrote, or may see themselves, and nothing else."""

from typing import Any
from uuid import uuid4

import asyncpg

from deploy.demo.partnership import (
    DPO,
    EARLY_HELP,
    HILLTOP,
    HOUSING,
    MASH,
    NURSING,
    OAKFIELD,
    POLICE,
    Agency,
)
from tests.gateway.glass import opened
from tests.gateway.logged import all_sequenced
from tests.gateway.looking import known_family, looks_at
from tests.people import Family, Room, a_family, share

ADDRESS = ["identity_contact", "home_address"]


async def housing_looks(room: Room, *categories: str) -> Family:
    """A family's child, of whom housing read name and address; early help was given these categories."""
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.child], ADDRESS)
    if categories:
        await share(room[OAKFIELD], EARLY_HELP, [family.child], list(categories))
    await read_child(room, HOUSING, family)
    return family


async def read_child(room: Room, agency: Agency, family: Family, **more: Any) -> None:
    """One agency reads the child's own record."""
    answer = await room[agency].get(f"/referral/people/{family.child}", **more)
    assert answer.status_code == 200, answer.text


async def looks_of(room: Room, agency: Agency, family: Family, **more: Any) -> list[dict[str, Any]]:
    """What early help reads of one agency's looks at the child."""
    page = await looks_at(room[EARLY_HELP], family.child, **more)
    return [look for look in page["disclosures"] if look["agency"] == agency.id]


async def register_again(room: Room, agency: Agency, family: Family) -> None:
    """Another agency sends the same child, by UPN."""
    child = {"upn": family.upn, "given_name": "Sky", "family_name": "Synthetic"}
    made = await room[agency].made("/referral/people", {**child, "date_of_birth": "2016-05-04"})
    assert made["person"] == str(family.child)


async def test_whoever_knows_only_that_somebody_is_known_reads_of_no_other_category(room: Room) -> None:
    family = await housing_looks(room, "existence")
    page = await looks_at(room[EARLY_HELP], family.child)
    assert page["about"] == {"subject": str(family.child)}
    assert HOUSING.id not in {look["agency"] for look in page["disclosures"]}
    assert {one for look in page["disclosures"] for one in look["categories"]} <= {"existence"}


async def test_a_look_at_what_another_wrote_is_for_those_who_see_that_authors_records(room: Room) -> None:
    family = await housing_looks(room, "identity_contact")
    await register_again(room, HILLTOP, family)
    await share(room[HILLTOP], HOUSING, [family.child], ["identity_contact"])
    await share(room[HILLTOP], NURSING, [family.child], ["identity_contact"])
    await read_child(room, HOUSING, family)
    await read_child(room, NURSING, family)
    both, before = await looks_of(room, HOUSING, family)
    assert both["records_of"] == before["records_of"] == [OAKFIELD.id]
    assert (both["rows"], before["categories"]) == (None, ["identity_contact"])
    assert await looks_of(room, NURSING, family) == []


async def test_a_look_shows_the_categories_that_its_reader_may_see_and_no_other(room: Room) -> None:
    family = await housing_looks(room, "identity_contact")
    [part] = await looks_of(room, HOUSING, family)
    assert (part["categories"], part["rows"], part["operation"]) == (["identity_contact"], None, "referral")
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["home_address"], purpose="safeguarding")
    assert [look["categories"] for look in await looks_of(room, HOUSING, family)] == [["identity_contact"]]
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["home_address"])
    [whole] = await looks_of(room, HOUSING, family)
    assert (whole["categories"], whole["rows"]) == (sorted(ADDRESS), 2)
    assert whole["operation"] == "referral GET /people/{person}"


async def test_what_an_agency_may_not_read_of_a_look_it_cannot_have_proven_either(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await housing_looks(room, "identity_contact")
    [look] = await looks_of(room, HOUSING, family)
    asked = {"disclosure": look["disclosure"]}
    await all_sequenced(administrator)
    assert (await room[EARLY_HELP].get("/audit/inclusion", params=asked)).status_code == 404
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["home_address"])
    assert (await room[EARLY_HELP].get("/audit/inclusion", params=asked)).status_code == 200


async def test_a_family_is_not_shown_through_an_agency_what_that_may_not_see(room: Room) -> None:
    family = await housing_looks(room, "identity_contact")
    asked = {"subject": str(family.child)}
    answer = await room[EARLY_HELP].get("/disclosures/for-the-family", params=asked)
    shown = [one for one in answer.json()["disclosures"] if one["agency"] == HOUSING.id]
    assert [one["categories"] for one in shown] == [["identity_contact"]]
    whole = (await room[DPO].get("/disclosures/for-the-family", params=asked)).json()["disclosures"]
    assert sorted(ADDRESS) in [one["categories"] for one in whole if one["agency"] == HOUSING.id]


async def test_a_restriction_takes_its_category_out_of_every_look(room: Room) -> None:
    family = await housing_looks(room, "existence", *ADDRESS)
    assert [look["categories"] for look in await looks_of(room, HOUSING, family)] == [sorted(ADDRESS)]
    await hide(room, family, "home_address")
    assert [look["categories"] for look in await looks_of(room, HOUSING, family)] == [["identity_contact"]]


async def test_an_agency_reads_of_what_it_has_written_itself(room: Room) -> None:
    family = await housing_looks(room)
    asked = {"subject": str(family.child)}
    assert (await room[EARLY_HELP].get("/disclosures", params=asked)).status_code == 404
    await register_again(room, EARLY_HELP, family)
    assert await looks_of(room, HOUSING, family) == [], (
        "registering somebody does not say who works with them"
    )
    await share(room[EARLY_HELP], HOUSING, [family.child], ["identity_contact"])
    await read_child(room, HOUSING, family)
    [look] = await looks_of(room, HOUSING, family)
    assert (look["categories"], look["records_of"]) == (["identity_contact"], [EARLY_HELP.id])
    assert (look["rows"], look["operation"]) == (None, "referral")


async def test_its_own_looks_it_reads_whole_also_when_it_may_see_less_now(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["existence"])
    decision = await share(room[OAKFIELD], EARLY_HELP, [family.child], ADDRESS)
    await read_child(room, EARLY_HELP, family)
    await room[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Changed mind."})
    own = await looks_of(room, EARLY_HELP, family)
    assert (own[-1]["categories"], own[-1]["rows"]) == (sorted(ADDRESS), 2)


async def test_who_was_refused_is_for_those_who_may_know_that_somebody_is_known(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"])
    assert (await room[POLICE].get(f"/referral/people/{family.child}")).status_code == 404
    assert await looks_of(room, POLICE, family) == []
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["existence"])
    assert [look["outcome"] for look in await looks_of(room, POLICE, family)] == ["refused"]
    other = await a_family(room)
    await room[POLICE].get(f"/referral/people/{other.child}")
    await register_again(room, EARLY_HELP, other)
    assert await looks_of(room, POLICE, other) == [], "nor who asked about them in vain"


async def test_what_was_done_with_the_sharing_is_not_named_to_others(room: Room) -> None:
    family = await known_family(room)
    await room[DPO].get("/disclosures", params={"subject": str(family.child)})
    asked = {"params": {"agency": POLICE.id, "subject": str(family.child), "category": "existence"}}
    assert (await room[DPO].get("/sharing/explain", **asked)).status_code == 200
    assert {look["operation"] for look in await looks_of(room, DPO, family)} == {"gateway"}


async def hide(room: Room, family: Family, *categories: str) -> None:
    """The school hides something about the child from early help."""
    hidden = {"hidden_from": EARLY_HELP.id, "subjects": [str(family.child)], "categories": list(categories)}
    await room[OAKFIELD].made("/sharing/restrictions", {**hidden, "reason": "A relative works there."})


async def test_registering_somebody_does_not_open_a_log_that_was_closed(room: Room) -> None:
    family = await housing_looks(room)
    await hide(room, family, "existence")
    await register_again(room, EARLY_HELP, family)
    for path in ("/disclosures", "/disclosures/for-the-family"):
        answers = [
            await room[EARLY_HELP].get(path, params={"subject": str(subject)})
            for subject in (family.child, uuid4())
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content


async def test_pages_are_full_however_many_looks_are_not_shown(room: Room) -> None:
    family = await housing_looks(room, "identity_contact")
    await share(room[OAKFIELD], POLICE, [family.child], ["home_address"])
    await share(room[OAKFIELD], MASH, [family.child], ["identity_contact"])
    for _ in range(3):
        await read_child(room, MASH, family)
        for _ in range(3):
            await room[POLICE].get(f"/referral/people/{family.child}")
    page = await looks_at(room[EARLY_HELP], family.child, limit=3)
    assert [look["agency"] for look in page["disclosures"]] == [MASH.id] * 3
    rest = await looks_at(room[EARLY_HELP], family.child, limit=3, cursor=page["next"])
    assert HOUSING.id in {look["agency"] for look in rest["disclosures"]}
    assert POLICE.id not in {look["agency"] for look in rest["disclosures"]}


async def test_oversight_reads_every_look_at_anybody_whole(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await housing_looks(room, "existence")
    await room[POLICE].get(f"/referral/people/{family.child}")
    written = await administrator.fetch(
        "select id::text, operation, categories, row_count from hub.disclosure where subject = $1"
        " order by at desc, id desc",
        family.child,
    )
    page = await looks_at(room[DPO], family.child)
    names = ("disclosure", "operation", "categories", "rows")
    assert [tuple(look[name] for name in names) for look in page["disclosures"]] == [
        tuple(r) for r in written
    ]
    assert {look["outcome"] for look in page["disclosures"]} == {"shown", "refused"}
    again = await looks_at(room[DPO], family.child)
    assert again["disclosures"][0]["operation"] == "gateway GET /disclosures"


async def test_an_id_that_nobody_has_is_nobody_to_oversight_too(room: Room) -> None:
    nobody = uuid4()
    await room[POLICE].get(f"/referral/people/{nobody}")
    await opened(room[POLICE], nobody)
    assert (await room[DPO].get("/disclosures", params={"subject": str(nobody)})).status_code == 404
