"""Propose edits of a listing, carry approved ones out, and go back to what it said before."""

import json
from typing import Any
from uuid import UUID

from hub.database import Tx
from services.directory.actions import secret_places
from services.directory.actions.verify import use_link
from services.directory.rules import edits as rules
from services.directory.rules import masks
from services.directory.rules.freshness import NotYourListing
from services.directory.schemas import (
    ChangesHeard,
    EditHeard,
    EditProposed,
    FieldDifference,
    LinkEditHeard,
    ListingVersion,
    ListingVersionPage,
)
from services.directory.store import edits as store
from services.directory.store import freshness, reviews, unlisting, versions, withholding
from services.directory.store.freshness import Kept
from services.directory.store.reviews import Said

Changes = dict[str, dict[str, Any]]


async def propose(tx: Tx, service: UUID, heard: EditHeard) -> EditProposed:
    """Propose an edit of a listing. NotFound, NotYourListing, NothingChanges, NameMissing, AgesOutOfOrder."""
    kept, via = await _whose(tx, service)
    changes = _changes(await store.document(tx, service), heard.changes)
    return await _proposed(tx, kept, Said("edit", via, said=heard.note, changes=changes))


async def _whose(tx: Tx, service: UUID) -> tuple[Kept, str]:
    kept, agency = await freshness.kept(tx, service), tx.known_caller.agency
    if agency not in (kept.agency, kept.provider):
        raise NotYourListing
    return kept, "officer" if agency == kept.agency else "provider_client"


def _changes(document: dict[str, Any], heard: ChangesHeard) -> Changes:
    """What an edit would change; NothingChanges if it is what the listing says."""
    wanted = heard.model_dump(mode="json", exclude_unset=True)
    changes = rules.differences(document, {**document, **wanted})
    if not changes:
        raise rules.NothingChanges
    rules.check_result({**document, **wanted})
    return changes


async def _proposed(tx: Tx, kept: Kept, said: Said) -> EditProposed:
    review = await reviews.raise_(tx, kept, said)
    await freshness.tell(tx, kept.agency, "listing.edit_proposed", review)
    shown = {field: FieldDifference(**change) for field, change in (said.changes or {}).items()}
    return EditProposed(review=review, changes=shown)


async def something_changed(tx: Tx, secret: str, heard: LinkEditHeard) -> None:
    """A provider says by its link what has changed. LinkNotGood, NothingChanges and the rest."""
    kept = await use_link(tx, secret)
    document = await store.document(tx, kept.id)
    try:
        changes = _changes(document, heard.changes)
    except rules.NothingChanges:
        if not heard.note:
            raise
        changes = {}
    await _proposed(tx, kept, Said("edit", "provider_link", said=heard.note, changes=changes))


async def carry_out(tx: Tx, kept: Kept, review: UUID, changes: Changes) -> None:
    """Write an approved edit into the listing. ListingHasMovedOn if it says something else by now."""
    before = await store.document(tx, kept.id)
    rules.check_still(before, changes)
    await versions.keep(tx, [kept.id], "before_edit")
    values = await _publishable(tx, kept, {field: change["becomes"] for field, change in changes.items()})
    changes = {field: {**change, "becomes": values[field]} for field, change in changes.items()}
    rules.check_result({**before, **values})
    await store.write(tx, kept.id, values)
    await store.stand_by(tx, kept.id, review, changes)
    await versions.keep(tx, [kept.id], "edit", review)
    if kept.feed is not None:
        await unlisting.settle(tx, {kept.feed})


async def _publishable(tx: Tx, kept: Kept, values: dict[str, Any]) -> dict[str, Any]:
    """What is to be written, without colleagues' mailboxes and secret addresses (decision 0024)."""
    named = masks.mailboxes(list(values.values()))
    values = masks.without(values, await withholding.colleagues(tx, named))
    return await secret_places.without(tx, kept.id, values)


async def let_source_decide(tx: Tx, kept: Kept, review: UUID, changes: Changes) -> None:
    """The feed was right: its words replace the edit, which is over."""
    values = await _publishable(tx, kept, {field: change["becomes"] for field, change in changes.items()})
    for field, value in values.items():
        await store.write(tx, kept.id, {field: value})
        await store.give_way(tx, kept.id, field)
    await versions.keep(tx, [kept.id], "conflict", review)


async def let_edit_stand(tx: Tx, kept: Kept, changes: Changes) -> None:
    """The edit was right: what the feed says is known now and asked about no more."""
    for field, change in changes.items():
        await store.source_said(tx, kept.id, field, change["becomes"])


async def history(tx: Tx, service: UUID, limit: int, before: int | None) -> ListingVersionPage:
    """What a listing said before. NotFound unless the caller may see it; empty unless it is theirs."""
    await freshness.kept(tx, service)
    rows = await versions.page(tx, service, limit, before)
    found: list[ListingVersion] = []
    for row in rows:
        document, previous = json.loads(row["document"]), json.loads(row["previous"])
        changes = rules.differences(previous, document)
        found.append(ListingVersion.model_validate({**dict(row), "document": document, "changes": changes}))
    return ListingVersionPage(versions=found, next=found[-1].number if len(found) == limit else None)


async def restore(tx: Tx, service: UUID, number: int) -> EditProposed:
    """Propose that a listing says again what it said in an earlier version."""
    kept, via = await _whose(tx, service)
    wanted = json.loads((await versions.one(tx, service, number))["document"])
    changes = rules.differences(await store.document(tx, service), wanted)
    if not changes:
        raise rules.NothingChanges
    return await _proposed(tx, kept, Said("edit", via, said=f"Back to version {number}.", changes=changes))
