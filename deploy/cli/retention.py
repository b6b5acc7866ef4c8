"""`hub retention`: what has had its time, on the hub that is up. One person proposes, another approves."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy import whereabouts
from deploy.cli.tokens import HubDoesNotAnswer
from deploy.demo import keyring
from deploy.demo.partner import Partner
from deploy.demo.partnership import DPO, Agency
from deploy.terminal import MARKUP, AsJson, say, say_json, say_table
from hub.caller import AgencyId, ClientId, Scope

T = TypeVar("T")

retention = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=MARKUP,
    help="What has had its time: listed, proposed, approved, erased.",
)

Client = Annotated[str, typer.Option(help="A client that handles rights on the hub that is up.")]
Person = Annotated[str, typer.Option("--as", help="Your own staff id: in whose name this is done.")]
Port = Annotated[int | None, typer.Option(help="The port of the hub, where several are up.")]
Subjects = Annotated[list[UUID] | None, typer.Argument(help="Whose; everybody who is due if left out.")]
Reason = Annotated[str, typer.Option(help="Why it may go, for the record.")]


class RetentionRefused(Exception):
    """The hub did not do it."""


@retention.command()
def rules(client: Client = DPO.client, port: Port = None, as_json: AsJson = False) -> None:
    """How long every kind of record is kept, and by what authority."""
    said = _run(_rules(client, port))
    if as_json:
        say_json(said)
        return
    for one in said["rules"]:
        say(_rule(one))


@retention.command()
def due(client: Client = DPO.client, port: Port = None, as_json: AsJson = False) -> None:
    """Whose records have had their time. Says who and how many, never what they say."""
    found = _run(_due(client, port))
    if as_json:
        say_json({"due": found})
        return
    rows = [(one["subject"], one["last_contact"], str(one["records"]), str(one["kept"])) for one in found]
    say_table(("subject", "last contact", "due", "kept"), rows)
    say(f"{len(found)} with something due.")


@retention.command()
def propose(
    person: Person,
    subjects: Subjects = None,
    client: Client = DPO.client,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Decide, as one person, that what is due goes. Nothing goes before a second person approves it."""
    made = _run(_propose(client, port, person, subjects or []))
    if as_json:
        say_json({"requests": made})
        return
    for one in made:
        say(one)
    say(f"{len(made)} proposed. A colleague approves them: hub retention approve --as THEIR-ID")


@retention.command()
def approve(
    person: Person,
    requests: Annotated[
        list[UUID] | None, typer.Argument(help="Which; every disposal that waits if left out.")
    ] = None,
    reason: Reason = "Its time is over.",
    client: Client = DPO.client,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Approve what a colleague proposed, and erase it. What was cut short before is carried on."""
    done = _run(_approve(client, port, person, requests or [], reason))
    if as_json:
        say_json({"erased": done})
        return
    for request, records in done.items():
        say(f"{request}: {records} records erased.")
    say(f"{len(done)} done.")


async def _rules(client: str, port: int | None) -> dict[str, Any]:
    async with _officer(client, port) as officer:
        return await _said(officer, "GET", "/retention/rules")


async def _due(client: str, port: int | None) -> list[dict[str, Any]]:
    async with _officer(client, port) as officer:
        return await _everybody_due(officer)


async def _propose(client: str, port: int | None, person: str, subjects: list[UUID]) -> list[str]:
    async with _officer(client, port) as officer:
        whose = [str(one) for one in subjects] or [one["subject"] for one in await _everybody_due(officer)]
        made: list[str] = []
        with _bar() as bar:
            for one in bar.track(whose, description="Proposing"):
                body = {"subjects": [one]}
                said = await _said(officer, "POST", "/retention/disposals", json=body, headers=_by(person))
                made += said["requests"]
        return made


async def _approve(
    client: str, port: int | None, person: str, requests: list[UUID], reason: str
) -> dict[str, int]:
    async with _officer(client, port) as officer:
        waiting = [str(one) for one in requests] or await _waiting(officer)
        done: dict[str, int] = {}
        with _bar() as bar:
            for one in bar.track(waiting, description="Erasing"):
                done[one] = await _carry_out(officer, person, one, reason)
        return done


async def _carry_out(officer: Partner, person: str, request: str, reason: str) -> int:
    path = f"/rights/erasure-requests/{request}"
    standing = (await _said(officer, "GET", path))["request"]["status"]
    step = "carry-out" if standing == "approved" else "approve"
    body = {"reason": reason} if step == "approve" else None
    said = await _said(officer, "POST", f"{path}/{step}", json=body, headers=_by(person))
    return sum(one["erased_at"] is not None for one in said["items"])


async def _everybody_due(officer: Partner) -> list[dict[str, Any]]:
    pages = [page["due"] async for page in _pages(officer, "/retention/due")]
    return [one for page in pages for one in page]


async def _waiting(officer: Partner) -> list[str]:
    pages = [page["requests"] async for page in _pages(officer, "/rights/erasure-requests", open="true")]
    return [one["request"] for page in pages for one in page if one["why"] == "schedule"]


async def _pages(officer: Partner, path: str, **params: str) -> AsyncGenerator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = await _said(officer, "GET", path, params={**params, **({"cursor": cursor} if cursor else {})})
        yield page
        cursor = page["next"]
        if cursor is None:
            return


async def _said(officer: Partner, method: str, path: str, **more: Any) -> dict[str, Any]:
    answer = await officer.ask(method, path, **more)
    if answer.status_code not in (200, 201):
        problem = answer.json()
        raise RetentionRefused(f"{problem['title']}. {problem.get('detail', '')}".strip())
    return answer.json()


@asynccontextmanager
async def _officer(client: str, port: int | None) -> AsyncGenerator[Partner]:
    """Whoever handles rights, asking the hub that is up with its own key."""
    here = whereabouts.find(port)
    held = keyring.held_by(ClientId(client), Path(here.folder))
    scopes = frozenset(Scope(one) for one in held.scopes if one in set(Scope))
    who = Agency(AgencyId(client), client, DPO.type, scopes)
    async with httpx.AsyncClient(base_url=here.url, trust_env=False, timeout=60) as http:
        yield Partner(who, held.key, http, here.url)


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except httpx.TransportError as reason:
        raise HubDoesNotAnswer("The hub that is noted as up does not answer.") from reason


def _by(person: str) -> dict[str, str]:
    return {"practitioner": person}


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def _rule(one: dict[str, Any]) -> str:
    after, birthday = one["after_contact"], one["until_birthday"]
    times = [
        f"{after} year{'' if after == 1 else 's'} after the last contact" if after is not None else "",
        f"until the birthday number {birthday}" if birthday is not None else "",
        "or erased when the family asks" if one["on_request"] else "",
    ]
    return f"{one['category']}: {', '.join(filter(None, times))}. {one['source']}."
