"""`hub audit witness`: another agency watches a hub's log, once or for as long as it runs."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from deploy import whereabouts
from deploy.audit.witness import Cosigned, HubDoesNotAnswer, Kept, Watching, WitnessFileNotUsable
from deploy.demo import keyring
from deploy.terminal import AsJson, OfAHub, refusal, say, say_json, say_line
from deploy.tokens import ClientKey
from hub.caller import ClientId

Hub = Annotated[
    str | None,
    typer.Argument(
        help="The hub's address, such as https://hub.northshire.example; else the one that is up."
    ),
]
Client = Annotated[str, typer.Option(help="Your client at that hub. It needs the scope audit:witness.")]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key",
        exists=True,
        dir_okay=False,
        help="The file with your client's private key; a hub that is up here keeps its clients' keys.",
    ),
]
State = Annotated[
    Path,
    typer.Option(
        help="Where the witness keeps its own key and what it cosigned last. Keep it: it is the proof."
    ),
]
LogKey = Annotated[
    str | None,
    typer.Option(help="The log's key you trust; without it the hub's own is believed the first time."),
]
WitnessName = Annotated[str | None, typer.Option("--name", help="What the witness is called.")]
Every = Annotated[float | None, typer.Option(help="Go on, and look again after so many seconds.", min=0.1)]


class KeyNeeded(Exception):
    """No hub that is up here keeps this client's key."""


def witness(
    client: Client,
    state: State,
    hub: Hub = None,
    key: KeyFile = None,
    data: OfAHub = None,
    log_key: LogKey = None,
    name: WitnessName = None,
    every: Every = None,
    as_json: AsJson = False,
) -> None:
    """Watch another agency's hub: check that its log only grew since you last looked, and cosign it.

    Exit code 1 names what is wrong: LogForked, LogRolledBack, SignatureWrong. With --every it goes on until
    you stop it, through a hub that is away, and ends at the first thing that is wrong; --json then prints an
    object a line.
    """
    url = hub.rstrip("/") if hub else whereabouts.keeping(data).url
    held = _client_key(key) if key else _held(url, client)
    watch = _watch(url, client, held, state, log_key, name, every, as_json=as_json)
    try:
        asyncio.run(watch)
    except KeyboardInterrupt:
        raise typer.Exit from None


async def _watch(
    hub: str,
    client: str,
    key: ClientKey,
    state: Path,
    log_key: str | None,
    name: str | None,
    every: float | None,
    *,
    as_json: bool,
) -> None:
    kept = Kept.read(state, log_key)
    async with httpx.AsyncClient(timeout=30) as http:
        watching = Watching(hub, http, client, key, name or f"{client}/witness", kept)
        while True:
            try:
                _say_cosigned(await watching.once(), kept, every, as_json=as_json)
            except Exception as reason:
                if every is None or not isinstance(reason, HubDoesNotAnswer):
                    _say_wrong(reason, as_json=as_json)
                    raise
                _say_wrong(reason, as_json=as_json)
            if every is None:
                return
            await asyncio.sleep(every)


def _held(url: str, client: str) -> ClientKey:
    """The key that the hub which is up at this address keeps for its client."""
    for here in whereabouts.running():
        if here.url == url:
            return keyring.held_by(ClientId(client), Path(here.folder)).key
    raise KeyNeeded(f"The hub at {url} is not up here: give your client's private key with --key.")


def _client_key(file: Path) -> ClientKey:
    try:
        return ClientKey.read(file.read_text("utf-8"))
    except (OSError, ValueError) as reason:
        raise WitnessFileNotUsable(f"{file} does not hold a client's private key.") from reason


def _say_cosigned(cosigned: Cosigned, kept: Kept, every: float | None, *, as_json: bool) -> None:
    size, before = cosigned.checkpoint.size, cosigned.before
    if not as_json:
        grew = "the first that was seen" if before is None else f"{size - before} more than before"
        say(f"{cosigned.checkpoint.origin}: {size} leaves cosigned, {grew}.")
        return
    said: Mapping[str, Any] = {
        "origin": cosigned.checkpoint.origin,
        "size": size,
        "before": before,
        "at": cosigned.at,
        "log_key": kept.log_key,
    }
    (say_json if every is None else say_line)(said)


def _say_wrong(reason: Exception, *, as_json: bool) -> None:
    """What is wrong, for a machine; a person is told on standard error by whoever catches it."""
    if as_json and (sentence := refusal(reason)):
        kind, _, words = sentence.partition(": ")
        say_line({"wrong": kind, "words": words})
