"""Owns who PostgreSQL runs as: us, or, because it refuses root, a user root steps down to."""

import contextlib
import os
import pwd
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.postgres import lifeline
from deploy.postgres.reasons import AccountHasNoName, CannotStepDown

# Nothing of ours: the hub's own secrets often live in its environment. TZ spares initdb a search
# through every time zone, and LC_ALL keeps messages in English and macOS single-threaded.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """A user to run programs as. `steps_down` says that we are root and this user is not."""

    name: str
    user_id: int
    group_id: int
    steps_down: bool

    def start(
        self,
        *command: str | Path,
        stdin: int = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        stderr: int | IO[bytes] = subprocess.DEVNULL,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Starts a command as this user, to be interrupted if we are killed, and returns it.

        OSError if it cannot be run at all.
        """
        return subprocess.Popen(  # noqa: S603 (the commands are ours)
            command,
            user=self.user_id if self.steps_down else None,
            group=self.group_id if self.steps_down else None,
            extra_groups=[] if self.steps_down else None,
            cwd="/",
            env=ENVIRONMENT | dict(environment or {}),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            # Ctrl-C goes to a terminal's whole group; the hub is to stop first, its database last.
            start_new_session=True,
            preexec_fn=lifeline.in_the_child(),  # noqa: PLW1509 (two system calls, no locks)
        )

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end as this user and returns what it said, even if it failed.

        OSError if it cannot be run at all.
        """
        with self.start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            try:
                said, complained = child.communicate()
            except BaseException:
                # initdb has children that would go on writing into a folder we are to remove.
                with contextlib.suppress(OSError):
                    os.killpg(child.pid, signal.SIGKILL)
                raise
        texts = (text.decode(errors="replace") for text in (said, complained))
        return subprocess.CompletedProcess(command, child.returncode, *texts)

    def may_execute(self, path: Path) -> bool:
        """Whether this user may run that file, or go through that folder, by its whole path."""
        return self.run("test", "-x", path).returncode == 0

    def own(self, path: Path) -> None:
        """Gives this user a file or a folder and all that is in it, if we are root."""
        if not self.steps_down:
            return
        os.chown(path, self.user_id, self.group_id, follow_symlinks=False)
        # fwalk works from open folders, so nobody can swap one for a link to /etc half-way.
        for _, folders, files, here in os.fwalk(path):
            for name in folders + files:
                os.chown(name, self.user_id, self.group_id, dir_fd=here, follow_symlinks=False)


def to_run_as() -> Account:
    """Returns the user PostgreSQL is to run as: us, or `postgres` or `nobody` when we are root.

    AccountHasNoName if it is not in the list of users, CannotStepDown if root may not become it.
    """
    if os.geteuid() == 0:
        return _below_root()
    try:
        us = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise AccountHasNoName(
            f"The user id {os.geteuid()} has no name on this machine and PostgreSQL needs one. "
            "Give it a line in /etc/passwd, or set HUB_DATABASE_URL to a server already running."
        ) from None
    return Account(us.pw_name, us.pw_uid, us.pw_gid, steps_down=False)


def _below_root() -> Account:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            them = pwd.getpwnam(name)
            account = Account(name, them.pw_uid, them.pw_gid, steps_down=True)
            try:
                account.run("true")
            except OSError as error:
                raise CannotStepDown(
                    f"PostgreSQL refuses to run as root, and root may not become {name} here: "
                    f"{error.strerror}. Start the hub as another user, or set HUB_DATABASE_URL "
                    "to a server already running."
                ) from error
            return account
    raise AccountHasNoName(
        "PostgreSQL refuses to run as root and there is no user postgres or nobody to run it. "
        "Add one, start the hub as another user, or set HUB_DATABASE_URL to a server already "
        "running."
    )
