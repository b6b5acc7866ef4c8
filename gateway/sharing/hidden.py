"""What is hidden and by whom, listed: an agency reads what it recorded, oversight reads everything.

Row security says which of them a caller may read; nobody is listed what hides something from them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from hub.caller import AgencyId, PractitionerId
from hub.database import Tx
from hub.heard import Agency
from hub.page import Cursor, Limit, after, beyond, position
from hub.sharing import Category
from hub.sharing.restrictions import RestrictionKind
from hub.view import View

OfSubject = Annotated[UUID | None, Query(description="only what hides something about this one")]
FromAgency = Annotated[Agency | None, Query(description="only what hides something from this agency")]
InForce = Annotated[
    bool | None, Query(description="only what hides something now, or only what no longer does")
]


class LiftedShown(BaseModel):
    """Who ended it early, and why."""

    by: AgencyId
    reason: str
    at: datetime


class HiddenShown(BaseModel):
    """What is hidden about whom, from whom, and until when."""

    subjects: list[UUID]
    categories: list[Category]
    hidden_from: AgencyId | None = Field(description="null where it hides from everybody but `except`")
    practitioner: PractitionerId | None = Field(description="from this person of that agency alone")
    exempt: list[AgencyId] | None = Field(alias="except", description="null where it hides from one agency")
    kind: RestrictionKind
    court_reference: str | None
    reason: str
    recorded_by: AgencyId
    at: datetime
    starts: datetime = Field(description="from when the order behind it runs; it hides from `at` on")
    ends: datetime | None = Field(description="null: until it is lifted")
    in_force: bool
    lifted: LiftedShown | None


STANDS = "(l.id is null and now() < e.ends)"


def hidden(name: str, which: str, more: str = "") -> View:
    """The events that hide, newest first, each with how it ended; `name` is what one is called."""
    return View(
        {
            f"{name}s": f"""
select e.subjects as subjects, 'existence' as category, json_build_object(
  '{name}', e.decision, 'subjects', e.subjects, 'categories', e.categories,
  'hidden_from', case when e.agency not in ('!', '*') then e.agency end,
  'practitioner', nullif(e.hidden_from, ''), 'except', e.named, 'kind', e.kind,
  'court_reference', e.court_reference, 'reason', e.reason, 'recorded_by', e.recorded_by, 'at', e.at,
  'starts', e.starts, 'ends', nullif(e.ends, 'infinity'), 'in_force', {STANDS},{more}
  'lifted', case when l.id is not null then json_build_object(
    'by', l.recorded_by, 'reason', l.reason, 'at', l.at) end) as item, {position("e.at", "e.id")}
from hub.decision_event e
left join hub.decision_event l on l.decision = e.decision and l.event = 'lifted'
where e.event = 'restricted' and {which}
  and (cast(:subject as uuid) is null or e.subjects @> array[cast(:subject as uuid)])
  and (cast(:agency as text) is null or e.agency in (cast(:agency as text), '*')
    or cast(:agency as text) <> all(e.named))
  and (cast(:in_force as boolean) is null or {STANDS} = cast(:in_force as boolean))
  and {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""
        },
        paged=f"{name}s",
    )


RESTRICTIONS = hidden("restriction", "e.agency <> '*' and not e.circumstances ? 'sealed'")
SEALS = hidden("seal", "e.circumstances ? 'sealed'")
PROCESSING = hidden(
    "restriction",
    "e.agency = '*'",
    " 'right', e.circumstances ->> 'right', 'asked_by', e.circumstances ->> 'asked_by',",
)


@dataclass(frozen=True)
class Hidden:
    """Which of what is hidden somebody asks for, and which page of it."""

    subject: OfSubject = None
    agency: FromAgency = None
    in_force: InForce = None
    limit: Limit = 50
    cursor: Cursor = None


Asked = Annotated[Hidden, Depends()]


async def listed(tx: Tx, view: View, asked: Hidden) -> Response:
    """One page of what is hidden."""
    moment, identity = after(asked.cursor)
    page = await tx.show(
        view,
        subject=asked.subject,
        agency=asked.agency,
        in_force=asked.in_force,
        moment=moment,
        identity=identity,
        limit=asked.limit,
    )
    return Response(page, media_type="application/json")
