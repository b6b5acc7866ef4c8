"""The `hub` command. What a command needs is imported when it is asked for, so that `hub --help` is quick.

To add one: write a function with typer's annotations (or a `typer.Typer` of several) where it belongs,
and give it a line here.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typing_extensions import override

from deploy.terminal import MARKUP, refusal, refuse

COMMANDS = {
    "demo": ("deploy.demo.command:demo", "Play the story of one family through the gateway."),
    "up": ("deploy.cli.up:up", "Run a whole hub on this machine until you stop it."),
    "token": ("deploy.cli.tokens:token", "Print an access token of the hub that is up."),
    "serve": ("deploy.cli.serve:serve", "Serve one part of a hub, as its HUB_ variables say."),
    "migrate": ("deploy.cli.migrate:migrate", "Bring a database up to date."),
    "keys": ("deploy.cli.keys:keys", "Print fresh keys for a new hub."),
    "doctor": ("deploy.cli.doctor:doctor", "Check a configuration and say what is wrong with it."),
    "agency": ("deploy.cli.agencies:agency", "The members of the partnership."),
    "client": ("deploy.cli.clients:client", "The machine clients of the members."),
    "import": ("deploy.cli.imports:imports", "Bring what others publish into a hub."),
    "seed": ("deploy.seed.command:command", "Fill a hub with synthetic families."),
    "bench": ("deploy.bench.command:command", "Measure a hub against what PostgreSQL alone can do."),
    "retention": (
        "deploy.cli.retention:retention",
        "What has had its time: listed, proposed, approved, erased.",
    ),
    "audit": ("deploy.cli.audit:audit", "The log of who saw what and of who decided it, and its proof."),
}


class _Commands(TyperGroup):
    """Every command by its line of help; the one that is asked for gives way to itself."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        for name, (_, line) in COMMANDS.items():
            self.add_command(TyperCommand(name, help=line), name)

    @override
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command in the arguments, its module loaded."""
        if args and args[0] in COMMANDS:
            self.add_command(_loaded(args[0]), args[0])
        return super().resolve_command(ctx, args)


def _loaded(name: str) -> Any:
    module, _, attribute = COMMANDS[name][0].partition(":")
    found: Any = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    alone = typer.Typer(add_completion=False, rich_markup_mode=MARKUP)
    alone.command(name)(found)
    return typer.main.get_command(alone)


# Typer's own tracebacks would print local variables, and with them keys and passwords.
app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=MARKUP,
    pretty_exceptions_enable=False,
)


@app.callback()
def hub() -> None:
    """Early Help Hub: agencies help a family early, together, and each sees what it may see."""


def main() -> None:
    """Run the command that was asked for. A refusal is a sentence on standard error and exit code 1."""
    try:
        app(prog_name="hub")
    except Exception as reason:
        sentence = refusal(reason)
        if sentence is None:
            raise
        refuse(sentence)
