"""Registering a person: each agency's own account, meeting by identifier without showing anything."""

from deploy.demo.partnership import HILLTOP, HOUSING, OAKFIELD
from tests.people import Room, fresh_upn, share


def _pupil(upn: str, given_name: str = "Sky") -> dict[str, object]:
    return {"upn": upn, "given_name": given_name, "family_name": "Synthetic", "date_of_birth": "2015-02-03"}


async def test_two_schools_that_know_the_same_upn_mean_the_same_person(room: Room) -> None:
    upn = fresh_upn()
    first = await room[OAKFIELD].made("/referral/people", _pupil(upn))
    second = await room[HILLTOP].made("/referral/people", _pupil(upn.lower()))
    assert first == second


async def test_each_school_sees_its_own_account_and_not_the_others(room: Room) -> None:
    upn = fresh_upn()
    person = (await room[OAKFIELD].made("/referral/people", _pupil(upn, "Sky")))["person"]
    await room[HILLTOP].made("/referral/people", _pupil(upn, "Skylar"))
    shown = (await room[OAKFIELD].get(f"/referral/people/{person}")).json()
    assert [identity["given_name"] for identity in shown["identities"]] == ["Sky"]


async def test_a_shared_identity_shows_the_accounts_of_whoever_shares_it(room: Room) -> None:
    upn = fresh_upn()
    person = (await room[OAKFIELD].made("/referral/people", _pupil(upn, "Sky")))["person"]
    await room[HILLTOP].made("/referral/people", _pupil(upn, "Skylar"))
    decision = await share(room[OAKFIELD], HOUSING, [person], ["identity_contact"])

    async def shown() -> dict[str, str]:
        said = (await room[HOUSING].get(f"/referral/people/{person}")).json()
        return {one["according_to"]: one["given_name"] for one in said["identities"]}

    assert await shown() == {"oakfield-primary": "Sky"}
    word = {"reason": "They told us the same."}
    await room[HILLTOP].made(f"/sharing/decisions/{decision}/countersign", word)
    assert await shown() == {"oakfield-primary": "Sky", "hilltop-secondary": "Skylar"}


async def test_registering_again_renews_the_agencys_own_account(room: Room) -> None:
    upn = fresh_upn()
    person = (await room[OAKFIELD].made("/referral/people", _pupil(upn, "Sky")))["person"]
    await room[OAKFIELD].made("/referral/people", _pupil(upn, "Skye"))
    shown = (await room[OAKFIELD].get(f"/referral/people/{person}")).json()
    assert [identity["given_name"] for identity in shown["identities"]] == ["Skye"]


async def test_a_person_is_found_by_upn_only_by_the_agency_that_knows_them(room: Room) -> None:
    upn = fresh_upn()
    person = (await room[OAKFIELD].made("/referral/people", _pupil(upn)))["person"]
    own = await room[OAKFIELD].post("/referral/people/find", {"upn": upn})
    assert own.json()["identities"][0]["person"] == person
    known_elsewhere = await room[HILLTOP].post("/referral/people/find", {"upn": upn})
    unknown = await room[HILLTOP].post("/referral/people/find", {"upn": fresh_upn()})
    assert known_elsewhere.status_code == unknown.status_code == 404
    assert known_elsewhere.content == unknown.content


async def test_a_wrong_check_letter_is_refused_by_name(room: Room) -> None:
    upn = fresh_upn()
    wrong = ("A" if upn[0] != "A" else "B") + upn[1:]
    answer = await room[OAKFIELD].post("/referral/people", _pupil(wrong))
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/upn-check-letter-wrong"


async def test_a_birthday_in_the_future_is_refused_with_its_field(room: Room) -> None:
    answer = await room[OAKFIELD].post(
        "/referral/people", {**_pupil(fresh_upn()), "date_of_birth": "2999-01-01"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/date_of_birth"


async def test_fields_the_hub_sets_cannot_be_sent(room: Room) -> None:
    answer = await room[OAKFIELD].post(
        "/referral/people", {**_pupil(fresh_upn()), "agency": "northshire-police"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/agency"
