"""How a service erases and corrects what it keeps, once decided: the SQL of its two ways in, and its limits.

PostgreSQL finds the records by what every one of them has (an id, an author, a subject, a category) and
erases only what an approved request names, whoever asks: `hub.erase_in`, `hub.correct_in`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from asyncpg import PostgresError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model
from pydantic.fields import FieldInfo
from sqlalchemy.exc import DBAPIError

from hub.caller import AgencyId
from hub.database import Tx
from hub.heard import Account, Heard, Line, Words
from hub.page import Paged, beyond, position
from hub.problem import Problem
from hub.sharing import Category
from hub.view import View

REFUSED = "23"  # SQLSTATE class: a constraint of the record, or of what may be corrected
NOT_OF_ITS_TYPE = "22"


class FieldNotCorrectable(Problem):
    """This record has no such field to correct, or the field cannot say that."""

    status = 422


# Whatever a field of a record can hold: text and dates, numbers, lists, and lists of things said.
Told: TypeAlias = str | int | bool | list[str] | list[dict[str, str]] | None
# As it may be put right, before its service holds it to the record's own limits.
Name = Annotated[str, StringConstraints(pattern="^[a-z_]{1,63}$")]
Most = Field(max_length=50)
Right: TypeAlias = (
    Account
    | Annotated[int, Field(ge=-(2**31), lt=2**31)]
    | bool
    | Annotated[list[Line], Most]
    | Annotated[list[dict[Name, Words]], Most]
    | None
)


class KeptRecord(BaseModel):
    """That a record is kept: what it is, whose, since when; not what it says."""

    kind: str = Field(description="what it is, such as `concern`")
    record: UUID
    under: list[UUID] = Field(description="the records it is part of")
    subject: UUID
    category: Category
    author: AgencyId
    at: datetime | None = Field(description="since when; null for a kind of record that has no moment")


class KeptRecords(BaseModel):
    """Every record kept about some people and households."""

    records: list[KeptRecord]


class EarlierVersionShown(BaseModel):
    """What a record said before it was put right."""

    record: UUID
    kind: str = Field(description="what the record is, such as `identity`")
    subject: UUID
    category: Category
    according_to: AgencyId
    was: dict[str, Told] = Field(description="the fields that were put right, each as it was")
    corrected_at: datetime
    correction: UUID


class EarlierVersionsPage(Paged):
    """A page of what records said before they were put right, newest first."""

    earlier_versions: list[EarlierVersionShown]


class Erased(BaseModel):
    """Of whom nothing is left in this part of the hub."""

    gone: list[UUID]


class Corrected(BaseModel):
    """How many records were put right."""

    corrected: int


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


class _Fields(Heard):
    """Fields of records. Those that are not of this service's are nothing to it."""

    model_config = ConfigDict(extra="ignore")


def as_heard(*schemas: type[BaseModel]) -> type[BaseModel]:
    """What a service's records can be put right to say: each field in the limits of what said it first.

    A name that several schemas hear is in the limits of one of them.
    """
    said: dict[str, Any] = {}
    for schema in schemas:
        for name, field in schema.model_fields.items():
            one = _alone(field)
            said[name] = said[name] | one if name in said else one
    fields: dict[str, Any] = {name: (one, None) for name, one in said.items()}
    return create_model("Fields", __base__=_Fields, **fields)


def _alone(field: FieldInfo) -> Any:
    """Its type and its limits, without what it is where it is left out."""
    limited: Any = Annotated
    return limited[field.annotation, *field.metadata] if field.metadata else field.annotation


async def correct(
    tx: Tx, place: str, correction: UUID, wrong: Mapping[str, Any], heard: type[BaseModel]
) -> int:
    """Put right what this service's records say, and record the correction; how many records it were.

    `heard` are its fields (`as_heard`). Raises FieldNotCorrectable. Twice is as good as once.
    """
    fields, faults = _in_limits(wrong["fields"], heard)
    try:
        async with tx.attempt():
            many = await tx.value(
                f"select {place}.correct(cast(:correction as uuid), cast(:wrong as jsonb))",
                correction=correction,
                wrong=json.dumps({**wrong, "fields": fields}),
            )
    except (PostgresError, DBAPIError) as reason:
        state = str(getattr(getattr(reason, "orig", reason), "sqlstate", None) or "")
        if state[:2] in (REFUSED, NOT_OF_ITS_TYPE):
            raise FieldNotCorrectable(errors=faults) from reason
        raise
    if many and faults:
        raise FieldNotCorrectable(errors=faults)
    return many


def _in_limits(
    fields: Mapping[str, Any], heard: type[BaseModel]
) -> tuple[Mapping[str, Any], list[dict[str, str]]]:
    """The fields as they are kept, and what is wrong with them, where the record is this service's."""
    try:
        said = heard.model_validate(fields)
    except ValidationError as reason:
        found = {str(one["loc"][0]): one["msg"].removeprefix("Value error, ") for one in reason.errors()}
        return fields, [{"pointer": f"/fields/{name}", "detail": words} for name, words in found.items()]
    return {**fields, **said.model_dump(mode="json", exclude_unset=True)}, []
