"""Take services off every list, by rules and by hand, and bring them back."""

from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import after
from services.directory.rules import freshness as rules
from services.directory.rules.freshness import NotYourListing
from services.directory.schemas import (
    Unlistable,
    Unlisted,
    UnlistedPage,
    UnlistHeard,
    UnlistingReport,
    UnlistingRule,
    UpkeepHeard,
)
from services.directory.store import freshness, unlisting
from services.directory.store.freshness import Kept


async def would_unlist(tx: Tx, upkeep: UpkeepHeard) -> UnlistingReport:
    """What the rules would unlist of everything the caller's agency keeps. Nothing is."""
    every, rows = await unlisting.unlistable(tx, upkeep.unlist_for, upkeep.unlist_after)
    return UnlistingReport(
        done=False, count=every, services=[Unlistable.model_validate(dict(row)) for row in rows]
    )


async def apply_rules(tx: Tx, upkeep: UpkeepHeard) -> UnlistingReport:
    """Unlist what the rules find, at most a thousand services, and tell their providers."""
    _, rows = await unlisting.unlistable(tx, upkeep.unlist_for, upkeep.unlist_after)
    done = [row for row in rows if await _unlisted(tx, row)]
    await unlisting.settle(tx, {row["feed"] for row in done})
    found = [Unlistable.model_validate(dict(row)) for row in done]
    return UnlistingReport(done=True, count=len(found), services=found)


async def _unlisted(tx: Tx, row: Row) -> bool:
    """Whether it was this that took it off the lists: its provider is told."""
    done = await unlisting.unlist(tx, row["service"], row["rule"], row["reason"], row["provider"])
    if done:
        await freshness.tell(tx, row["provider"], "listing.unlisted", row["service"])
    return done


async def unlist(tx: Tx, service: UUID, heard: UnlistHeard) -> None:
    """Unlist one service, for a reason. NotFound, NotYourListing, AlreadyUnlisted."""
    await take_off(tx, await _ours(tx, service), UnlistingRule(heard.rule), heard.reason)


async def take_off(tx: Tx, kept: Kept, rule: UnlistingRule, reason: str) -> None:
    """Unlist a service the caller's agency keeps, and tell its provider. AlreadyUnlisted."""
    done = await unlisting.unlist(tx, kept.id, rule, reason, kept.provider)
    rules.check_unlisted(unlisted=not done, wanted=True)
    await _settle(tx, kept)
    await freshness.tell(tx, kept.provider, "listing.unlisted", kept.id)


async def relist(tx: Tx, service: UUID, reason: str) -> None:
    """Bring a service back. NotFound, NotYourListing, NotUnlisted."""
    kept = await _ours(tx, service)
    rules.check_unlisted(unlisted=await _bring(tx, kept, reason), wanted=False)


async def bring_back(tx: Tx, kept: Kept, rule: UnlistingRule, because: str) -> None:
    """Bring a service back if it is this rule that keeps it off the lists."""
    if await unlisting.in_force(tx, kept.id) == rule:
        await _bring(tx, kept, because)


async def _bring(tx: Tx, kept: Kept, because: str) -> bool:
    done = await unlisting.relist(tx, kept.id, because)
    if done:
        await _settle(tx, kept)
        await freshness.tell(tx, kept.provider, "listing.relisted", kept.id)
    return done


async def _settle(tx: Tx, kept: Kept) -> None:
    if kept.feed is not None:
        await unlisting.settle(tx, {kept.feed})


async def _ours(tx: Tx, service: UUID) -> Kept:
    kept = await freshness.kept(tx, service)
    if kept.agency != tx.known_caller.agency:
        raise NotYourListing
    return kept


async def unlisted(tx: Tx, limit: int, cursor: str | None) -> UnlistedPage:
    """What is not listed of the caller's, and why."""
    rows = await unlisting.page(tx, limit, *after(cursor))
    following = rows[-1]["position"] if len(rows) == limit else None
    return UnlistedPage(unlisted=[Unlisted.model_validate(dict(row)) for row in rows], next=following)
