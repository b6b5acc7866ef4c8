"""A start on the record of processing (UK GDPR, Article 30), made from what is in force when it is asked for.

Counts and names of organisations only: nothing about anybody. Oversight reads all of what is shared, an
agency what it recorded, discloses, wrote or receives itself: the numbers are exact and live, and one that
falls with a refusal would tell that somebody is known elsewhere, and to whom. What nobody shares with anybody
is not here, nor what the hub does not know: whom to write to, each controller's lawful basis, transfers.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from gateway.audit.reading import WITNESSES, signer_at
from gateway.retention.rules import RuleSaid, in_force, said
from hub.access import HubRoute, allow
from hub.caller import AgencyId, Purpose, Scope
from hub.database import Tx
from hub.policy import OURS, OVERSIGHT, hidden_from_us
from hub.proof import Signer
from hub.sharing import Basis, Category

# What is hidden from an agency is not counted to it either.
TO_US = f"""split_part(shared.agency, '/', 1) = {OURS}
  and not {hidden_from_us("shared.subject", "any(array['existence', shared.category])")}"""
FOR_US = f"""{OVERSIGHT}
  or {OURS} in (shared.author, shared.discloser) or ({TO_US}) or shared.decision in (
    select e.decision from hub.decision_event e where e.recorded_by = {OURS} and e.event = 'given')"""
RECIPIENTS = f"""
select shared.agency, coalesce(a.name, shared.agency) as name, shared.purpose, shared.basis,
  array_agg(distinct shared.category order by shared.category) as categories,
  count(distinct shared.subject) as subjects, count(distinct shared.decision) as decisions
from hub.share shared left join hub.agency a on a.id = split_part(shared.agency, '/', 1)
where shared.starts <= now() and now() < shared.ends and ({FOR_US})
group by shared.agency, a.name, shared.purpose, shared.basis
order by shared.agency, shared.purpose, shared.basis
"""
CONTROLLERS = "select id as agency, name, type from hub.agency where active order by id"
AGREEMENTS = """
select a.id as agreement, a.title, a.dpia_reference, a.parties, a.starts, a.ends as expires,
  array(select distinct c from hub.agreement_term t, unnest(t.categories) c
    where t.agreement = a.id and t.effect = 'allow' order by 1) as categories,
  array(select distinct p from hub.agreement_term t, unnest(t.purposes) p
    where t.agreement = a.id and t.effect = 'allow' order by 1) as purposes
from hub.agreement a where a.status = 'signed' and a.starts <= now() and now() < a.ends order by a.id
"""
PROTECTED = """
select n.nspname || '.' || c.relname as place from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('hub', 'gateway', 'referral', 'assessment', 'directory') and c.relkind = 'r'
  and c.relrowsecurity and c.relforcerowsecurity order by 1
"""
LOG = "select size, at from hub.checkpoint order by size desc limit 1"

RETENTION = (
    "A share ends with its decision, or with the agreement between organisations that it rests on. Records"
    " are kept as the schedule says; past that, one person proposes that they go, another approves. The log"
    " is proved by salted commitments, so that a record can be erased and the proof still holds. Copies"
    " gathered for a request are kept encrypted, each under the key of whom it is about, erased with them."
)
MEASURES = (
    "Access tokens last minutes, name one agency and purpose, and are refused once a client is suspended.",
    "Every operation needs a scope; without one there is no database session.",
    "What may be seen is decided by PostgreSQL row security in the statement that reads.",
    "Every disclosure is recorded by the statement that reads, or nothing is shown.",
    "Every 403 or 404 to a known caller is recorded before it is answered.",
    "Restricted records are withheld on every way out, unless an override names the restriction.",
    "Sealed text is masked on every way out, in free text too.",
)

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Explain = Annotated[Tx, allow(Scope.SHARING_EXPLAIN)]


class Controller(BaseModel):
    """An agency of the partnership."""

    agency: AgencyId
    name: str
    type: str


class Recipient(BaseModel):
    """Who receives what, for what, on which basis; about how many, on how many decisions.

    To an agency, as far as it recorded, discloses, wrote or receives it.
    """

    agency: str
    name: str
    purpose: Purpose
    basis: Basis
    categories: list[Category]
    subjects: int
    decisions: int


class Backing(BaseModel):
    """An agreement between organisations that is in force."""

    agreement: UUID
    title: str
    dpia_reference: str
    parties: list[AgencyId]
    purposes: list[Purpose]
    categories: list[Category]
    starts: datetime
    expires: datetime


class Security(BaseModel):
    """How it is kept safe: what holds, and the tables and witnesses it holds for."""

    measures: Sequence[str]
    row_security: list[str]
    audit_log: str
    audit_entries: int
    audit_signed_at: datetime | None
    witnesses: list[AgencyId]


class PurposeInUse(BaseModel):
    """A purpose and the categories that are shared for it now."""

    purpose: Purpose
    categories: list[Category]


class ProcessingRecord(BaseModel):
    """For Article 30: agencies, purposes, categories, recipients, agreements, retention, security."""

    generated_at: datetime
    controllers: list[Controller]
    purposes: list[PurposeInUse]
    recipients: list[Recipient]
    agreements: list[Backing]
    retention: str
    retention_schedule: list[RuleSaid]
    security: Security


@router.get("/processing-record")
async def read_processing_record(
    tx: Explain, signer: Annotated[Signer, Depends(signer_at)]
) -> ProcessingRecord:
    """A start on the Article 30 record: what is shared now, with whom, on which basis; you add the rest.

    The data protection officer reads all that is shared; you read, and count, what your agency recorded,
    discloses, wrote or receives.
    """
    recipients = [Recipient(**row) for row in await tx.rows(RECIPIENTS)]
    return ProcessingRecord(
        generated_at=datetime.now(UTC),
        controllers=[Controller(**row) for row in await tx.rows(CONTROLLERS)],
        purposes=_uses(recipients),
        recipients=recipients,
        agreements=[Backing(**row) for row in await tx.rows(AGREEMENTS)],
        retention=RETENTION,
        retention_schedule=said(await in_force(tx)),
        security=await _security(tx, signer),
    )


def _uses(recipients: Sequence[Recipient]) -> list[PurposeInUse]:
    """Every purpose of the hub, with what is shared for it."""
    shared: defaultdict[Purpose, set[Category]] = defaultdict(set)
    for recipient in recipients:
        shared[recipient.purpose].update(recipient.categories)
    return [PurposeInUse(purpose=purpose, categories=sorted(shared[purpose])) for purpose in Purpose]


async def _security(tx: Tx, signer: Signer) -> Security:
    newest = await tx.rows(LOG)
    return Security(
        measures=MEASURES,
        row_security=[row["place"] for row in await tx.rows(PROTECTED)],
        audit_log=signer.origin,
        audit_entries=newest[0]["size"] if newest else 0,
        audit_signed_at=newest[0]["at"] if newest else None,
        witnesses=[row["agency"] for row in await tx.rows(WITNESSES)],
    )
