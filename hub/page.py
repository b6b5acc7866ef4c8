"""Keyset pages: a cursor names the last row shown, so rows that come or go never repeat or hide another."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field, TypeAdapter

from hub.line import Row
from hub.problem import Problem

LIMIT = 100
Limit = Annotated[int, Query(ge=1, le=LIMIT, description=f"rows in a page, at most {LIMIT}")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next` of the page before")]


class Paged(BaseModel):
    """What every page of a list has beside its rows."""

    next: str | None = Field(description="`cursor` of the next page; null where this one was not full")


class CursorNotValid(Problem):
    """This cursor did not come from a page of ours."""

    status = 422


def after(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    """The position to go on from: (moment, id), or (None, None) for the first page."""
    if cursor is None:
        return None, None
    try:
        moment, _, identity = _plain(cursor).partition("|")
        at, row = datetime.fromisoformat(moment), UUID(identity)
    except ValueError as reason:
        raise CursorNotValid from reason
    if at.tzinfo is None:
        raise CursorNotValid
    return at, row


def after_names(cursor: str | None, many: int) -> tuple[str, ...]:
    """The position to go on from in a list ordered by `many` texts; as many empty ones for the first page."""
    if cursor is None:
        return ("",) * many
    try:
        found = TypeAdapter(tuple[str, ...]).validate_json(_plain(cursor))
    except ValueError as reason:
        raise CursorNotValid from reason
    if len(found) != many or any("\0" in name for name in found):
        raise CursorNotValid
    return found


def position(moment: str, identity: str) -> str:
    """SQL for the cursor of a row, from the expressions for its moment and its id."""
    return _position(f"{moment}::text || '|' || {identity}::text")


def position_by_names(*columns: str) -> str:
    """SQL for the cursor of a row in a list ordered by these texts, of which none is null."""
    return _position(f"json_build_array({', '.join(columns)})::text")


def beyond(moment: str, identity: str) -> str:
    """SQL that is true of the rows after the cursor `:moment`, `:identity`, newest first.

    One comparison of two pairs, so that an index in that order begins where the cursor stands.
    """
    return (
        f"({moment}, {identity}) < (coalesce(cast(:moment as timestamptz), 'infinity'),"
        " coalesce(cast(:identity as uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"
    )


def ahead(moment: str, identity: str) -> str:
    """The same where the earliest comes first."""
    return (
        f"({moment}, {identity}) > (coalesce(cast(:moment as timestamptz), '-infinity'),"
        " coalesce(cast(:identity as uuid), '00000000-0000-0000-0000-000000000000'))"
    )


def tail(rows: Sequence[Row], limit: int) -> str | None:
    """The cursor of the next page, from the rows of this one; None where this one was not full."""
    return rows[-1]["position"] if len(rows) == limit else None


def _plain(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor.encode()).decode()
    except (ValueError, binascii.Error) as reason:
        raise CursorNotValid from reason


def _position(plain: str) -> str:
    return f"translate(encode(convert_to({plain}, 'UTF8'), 'base64'), E'+/\\n', '-_') as position"
