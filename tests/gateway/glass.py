"""Breaking the glass, as the police do it in the tests: a sergeant, an inspector and a colleague."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from tests.people import Partner

SERGEANT, INSPECTOR, COLLEAGUE = ({"practitioner": who} for who in ("ps-1", "insp-2", "pc-3"))


def asks_to_see(subject: UUID, **more: Any) -> dict[str, Any]:
    """What a sergeant sends."""
    return {
        "subject": str(subject),
        "categories": ["identity_contact"],
        "purpose": "safeguarding",
        "reason_code": "missing_child",
        "words": "Missing from home since last night.",
        "second_person": "insp-2",
        **more,
    }


async def opens(partner: Partner, subject: UUID, **more: Any) -> httpx.Response:
    """The sergeant breaks the glass."""
    return await partner.post("/sharing/overrides", asks_to_see(subject, **more), headers=SERGEANT)


async def opened(partner: Partner, subject: UUID, **more: Any) -> str:
    """The id of an override in force."""
    answer = await opens(partner, subject, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["override"]


async def sees(partner: Partner, person: UUID, who: dict[str, str], purpose: str = "safeguarding") -> bool:
    """Whether the person is there for somebody."""
    answer = await partner.get(f"/referral/people/{person}", headers=who, purpose=purpose)
    return answer.status_code == 200


async def listed(partner: Partner, override: str, **asked: Any) -> dict[str, Any] | None:
    """What the agency's list says of an override."""
    page = await partner.get("/sharing/overrides", params=asked, headers=INSPECTOR)
    assert page.status_code == 200, page.text
    return next((item for item in page.json()["overrides"] if item["override"] == override), None)


async def runs_out(administrator: asyncpg.Connection, override: str) -> None:
    """Four days pass."""
    earlier = "starts = starts - interval '4 days', ends = ends - interval '4 days'"
    await _moves(administrator, override, earlier, ("hub.override_grant", "hub.override_event"))


async def ends_by(administrator: asyncpg.Connection, override: str, moment: str) -> None:
    """It was opened for no longer than until a moment, in SQL; its grants are as they were."""
    await _moves(administrator, override, f"ends = {moment}", ("hub.override_event",))


async def _moves(
    administrator: asyncpg.Connection, override: str, times: str, tables: tuple[str, ...]
) -> None:
    """Its times are others. The log is told as of an erasure, so that it still holds for other tests."""
    async with administrator.transaction():
        for name in ("agency", "client", "practitioner", "purpose", "audience", "operation"):
            await administrator.execute("select set_config($1, 'time', true)", f"hub.{name}")
        made_up = uuid4()
        await administrator.execute("select set_config('hub.request', $1, true)", str(made_up))
        rows = await administrator.fetch(
            "select id from hub.override_event where override = $1 and event = 'opened'", UUID(override)
        )
        steps = [row["id"] for row in rows]
        await administrator.execute("select hub.strike_out($1, 'override_event', $2::uuid[])", made_up, steps)
        for table in tables:
            await administrator.execute(f"update {table} set {times} where override = $1", UUID(override))
        await administrator.execute(
            "select hub.enter('override_event', $1::uuid[], $2)", steps, f"erasure {made_up}"
        )
