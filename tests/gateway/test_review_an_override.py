"""Override, afterwards: said where the family is told, held back where it must be, reviewed by another."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy import local
from deploy.demo.partnership import DPO, EARLY_HELP, MASH, OAKFIELD, POLICE, Agency
from gateway.sharing.overdue import tell_once
from hub.database import Database
from tests.gateway.glass import (
    COLLEAGUE,
    INSPECTOR,
    SERGEANT,
    asks_to_see,
    listed,
    opened,
    runs_out,
    sees,
)
from tests.pages import every
from tests.people import Family, Partner, Room, a_family, share


async def test_what_was_shown_under_it_says_so_where_the_family_is_told(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"])
    override = await opened(room[POLICE], family.child)
    assert await sees(room[POLICE], family.child, SERGEANT)
    looks = await _looks(room, family)
    assert looks[0]["override"] == {"override": override, "reason_code": "missing_child"}
    assert looks[0]["agency"] == POLICE.id
    await room[OAKFIELD].get(f"/referral/people/{family.child}", headers=SERGEANT)
    assert (await _looks(room, family))[0]["override"] is None


async def _looks(room: Room, family: Family) -> list[dict[str, Any]]:
    asked = {"subject": str(family.child)}
    looks = (await room[EARLY_HELP].get("/disclosures", params=asked)).json()["disclosures"]
    return [look for look in looks if look["operation"].startswith("referral") and look["outcome"] == "shown"]


async def _delayed(partner: Partner, override: str, until: datetime, who: dict[str, str]) -> httpx.Response:
    delay = {"until": until.isoformat(), "words": "Telling them would put the child at risk."}
    return await partner.post(f"/sharing/overrides/{override}/delay", delay, headers=who)


async def test_a_manager_delays_telling_the_family_until_a_date(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"])
    override = await opened(room[POLICE], family.child)
    assert await sees(room[POLICE], family.child, SERGEANT)
    soon = datetime.now(UTC) + timedelta(days=30)
    assert (await _delayed(room[POLICE], override, soon, SERGEANT)).status_code == 403
    assert (await _delayed(room[POLICE], override, soon, INSPECTOR)).status_code == 204
    assert await _looks(room, family) == []
    await administrator.execute(
        "update hub.override_delay set until = now() where override = $1", UUID(override)
    )
    assert len(await _looks(room, family)) == 1


async def test_what_they_may_see_anyway_is_told_whatever_is_delayed(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], POLICE, [family.child], ["identity_contact"], purpose="safeguarding")
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"])
    override = await opened(room[POLICE], family.child)
    assert await sees(room[POLICE], family.child, SERGEANT)
    soon = datetime.now(UTC) + timedelta(days=30)
    assert (await _delayed(room[POLICE], override, soon, INSPECTOR)).status_code == 204
    [look] = await _looks(room, family)
    assert look["agency"] == POLICE.id


async def test_oversight_is_told_of_a_delay(room: Room) -> None:
    override = await opened(room[POLICE], uuid4())
    soon = datetime.now(UTC) + timedelta(days=30)
    assert (await _delayed(room[POLICE], override, soon, INSPECTOR)).status_code == 204
    assert "override.delayed" in await _told(room, DPO, override)


async def test_what_was_not_upheld_is_not_kept_from_the_family(
    room: Room, administrator: asyncpg.Connection
) -> None:
    override = await opened(room[POLICE], uuid4())
    assert (await _reviewed(room[POLICE], override, INSPECTOR, upheld=False)).status_code == 204
    soon = datetime.now(UTC) + timedelta(days=30)
    answer = await _delayed(room[POLICE], override, soon, INSPECTOR)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/family-is-told")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not upheld"):
        await administrator.execute(DELAY, UUID(override), soon)


async def test_a_delay_is_looked_at_again_within_ninety_days(room: Room) -> None:
    override = await opened(room[POLICE], uuid4())
    for days in (-1, 91):
        moment = datetime.now(UTC) + timedelta(days=days)
        answer = await _delayed(room[POLICE], override, moment, INSPECTOR)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/until")


async def _reviewed(partner: Partner, override: str, who: dict[str, str], *, upheld: bool) -> httpx.Response:
    review = {"upheld": upheld, "words": "Read the log with the sergeant."}
    return await partner.post(f"/sharing/overrides/{override}/review", review, headers=who)


async def test_somebody_else_reviews_it_once(room: Room) -> None:
    override = await opened(room[POLICE], uuid4())
    own = await _reviewed(room[POLICE], override, SERGEANT, upheld=True)
    assert (own.status_code, own.json()["type"]) == (403, "/problems/review-needs-another")
    assert (await _reviewed(room[POLICE], override, INSPECTOR, upheld=True)).status_code == 204
    again = await _reviewed(room[POLICE], override, COLLEAGUE, upheld=False)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-reviewed")
    said = await listed(room[POLICE], override)
    assert said is not None
    assert (said["review"]["outcome"], said["review"]["by"]) == ("reviewed_upheld", "insp-2")


async def test_one_that_is_not_upheld_is_over_and_an_incident(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    override = await opened(room[POLICE], family.child)
    assert (await _reviewed(room[POLICE], override, INSPECTOR, upheld=False)).status_code == 204
    assert not await sees(room[POLICE], family.child, SERGEANT)
    kinds = await administrator.fetch("select type from hub.event where about = $1", UUID(override))
    assert "incident.override_not_upheld" in {row["type"] for row in kinds}
    inbox = (await room[POLICE].get("/notices")).json()["notices"]
    told = {(notice["kind"], notice["practitioner"]) for notice in inbox if notice["about"] == override}
    assert ("override.reviewed_not_upheld", "ps-1") in told


async def test_reviews_are_due_when_it_is_over_and_overdue_three_days_after_it_was_opened(
    room: Room, administrator: asyncpg.Connection
) -> None:
    override = await opened(room[POLICE], uuid4())
    assert await listed(room[POLICE], override, review_due=True) is None
    await runs_out(administrator, override)
    due = await listed(room[POLICE], override, review_due=True)
    assert due is not None
    assert due["overdue"]
    await _reviewed(room[POLICE], override, INSPECTOR, upheld=True)
    assert await listed(room[POLICE], override, review_due=True) is None


async def test_another_agency_s_override_does_not_exist(room: Room) -> None:
    override = await opened(room[POLICE], uuid4())
    assert await listed(room[MASH], override) is None
    answers = [await _reviewed(room[MASH], one, INSPECTOR, upheld=True) for one in (override, str(uuid4()))]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


ALARM = "alarm.many_overrides"
DELAY = """
insert into hub.override_event (override, event, subject, words, until, agency, client, practitioner)
select override, 'delayed_from_family', subject, 'Not yet.', $2, agency, client, 'insp-2'
from hub.override_event where override = $1 and event = 'opened'"""


async def _alarmed(room: Room, agency: Agency) -> list[str]:
    """The overrides of which an agency was told that they are one person's fifth in a day or more."""
    inbox = (await room[agency].get("/notices", params={"limit": 100})).json()["notices"]
    return [notice["about"] for notice in inbox if notice["kind"] == ALARM]


async def _told(room: Room, agency: Agency, override: str) -> list[str]:
    """An agency's notices about an override, newest first, but for alarms: the sergeant opens many a day."""
    inbox = (await room[agency].get("/notices", params={"limit": 100})).json()["notices"]
    mine = [notice for notice in inbox if notice["about"] == override]
    assert all(set(notice) == {"notice", "kind", "about", "practitioner", "at"} for notice in mine)
    return [notice["kind"] for notice in mine if notice["kind"] != ALARM]


async def test_oversight_lists_every_agency_s_and_reviews_none(room: Room) -> None:
    ours = await opened(room[POLICE], uuid4())
    theirs = await opened(room[MASH], uuid4())
    for override, agency in ((ours, POLICE), (theirs, MASH)):
        said = await listed(room[DPO], override)
        assert said is not None
        assert (said["agency"], said["agency_name"]) == (agency.id, agency.name)
        answer = await _reviewed(room[DPO], override, INSPECTOR, upheld=True)
        assert answer.status_code == 404
    assert await listed(room[POLICE], theirs) is None


async def test_who_works_with_somebody_does_not_list_what_another_opened_about_them(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], MASH, [family.child], ["identity_contact", "existence"])
    override = await opened(room[POLICE], family.child)
    assert await listed(room[MASH], override) is None
    assert await listed(room[POLICE], override) is not None


async def test_oversight_finds_the_reviews_that_are_due_page_by_page(
    room: Room, administrator: asyncpg.Connection
) -> None:
    overrides = [await opened(room[agency], uuid4()) for agency in (POLICE, MASH, POLICE)]
    for override in overrides:
        await runs_out(administrator, override)
    due = await every(room[DPO], "/sharing/overrides", "overrides", review_due=True, limit=2)
    found = [one["override"] for one in due]
    assert len(found) == len(set(found))
    assert [one for one in found if one in overrides] == overrides[::-1]


async def test_oversight_is_told_of_every_override_and_of_one_that_was_not_right(room: Room) -> None:
    right, wrong = [await opened(room[POLICE], uuid4()) for _ in range(2)]
    await _reviewed(room[POLICE], right, INSPECTOR, upheld=True)
    await _reviewed(room[POLICE], wrong, INSPECTOR, upheld=False)
    assert await _told(room, DPO, right) == ["override.opened"]
    assert await _told(room, DPO, wrong) == ["incident.override_not_upheld", "override.opened"]
    assert await _told(room, POLICE, right) == ["override.opened"]
    assert await _told(room, MASH, wrong) == []


async def test_oversight_is_told_of_one_person_s_many_overrides(room: Room) -> None:
    opener = {"practitioner": f"pc-{uuid4().hex[:8]}"}
    made = [
        (await room[MASH].made("/sharing/overrides", asks_to_see(uuid4()), headers=opener))["override"]
        for _ in range(5)
    ]
    assert set(made) & set(await _alarmed(room, DPO)) == {made[4]}
    assert await _alarmed(room, MASH) == []


async def test_oversight_is_told_once_of_a_review_that_is_overdue(
    room: Room, administrator: asyncpg.Connection, hub: local.Running
) -> None:
    in_time, reviewed, overdue = [await opened(room[POLICE], uuid4()) for _ in range(3)]
    await _reviewed(room[POLICE], reviewed, INSPECTOR, upheld=True)
    for override in (reviewed, overdue):
        await runs_out(administrator, override)
    database = Database(hub.settings["gateway"].need("database_url"), 1)
    await tell_once(database)
    assert await tell_once(database) == 0
    await database.close()
    assert await _told(room, DPO, overdue) == ["override.review_overdue", "override.opened"]
    for override in (in_time, reviewed):
        assert await _told(room, DPO, override) == ["override.opened"]


async def test_an_officer_who_has_left_is_told_of_nothing(
    room: Room, administrator: asyncpg.Connection
) -> None:
    leave = "update hub.agency set active = $1 where id = $2"
    await administrator.execute(leave, False, DPO.id)
    override = await opened(room[POLICE], uuid4())
    await administrator.execute(leave, True, DPO.id)
    assert await _told(room, DPO, override) == []
