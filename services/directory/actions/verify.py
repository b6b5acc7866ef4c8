"""Vouch for a listing: an officer, its provider's own system, or its provider by a link."""

import json
from collections.abc import Sequence
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import after
from services.directory.actions.unlist import bring_back
from services.directory.rules import freshness as rules
from services.directory.rules import links as link_rules
from services.directory.rules.freshness import Days, NotYourListing
from services.directory.schemas import (
    Freshness,
    Link,
    Links,
    LinksHeard,
    Listing,
    ListingDue,
    ListingDuePage,
    NotAsked,
    UnlistingRule,
    UpkeepHeard,
    Verification,
    VerificationHeard,
    Verifications,
)
from services.directory.store import freshness as store
from services.directory.store import links
from services.directory.store.freshness import Kept

GONE_OFF = (Freshness.AGEING, Freshness.STALE)


async def decide_upkeep(tx: Tx, heard: UpkeepHeard) -> UpkeepHeard:
    """Decide how long a check holds for everything the caller's agency keeps. DaysOutOfOrder."""
    rules.check_days(Days(heard.ageing_after, heard.stale_after, heard.unlist_after))
    await store.decide_upkeep(tx, **heard.model_dump())
    return heard


async def upkeep(tx: Tx) -> UpkeepHeard:
    """What the caller's agency decided, or the hub's own days."""
    decided = await store.upkeep(tx)
    return UpkeepHeard.model_validate(dict(decided)) if decided else UpkeepHeard()


async def due(tx: Tx, wanted: Freshness | None, limit: int, cursor: str | None) -> ListingDuePage:
    """The listings nobody vouched for lately."""
    rows = await store.due(tx, [wanted] if wanted else GONE_OFF, limit, *after(cursor))
    return ListingDuePage(
        due=[ListingDue.model_validate(dict(row)) for row in rows], next=following(rows, limit)
    )


def following(rows: Sequence[Row], limit: int) -> str | None:
    """The cursor of the page after these rows."""
    return rows[-1]["position"] if len(rows) == limit else None


async def check(tx: Tx, service: UUID, heard: VerificationHeard) -> None:
    """An officer checked a listing that the caller's agency keeps. NotFound, NotYourListing."""
    kept = await store.kept(tx, service)
    if kept.agency != tx.known_caller.agency:
        raise NotYourListing
    await store.vouch(tx, kept, heard.how, still_right=heard.still_right)
    if heard.still_right:
        await bring_back(tx, kept, UnlistingRule.STALE, "Somebody checked it.")


async def confirm(tx: Tx, service: UUID) -> None:
    """A provider's own system says its listing is right. NotFound, NotYourListing."""
    kept = await store.kept(tx, service)
    if kept.provider is None or kept.provider != tx.known_caller.agency:
        raise NotYourListing
    await store.vouch(tx, kept, "provider_client", still_right=True)


async def checks(tx: Tx, service: UUID, limit: int, cursor: str | None) -> Verifications:
    """Every check of a listing. NotFound if the caller may not see the listing."""
    await store.kept(tx, service)
    rows = await store.checks(tx, service, limit, *after(cursor))
    found = [Verification.model_validate(dict(row)) for row in rows]
    return Verifications(verifications=found, next=following(rows, limit))


async def ask_providers(tx: Tx, heard: LinksHeard, public_url: str) -> Links:
    """Issue a link for each service the caller's agency keeps and publishes. TooManyLinks if none may be."""
    days = (await upkeep(tx)).link_days
    askable = {row["id"]: row for row in await links.askable(tx, heard.services)}
    issued: list[Link] = []
    refused = [NotAsked(service=s, why="not_found") for s in heard.services if s not in askable]
    for service, row in askable.items():
        if row["today"] >= link_rules.LINKS_A_DAY:
            refused.append(NotAsked(service=service, why="asked_often"))
            continue
        secret = link_rules.fresh_secret()
        ends = await links.issue(tx, service, link_rules.digest(secret), heard.language, days)
        url = f"{public_url}/listing/{secret}"
        issued.append(Link(service=service, name=row["name"], email=row["email"], url=url, expires_at=ends))
    if askable and not issued:
        raise link_rules.TooManyLinks(headers={"retry-after": "86400"})
    return Links(links=issued, not_asked=refused)


async def open_link(tx: Tx, secret: str) -> Listing:
    """The listing a link is about, as it is published. Nothing changes. LinkNotGood."""
    link = await _good(tx, secret)
    return Listing(
        service=link["service"],
        language=link["language"],
        expires_at=link["expires_at"],
        organization=link["organization"],
        verified_at=link["verified_at"],
        document=json.loads(link["document"]),
        places=json.loads(link["places"] or "[]"),
    )


async def _good(tx: Tx, secret: str) -> Row:
    found = await links.opened(tx, link_rules.digest(secret))
    if found is None:
        raise link_rules.LinkNotGood
    return found


async def use_link(tx: Tx, secret: str) -> Kept:
    """Use a link up, and act for the agency that issued it, on its one service. LinkNotGood."""
    link = await _good(tx, secret)
    if not await links.spend(tx, link):
        raise link_rules.LinkNotGood
    return await store.kept(tx, link["service"])


async def still_right(tx: Tx, secret: str) -> None:
    """A provider says by its link that the listing is right. What was unlisted as stale comes back."""
    kept = await use_link(tx, secret)
    await store.vouch(tx, kept, "provider_link", still_right=True)
    await bring_back(tx, kept, UnlistingRule.STALE, "Its provider says that it is right.")


async def appoint(tx: Tx, organization: UUID, agency: str) -> None:
    """Let an agency speak for an organisation. NotFound if the caller's does not keep it; AgencyUnknown."""
    await store.appoint(tx, organization, agency)
