"""`hub up`: a whole hub on this machine, and what to try it with."""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from deploy import up as running
from deploy.demo.partnership import DPO, EARLY_HELP
from deploy.terminal import AsJson, facts, say_json
from deploy.up import Up

ROOT = Path(__file__).parents[2]
CLIENT = EARLY_HELP.client
WHO = '-H "Authorization: Bearer $TOKEN" -H "Practitioner: staff-17"'

Data = Annotated[Path | None, typer.Option(help="Keep everything in this folder, from one run to the next.")]
Empty = Annotated[bool, typer.Option("--empty", help="Start without the story: agencies and nobody else.")]
Port = Annotated[int, typer.Option(help="The port on 127.0.0.1.", min=1, max=65535)]


def up(data: Data = None, empty: Empty = False, port: Port = 8000, as_json: AsJson = False) -> None:
    """Run a whole hub on this machine until you stop it.

    Starts its own PostgreSQL, or uses the administrator's URL in HUB_DATABASE_URL, and tells it the
    story of one family. Without --data everything is gone at the end. Ctrl-C stops it.
    """
    running.run(data, port, empty=empty, ready=_say_json if as_json else _show)


def _show(hub: Up) -> None:
    """The banner. What there is to copy stands alone on its line, whole."""
    facts.print(Text(f"\nThe hub is up at {hub.url}", style="bold green"))
    kept = f"It keeps everything in {hub.folder}." if hub.kept else "It keeps nothing: --data DIR does."
    facts.print(f"{kept} Ctrl-C stops it.", style="dim")
    for what, whole in {**commands(hub), "Interactive documentation:": _documentation(hub)}.items():
        facts.print(f"\n{what}")
        facts.print(Text(f"  {whole}", style="bold cyan"))
    facts.print()


def _say_json(hub: Up) -> None:
    say_json(
        {
            "url": hub.url,
            "data": str(hub.folder),
            "household": hub.household,
            "commands": list(commands(hub).values()),
            "documentation": _documentation(hub),
        }
    )
    sys.stdout.flush()


def commands(hub: Up) -> dict[str, str]:
    """What works in a second shell, each under what it does: a token, a question with it, another token."""
    return {
        "Get a token, in a second shell (it lasts five minutes):": _token(hub, CLIENT),
        "Ask, as the early help team:": f"curl {WHO} {_question(hub)}",
        "Or a token of the data protection officer's, who sees all by office:": _token(hub, DPO.client),
    }


def _token(hub: Up, client: str) -> str:
    return f"TOKEN=$({_hub()} token {client} --port {hub.port})"


def _question(hub: Up) -> str:
    if hub.household is None:
        return f"{hub.url}/referral/households"
    return f"{hub.url}/referral/households/{hub.household}/case"


def _documentation(hub: Up) -> str:
    return f"{hub.url}/docs"


def _hub() -> str:
    """How this command was called, as a second shell in the same folder can call it."""
    here = Path.cwd()
    if "UV" in os.environ and (here == ROOT or ROOT in here.parents):
        return "uv run hub"
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m deploy.cli"
    on_path = shutil.which("hub")
    return "hub" if on_path and Path(on_path).samefile(called) else shlex.quote(str(called.absolute()))
