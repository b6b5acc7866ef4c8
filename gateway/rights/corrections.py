"""Rectification (UK GDPR Art 16), and telling everybody who was shown what was wrong (Art 19).

With `fields`, the record itself says what is right from then on, in every view; what it said before stays
beside it, as an earlier version. The service corrects and records the correction in one transaction. Who was
shown it is read off the disclosures. Each of them gets a notice and finds the correction here; its words
only where it may see that category of that person now.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from gateway.retention.reaching import PARTS, correct_in, require_kept
from gateway.rights.requests import require_practitioner
from hub.access import HubRoute, allow
from hub.caller import AgencyId, PractitionerId, Scope
from hub.database import Tx
from hub.erasure import FieldNotCorrectable, Name, Right, Told
from hub.heard import Agency, Heard, Words
from hub.page import Cursor, Limit, Paged, after, beyond, position
from hub.problem import NotFound
from hub.sharing import Category
from hub.sharing.ledger import AgencyUnknown
from hub.trace import record
from hub.view import View

RECORDED = View(
    {
        "correction": """
select c.subject, c.category, c.held_by as author, json_build_object('correction', c.id, 'subject', c.subject,
  'category', c.category, 'record', c.record, 'disputed', c.disputed, 'note', c.correction,
  'fields', c.fields, 'by', c.practitioner, 'at', c.at,
  'told', (select coalesce(json_agg(t.recipient order by t.recipient), '[]')
    from hub.correction_recipient t where t.correction = c.id)) as item
from hub.correction c where c.id = :correction"""
    },
    anchor="correction",
    single=frozenset({"correction"}),
)

RECEIVED = View(
    {
        "corrections": f"""
select t.subject, t.category, c.held_by as author, json_build_object('type', 'record.corrected',
  'correction', t.correction, 'subject', t.subject, 'category', t.category, 'record', t.record,
  'agency', t.recipient, 'at', t.at, 'disputed', c.disputed, 'note', c.correction,
  'fields', c.fields) as item, {position("t.at", "t.correction")}
from hub.correction_recipient t left join hub.correction c on c.id = t.correction
where t.recipient = :agency and {beyond("t.at", "t.correction")}
order by t.at desc, t.correction desc limit cast(:limit as int)"""
    },
    paged="corrections",
)

# One id for one Idempotency-Key: what a crash cut short, the repeat goes on with.
CORRECTIONS = UUID("5d0f4c34-53a5-5b1d-8c5d-2a7f0e1b9c77")
NOTE = """
insert into hub.correction (id, subject, category, record, held_by, disputed, correction) values
  (:id, :subject, :category, :record, cast(:held_by as text), :disputed, :correction)"""

router = APIRouter(route_class=HubRoute, prefix="/rights/corrections", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]
Read = Annotated[Tx, allow(Scope.NOTICES_READ)]
For = Annotated[AgencyId, Query(alias="for", max_length=64, description="whose corrections: your own agency")]


class Correction(Heard):
    """A record somebody disputes, and what is right."""

    subject: UUID
    category: Category
    record: UUID = Field(description="the id of the concern, the section, the person...")
    held_by: Agency | None = Field(
        None, description="the agency whose record it is: it is told too; whoever wrote `record`, if left out"
    )
    disputed: Words = Field(description="what is said to be wrong")
    correction: Words = Field(description="what is right, or that the record stands and is disputed")
    fields: dict[Name, Right] | None = Field(
        None,
        min_length=1,
        max_length=20,
        description="the record's fields as they should be; `record` may be the person's id, for every"
        " agency's account of them, or that of `held_by` alone",
    )


Fields = Annotated[
    dict[str, Told] | None,
    Field(description="the record's fields as they were put right; null of a note alone"),
]


class CorrectionShown(BaseModel):
    """A correction, and who was told of it."""

    correction: UUID
    subject: UUID
    category: Category
    record: UUID
    disputed: str = Field(description="what is said to be wrong")
    note: str = Field(description="what is right, or that the record stands and is disputed")
    fields: Fields
    by: PractitionerId
    at: datetime
    told: list[AgencyId]


class OneCorrection(BaseModel):
    """A correction."""

    correction: CorrectionShown


class CorrectionReceived(BaseModel):
    """A correction for an agency that was shown what was wrong; its words where that agency may see them."""

    type: Literal["record.corrected"]
    correction: UUID
    subject: UUID
    category: Category
    record: UUID
    agency: AgencyId = Field(description="who is told")
    at: datetime
    disputed: str | None
    note: str | None
    fields: Fields


class CorrectionsPage(Paged):
    """A page of corrections, newest first."""

    corrections: list[CorrectionReceived]


@router.post("", status_code=201, response_model=OneCorrection)
async def correct_record(tx: Handle, request: Request, wrong: Correction) -> Response:
    """Put a record right or note that it is disputed, and tell every agency that was shown it."""
    require_practitioner(tx)
    known = "select true from hub.agency where id = :agency"
    if wrong.held_by and not await tx.value(known, agency=wrong.held_by):
        raise AgencyUnknown(f"{wrong.held_by} is not an agency of this partnership.")
    wrong = await _of_its_author(tx, request, wrong)
    made = uuid5(CORRECTIONS, f"{tx.known_caller.client} {tx.key}")
    if wrong.fields is None:
        await tx.run(NOTE, id=made, **wrong.model_dump(exclude={"fields"}))
    else:
        await _put_right(tx, request, made, wrong)
    await record(tx, "record.corrected", wrong.subject, wrong.category, about=made)
    return Response(await tx.show(RECORDED, correction=made), media_type="application/json", status_code=201)


@router.get("/{correction}", response_model=OneCorrection)
async def read_correction(tx: Handle, correction: UUID) -> Response:
    """A correction and who was told of it: the family may ask (UK GDPR Art 19)."""
    return Response(await tx.show(RECORDED, correction=correction), media_type="application/json")


async def _of_its_author(tx: Tx, request: Request, wrong: Correction) -> Correction:
    """What is wrong, of the agency that wrote it: only of the person themself may it be everybody's.

    NotFound where nobody, or not `held_by`, keeps such a record about them in this category.
    """
    tx.asked.append(wrong.record)
    for one in await require_kept(tx, request, [wrong.subject]):
        of_them = one.subject == wrong.subject and one.category == wrong.category
        if of_them and wrong.record in (one.record, wrong.subject) and wrong.held_by in (None, one.author):
            themself = wrong.record == wrong.subject
            return wrong if themself else wrong.model_copy(update={"held_by": one.author})
    raise NotFound


async def _put_right(tx: Tx, request: Request, made: UUID, wrong: Correction) -> None:
    """In whichever service has the record; a repeat finds it done.

    FieldNotCorrectable where it has none of these fields: that there is such a record is known by now.
    """
    said = wrong.model_dump(mode="json")
    for part in PARTS:
        if await correct_in(request, tx.known_caller, part, made, said):
            return
    unknown = [
        {"pointer": f"/fields/{name}", "detail": "is no field of this record"} for name in said["fields"]
    ]
    raise FieldNotCorrectable("Name its fields as its service writes them.", errors=unknown)


@router.get("", response_model=CorrectionsPage)
async def list_corrections(tx: Read, agency: For, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """What was put right of what an agency was shown, newest first."""
    caller = tx.known_caller
    if agency != caller.agency and not caller.oversees:
        raise NotFound
    moment, identity = after(cursor)
    page = await tx.show(RECEIVED, agency=agency, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")
