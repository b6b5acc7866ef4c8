"""Where a hub that `hub up` keeps running is, so that a second shell finds it.

A small file per hub in the user's cache folder, readable by its owner alone. Whoever wrote it holds a
lock on it, which the kernel drops when that process ends, however it ends.
"""

import fcntl
import json
import os
import shlex
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "early-help-hub"


class NoHubRunning(Exception):
    """No hub of yours is running on this machine."""


class SeveralHubsRunning(Exception):
    """More than one hub of yours is running on this machine."""


class NowhereToNote(Exception):
    """There is no folder of yours to note a running hub in."""


@dataclass(frozen=True)
class Whereabouts:
    """A running hub: where it answers, the folder with its keys, and its administrator's database URL."""

    url: str
    port: int
    folder: str
    database_url: str = ""


@contextmanager
def noted(here: Whereabouts) -> Generator[None]:
    """Keep a note of the running hub while inside. Raises NowhereToNote."""
    file = _folder() / f"{here.port}.json"
    half_written = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(half_written, os.O_WRONLY | os.O_CREAT, 0o600), "w") as note:
        # Locked before it has its name: a note without a lock is swept away.
        fcntl.flock(note, fcntl.LOCK_EX)
        note.write(json.dumps(asdict(here)))
        note.flush()
        half_written.rename(file)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def running() -> list[Whereabouts]:
    """Every hub of this user that runs now. Notes of hubs that were killed are swept away."""
    return [here for place in _places() for file in sorted(place.glob("*.json")) for here in _read(file)]


def find(port: int | None = None) -> Whereabouts:
    """The running hub, or the one on that port. Raises NoHubRunning or SeveralHubsRunning."""
    found = [here for here in running() if port in (None, here.port)]
    if not found:
        on = f" on port {port}" if port else ""
        raise NoHubRunning(f"No hub of yours is running{on}. `hub up` starts one.")
    return _only(found, "--port")


def keeping(data: Path | None) -> Whereabouts:
    """The running hub that keeps everything in this folder; the only one, where none is named.

    Raises NoHubRunning or SeveralHubsRunning.
    """
    found = [here for here in running() if data is None or here.folder == str(data.resolve())]
    if not found and data is not None:
        raise NoHubRunning(f"No hub of yours is running on {data}. `hub up --data {data}` starts it.")
    if not found:
        raise NoHubRunning(
            "No hub of yours is running, and HUB_DATABASE_URL names none. `hub up` starts one;"
            " for a hub that is deployed, set HUB_DATABASE_URL to its administrator's postgresql://..."
        )
    return _only(found, "--data")


def _only(found: list[Whereabouts], option: str) -> Whereabouts:
    """The one there is. Raises SeveralHubsRunning with what tells each from the others."""
    if len(found) > 1:
        each = [str(here.port) if option == "--port" else shlex.quote(here.folder) for here in found]
        ways = ", ".join(f"`{option} {it}` ({here.url})" for it, here in zip(each, found, strict=True))
        raise SeveralHubsRunning(f"Several hubs of yours are up. Say which: {ways}.")
    return found[0]


def _read(file: Path) -> Iterator[Whereabouts]:
    with suppress(FileNotFoundError), file.open("r+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            with suppress(ValueError, TypeError):
                yield Whereabouts(**json.load(note))
            return
        file.unlink(missing_ok=True)


def _folder() -> Path:
    """The first of our places that can be made ours."""
    for place in _candidates():
        with suppress(OSError):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _ours(place) and os.access(place, os.W_OK):
                return place
    raise NowhereToNote("Set XDG_CACHE_HOME to a folder that you may write to.")


def _places() -> list[Path]:
    return [place for place in _candidates() if _ours(place)]


def _candidates() -> Iterator[Path]:
    if cache := os.environ.get("XDG_CACHE_HOME"):
        yield Path(cache, NAME)
    with suppress(RuntimeError):
        yield Path.home() / ".cache" / NAME
    yield Path(tempfile.gettempdir(), f"{NAME}-{os.geteuid()}")


def _ours(place: Path) -> bool:
    """Nobody else may have put notes there: they would say where our keys and tokens go."""
    with suppress(OSError):
        facts = place.lstat()
        return facts.st_uid == os.geteuid() and not facts.st_mode & 0o022
    return False
