"""Two agencies that work together under an agreement of their own, and nothing else between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from deploy.demo.clients import ClientKey
from deploy.demo.partner import Partner
from deploy.demo.partnership import HOUSING, OAKFIELD, Agency
from deploy.local import Running
from gateway.oauth import clients
from hub.caller import PURPOSE_SCOPE, AgencyId, Purpose
from hub.database import Database

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Two:
    """A school and a housing association that joined today."""

    school: Partner
    housing: Partner

    async def draft(self, **changed: Any) -> str:
        """An agreement the school drafts; its id."""
        return (await self.school.made("/sharing/agreements", agreement(self, **changed)))["agreement"]

    async def signed(self, **changed: Any) -> str:
        """An agreement in force."""
        drafted = await self.draft(**changed)
        for partner in (self.school, self.housing):
            await partner.made(f"/sharing/agreements/{drafted}/sign", SIGNATURE)
        return drafted

    async def end(self, drafted: str, by: Partner | None = None) -> httpx.Response:
        """It is ended early."""
        return await (by or self.school).post(
            f"/sharing/agreements/{drafted}/end", {"reason": "We merge with another."}
        )


SIGNATURE = {"signatory": "Sam Synthetic, head teacher", "signed_on": NOW.date().isoformat()}


def agreement(two: Two, **changed: Any) -> dict[str, Any]:
    """What the school drafts."""
    return {
        "title": "A synthetic agreement",
        "dpia_reference": "DPIA-7",
        "parties": [two.school.agency.id, two.housing.agency.id],
        "categories": ["existence", "identity_contact", "family_household"],
        "purposes": ["early_help"],
        "expires": (NOW + timedelta(days=90)).isoformat(),
        **changed,
    }


def rule(**changed: Any) -> dict[str, Any]:
    """One rule of the draft."""
    return {
        "effect": "allow",
        "modes": ["EXISTENCE", "CONTENT"],
        "dataTypes": ["personal.details"],
        "destOrgTypes": ["HOUSING"],
        "purposes": ["EARLY_HELP"],
        "validFrom": "2026-01-01T00:00:00Z",
        **changed,
    }


def loaded(two: Two, *defaults: dict[str, Any], exceptions: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """What the school loads."""
    document = {"orgId": two.school.agency.id, "version": "2026-11-10T12:00:00Z"}
    rules = {"defaults": list(defaults), "exceptions": list(exceptions)}
    return {
        "title": "Loaded",
        "dpia_reference": "DPIA-8",
        "expires": (NOW + timedelta(days=60)).isoformat(),
        "documents": [document | rules],
    }


async def two_agencies(hub: Running, http: httpx.AsyncClient) -> Two:
    """Two new members of the partnership."""
    made = [await joined(hub, http, like) for like in (OAKFIELD, HOUSING)]
    return Two(*made)


async def joined(hub: Running, http: httpx.AsyncClient, like: Agency, name: str | None = None) -> Partner:
    """A new member of the partnership, of the type and with the scopes of another."""
    known_as = name or f"New {like.name}"
    agency = Agency(AgencyId(f"{like.type}-{uuid4().hex[:12]}"), known_as, like.type, like.scopes)
    key = ClientKey.fresh()
    database = Database(hub.settings["gateway"].need("database_url"), 1)
    async with database.transaction(None, "register", uuid4()) as tx:
        await clients.join(tx, agency.id, agency.name, agency.type)
        scopes = [*agency.scopes, *(PURPOSE_SCOPE + purpose for purpose in Purpose)]
        await clients.register(tx, agency.client, agency.id, agency.name, [key.public], scopes)
        await tx.commit()
    await database.close()
    return Partner(agency, key, http, hub.url)
