"""Owns the data folder: `postgres/` the database, `password` its superuser's, `postgres.log`."""

import contextlib
import fcntl
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

from deploy.postgres.account import Account
from deploy.postgres.binaries import Binaries
from deploy.postgres.reasons import (
    DataFolderFromAnotherVersion,
    DataFolderInUse,
    DataFolderNotMade,
    DataFolderOutOfReach,
    PasswordMissing,
)


@contextlib.contextmanager
def temporary(account: Account) -> Generator[Path]:
    """Makes a folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="early-help-hub-", ignore_cleanup_errors=True) as folder:
        _let_through(Path(folder), account)
        yield Path(folder)


@contextlib.contextmanager
def claimed(folder: Path, account: Account) -> Generator[None]:
    """Makes the folder if it is missing and keeps every other hub out of it while inside.

    DataFolderOutOfReach if that user cannot use it, DataFolderInUse if another hub has it.
    """
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for made in missing:
            _let_through(made, account)
        claim = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise DataFolderOutOfReach(f"The data folder {folder} cannot be used: {error}.") from error
    try:
        _lock(claim, folder)
        _check_reach(folder, account)
        yield
    finally:
        os.close(claim)


def in_use(folder: Path) -> DataFolderInUse:
    """Returns the error to raise when another server has the folder."""
    return DataFolderInUse(
        f"Another server is running on the data folder {folder}. Stop it, or give another folder."
    )


def prepare(folder: Path, account: Account, binaries: Binaries, *, durable: bool) -> str:
    """Makes the database if there is none, checks that we can start it, returns its password.

    DataFolderNotMade, DataFolderOutOfReach, DataFolderFromAnotherVersion or PasswordMissing if not.
    """
    database, password = folder / "postgres", folder / "password"
    if not database.exists():
        _make(folder, account, binaries, durable=durable)
    elif database.stat().st_uid != account.user_id:
        _take_over(database, account)
    made_by = (database / "PG_VERSION").read_text().strip()
    if made_by != str(binaries.major):
        raise DataFolderFromAnotherVersion(
            f"PostgreSQL {made_by} made the data folder {folder} and this is {binaries.major}. Set "
            f"HUB_PG_BIN to the programs of {made_by}, or move the data with pg_dumpall and psql."
        )
    if not password.exists():
        raise PasswordMissing(
            f"The password of the database in {folder} is missing: put the file {password} back."
        )
    return password.read_text()


def _lock(claim: int, folder: Path) -> None:
    try:
        # The kernel drops this lock when we die, however we die; a lock file would outlive us.
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise in_use(folder) from None


def _let_through(folder: Path, account: Account) -> None:
    folder.chmod(0o711 if account.steps_down else 0o700)


def _check_reach(folder: Path, account: Account) -> None:
    if not (os.access(folder, os.W_OK) and account.may_execute(folder)):
        raise DataFolderOutOfReach(
            f"The user {account.name}, who runs PostgreSQL, cannot get to the data folder "
            f"{folder}. Give a folder that every user may pass through, such as one in /var/lib."
        )


def _make(folder: Path, account: Account, binaries: Binaries, *, durable: bool) -> None:
    # A database cut short looks like a whole one, so it gets its name only when it is finished.
    for left_over in folder.glob("postgres.new-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    half_made = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=folder))
    password = folder / "password"
    password.unlink(missing_ok=True)
    password.touch(mode=0o600, exist_ok=False)
    password.write_text(secrets.token_urlsafe(32))
    account.own(half_made)
    account.own(password)
    made = account.run(
        binaries.folder / "initdb",
        *("-D", half_made, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", password),
        *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        # Trigrams and text search still ask the C library what a letter is; plain C loses ŵ and é.
        f"--lc-ctype={'UTF-8' if sys.platform == 'darwin' else 'C.UTF-8'}",
        *("--data-checksums", "--no-instructions"),
        *(() if durable else ("--no-sync",)),
    )
    if made.returncode != 0:
        raise DataFolderNotMade(f"initdb could not make a database in {folder}: {made.stderr}")
    half_made.rename(folder / "postgres")


def _take_over(database: Path, account: Account) -> None:
    if not account.steps_down:
        raise DataFolderOutOfReach(
            f"The database {database} does not belong to {account.name}. Start the hub as the user "
            "it belongs to, or as root, which gives it to the user that runs PostgreSQL."
        )
    account.own(database)
