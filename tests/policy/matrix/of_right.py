"""What a family asks for of right, at every step of its way; what is erased, and what is past its time."""

from typing import Any
from uuid import UUID

import asyncpg

from deploy.demo.partner import Partner
from tests.gateway.erasing import long_ago
from tests.policy.matrix.families import REASON, SECOND, everybody, write
from tests.policy.matrix.values import OF_RIGHT, Records


async def of_right(author: Partner, officer: Partner, records: dict[str, str]) -> None:
    """What a family asked for of right, at every step of its way; and a hold on what there is of a relative.

    Only who oversees handles these, so only the families that oversight is asked about have them. A colleague
    decided whatever whoever asks may release or approve.
    """
    facts = {"given_name": "Ash", "family_name": "Synthetic", "date_of_birth": "1960-01-02"}
    await write(author, records, "relative", "/referral/people", facts, kind="person")
    await _held(officer, records, records["relative"])
    copies, erasures = "/rights/access-requests", "/rights/erasure-requests"
    person, parent = _asked_for(records["person"]), _asked_for(records["parent"])
    for name in ("copy_ready", "copy_released", "access_request"):
        records |= {"item": await _requested(officer, records, name, copies, person)}
    for name in ("erasure_ready", "erasure_answered", "erasure_request"):
        records |= {"erasure_item": await _requested(officer, records, name, erasures, parent)}
    protected = {"capacity": "parental_responsibility"}
    await _requested(officer, records, "copy_undecided", copies, parent | protected)
    await _requested(officer, records, "erasure_undecided", erasures, parent | protected)
    await _decided(officer, f"{copies}/{records['copy_ready']}/items")
    await _released(officer, records["copy_released"])
    await _decided(officer, f"{erasures}/{records['erasure_ready']}/items")
    refusal = {"outcome": "refuse", "reason": REASON}
    await officer.made(f"{erasures}/{records['erasure_answered']}/decision", refusal)


async def erased(officer: Partner, records: dict[str, str], administrator: asyncpg.Connection) -> None:
    """Everything there is of a family: a copy was released to them, and then two people erased it."""
    await _held(officer, records, records["parent"])
    await officer.made(f"/retention/holds/{records['hold']}/end", {"reason": REASON})
    copies, erasures = "/rights/access-requests", "/rights/erasure-requests"
    asked = _asked_for(records["person"])
    records |= {"item": await _requested(officer, records, "access_request", copies, asked)}
    await _released(officer, records["access_request"])
    await past_its_time(administrator, records)
    await _requested(officer, records, "erasure_request", erasures, _asked_for(records["household"]))
    # An order protects one of the household: a person has to say that it goes on.
    going_on = {"outcome": "answer", "reason": REASON}
    going = await officer.made(f"{erasures}/{records['erasure_request']}/decision", going_on)
    records["erasure_item"] = going["items"][0]["item"]
    await _decided(officer, f"{erasures}/{records['erasure_request']}/items")
    await officer.made(f"{erasures}/{records['erasure_request']}/approve", {"reason": REASON})
    records["relative"] = records["parent"]
    for name in OF_RIGHT:
        kind = "access_request" if name.startswith("copy") else "erasure_request"
        records.setdefault(name, records[kind])


async def past_its_time(administrator: asyncpg.Connection, records: Records) -> None:
    """What there is of a family, kept for longer than anything is kept."""
    known = [*everybody(records), *([records["relative"]] if "relative" in records else [])]
    await long_ago(administrator, *map(UUID, known))


async def _held(officer: Partner, records: dict[str, str], subject: str) -> None:
    hold = {"subject": subject, "kind": "inquiry", "reason": REASON}
    await write(officer, records, "hold", "/retention/holds", hold)


def _asked_for(subject: str) -> dict[str, str]:
    asked = {"asked_by": "Robin Synthetic", "capacity": "self", "received_on": "2026-11-02"}
    return {"subject": subject, **asked}


async def _requested(officer: Partner, records: dict[str, str], name: str, path: str, body: Any) -> str:
    """Record a request; the id of its first item, if a person need not decide first."""
    answer = await officer.made(path, body)
    records[name] = answer["request"]["request"]
    return answer["items"][0]["item"] if answer["items"] else ""


async def _decided(officer: Partner, items: str) -> None:
    await officer.made(items, headers={"practitioner": SECOND})


async def _released(officer: Partner, request: str) -> None:
    path = f"/rights/access-requests/{request}"
    await _decided(officer, f"{path}/items")
    await officer.made(f"{path}/release", {"reason": REASON})
