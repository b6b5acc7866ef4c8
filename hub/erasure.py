"""How a service erases and corrects what it keeps, once that was decided: the SQL of its two ways in.

PostgreSQL finds the records by what every one of them has (an id, an author, a subject, a category) and
erases only what an approved request names, whoever asks: `hub.erase_in`, `hub.correct_in`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError

from hub.database import Tx
from hub.page import beyond, position
from hub.problem import Problem
from hub.view import View

REFUSED = "23"  # SQLSTATE class: a constraint of the record, or of what may be corrected
NOT_OF_ITS_TYPE = "22"


class FieldNotCorrectable(Problem):
    """This record has no such field to correct, or the field cannot say that."""

    status = 422


def kept_by(place: str) -> View:
    """Every record a service keeps about `:subjects`: what it is, whose, since when; not what it says."""
    return View(
        {
            "records": f"""
select r.subject, r.category, r.author, json_build_object('kind', r.kind,
  'record', r.record, 'under', r.under, 'subject', r.subject, 'category', r.category, 'author', r.author,
  'at', r.at) as item
from hub.records_in('{place}', cast(:subjects as uuid[])) r order by r.kind, r.at, r.record"""
        }
    )


def earlier_in(place: str) -> View:
    """What the records about `:subject` said before they were put right: a page, newest first."""
    return View(
        {
            "earlier_versions": f"""
select e.subject, e.category, e.agency as author, json_build_object('record', e.record,
  'kind', e.kind, 'subject', e.subject, 'category', e.category, 'according_to', e.agency, 'was', e.was,
  'corrected_at', e.at, 'correction', e.correction) as item, {position("e.at", "e.id")}
from {place}.earlier_version e where e.subject = cast(:subject as uuid) and {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""
        },
        paged="earlier_versions",
    )


async def erase(tx: Tx, place: str, request: UUID) -> Sequence[UUID]:
    """Erase what the approved request names here; of whom nothing is left. Twice is as good as once."""
    return await tx.value(f"select {place}.erase(cast(:request as uuid))", request=request)


async def correct(tx: Tx, place: str, correction: UUID, wrong: Mapping[str, Any]) -> int:
    """Put right what this service's records say, and record the correction; how many records it were.

    Raises FieldNotCorrectable. Twice is as good as once.
    """
    try:
        async with tx.attempt():
            return await tx.value(
                f"select {place}.correct(cast(:correction as uuid), cast(:wrong as jsonb))",
                correction=correction,
                wrong=json.dumps(wrong),
            )
    except (PostgresError, DBAPIError) as reason:
        state = str(getattr(getattr(reason, "orig", reason), "sqlstate", None) or "")
        if state[:2] in (REFUSED, NOT_OF_ITS_TYPE):
            raise FieldNotCorrectable from reason
        raise
