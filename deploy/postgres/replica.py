"""Owns a read-only replica of a running PostgreSQL: a copy that follows it, for reading the directory."""

import contextlib
import socket
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from deploy.postgres import account, binaries, data, process
from deploy.postgres.reasons import DataFolderNotMade
from deploy.postgres.server import NOT_DURABLE, SETTINGS, Server


@contextlib.contextmanager
def following(primary: Server) -> Generator[Server]:
    """Runs a streaming replica of an embedded server while inside, on a free port of 127.0.0.1.

    It has the primary's roles and passwords, shows what the primary committed a moment ago, and refuses
    every write. For trying what a hosted database does with a click. DataFolderNotMade if the copy fails.
    """
    runs_as = account.to_run_as()
    programs = binaries.find(runs_as)
    with ExitStack() as stack:
        place = stack.enter_context(data.temporary(runs_as)).resolve()
        stack.enter_context(data.claimed(place, runs_as))
        _copy(primary, place, runs_as, programs)
        started = stack.enter_context(
            process.started(place, runs_as, programs, SETTINGS | NOT_DURABLE, _free_port())
        )
        url = make_url(primary.url).set(port=started.port).render_as_string(hide_password=False)
        yield replace(primary, url=url, port=started.port, folder=place, process_id=started.process_id)


def _copy(primary: Server, place: Path, runs_as: account.Account, programs: binaries.Binaries) -> None:
    """A base backup, with what makes it follow its source (standby.signal and primary_conninfo)."""
    half_made, password = place / "postgres", place / "pgpass"
    half_made.mkdir(mode=0o700)
    password.touch(mode=0o600)
    # In a file: what is on a command line, every user of the machine can read.
    password.write_text(f"{primary.host}:{primary.port}:*:postgres:{primary.password}\n")
    for owned in (half_made, password):
        runs_as.own(owned)
    source = f"host={primary.host} port={primary.port} user=postgres passfile={password}"
    made = runs_as.run(
        programs.folder / "pg_basebackup",
        *("-D", half_made, "-d", source, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
    )
    if made.returncode != 0:
        raise DataFolderNotMade(f"pg_basebackup could not copy the server: {made.stderr}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((process.HOST, 0))
        port: int = listener.getsockname()[1]
        return port
