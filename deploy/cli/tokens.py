"""`hub token`: an access token for trying things out."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from deploy import whereabouts
from deploy.demo import keyring
from deploy.terminal import AsJson, aside, say, say_json
from deploy.tokens import ask
from hub.caller import PURPOSE_SCOPE, ClientId

Client = Annotated[str, typer.Argument(help="A client of the hub that is up, such as oakfield-primary.")]
Scopes = Annotated[
    list[str] | None, typer.Option("--scope", help="Ask for this scope only; may be repeated.")
]
Purpose = Annotated[str, typer.Option(help="What the information is for; empty for no purpose.")]
Port = Annotated[int | None, typer.Option(help="The port of the hub, where several are up.")]


class HubDoesNotAnswer(Exception):
    """The hub is noted as running, and does not answer."""


def token(
    client: Client,
    scope: Scopes = None,
    purpose: Purpose = "early_help",
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Print an access token of the hub that is up. It lasts five minutes: ask again after that.

    curl -H "Authorization: Bearer $(hub token oakfield-primary)" http://127.0.0.1:8000/referral/...
    """
    here = whereabouts.find(port)
    held = keyring.held_by(ClientId(client), Path(here.folder))
    scopes = scope or [one for one in held.scopes if not one.startswith(PURPOSE_SCOPE)]
    wanted = [*scopes, *([PURPOSE_SCOPE + purpose] if purpose else [])]
    try:
        answer = asyncio.run(_ask(here.url, client, held, wanted))
    except httpx.TransportError as reason:
        raise HubDoesNotAnswer(f"The hub at {here.url} does not answer.") from reason
    if as_json:
        say_json(answer)
    else:
        say(answer["access_token"])
        aside(f"It lasts {answer['expires_in'] // 60} minutes, then ask again.")


async def _ask(url: str, client: str, held: keyring.Held, scopes: list[str]) -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        return await ask(http, url, client, held.key, scopes)
