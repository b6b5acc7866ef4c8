"""Agreements over HTTP: drafted, signed by each party, listed, ended, loaded and exported."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field, ValidationInfo, field_validator

from gateway.agreements import exchange
from gateway.agreements.exchange import ExchangeDocument
from hub.access import HubRoute, allow
from hub.caller import AgencyId, Purpose, Scope
from hub.database import Tx
from hub.heard import Agency, Heard, Line, PastDate, Words
from hub.page import Cursor, Limit, Paged, after, beyond, position, tail
from hub.problem import NotFound
from hub.sharing import Category
from hub.sharing.agreements import Agreement, AgreementTerm, draft, end, sign

LONGEST = timedelta(days=3660)

router = APIRouter(route_class=HubRoute, tags=["agreements"])

Read = Annotated[Tx, allow(Scope.AGREEMENTS_READ)]
Write = Annotated[Tx, allow(Scope.AGREEMENTS_WRITE)]
Leave = Annotated[Tx, allow(Scope.AGREEMENTS_WRITE, shows_less=True)]

STANDS = """
a.id as agreement, a.title, a.dpia_reference, a.parties, a.gone as left_by, a.starts, a.ends as expires,
a.drafted_by, a.drafted_at, a.signed_on, a.ended_at,
case when a.status = 'signed' and a.ends <= now() then 'expired' else a.status end as status,
array(select e.party from hub.agreement_event e where e.agreement = a.id and e.event = 'signed' order by 1)
  as signed_by"""

PAGE = f"""
select {STANDS}, {position("a.drafted_at", "a.id")} from hub.agreement a
where {beyond("a.drafted_at", "a.id")} and (cast(:party as text) is null or :party = any(a.parties))
  and (cast(:within as int) is null or (a.status = 'signed' and a.ends > now()
    and a.ends <= now() + make_interval(days => cast(:within as int))))
order by a.drafted_at desc, a.id desc limit cast(:limit as int)"""

HISTORY = """
select event, party, signatory, signed_on, reason, at from hub.agreement_event
where agreement = :id order by at, id"""

TERMS = """
select exception, effect, disclosers, receivers, categories, purposes, starts,
  nullif(ends, 'infinity') as ends
from hub.agreement_term where agreement = :id order by number"""


class Shortly(Heard):
    """What every agreement says, whichever way it comes."""

    title: Line
    dpia_reference: Line = Field(description="the data protection impact assessment behind it")
    starts: AwareDatetime | None = Field(default=None, description="from when; now if left out")
    expires: AwareDatetime = Field(description="at most ten years from now; nothing outlives it")

    @field_validator("expires")
    @classmethod
    def _ahead(cls, moment: datetime, heard: ValidationInfo) -> datetime:
        if not datetime.now(UTC) < moment < datetime.now(UTC) + LONGEST:
            raise ValueError("must be in the next ten years")
        starts: datetime | None = heard.data.get("starts")
        if starts and moment <= starts:
            raise ValueError("must be after it starts")
        return moment


class AgreementHeard(Shortly):
    """An agreement in which every party may disclose these categories to every other, for these purposes."""

    parties: list[Agency] = Field(min_length=2, max_length=5000)
    categories: list[Category] = Field(min_length=1, max_length=30)
    purposes: list[Purpose] = Field(min_length=1, max_length=10)


class ExchangeHeard(Shortly):
    """An agreement as documents of the DfE Single Unique Identifier draft."""

    documents: list[ExchangeDocument] = Field(min_length=1, max_length=500)


class SignatureHeard(Heard):
    """Who signed for the caller's agency, and when."""

    signatory: Line = Field(description="name and office")
    signed_on: PastDate


class AgreementEnding(Heard):
    """Why it ends early."""

    reason: Words


class AgreementDrafted(BaseModel):
    """The id that a signature names."""

    agreement: UUID


class AgreementShown(BaseModel):
    """An agreement and where it stands."""

    agreement: UUID
    title: str
    dpia_reference: str
    parties: list[AgencyId]
    signed_by: list[AgencyId]
    left_by: list[AgencyId]
    starts: datetime
    expires: datetime
    status: str
    drafted_by: AgencyId
    drafted_at: datetime
    signed_on: date | None
    ended_at: datetime | None


class AgreementHappened(BaseModel):
    """One entry of an agreement's history, which only grows."""

    event: str
    party: AgencyId
    signatory: str | None
    signed_on: date | None
    reason: str | None
    at: datetime


class WholeAgreement(AgreementShown):
    """An agreement with its terms and its history."""

    terms: list[AgreementTerm]
    history: list[AgreementHappened]


class AgreementsPage(Paged):
    """A page of agreements, newest first."""

    agreements: list[AgreementShown]


class ExchangedAgreement(BaseModel):
    """An agreement as documents of the DfE draft, one for each organisation that discloses."""

    agreement: UUID
    title: str
    dpia_reference: str
    starts: datetime
    expires: datetime
    documents: list[ExchangeDocument]


@router.post("/sharing/agreements", status_code=201)
async def draft_agreement(tx: Write, heard: AgreementHeard) -> AgreementDrafted:
    """Draft an agreement. It is in force once every party has signed it for itself."""
    term = AgreementTerm(
        disclosers=heard.parties,
        receivers=heard.parties,
        categories=heard.categories,
        purposes=heard.purposes,
    )
    return AgreementDrafted(agreement=await draft(tx, _agreement(heard, heard.parties, [term])))


@router.post("/sharing/agreements/import", status_code=201)
async def load_agreement(tx: Write, heard: ExchangeHeard) -> AgreementDrafted:
    """Draft an agreement from documents of the DfE draft. What cannot be mapped is refused, by pointer."""
    heard = heard.model_copy(update={"starts": heard.starts or datetime.now(UTC)})
    terms = exchange.read(heard.documents, await _members(tx), heard.starts, heard.expires)
    agreement = _agreement(heard, exchange.parties(terms), terms)
    agreement.written = exchange.as_written(heard.documents)
    return AgreementDrafted(agreement=await draft(tx, agreement))


@router.get("/sharing/agreements")
async def list_agreements(
    tx: Read,
    party: Agency | None = None,
    expiring_within: Annotated[int | None, Query(ge=1, le=366, description="days")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AgreementsPage:
    """The agreements of this partnership, newest first; or those in force that expire within so many days."""
    moment, identity = after(cursor)
    rows = await tx.rows(
        PAGE, party=party, within=expiring_within, moment=moment, identity=identity, limit=limit
    )
    return AgreementsPage(
        agreements=[AgreementShown.model_validate(dict(row)) for row in rows],
        next=tail(rows, limit),
    )


@router.get("/sharing/agreements/{agreement}")
async def read_agreement(tx: Read, agreement: UUID) -> WholeAgreement:
    """One agreement with its terms and its history."""
    history = [dict(row) for row in await tx.rows(HISTORY, id=agreement)]
    return WholeAgreement.model_validate(
        {**await _standing(tx, agreement), "terms": await _terms(tx, agreement), "history": history}
    )


@router.get("/sharing/agreements/{agreement}/export", response_model_exclude_unset=True)
async def export_agreement(tx: Read, agreement: UUID) -> ExchangedAgreement:
    """One agreement as documents of the DfE draft: those it was loaded from, as they were.

    Of one that was loaded from none they say what it says, and no more. Nothing outlives `expires`.
    """
    standing = await _standing(tx, agreement)
    documents = await tx.value("select written from hub.agreement where id = :id", id=agreement)
    if documents is None:
        documents = exchange.write(await _terms(tx, agreement), standing["drafted_at"], standing["expires"])
    return ExchangedAgreement.model_validate({**standing, "documents": documents})


@router.post("/sharing/agreements/{agreement}/sign", status_code=204)
async def sign_agreement(tx: Write, agreement: UUID, heard: SignatureHeard) -> None:
    """Sign for your own agency. The last party's signature puts the agreement in force."""
    await sign(tx, agreement, heard.signatory, heard.signed_on)


@router.post("/sharing/agreements/{agreement}/end", status_code=204)
async def end_agreement(tx: Leave, agreement: UUID, heard: AgreementEnding) -> None:
    """End it early: all of it for the agency that drafted it, your own part in it for any other party.

    What rests on it is out of force when this is answered.
    """
    await end(tx, agreement, heard.reason)


def _agreement(heard: Shortly, parties: Sequence[AgencyId], terms: Sequence[AgreementTerm]) -> Agreement:
    return Agreement(
        title=heard.title,
        dpia_reference=heard.dpia_reference,
        parties=list(parties),
        starts=heard.starts or datetime.now(UTC),
        expires=heard.expires,
        terms=list(terms),
    )


async def _members(tx: Tx) -> Mapping[str, str]:
    return {row["id"]: row["type"] for row in await tx.rows("select id, type from hub.agency where active")}


async def _standing(tx: Tx, agreement: UUID) -> dict[str, Any]:
    rows = await tx.rows(f"select {STANDS} from hub.agreement a where a.id = :id", id=agreement)
    if not rows:
        raise NotFound
    return dict(rows[0])


async def _terms(tx: Tx, agreement: UUID) -> list[AgreementTerm]:
    return [AgreementTerm.model_validate(dict(row)) for row in await tx.rows(TERMS, id=agreement)]
