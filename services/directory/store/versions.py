"""What listings said before: a version for every change, kept for good."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.policy import OURS
from hub.problem import NotFound

KEEP = f"""
insert into directory.version (service_id, number, agency, cause, review_id, document)
select s.id, coalesce(last.number, 0) + 1, s.agency, :cause,
  cast(:review as uuid), now_.document
from directory.service s
cross join lateral (select directory.document(s.id) as document) now_
left join lateral (
  select v.number, v.document from directory.version v where v.service_id = s.id
  order by v.number desc limit 1) last on true
where s.id = any(:services) and s.agency = {OURS}
  and last.document is distinct from now_.document"""


async def keep(tx: Tx, services: Iterable[UUID], cause: str, review: UUID | None = None) -> None:
    """Keep these listings as they stand, where they differ from what was kept last."""
    await tx.run(KEEP, services=list(services), cause=cause, review=review)


async def page(tx: Tx, service: UUID, limit: int, before: int | None) -> Sequence[Row]:
    """Versions of a listing, newest first, each with the document before it."""
    return await tx.rows(
        "select v.number, v.at, v.cause, v.by_agency, nullif(v.by_practitioner, '') as by_practitioner,"
        " v.review_id as review, v.document::text, coalesce(p.document, '{}')::text as previous"
        " from directory.version v left join directory.version p"
        "  on p.service_id = v.service_id and p.number = v.number - 1"
        " where v.service_id = :service and v.number < coalesce(cast(:before as int), 2147483647)"
        " order by v.number desc limit cast(:limit as int)",
        service=service,
        limit=limit,
        before=before,
    )


async def one(tx: Tx, service: UUID, number: int) -> Row:
    """One version. NotFound if it is not there or not the caller's to read."""
    found = await tx.rows(
        "select number, document::text from directory.version"
        " where service_id = :service and number = :number",
        service=service,
        number=number,
    )
    if not found:
        raise NotFound
    return found[0]
