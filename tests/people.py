"""Personas in one place: the partnership's clients, and families that are plainly synthetic."""

import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from deploy.demo.clients import ClientKey, register_partnership
from deploy.demo.partner import Partner
from deploy.demo.partnership import OAKFIELD, REGISTERED, Agency
from gateway.oauth import clients
from hub.caller import ClientId
from hub.database import Database
from hub.settings import Settings
from services.referral.rules.identifiers import check_letter

KEYS = {agency.client: ClientKey.fresh() for agency in REGISTERED}
_numbers = itertools.count(1)


async def introduce(gateway: Settings) -> None:
    """Register the partnership's agencies and clients with the gateway."""
    await register_partnership(gateway, {client: key.public for client, key in KEYS.items()})


async def allow_for_tests(host: Partner) -> None:
    """Let a few clients ask for hundreds in vain: its limits are for people at work."""
    rules = {"agreements_required": True, "reading_limit_factor": 1000, "reason": "Synthetic callers."}
    answer = await host.ask("PUT", "/partnership/rules", json=rules)
    assert answer.status_code == 204, answer.text


async def a_team(gateway: Settings, agency: Agency, team: str) -> str:
    """A team of an agency, with a client of its own; `agency/team`, as a decision names it."""
    database = Database(gateway.need("database_url"), 1)
    async with database.transaction(None, "register", uuid4()) as tx:
        client = ClientId(f"{agency.id}-{team}")
        await clients.register(tx, client, agency.id, team, [ClientKey.fresh().public], (), team)
        await tx.commit()
    await database.close()
    return f"{agency.id}/{team}"


@dataclass(frozen=True)
class Room:
    """Everybody round the table."""

    partners: Mapping[str, Partner]

    def __getitem__(self, agency: Agency) -> Partner:
        return self.partners[agency.id]

    def who_may(self, scopes: Collection[str]) -> Partner | None:
        """Somebody with every one of these scopes."""
        able = (one for one in self.partners.values() if set(scopes) <= one.agency.scopes)
        return next(able, None)


@dataclass(frozen=True)
class Family:
    """A household of one agency's: a child and a parent, with ids."""

    household: UUID
    child: UUID
    parent: UUID
    upn: str


def fresh_upn() -> str:
    """A valid UPN nobody else in this run has."""
    rest = f"801{next(_numbers):09d}"
    return check_letter(rest) + rest


async def a_family(room: Room, agency: Agency = OAKFIELD) -> Family:
    """A family known to one school only."""
    school, upn = room[agency], fresh_upn()
    child = await school.made(
        "/referral/people",
        {
            "upn": upn,
            "given_name": "Sky",
            "family_name": "Synthetic",
            "date_of_birth": "2016-05-04",
            "address": {"lines": ["1 Example Street"], "postcode": "BS5 6AA"},
        },
    )
    parent = await school.made(
        "/referral/people",
        {"given_name": "Robin", "family_name": "Synthetic", "date_of_birth": "1988-01-02"},
    )
    members = [
        {"person": child["person"], "role": "child"},
        {"person": parent["person"], "role": "parent"},
    ]
    made = await school.made("/referral/households", {"name": "Synthetic", "members": members})
    return Family(UUID(made["household"]), UUID(child["person"]), UUID(parent["person"]), upn)


async def share(by: Partner, agency: Agency, subjects: list[UUID], categories: list[str], **more: Any) -> str:
    """Record that `agency` may see `categories` about `subjects`; the decision's id."""
    decision = {
        "agency": agency.id,
        "subjects": [str(subject) for subject in subjects],
        "categories": categories,
        "purpose": "early_help",
        "basis": "agreement",
        "given_by": "Robin Synthetic, mother, parental responsibility",
        "reason": "The family asked for help together.",
        **more,
    }
    return (await by.made("/sharing/decisions", decision))["decision"]
