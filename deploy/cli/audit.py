"""`hub audit`: takes the log of who saw what, and who decided it, out of the hub, and proves it anywhere."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy import administered, environment
from deploy.audit import export as exporting
from deploy.audit import verify_log
from deploy.cli.witnessing import witness
from deploy.terminal import MARKUP, AsJson, OfAHub, doing, say, say_json
from gateway.audit import signer_of

audit = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=MARKUP,
    help="The log of who saw what and of who decided it, and its proof.",
)

Key = Annotated[
    str | None, typer.Option(help="The verifier key you trust, as the gateway serves it at /audit/key.")
]
Kept = Annotated[
    list[Path] | None, typer.Option(help="A checkpoint you kept from before: it must still hold; repeat.")
]
Witnesses = Annotated[
    list[str] | None,
    typer.Option("--witness", help="A witness's key you trust, as served at /audit/witnesses; repeat."),
]
Source = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


@audit.command()
def export(file: Path, data: OfAHub = None, key: Key = None, as_json: AsJson = False) -> None:
    """Write the whole log to a file for `hub audit verify`. It says who asked about whom: guard it.

    The log of the hub that is up; or, where HUB_DATABASE_URL is set to an administrator's, of that one.
    There, without --key, HUB_CHECKPOINT_KEY and HUB_PUBLIC_URL say which key signed.
    """
    settings = administered.settings(data)
    url = environment.database_url(settings)
    with doing("Writing the log"):
        asyncio.run(environment.check_reachable(url))
        leaves = asyncio.run(exporting(url, key or signer_of(settings).verifier_key(), file))
    if as_json:
        say_json({"file": str(file), "leaves": leaves})
    else:
        say(f"{leaves} leaves written to {file}.")


@audit.command()
def verify(
    file: Source, key: Key = None, kept: Kept = None, watched: Witnesses = None, as_json: AsJson = False
) -> None:
    """Prove an exported log, offline: no look and no decision altered, missing, added, moved or back-dated.

    Exit code 1 if it does not hold.
    """
    with doing("Verifying"), file.open(encoding="utf-8") as lines:
        before = [one.read_text("utf-8") for one in kept or []]
        verdict = verify_log(lines, key=key, kept=before, witnesses=watched or [])
    if as_json:
        failures = [{"kind": f.kind, "leaf": f.number, "words": f.words} for f in verdict.failures]
        found = {"holds": verdict.holds, "leaves": verdict.size, "cosigned": verdict.cosigned}
        erased = [{"request": e.request, "at": e.at, "entries": e.entries} for e in verdict.erased]
        believed = (key is None and verdict.key) or None
        say_json(
            {
                **found,
                "believed_key": believed,
                "erased": erased,
                "seeded": verdict.seeded,
                "failures": failures,
            }
        )
    else:
        for failure in verdict.failures:
            say(f"{failure.kind}: {failure.words}")
        if verdict.holds:
            say(f"The log holds: {verdict.size} leaves.")
            for name, size in verdict.cosigned.items():
                say(f"{name} cosigned its first {size}.")
        if key is None and verdict.key:
            say(f"It believed the key in the file, {verdict.key}. Compare it with GET /audit/key of the hub.")
        for one in verdict.erased:
            say(f"{one.entries} entries of the log erased on {one.at[:10]} under request {one.request}.")
        if verdict.seeded:
            say(f"{verdict.seeded} steps of decisions and agreements are synthetic, of `hub seed`.")
    if not verdict.holds:
        raise typer.Exit(1)


audit.command("witness")(witness)
