"""`hub doctor`: what is wrong with a configuration, and the way out."""

import asyncio
from typing import Annotated

import typer
from rich.text import Text

from deploy import environment, whereabouts
from deploy.cli.parts import Part
from deploy.doctor.examination import examine
from deploy.doctor.findings import Finding
from deploy.terminal import AsJson, doing, facts, say_json


def doctor(
    part: Annotated[
        Part | None, typer.Argument(help="Whose variables these are; none: the whole hub's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a configuration and say what is wrong with it.

    Reads the HUB_ variables as that part would when it starts: HUB_DATABASE_URL is its own, not the
    administrator's. Changes nothing. Exit code 1 if anything is wrong. A hub
    that `hub up` runs needs none of them.
    """
    with doing("Examining"):
        found = asyncio.run(examine(environment.settings(), part.value if part else None))
    if as_json:
        say_json({"ok": all(one.ok for one in found), "findings": [one.as_json() for one in found]})
    else:
        facts.print(_what_for(), style="dim")
        for one in found:
            facts.print(_line(one))
    if not all(one.ok for one in found):
        raise typer.Exit(1)


def _what_for() -> str:
    """What is checked, for whoever has only ever called `hub up`, which needs none of it."""
    up = ", ".join(here.url for here in whereabouts.running())
    mine = f" A hub of yours is up at {up}, and needs none of them." if up else ""
    return f"This checks the configuration of a deployment: the HUB_ variables set here.{mine}"


def _line(finding: Finding) -> Text:
    if finding.ok:
        return Text.assemble(("good   ", "green"), finding.says)
    return Text.assemble(("wrong  ", "bold red"), finding.says, (f"\n       {finding.way_out}", "dim"))
