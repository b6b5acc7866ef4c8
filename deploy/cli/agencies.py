"""`hub agency`: the members of the partnership, for a real deployment."""

from pathlib import Path
from typing import Annotated

import typer

from deploy import register
from deploy.terminal import MARKUP, AsJson, OfAHub, say, say_json, say_table
from gateway.oauth import clients
from hub.caller import AgencyId

agency = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=MARKUP,
    help="The members of the partnership, in HUB_DATABASE_URL or in the hub that is up.",
)

Name = Annotated[str, typer.Option(help="What people call it.")]
Kind = Annotated[str, typer.Option("--type", help="school, police, housing, mash, voluntary_community, ...")]


@agency.command()
def add(
    agency: Annotated[str, typer.Argument(help="Its id: lower case, digits, dashes.")],
    name: Name,
    kind: Kind,
    data: OfAHub = None,
) -> None:
    """Make an agency a member, rename it, or bring a former member back."""
    register.carry_out(_join(data, AgencyId(agency), name, kind))
    say(f"{agency} is a member.")


@agency.command("list")
def show(data: OfAHub = None, as_json: AsJson = False) -> None:
    """Every agency that is or was a member."""
    found = register.carry_out(register.agencies(data))
    if as_json:
        say_json(found)
        return
    rows = [(a["id"], a["name"], a["type"], "" if a["active"] else "left") for a in found]
    say_table(("agency", "name", "type", ""), rows)


async def _join(data: Path | None, agency: AgencyId, name: str, kind: str) -> None:
    async with register.opened("add agency", data) as tx:
        await clients.join(tx, agency, name, kind)
