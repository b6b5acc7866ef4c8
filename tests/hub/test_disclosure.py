"""What was shown to whom is a row, written by the statement that showed it; so is every refusal."""

from uuid import UUID, uuid4

import asyncpg

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD, POLICE
from tests.people import Room, a_family, share


async def _traces(administrator: asyncpg.Connection, subject: UUID) -> list[tuple[str, str, list[str]]]:
    rows = await administrator.fetch(
        "select agency, outcome, categories from hub.disclosure where subject = $1 order by at", subject
    )
    return [(row["agency"], row["outcome"], row["categories"]) for row in rows]


async def test_a_case_view_leaves_one_row_for_every_subject_with_the_categories_shown(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    await room[OAKFIELD].get(f"/referral/households/{family.household}/case")
    assert await _traces(administrator, family.household) == [(OAKFIELD.id, "shown", ["family_household"])]
    assert await _traces(administrator, family.child) == [
        (OAKFIELD.id, "shown", ["home_address", "identity_contact"])
    ]


async def test_only_what_was_shown_is_disclosed(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact"])
    await room[HOUSING].get(f"/referral/people/{family.child}")
    assert await _traces(administrator, family.child) == [(HOUSING.id, "shown", ["identity_contact"])]


async def test_a_refusal_leaves_a_row_too(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    answer = await room[POLICE].get(f"/referral/people/{family.child}")
    assert answer.status_code == 404
    assert await _traces(administrator, family.child) == [(POLICE.id, "refused", [])]


async def test_a_missing_scope_leaves_a_row(room: Room, administrator: asyncpg.Connection) -> None:
    before = await administrator.fetchval(
        "select count(*) from hub.disclosure where agency = $1 and reason = 'scope-missing'", HOUSING.id
    )
    answer = await room[HOUSING].post("/referral/concerns", {})
    assert answer.status_code == 403
    after = await administrator.fetchval(
        "select count(*) from hub.disclosure where agency = $1 and reason = 'scope-missing'", HOUSING.id
    )
    assert after == before + 1


async def test_a_hidden_child_and_a_made_up_one_get_the_same_bytes(room: Room) -> None:
    family = await a_family(room)
    hidden = await room[POLICE].get(f"/referral/people/{family.child}")
    made_up = await room[POLICE].get(f"/referral/people/{uuid4()}")
    assert (hidden.status_code, hidden.content) == (made_up.status_code, made_up.content)
    unlike = {"x-request-id", "date"}
    assert {k: v for k, v in hidden.headers.items() if k not in unlike} == {
        k: v for k, v in made_up.headers.items() if k not in unlike
    }


async def test_a_screen_for_a_room_shows_only_what_everybody_in_it_may_see(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact", "home_address"])
    await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact"])
    path, both = f"/referral/people/{family.child}", {"audience": f"{EARLY_HELP.id},{HOUSING.id}"}
    alone = (await room[EARLY_HELP].get(path)).json()
    together = (await room[EARLY_HELP].get(path, headers=both)).json()
    assert (len(alone["addresses"]), len(together["addresses"])) == (1, 0)
    assert len(together["identities"]) == 1
