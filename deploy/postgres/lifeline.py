"""Owns the tie between PostgreSQL's life and ours: if we are killed, it shuts down by itself."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator

KERNEL_TELLS_CHILDREN = sys.platform == "linux"

_PR_SET_PDEATHSIG = 1


def in_the_child() -> Callable[[], None] | None:
    """Returns what a child must run before its program, or None where the kernel cannot tell it.

    The kernel watches the thread that starts the child, not the process.
    """
    if not KERNEL_TELLS_CHILDREN:
        return None
    set_option, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask_for_a_signal() -> None:
        set_option(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        # We may have died before the line above, and then nobody would ever send it.
        if os.getppid() != parent:
            os._exit(1)

    return ask_for_a_signal


@contextlib.contextmanager
def tied_to(process_id: int, start: Callable[..., subprocess.Popen[bytes]]) -> Generator[None]:
    """While inside, a shell does what the kernel cannot: our death closes its input, so it acts."""
    if KERNEL_TELLS_CHILDREN:
        yield
        return
    watch = f"read -r _; kill -INT {process_id}"
    with start("/bin/sh", "-c", watch, stdin=subprocess.PIPE) as watcher:
        try:
            yield
        finally:
            watcher.kill()
