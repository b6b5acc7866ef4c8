"""Owns one process of PostgreSQL: how it starts, when it is ready, why it is not, how it stops."""

import contextlib
import re
import signal
import subprocess
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.postgres import data, lifeline
from deploy.postgres.account import Account
from deploy.postgres.binaries import Binaries
from deploy.postgres.reasons import CannotStart, DidNotStart, PortInUse

HOST = "127.0.0.1"

# Replaying the log after a crash is slow for a big database, and stopping it half-way helps nobody.
LONGEST_START = 600.0


@dataclass(frozen=True)
class Started:
    """A PostgreSQL that is ready to be connected to."""

    port: int
    process_id: int


@contextlib.contextmanager
def started(
    folder: Path, account: Account, binaries: Binaries, settings: Mapping[str, str], port: int
) -> Generator[Started]:
    """Starts PostgreSQL on a prepared folder, waits until it is ready, stops it at the end.

    DataFolderInUse, PortInUse or DidNotStart if it gives up.
    """
    log = folder / "postgres.log"
    log.touch(mode=0o600)
    with log.open("ab") as output:
        said_before = output.tell()
        child = account.start(
            *(binaries.folder / "postgres", "-D", folder / "postgres"),
            *("-h", HOST, "-p", str(port), "-k", ""),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            stdout=output,
            stderr=output,
            environment=_reused_process_id(folder),
        )
    try:
        with lifeline.tied_to(child.pid, account.start):
            if not _becomes_ready(child, folder):
                raise _reason(log.read_bytes()[said_before:].decode(errors="replace"), folder, port)
            yield Started(port, child.pid)
    finally:
        _stop(child)


def _reused_process_id(folder: Path) -> dict[str, str]:
    """After a kill -9 the number in postmaster.pid may be another program's, as in containers.

    PostgreSQL then takes that for a server, unless told, as pg_ctl does, that it is an ancestor.
    """
    with contextlib.suppress(OSError, IndexError):
        database = folder / "postgres"
        number = (database / "postmaster.pid").read_text().split()[0]
        if not Path("/proc", number, "cwd").samefile(database):
            return {"PG_GRANDPARENT_PID": number}
    return {}


def _becomes_ready(child: subprocess.Popen[bytes], folder: Path) -> bool:
    give_up = time.monotonic() + LONGEST_START
    while child.poll() is None and time.monotonic() < give_up:
        # What pg_ctl waits for, at a thousandth of the price of a connection.
        with contextlib.suppress(FileNotFoundError, IndexError):
            said = (folder / "postgres" / "postmaster.pid").read_text().split("\n")
            if said[0] == str(child.pid) and "ready" in said[-2].split():
                return True
        time.sleep(0.005)
    return False


def _reason(said: str, folder: Path, port: int) -> CannotStart:
    if re.search(r"lock file .* already exists|shared memory block .* still in use", said):
        return data.in_use(folder)
    if "Address already in use" in said:
        return PortInUse(f"Port {port} is taken: stop the program that has it, or give another.")
    return DidNotStart(f"PostgreSQL did not start on {folder}. It said: {said[-2000:].strip()}")


def _stop(child: subprocess.Popen[bytes]) -> None:
    # Fast, then without a checkpoint, then by force: the next start recovers from any of them.
    for how, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        child.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
            return
