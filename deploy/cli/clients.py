"""`hub client`: the machine clients of the members, for a real deployment."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import register
from deploy.terminal import MARKUP, AsJson, OfAHub, say, say_json, say_table
from gateway.oauth import clients
from hub.caller import AgencyId, ClientId
from hub.problem import NotFound

client = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=MARKUP,
    help="The machine clients of the members, in HUB_DATABASE_URL or in the hub that is up.",
)

Id = Annotated[str, typer.Argument(help="Its id, such as oakfield-mis.")]
Agency = Annotated[str, typer.Option(help="The member it belongs to. It can never change.")]
Name = Annotated[str, typer.Option(help="What people call it.")]
Scopes = Annotated[
    list[str],
    typer.Option(
        "--scope", help="A scope it may ask for, such as concerns:write or purpose:early_help; repeat."
    ),
]
Keys = Annotated[Path | None, typer.Option(help="Its public keys: a JWK, or a set of them (RFC 7517).")]
NewKey = Annotated[
    Path | None, typer.Option(help="Make a key pair instead, and write the private one to this file.")
]
Team = Annotated[
    str | None,
    typer.Option(
        help="The agency's team it belongs to, such as targeted-youth: what is shared with that team."
    ),
]


@client.command()
def add(
    id: Id,  # noqa: A002
    agency: Agency,
    name: Name,
    scope: Scopes,
    keys: Keys = None,
    new_key: NewKey = None,
    team: Team = None,
    data: OfAHub = None,
) -> None:
    """Register a client, or give it other keys, scopes and team. It proves who it is by private_key_jwt."""
    if (keys is None) == (new_key is None):
        raise typer.BadParameter("give either --keys or --new-key.")
    source = register.fresh_key(new_key) if new_key else nullcontext(register.public_keys(keys or Path()))
    with source as public:
        register.carry_out(_register(data, ClientId(id), AgencyId(agency), name, public, scope, team))
    say(f"{id} is a client of {f'{team} at ' if team else ''}{agency}.")


@client.command()
def suspend(id: Id, data: OfAHub = None) -> None:  # noqa: A002
    """Shut a client out: no new token, and the old ones are refused within a second."""
    register.carry_out(_set_active(data, ClientId(id), active=False))
    say(f"{id} is suspended.")


@client.command()
def restore(id: Id, data: OfAHub = None) -> None:  # noqa: A002
    """Let a suspended client in again."""
    register.carry_out(_set_active(data, ClientId(id), active=True))
    say(f"{id} is let in again.")


@client.command("list")
def show(data: OfAHub = None, as_json: AsJson = False) -> None:
    """Every client, whose it is, and the most it may ask for."""
    found = register.carry_out(register.clients(data))
    if as_json:
        say_json([{**one, "scopes": one["scopes"].split()} for one in found])
        return
    rows = [
        (c["id"], c["agency"], c["team"] or "", "" if c["active"] else "suspended", c["scopes"])
        for c in found
    ]
    say_table(("client", "agency", "team", "", "may ask for"), rows)


async def _register(
    data: Path | None,
    client: ClientId,
    agency: AgencyId,
    name: str,
    keys: list[dict[str, Any]],
    scopes: list[str],
    team: str | None,
) -> None:
    async with register.opened("add client", data) as tx:
        await clients.register(tx, client, agency, name, keys, scopes, team)


async def _set_active(data: Path | None, client: ClientId, *, active: bool) -> None:
    async with register.opened("let a client in or shut it out", data) as tx:
        try:
            await (clients.restore(tx, client) if active else clients.suspend(tx, client))
        except NotFound:
            raise register.NotRegistered(f"There is no client {client}.") from None
