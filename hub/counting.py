"""How many records a caller may see about somebody, by category and author: the same in every service.

The tables are those that row security shows to this part's role, as PostgreSQL itself has them: a table that
is added tomorrow is counted tomorrow.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from hub.access import HubRoute, allow
from hub.caller import AgencyId, Scope
from hub.database import Tx
from hub.sharing import Category
from hub.view import View

Read = Annotated[Tx, allow(Scope.CASES_READ)]
Subjects = Annotated[
    list[UUID], Query(alias="subject", min_length=1, max_length=50, description="persons and households")
]

TABLES = """
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as place, array(
  select quote_ident(a.attname) from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
    and a.attname in ('agency', 'referrer', 'keeper') order by 1) as authors
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = :schema and c.relrowsecurity and has_table_privilege(c.oid, 'select')
  and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'shown')
order by 1"""


class RecordCount(BaseModel):
    """Records of one category about one subject, alike in whom they belong to."""

    subject: UUID
    category: Category
    authors: list[AgencyId]
    records: int


class RecordCounts(BaseModel):
    """Everything that the caller may see, counted."""

    counts: list[RecordCount]


def counting(schema: str) -> APIRouter:
    """The endpoint for a service whose tables are in `schema`."""
    router = APIRouter(route_class=HubRoute, tags=["records"])

    @router.get("/records/counts", response_model=RecordCounts)
    async def count_records(tx: Read, subjects: Subjects) -> Response:
        """How many records you may see about these people and households, by category and author."""
        tables = await tx.rows(TABLES, schema=schema)
        view = _view(tuple((row["place"], tuple(row["authors"])) for row in tables))
        tx.asked.extend(subjects)
        return Response(await tx.show(view, subjects=subjects), media_type="application/json")

    return router


@lru_cache
def _view(tables: Sequence[tuple[str, Sequence[str]]]) -> View:
    rows = " union all ".join(
        f"select subject, category, array[{', '.join(authors)}] as authors from {place}"
        " where subject = any(cast(:subjects as uuid[]))"
        for place, authors in tables
    )
    counted = f"""
select subject, category, authors[1] as author, json_build_object('subject', subject,
  'category', category, 'authors', authors, 'records', count(*)) as item
from ({rows}) record group by subject, category, authors order by 1, 2"""
    return View({"counts": counted})
