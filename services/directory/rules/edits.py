"""Edits of a listing: what may be edited, what differs, and who is right when a feed says otherwise.

The one rule of precedence (docs/decisions/0020): an approved edit stands until its source says the same;
where its source says something new, the edit stands and a person decides.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, cast

from hub.problem import Problem

Document = Mapping[str, Any]

COLUMNS = (
    "name",
    "description",
    "url",
    "email",
    "status",
    "fees",
    "minimum_age",
    "maximum_age",
    "alert",
)
LISTS = ("phones", "schedules")
FIELDS = (*COLUMNS, *LISTS)


class NothingChanges(Problem):
    """This is what the listing says already."""

    status = 422


class NameMissing(Problem):
    """A service without a name or a status cannot be listed."""

    status = 422


class AgesOutOfOrder(Problem):
    """The youngest age is above the oldest."""

    status = 422


class ReviewAlreadyDecided(Problem):
    """This was decided already."""

    status = 409


class ListingHasMovedOn(Problem):
    """The listing has changed since this was proposed. Look at what it says now and propose again."""

    status = 409


class Precedence(StrEnum):
    """What becomes of an edit when its source brings a field again."""

    SETTLED = "settled"
    STANDS = "stands"
    CONFLICT = "conflict"


def differences(before: Document, after: Document) -> dict[str, dict[str, Any]]:
    """Each field that differs: what it was, what it becomes. What is not there is null."""
    return {
        field: {"was": before.get(field), "becomes": after.get(field)}
        for field in FIELDS
        if same(before.get(field)) != same(after.get(field))
    }


def same(value: Any) -> Any:
    """A value in the one form in which two that mean the same are equal."""
    if isinstance(value, Mapping):
        # A member without a value says nothing, and neither does what a part is called.
        said = cast("Mapping[str, Any]", value)
        return {name: same(part) for name, part in sorted(said.items()) if part is not None and name != "id"}
    if isinstance(value, list):
        return [same(part) for part in cast("list[Any]", value)] or None
    return float(value) if isinstance(value, int | float) else value or None


def precedence(source: Any, local: Any, brought: Any) -> Precedence:
    """An edit `local` was approved while the source said `source`; now it says `brought`."""
    if same(brought) == same(local):
        return Precedence.SETTLED
    return Precedence.STANDS if same(brought) == same(source) else Precedence.CONFLICT


def check_result(after: Document) -> None:
    """Refuse an edit after which there is no listing (NameMissing, AgesOutOfOrder)."""
    if not after.get("name") or not after.get("status"):
        raise NameMissing
    youngest, oldest = after.get("minimum_age"), after.get("maximum_age")
    if youngest is not None and oldest is not None and youngest > oldest:
        raise AgesOutOfOrder


def check_still(before: Document, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse to decide on a difference that is not there any more (ListingHasMovedOn)."""
    if any(same(before.get(field)) != same(change["was"]) for field, change in changes.items()):
        raise ListingHasMovedOn


def check_open(state: str) -> None:
    """Refuse to decide twice (ReviewAlreadyDecided)."""
    if state not in ("waiting", "taken"):
        raise ReviewAlreadyDecided
