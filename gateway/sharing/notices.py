"""An agency's inbox: what its people are told at once, as ids and a kind, without a word about anybody."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from hub.access import HubRoute, allow
from hub.caller import PractitionerId, Scope
from hub.database import Tx
from hub.page import Cursor, Limit, Paged, after, beyond, position, tail

PAGE = f"""
select n.id as notice, n.kind, n.about, nullif(n.practitioner, '') as practitioner, n.at,
  {position("n.at", "n.id")}
from hub.notice n where n.agency = current_setting('hub.agency') and {beyond("n.at", "n.id")}
order by n.at desc, n.id desc limit cast(:limit as int)"""

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Read = Annotated[Tx, allow(Scope.NOTICES_READ)]


class Notice(BaseModel):
    """What happened (`kind`), to what (`about`: an id to ask for), and who in the agency is told."""

    notice: UUID
    kind: str
    about: UUID
    practitioner: PractitionerId | None
    at: datetime


class Notices(Paged):
    """A page of the inbox."""

    notices: list[Notice]


@router.get("/notices")
async def list_notices(tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Notices:
    """What your agency is told, newest first."""
    moment, identity = after(cursor)
    rows = await tx.rows(PAGE, moment=moment, identity=identity, limit=limit)
    return Notices(notices=[Notice.model_validate(dict(row)) for row in rows], next=tail(rows, limit))
