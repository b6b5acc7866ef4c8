"""A directory with a council that keeps it, a charity that speaks for one organisation, and an outsider."""

from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from hub.caller import AgencyId, Caller, Scope
from tests.services.directory.conftest import COUNCIL, OTHER, Directory, caller
from tests.services.directory.feeds import a_service, an_id

OFFICER = caller(COUNCIL, Scope.DIRECTORY_REVIEW, Scope.DIRECTORY_PROPOSE, Scope.DIRECTORY_WRITE)
PROVIDER = caller(OTHER, Scope.DIRECTORY_PROPOSE)
OUTSIDER = caller(AgencyId("somebody-else"), Scope.DIRECTORY_PROPOSE, Scope.DIRECTORY_REVIEW)
HARBOUR = {"id": an_id("harbour"), "name": "Harbour Family Charity", "description": "A charity."}
PHONE = "0117 496 0001"


def a_listing(key: str, /, **more: Any) -> dict[str, Any]:
    """A service of the charity's, with a telephone."""
    plain = {"organization": HARBOUR, "phones": [{"id": an_id(f"{key} phone"), "number": PHONE}]}
    return a_service(key, **(plain | more))


async def ask(
    directory: Directory, method: str, path: str, json: Any = None, by: Caller | None = OFFICER
) -> httpx.Response:
    """Any request, by an officer unless somebody else is named; by nobody at all if it is None."""
    headers = {"idempotency-key": str(uuid4())}
    if by is not None:
        headers["authorization"] = f"Bearer {directory.signer.sign(by, 'directory')}"
    return await directory.http.request(method, path, json=json, headers=headers)


async def done(
    directory: Directory, method: str, path: str, json: Any = None, by: Caller | None = OFFICER
) -> Any:
    """A request that must succeed; what it answered."""
    answer = await ask(directory, method, path, json, by)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def appoint(directory: Directory) -> None:
    """Let the charity speak for its organisation."""
    await rows(
        directory,
        "insert into hub.agency (id, name, type) values ($1, $1, 'charity') on conflict do nothing",
        OTHER,
    )
    path = f"/organizations/{HARBOUR['id']}/provider"
    await done(directory, "PUT", path, {"agency": OTHER})


async def rows(directory: Directory, sql: str, *values: Any) -> list[asyncpg.Record]:
    """What the database holds, without its walls."""
    connection = await asyncpg.connect(directory.administrator)
    try:
        return await connection.fetch(sql, *values)
    finally:
        await connection.close()


async def backdate(directory: Directory, key: str, days: int) -> None:
    """Let a listing's last check, change and everything have been so many days ago."""
    await rows(
        directory,
        "update directory.service set verified_at = now() - make_interval(days => $2),"
        " updated_at = now() - make_interval(days => $2) where id = $1",
        an_id(key),
        days,
    )


def problem(answer: httpx.Response) -> tuple[int, str]:
    """The status and the name of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def secret_for(directory: Directory, key: str, language: str = "en") -> str:
    """A link for a service's provider: what stands at its end."""
    asked = {"services": [an_id(key)], "language": language}
    [link] = (await done(directory, "POST", "/verification-links", asked))["links"]
    return link["url"].rpartition("/")[2]
