"""Erasures as tests ask for them: recorded, decided as proposed by one person, approved by another."""

from typing import Any
from uuid import UUID

import asyncpg

from deploy.demo.partnership import DPO
from tests.people import Room

PATH = "/rights/erasure-requests"
SECOND = {"practitioner": "p-2"}
YEARS_AGO = "now() - interval '40 years'"


def asks(subject: UUID, **more: Any) -> dict[str, Any]:
    """The mother asks that it is erased."""
    return {
        "subject": str(subject),
        "asked_by": "Robin Synthetic",
        "capacity": "self",
        "received_on": "2026-11-02",
        **more,
    }


async def asked(room: Room, subject: UUID, **more: Any) -> tuple[str, dict[str, Any]]:
    """A request; its path, and what the hub said of it."""
    made = await room[DPO].made(PATH, asks(subject, **more))
    return f"{PATH}/{made['request']['request']}", made


async def carried_out(room: Room, path: str) -> dict[str, Any]:
    """Decided as proposed by one person, approved by another, and done."""
    await room[DPO].made(f"{path}/items")
    return await room[DPO].made(f"{path}/approve", {"reason": "I read all of it."}, headers=SECOND)


async def erased(room: Room, subject: UUID) -> str:
    """Asked for and carried out; the path of the request."""
    path, _ = await asked(room, subject)
    done = await carried_out(room, path)
    assert done["request"]["status"] == "done", done
    return path


async def long_ago(administrator: asyncpg.Connection, *subjects: UUID) -> None:
    """Put the last contact with these people, and their birthdays, so far back that nothing keeps them."""
    everybody = list(subjects)
    await administrator.execute(
        f"update hub.caseload set updated_at = {YEARS_AGO}, unseen_at = null where subject = any($1)",
        everybody,
    )
    await administrator.execute(
        "update referral.identity set date_of_birth = '1970-01-01' where subject = any($1)", everybody
    )
