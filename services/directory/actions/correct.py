"""Hear what is wrong with a listing, and decide about it."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.page import after
from services.directory.actions import edit, withhold
from services.directory.actions.unlist import take_off
from services.directory.actions.verify import following
from services.directory.rules import edits as edit_rules
from services.directory.rules import reports as rules
from services.directory.schemas import (
    ListingFault,
    ListingReview,
    ListingReviewPage,
    ReportHeard,
    ReportReceived,
    ReviewDecisionHeard,
    UnlistingRule,
)
from services.directory.store import freshness, reviews, unlisting
from services.directory.store.freshness import Kept
from services.directory.store.reviews import Said, Wanted


@dataclass(frozen=True)
class LookedAt:
    """An entry of the queue that is being decided."""

    review: UUID
    kind: str
    via: str
    fault: str | None
    changes: edit.Changes


PROVIDERS = ("provider_link", "provider_client")


async def report(tx: Tx, service: UUID, heard: ReportHeard) -> ReportReceived:
    """Hear from anybody that a listing is wrong. NotFound, TooManyReports.

    Nothing of whoever says so is kept; telephone numbers, addresses and the like are masked in their words.
    """
    kept = await freshness.kept(tx, service)
    rules.check_rate(await reviews.reported_today(tx, service))
    said = rules.without_people(heard.said) if heard.said else None
    await reviews.raise_(tx, kept, Said("report", "family", fault=heard.fault, said=said))
    return ReportReceived(said=said)


async def queue(tx: Tx, wanted: Wanted, limit: int, cursor: str | None) -> ListingReviewPage:
    """What waits, or what became of it."""
    rows = await reviews.queue(tx, wanted, limit, *after(cursor))
    return ListingReviewPage(reviews=[_shown(dict(row)) for row in rows], next=following(rows, limit))


async def one(tx: Tx, review: UUID) -> ListingReview:
    """One entry of the queue. NotFound."""
    return _shown(dict(await reviews.one(tx, review)))


def _shown(row: dict[str, Any]) -> ListingReview:
    return ListingReview.model_validate({**row, "changes": json.loads(row["changes"] or "null")})


async def take(tx: Tx, review: UUID) -> ListingReview:
    """Look into it. NotFound, ReviewAlreadyDecided."""
    edit_rules.check_open((await reviews.hold(tx, review))["state"])
    await reviews.take(tx, review)
    return await one(tx, review)


async def decide(tx: Tx, review: UUID, heard: ReviewDecisionHeard) -> ListingReview:
    """Decide about it, which has its effect at once. NotFound, ReviewAlreadyDecided, ListingHasMovedOn."""
    entry = await reviews.hold(tx, review)
    edit_rules.check_open(entry["state"])
    kept = await freshness.kept(tx, entry["service_id"])
    changes = json.loads(entry["changes"] or "{}")
    at = LookedAt(review, entry["kind"], entry["via"], entry["fault"], changes)
    if heard.outcome == "accepted":
        await _accept(tx, kept, at, heard.reason)
    elif at.kind == "conflict":
        await edit.let_edit_stand(tx, kept, changes)
    elif at.kind == "sealed":
        await withhold.decide_all(tx, kept.id, "public", heard.reason)
    await reviews.decide(tx, review, heard.outcome, heard.reason)
    await freshness.tell(tx, kept.provider, f"listing.{at.kind}_{heard.outcome}", review)
    return await one(tx, review)


async def _accept(tx: Tx, kept: Kept, at: LookedAt, reason: str) -> None:
    if at.kind == "conflict":
        await edit.let_source_decide(tx, kept, at.review, at.changes)
    elif at.kind == "sealed":
        await withhold.decide_all(tx, kept.id, "internal", reason)
    elif at.kind == "edit":
        await edit.carry_out(tx, kept, at.review, at.changes)
        if at.via in PROVIDERS:
            await freshness.vouch(tx, kept, at.via, still_right=True)
    elif at.fault != ListingFault.CLOSED:
        await freshness.vouch(tx, kept, "council_officer", still_right=False)
    elif await unlisting.in_force(tx, kept.id) is None:
        await take_off(tx, kept, UnlistingRule.CONFIRMED_CLOSED, reason)
