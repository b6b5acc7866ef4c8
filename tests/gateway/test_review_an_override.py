"""Override, afterwards: said where the family is told, held back where it must be, reviewed by another."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from deploy.demo.partnership import EARLY_HELP, MASH, OAKFIELD, POLICE
from tests.gateway.glass import (
    COLLEAGUE,
    INSPECTOR,
    SERGEANT,
    listed,
    opened,
    runs_out,
    sees,
)
from tests.people import Family, Partner, Room, a_family, share


async def test_what_was_shown_under_it_says_so_where_the_family_is_told(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["existence"])
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
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["existence"])
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
