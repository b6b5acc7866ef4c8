"""Gathers what the services hold about a person, in the name of oversight and with the family listening.

`FAMILY` stands in the audience, so a seal hides its text from every answer: no agency is called so, and no
seal names it. What is shown to families of who looked leaves it out (`gateway.rights.who_looked`).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from fastapi import Request

from gateway.graphql.asking import Asking, PartMissing
from gateway.hop import Services
from gateway.rights.proposals import REDACTED, Asked, Record
from hub.caller import AgencyId, Caller, Scope
from hub.database import Tx
from hub.problem import TemporarilyUnavailable
from hub.seals.answers import SealedJson, Seals, sealed_json
from hub.seals.hiding import MASK

FAMILY = AgencyId("the-family")
# What the services want of whoever they say it to, all of it together.
GATHERS = (Scope.RECORDS_OVERSEE, Scope.CASES_READ, Scope.ASSESSMENTS_READ, Scope.PLANS_READ)

CATEGORIES = {
    "household": "family_household",
    "members": "family_household",
    "memberships": "family_household",
    "identities": "identity_contact",
    "addresses": "home_address",
    "attendance": "education_attendance",
    "concerns": "safeguarding_concern",
    "involvements": "existence",
    "referrals": "request_for_help",
    "moves": "request_for_help",
    "triage": "professional_notes",
    "minutes": "meeting_minutes",
    "engagements": "family_household",
}

NAMING = ("person", "subject", "household", "children", "adults")


@dataclass(frozen=True)
class Gathered:
    """Everything held about a person, and whose households they belong to."""

    records: Sequence[Record]
    households: Sequence[UUID]


def before_the_family(caller: Caller) -> Caller:
    """The caller with the family in the room: nothing sealed is said before them."""
    return replace(caller, audience=(*caller.audience, FAMILY))


async def sealed_for_the_family(tx: Tx, seals: Seals, said: Any) -> tuple[SealedJson, dict[str, Any]]:
    """What a paper of theirs says, whoever asked us for it: sealed as before them, and read back.

    Whatever is taken out looks the same: that something is sealed is nothing it says.
    """
    tx.caller = before_the_family(tx.known_caller)
    sealed = await sealed_json(tx, seals, json.dumps(said).encode())
    return sealed, json.loads(sealed.decode().replace(MASK, REDACTED))


async def gather(request: Request, caller: Caller, person: UUID) -> Gathered:
    """What every service holds about a person. TemporarilyUnavailable if one of them does not answer."""
    services: Services = request.app.state.services
    asking = Asking(before_the_family(caller), request.state.request_id, services.hops, services.signer)
    own = await _get(asking, "referral", f"/people/{person}/records")
    households = sorted({row["household"] for row in own["memberships"]})
    found = [*_records(own)]
    for household in households:
        found += _records(await _get(asking, "referral", f"/households/{household}/case"))
        found += await _assessed(asking, household)
    return Gathered(_in_order(found), [UUID(household) for household in households])


async def _assessed(asking: Asking, household: str) -> list[Record]:
    case = await _get(asking, "assessment", f"/households/{household}/case")
    found = [*_records(case)]
    for kind in ("assessment", "plan"):
        for row in case.get(f"{kind}s", []):
            whole = await _get(asking, "assessment", f"/{kind}s/{row[kind]}")
            found += [Record(f"{kind}_moves", _category(kind, move), move) for move in whole["moves"]]
    return found


async def _get(asking: Asking, part: str, path: str) -> dict[str, Any]:
    answer = await asking.get(part, path)
    if isinstance(answer, PartMissing):
        raise TemporarilyUnavailable(f"The {part} part of the hub did not answer, so nothing was gathered.")
    return answer or {}


def _records(answer: Mapping[str, Any]) -> Iterable[Record]:
    for part, said in answer.items():
        rows = cast("list[dict[str, Any]]", said if isinstance(said, list) else [said] if said else [])
        if part != "memberships":  # they stand in the household's own answer, with everybody's
            yield from (Record(part, _category(part, row), row) for row in rows)


def _category(part: str, row: Mapping[str, Any]) -> str:
    return row.get("category") or CATEGORIES.get(part, "plan_and_actions")


def _in_order(records: Sequence[Record]) -> list[Record]:
    """By part, each once: a person's own records stand in their household's answer too."""
    once: dict[str, list[Record]] = {}
    for record in records:
        alike = once.setdefault(record.part, [])
        if record not in alike:
            alike.append(record)
    return [record for alike in once.values() for record in alike]


def everybody_in(gathered: Gathered) -> set[str]:
    """The ids of all the people whom these records are about or name, and of their households."""
    found = {str(household) for household in gathered.households}
    for record in gathered.records:
        for name in NAMING:
            said = record.content.get(name)
            found |= set(cast("list[str]", said)) if isinstance(said, list) else {said} if said else set()
    return found


def asked_of(person: UUID, gathered: Gathered, *, for_a_child: bool, sealed: Iterable[str]) -> Asked:
    """Who is asked about, and what says who the others are, read off the records themselves."""
    own = [r for r in gathered.records if r.content.get("person") == str(person)]
    others = [r for r in gathered.records if r.content.get("person") not in (None, str(person))]
    own_words = {word.lower() for record in own for word in _telling(record)}
    subjects = frozenset({str(person), *map(str, gathered.households)})
    return Asked(
        subjects=subjects,
        own_names=frozenset(r.content["given_name"].lower() for r in own if r.part == "identities"),
        others=frozenset(w for r in others for w in _telling(r) if w.lower() not in own_words),
        people=frozenset(everybody_in(gathered) - subjects),
        for_a_child=for_a_child,
        sealed=frozenset(sealed),
    )


def _telling(record: Record) -> Iterable[str]:
    """The words by which a record tells who somebody is: names, birthday, numbers, address."""
    said = record.content
    if record.part == "identities":
        yield from (word for name in ("given_name", "family_name") for word in re.split(r"\s+", said[name]))
        yield f"{said['given_name']} {said['family_name']}"
        year, month, day = said["date_of_birth"].split("-")
        yield from (said["date_of_birth"], f"{day}/{month}/{year}", *([said["upn"]] if said["upn"] else []))
    if record.part == "addresses":
        yield from (*said["lines"], *([said["postcode"]] if said["postcode"] else []))
