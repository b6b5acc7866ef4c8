"""Owns a running PostgreSQL as the rest of the hub sees it: an address, while it is open."""

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from deploy.postgres import account, binaries, data, process
from deploy.postgres.reasons import CannotStart, DataFolderInUse, PortInUse

SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "jit": "off",
    "idle_in_transaction_session_timeout": "60s",
    # What a statement or a row held is personal data: the log says what the server did, not that.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    **({"tcp_user_timeout": "30s"} if sys.platform == "linux" else {}),
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
NOT_DURABLE = dict.fromkeys(DURABLE, "off")

# A server whose hub was killed needs a moment to finish before the next can have its folder.
PATIENCE = 10.0


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL. The url is its superuser's: for the launcher and migrations only."""

    url: str = field(repr=False)
    host: str
    port: int
    password: str = field(repr=False)
    folder: Path
    process_id: int


@contextlib.contextmanager
def running(
    folder: Path | None = None, *, durable: bool = True, port: int | None = None
) -> Generator[Server]:
    """Runs a PostgreSQL while inside, on 127.0.0.1 only, and stops it on the way out.

    `folder` keeps the data from one run to the next, with the password beside it; without one the
    data goes when the server does. `durable=False` is for tests: faster, and a power cut may lose
    it all. Without a `port` a free one is taken. Gives the Server, ready to be connected to.

    Enter it in a thread that lives as long as the server, such as the main one: on Linux the server
    stops when the thread that started it ends.

    CannotStart if it does not, as the class that says why: `deploy.postgres.reasons` lists them.
    """
    runs_as = account.to_run_as()
    programs = binaries.find(runs_as)
    settings = SETTINGS | (DURABLE if durable else NOT_DURABLE)
    with ExitStack() as stack:
        place = (folder or stack.enter_context(data.temporary(runs_as))).resolve()
        stack.enter_context(data.claimed(place, runs_as))
        password = data.prepare(place, runs_as, programs, durable=durable)
        started = _patiently(
            stack,
            lambda: process.started(place, runs_as, programs, settings, port or _free_port()),
            # A port we chose ourselves may be lost to another program before PostgreSQL has it.
            worth_waiting=(DataFolderInUse,) if port else (DataFolderInUse, PortInUse),
        )
        host, chosen = process.HOST, started.port
        url = f"postgresql://postgres:{password}@{host}:{chosen}/postgres"
        yield Server(url, host, chosen, password, place, started.process_id)


def _patiently(
    stack: ExitStack,
    attempt: Callable[[], AbstractContextManager[process.Started]],
    worth_waiting: tuple[type[CannotStart], ...],
) -> process.Started:
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return stack.enter_context(attempt())
        except worth_waiting:
            if time.monotonic() > give_up:
                raise
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((process.HOST, 0))
        port: int = listener.getsockname()[1]
        return port
