"""What a family reads of the overrides about them: whose, why and how judged, unless it is held back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy import local
from deploy.demo.partnership import DPO, EARLY_HELP, MASH, OAKFIELD, POLICE
from hub.policy import SERVICE_ROLES
from tests.gateway.glass import INSPECTOR, SERGEANT, opened, sees
from tests.people import Family, Partner, Room, a_family, share
from tests.policy.ledger import Asking, asking

WHY = "Missing from home since last night."


@pytest.fixture
async def family(room: Room) -> Family:
    """A school's family; the early help team is shown who the child is."""
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"])
    return family


async def page(partner: Partner, family: Family) -> dict[str, Any]:
    """The child's log, as it is read to the family."""
    asked = {"subject": str(family.child), "limit": 100}
    answer = await partner.get("/disclosures/for-the-family", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told(partner: Partner, family: Family) -> list[dict[str, Any]]:
    """The overrides in it."""
    return (await page(partner, family))["overrides"]


@pytest.mark.parametrize("reader", [EARLY_HELP, DPO])
async def test_says_whose_it_was_and_why_though_nobody_looked(
    room: Room, family: Family, reader: Any
) -> None:
    override = await opened(room[POLICE], family.child, hours=2)
    [said] = await told(room[reader], family)
    starts, ends = (datetime.fromisoformat(said.pop(moment)) for moment in ("starts", "ends"))
    assert ends - starts == timedelta(hours=2)
    assert said == {
        "override": override,
        "agency": POLICE.id,
        "agency_name": POLICE.name,
        "purpose": "safeguarding",
        "categories": ["identity_contact"],
        "reason_code": "missing_child",
        "reason": "A child was missing",
        "words": WHY,
        "upheld": None,
    }


async def test_names_no_member_of_staff_and_no_restriction(room: Room, family: Family) -> None:
    named = str(uuid4())
    await opened(room[POLICE], family.child, over_restrictions=[named])
    for reader in (EARLY_HELP, DPO):
        said = str(await told(room[reader], family))
        assert not [word for word in (named, "ps-1", "insp-2") if word in said]


async def test_a_look_says_which_opened_it(room: Room, family: Family) -> None:
    override = await opened(room[POLICE], family.child)
    assert await sees(room[POLICE], family.child, SERGEANT)
    await room[OAKFIELD].get(f"/referral/people/{family.child}")
    log = await page(room[EARLY_HELP], family)
    looks = {look["agency"]: look for look in log["disclosures"]}
    assert (looks[POLICE.id]["override"], looks[POLICE.id]["in_an_emergency"]) == (override, True)
    assert (looks[OAKFIELD.id]["override"], looks[OAKFIELD.id]["in_an_emergency"]) == (None, False)


@pytest.mark.parametrize("upheld", [True, False])
async def test_says_what_a_colleague_found_of_it(room: Room, family: Family, upheld: bool) -> None:
    override = await opened(room[POLICE], family.child)
    review = {"upheld": upheld, "words": "Read the log with the sergeant."}
    await room[POLICE].made(f"/sharing/overrides/{override}/review", review, headers=INSPECTOR)
    [said] = await told(room[EARLY_HELP], family)
    assert said["upheld"] is upheld
    assert (datetime.fromisoformat(said["ends"]) > datetime.now(UTC)) is upheld


async def test_says_when_it_ended_early(room: Room, family: Family) -> None:
    override = await opened(room[POLICE], family.child)
    path = f"/sharing/overrides/{override}/end"
    await room[POLICE].made(path, {"words": "Found safe and well."}, headers=SERGEANT)
    [said] = await told(room[EARLY_HELP], family)
    assert datetime.fromisoformat(said["ends"]) - datetime.fromisoformat(said["starts"]) < timedelta(hours=1)


async def test_is_not_there_while_a_manager_delays_it(
    room: Room, family: Family, administrator: asyncpg.Connection
) -> None:
    override = await opened(room[POLICE], family.child)
    assert await sees(room[POLICE], family.child, SERGEANT)
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    delay = {"until": until, "words": "Telling them would put the child at risk."}
    await room[POLICE].made(f"/sharing/overrides/{override}/delay", delay, headers=INSPECTOR)
    for reader in (EARLY_HELP, DPO):
        assert await told(room[reader], family) == []
        assert override not in str(await page(room[reader], family))
    over = "update hub.override_delay set until = now() where override = $1"
    await administrator.execute(over, UUID(override))
    assert [one["override"] for one in await told(room[EARLY_HELP], family)] == [override]


@pytest.mark.parametrize("whose", [{"looker": POLICE.id}, {}])
async def test_is_not_there_while_its_agency_s_looks_are_held_back(
    room: Room, family: Family, whose: dict[str, str]
) -> None:
    await opened(room[POLICE], family.child)
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    held = {"subject": str(family.child), "until": until, "reason": "He reads her post.", **whose}
    made = await room[EARLY_HELP].made("/disclosures/held-back", held)
    for reader in (EARLY_HELP, DPO):
        assert await told(room[reader], family) == []
    shown = {"reason": "She is safe now."}
    await room[EARLY_HELP].made(f"/disclosures/held-back/{made['held_back']}/show", shown)
    assert len(await told(room[EARLY_HELP], family)) == 1


async def test_sealed_text_in_its_words_is_sealed(room: Room, family: Family) -> None:
    refuge = f"{uuid4().int % 900 + 100} Lavender Hill"
    await room[EARLY_HELP].made(
        "/sharing/seals",
        {"subjects": [str(family.child)], "named": [EARLY_HELP.id], "text": [refuge], "reason": "A refuge."},
    )
    await opened(room[POLICE], family.child, words=f"Last seen near {refuge} at noon.")
    [said] = await told(room[DPO], family)
    assert said["words"] == "Last seen near [sealed] at noon."


async def test_an_agency_reads_the_categories_it_may_see_and_the_words_where_that_is_all(
    room: Room, family: Family
) -> None:
    both = ["identity_contact", "social_care_history"]
    await opened(room[POLICE], family.child, categories=both)
    await opened(room[POLICE], family.child, categories=both[1:])
    [said] = await told(room[EARLY_HELP], family)
    assert (said["categories"], said["words"], said["reason"]) == (both[:1], None, "A child was missing")
    whole = await told(room[DPO], family)
    assert [(one["categories"], one["words"]) for one in whole] == [(both[1:], WHY), (both, WHY)]


async def test_says_nothing_of_what_is_hidden_from_who_reads_it(room: Room, family: Family) -> None:
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["existence"])
    await opened(room[POLICE], family.child)
    await room[OAKFIELD].made(
        "/sharing/restrictions",
        {
            "hidden_from": EARLY_HELP.id,
            "subjects": [str(family.child)],
            "categories": ["identity_contact"],
            "reason": "A relative works there.",
        },
    )
    assert await told(room[EARLY_HELP], family) == []
    assert len(await told(room[DPO], family)) == 1


async def test_postgresql_tells_nothing_to_who_does_not_know_them(
    room: Room, family: Family, hub: local.Running, database_url: str, server: dict[str, Any]
) -> None:
    await opened(room[POLICE], family.child)
    place = database_url.rpartition("@")[2]
    url = f"postgresql://{SERVICE_ROLES['gateway']}:{server['roles']['gateway']}@{place}"
    for agency, count in ((MASH, 0), (EARLY_HELP, 1)):
        async with asking(url, Asking(agency.id)) as connection:
            found = await connection.fetch("select * from hub.overrides_told($1)", family.child)
            assert len(found) == count
