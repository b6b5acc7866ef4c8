"""Rectification: a correction reaches everybody who was shown what was wrong, and nobody else."""

import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import CHARITY, DPO, EARLY_HELP, HILLTOP, HOUSING, MASH, OAKFIELD, POLICE
from tests.people import Family, Room, a_family, share

PATH = "/rights/corrections"


def wrong(family: Family, **more: Any) -> dict[str, Any]:
    """The family disputes what a record says of the child."""
    return {
        "subject": str(family.child),
        "category": "identity_contact",
        "record": str(family.child),
        "held_by": OAKFIELD.id,
        "disputed": "The birthday is wrong.",
        "correction": "She was born on 5 May 2016.",
        **more,
    }


async def received(room: Room, agency: Any, subject: UUID) -> list[dict[str, Any]]:
    """The corrections an agency finds about somebody."""
    answer = await room[agency].get(PATH, params={"for": agency.id})
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["corrections"] if one["subject"] == str(subject)]


async def test_tells_everybody_who_was_shown_it_and_nobody_else(room: Room) -> None:
    family = await a_family(room)
    decisions = [
        await share(room[OAKFIELD], agency, [family.child], ["identity_contact"])
        for agency in (EARLY_HELP, HOUSING, CHARITY)
    ]
    for agency in (EARLY_HELP, HOUSING):
        assert (await room[agency].get(f"/referral/people/{family.child}")).status_code == 200
    withdrawn = await room[OAKFIELD].post(
        f"/sharing/decisions/{decisions[1]}/withdraw", {"reason": "They moved."}
    )
    assert withdrawn.status_code in (200, 204), withdrawn.text
    made = await room[DPO].made(PATH, wrong(family))
    told = {OAKFIELD.id, EARLY_HELP.id, HOUSING.id}
    assert set(made["correction"]["told"]) == told
    found = {
        agency.id: await received(room, agency, family.child) for agency in (OAKFIELD, EARLY_HELP, HOUSING)
    }
    assert [one["type"] for rows in found.values() for one in rows] == ["record.corrected"] * 3
    assert found[EARLY_HELP.id][0]["note"] == "She was born on 5 May 2016."
    # Housing may no longer see it: it learns which record to look at again, and not what is right.
    assert (found[HOUSING.id][0]["note"], found[HOUSING.id][0]["record"]) == (
        None,
        made["correction"]["record"],
    )
    assert await received(room, CHARITY, family.child) == []
    assert await received(room, POLICE, family.child) == []
    inbox = (await room[HOUSING].get("/notices")).json()["notices"]
    assert ("record.corrected", made["correction"]["correction"]) in [(n["kind"], n["about"]) for n in inbox]


async def test_one_that_names_no_author_is_read_by_those_who_see_somebodys_record(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"])
    for agency in (EARLY_HELP, HOUSING):
        await room[agency].get(f"/referral/people/{family.child}")
    await room[DPO].made(PATH, wrong(family, held_by=None))
    [found] = await received(room, EARLY_HELP, family.child)
    assert found["note"] == "She was born on 5 May 2016."
    assert await received(room, HOUSING, family.child) == []


async def test_a_correction_of_one_authors_record_is_of_that_author_without_being_told(room: Room) -> None:
    family = await a_family(room)
    child = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    await room[HILLTOP].made("/referral/people", {"upn": family.upn, **child})
    concern = {"upn": family.upn, "kind": "welfare", "occurred_at": "2026-11-19T08:40:00Z"}
    ours, theirs = [
        (await room[school].made("/referral/concerns", {**concern, "narrative": f"{school.name} says."}))
        for school in (OAKFIELD, HILLTOP)
    ]
    await share(room[OAKFIELD], MASH, [family.child], ["safeguarding_concern"])
    assert (await room[MASH].get(f"/referral/concerns/{ours['concern']}")).status_code == 200
    assert (await room[MASH].get(f"/referral/concerns/{theirs['concern']}")).status_code == 404
    body = wrong(family, category="safeguarding_concern", fields={"narrative": "Not the uncle."})
    body.pop("held_by")
    made = await room[DPO].made(PATH, {**body, "record": theirs["concern"]})
    assert made["correction"]["told"] == [HILLTOP.id]
    assert await received(room, MASH, family.child) == []
    made = await room[DPO].made(PATH, {**body, "record": ours["concern"]})
    assert set(made["correction"]["told"]) == {OAKFIELD.id, MASH.id}
    [found] = await received(room, MASH, family.child)
    assert found["fields"] == {"narrative": "Not the uncle."}
    asked = {"subject": str(family.child), "limit": 50}
    looks = (await room[DPO].get("/disclosures", params=asked)).json()["disclosures"]
    read = ("gateway GET /rights/corrections", MASH.id)
    [traced] = [one for one in looks if (one["operation"], one["agency"]) == read]
    assert traced["records_of"] == [OAKFIELD.id]


async def test_an_agency_reads_its_own_corrections_only_and_oversight_everybody_s(room: Room) -> None:
    family = await a_family(room)
    made = await room[DPO].made(PATH, wrong(family))
    again = await room[DPO].get(f"{PATH}/{made['correction']['correction']}")
    assert again.json() == made
    others = await room[HOUSING].get(PATH, params={"for": OAKFIELD.id})
    assert others.status_code == 404
    seen = await room[DPO].get(PATH, params={"for": OAKFIELD.id})
    assert str(family.child) in [one["subject"] for one in seen.json()["corrections"]]


async def test_only_oversight_records_a_correction_for_an_agency_of_the_partnership(room: Room) -> None:
    family = await a_family(room)
    refused = await room[OAKFIELD].post(PATH, wrong(family))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")
    unknown = await room[DPO].post(PATH, wrong(family, held_by="nobody-we-know"))
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/agency-unknown")


async def test_the_record_itself_says_what_is_right_and_what_it_said_stays_beside_it(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"])
    await room[EARLY_HELP].get(f"/referral/people/{family.child}")
    fields = {"date_of_birth": "2016-05-05"}
    body = wrong(family, record=str(family.child), fields=fields)
    made = await room[DPO].made(PATH, body)
    for agency in (OAKFIELD, EARLY_HELP):
        person = (await room[agency].get(f"/referral/people/{family.child}")).json()
        assert [one["date_of_birth"] for one in person["identities"]] == ["2016-05-05"]
        asked = {"subject": str(family.child)}
        earlier = (await room[agency].get("/referral/earlier-versions", params=asked)).json()
        [was] = earlier["earlier_versions"]
        assert (was["was"], was["correction"]) == (
            {"date_of_birth": "2016-05-04"},
            made["correction"]["correction"],
        )
    [told] = await received(room, EARLY_HELP, family.child)
    assert told["fields"] == fields
    stranger = await room[POLICE].get("/referral/earlier-versions", params=asked)
    assert stranger.json()["earlier_versions"] == []


async def test_a_nightly_file_does_not_bring_back_what_was_put_right(room: Room) -> None:
    family = await a_family(room)
    await room[DPO].made(PATH, wrong(family, record=str(family.child), fields={"given_name": "Skye"}))
    again = {
        "upn": family.upn,
        "given_name": "Sky",
        "family_name": "Synthetic-Jones",
        "date_of_birth": "2016-05-04",
    }
    await room[OAKFIELD].made("/referral/people", again)
    [identity] = (await room[OAKFIELD].get(f"/referral/people/{family.child}")).json()["identities"]
    assert (identity["given_name"], identity["family_name"]) == ("Skye", "Synthetic-Jones")
    await room[OAKFIELD].made("/referral/people", {**again, "given_name": "Skyla"})
    [identity] = (await room[OAKFIELD].get(f"/referral/people/{family.child}")).json()["identities"]
    assert identity["given_name"] == "Skyla"


async def test_the_same_key_corrects_once(room: Room) -> None:
    family = await a_family(room)
    body = wrong(family, record=str(family.child), fields={"sex": "F"})
    key = {"idempotency-key": str(uuid4())}
    first = await room[DPO].post(PATH, body, headers=key)
    again = await room[DPO].post(PATH, body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert first.json() == again.json()
    asked = {"subject": str(family.child)}
    page = (await room[OAKFIELD].get("/referral/earlier-versions", params=asked)).json()
    assert len(page["earlier_versions"]) == 1


@pytest.mark.parametrize(
    "fields", [{"subject": str(uuid4())}, {"agency": "somebody"}, {"sex": "X"}, {"date_of_birth": "never"}]
)
async def test_corrects_no_field_that_is_the_hubs_own_and_stores_nothing(
    room: Room, fields: dict[str, str]
) -> None:
    family = await a_family(room)
    refused = await room[DPO].post(PATH, wrong(family, record=str(family.child), fields=fields))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/field-not-correctable")
    assert await received(room, OAKFIELD, family.child) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date_of_birth", "infinity"),
        ("date_of_birth", "99999-01-01"),
        ("date_of_birth", "4714-01-01 BC"),
        ("date_of_birth", "0001-01-01"),
        ("given_name", "x" * 201),
        ("given_name", 7),
        ("year_group", "9" * 11),
    ],
)
async def test_a_field_says_nothing_that_its_record_could_never_have_said(
    room: Room, name: str, value: Any
) -> None:
    family = await a_family(room)
    refused = await room[DPO].post(PATH, wrong(family, fields={name: value}))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/field-not-correctable")
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/fields/{name}"]
    person = (await room[OAKFIELD].get(f"/referral/people/{family.child}")).json()
    assert [one["given_name"] for one in person["identities"]] == ["Sky"]


@pytest.mark.parametrize(
    "said",
    [
        *('{"given_name": {"a": 1}}', '{"given_name": NaN}', '{"given_name": "\\u0000"}', '{"\\u0000": "x"}'),
        *('{"given_name": "\\ud800"}', '{"": "x"}', '{"given_name": 1e999}', '{"given_name": ""}'),
        *(f'{{"given_name": {"[" * 900 + "]" * 900}}}', f'{{"given_name": "{"x" * 20_001}"}}'),
        f'{{"year_group": {"9" * 4000}}}',
    ],
)
async def test_what_no_field_of_any_record_could_say_is_of_the_wrong_shape(room: Room, said: str) -> None:
    family = await a_family(room)
    body = f'{json.dumps(wrong(family))[:-1]}, "fields": {said}}}'
    answer = await room[DPO].post(PATH, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")
    assert all(error["pointer"].startswith("/fields") for error in answer.json()["errors"])


async def test_postgresql_holds_every_day_to_our_years_by_itself(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    await administrator.execute("select set_config('hub.oversight', 'on', false)")
    for said in ("infinity", "99999-01-01", 99990101):
        body = json.dumps(wrong(family, fields={"date_of_birth": said}))
        with pytest.raises(asyncpg.CheckViolationError):
            await administrator.fetchval("select referral.correct($1, $2)", uuid4(), body)


async def test_of_two_services_only_the_one_with_the_record_says_what_its_field_is(room: Room) -> None:
    family = await a_family(room)
    household = wrong(family, subject=str(family.household), category="family_household", held_by=None)
    renamed = {**household, "record": str(family.household), "fields": {"name": " The Synthetics "}}
    made = await room[DPO].made(PATH, renamed)
    assert made["correction"]["fields"] == {"name": "The Synthetics"}


async def test_a_field_that_the_record_does_not_have_is_pointed_at(room: Room) -> None:
    family = await a_family(room)
    answer = await room[DPO].post(PATH, wrong(family, fields={"favourite_colour": "Blue"}))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/field-not-correctable")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/fields/favourite_colour"]
    assert await received(room, OAKFIELD, family.child) == []


async def test_a_record_that_is_nowhere_is_not_found(room: Room) -> None:
    family = await a_family(room)
    missing = await room[DPO].post(PATH, wrong(family, record=str(uuid4()), fields={"given_name": "Skye"}))
    assert missing.status_code == 404
    assert await received(room, OAKFIELD, family.child) == []
