"""People over HTTP: register one, register a pupil file, read and find."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.access import ASKS, HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.problem import MediaTypeNotSupported
from services.referral.actions import people, pupil_files
from services.referral.formats import ctf
from services.referral.schemas.files import PupilFileReport
from services.referral.schemas.people import (
    BirthdaysShown,
    ByUpn,
    PersonHeard,
    PersonRegistered,
    PersonShown,
    RolesShown,
)
from services.referral.store.people import PERSON, ROLES

router = APIRouter(route_class=HubRoute, tags=["people"])

Read = Annotated[Tx, allow(Scope.PEOPLE_READ)]
Ask = Annotated[Tx, allow(Scope.PEOPLE_READ, asks=True)]
Write = Annotated[Tx, allow(Scope.PEOPLE_WRITE, storing=True)]


def _matching_key(request: Request) -> bytes:
    return request.app.state.matching_key


MatchingKey = Annotated[bytes, Depends(_matching_key)]
Only = Annotated[Literal["roles"] | None, Query(description="no more of them than you need")]
VIEWS = {None: PERSON, "roles": ROLES}
# As many as a decision is about, and who speaks for them.
People = Annotated[list[UUID], Query(alias="person", min_length=1, max_length=51)]


@router.post("/people", status_code=201)
async def register_person(tx: Write, heard: PersonHeard, key: MatchingKey) -> PersonRegistered:
    """Register a person as your agency knows them."""
    return PersonRegistered(person=await people.register(tx, heard, key))


@router.post("/people/find", response_model=PersonShown, openapi_extra=ASKS)
async def find_person(tx: Ask, by: ByUpn, key: MatchingKey) -> Response:
    """Find your own pupil by UPN. A POST, so that the UPN stands in no URL and no log."""
    return Response(await people.find(tx, by, key), media_type="application/json")


@router.get("/people/birthdays", response_model=BirthdaysShown)
async def read_birthdays(tx: Read, asked: People) -> Response:
    """When these people were born, by every account you may see: who is a child, and who an adult.

    Whom you may not see is left out, and asked for in vain; 404 where that is everybody.
    """
    return Response(await people.show_birthdays(tx, asked), media_type="application/json")


@router.get("/people/{person}", response_model=PersonShown | RolesShown)
async def read_person(tx: Read, person: UUID, only: Only = None) -> Response:
    """What you may see of a person: identities, addresses, attendance; or as what they live where."""
    return Response(await tx.show(VIEWS[only], person=person), media_type="application/json")


XML = ("application/xml", "text/xml")  # RFC 7303
PUPIL_FILE = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string"}} for kind in XML},
    }
}


@router.post("/pupil-files", openapi_extra=PUPIL_FILE)
async def receive_pupil_file(tx: Write, request: Request, key: MatchingKey) -> PupilFileReport:
    """Register the pupils of a DfE Common Transfer File; bad pupils are reported by position."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in XML:
        raise MediaTypeNotSupported(*XML)
    file = await asyncio.to_thread(ctf.read, await request.body())  # a tenth of a second a megabyte
    return await pupil_files.receive(tx, file, key)
