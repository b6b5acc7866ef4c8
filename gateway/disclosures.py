"""Who looked at somebody, when, from where, for what purpose, at what; and who was refused.

Row security leaves a caller the trace of the people on its own caseload. Reading it leaves a trace too.
What was shown under an override says which; it is not here while a manager delays it for safety.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit, after, beyond, position
from hub.view import View

WHO_LOOKED = View(
    {
        "about": """
select c.subject, 'existence' as category, json_build_object('subject', c.subject) as item
from hub.caseload c
where c.agency = current_setting('hub.agency') and c.subject = :subject
  and not exists (select from hub.restriction r where r.subject = c.subject and r.agency = '*'
    and r.category = 'existence' and now() < r.ends) limit 1""",
        "disclosures": f"""
select d.subject, 'existence' as category, json_build_object(
  'disclosure', d.id, 'at', d.at, 'agency', d.agency, 'agency_name', a.name, 'client', d.client,
  'practitioner', nullif(d.practitioner, ''), 'purpose', nullif(d.purpose, ''), 'audience', d.audience,
  'operation', d.operation, 'outcome', d.outcome, 'categories', d.categories, 'rows', d.row_count,
  'reason', d.reason, 'request', d.request, 'override', (
    select json_build_object('override', o.override, 'reason_code', o.reason_code)
    from hub.override_event o where o.override = d.override and o.event = 'opened')
  ) as item, {position("d.at", "d.id")}
from hub.disclosure d left join hub.agency a on a.id = d.agency
where d.subject = :subject and {beyond("d.at", "d.id")}
order by d.at desc, d.id desc limit cast(:limit as int)""",
    },
    anchor="about",
    single=frozenset({"about"}),
    paged="disclosures",
)

router = APIRouter(route_class=HubRoute, tags=["disclosures"])

Read = Annotated[Tx, allow(Scope.DISCLOSURES_READ)]


@router.get("/disclosures")
async def list_disclosures(tx: Read, subject: UUID, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Who looked at this person or household, newest first, refusals included."""
    moment, identity = after(cursor)
    page = await tx.show(WHO_LOOKED, subject=subject, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")
