"""Owns the embedded PostgreSQL: a real server that starts and stops with us, nothing to install.

`server` what the hub sees > `process` starts and stops it > `data` makes and guards the data folder
> `binaries` finds the programs > `account` chooses who runs them > `lifeline` ends them if we are
killed | `reasons` why it cannot start. Each imports only downwards.
"""

from deploy.postgres.reasons import (
    AccountHasNoName,
    CannotStart,
    CannotStepDown,
    DataFolderFromAnotherVersion,
    DataFolderInUse,
    DataFolderNotMade,
    DataFolderOutOfReach,
    DidNotStart,
    NoPostgresFound,
    PasswordMissing,
    PortInUse,
)
from deploy.postgres.server import Server, running

__all__ = [
    "AccountHasNoName",
    "CannotStart",
    "CannotStepDown",
    "DataFolderFromAnotherVersion",
    "DataFolderInUse",
    "DataFolderNotMade",
    "DataFolderOutOfReach",
    "DidNotStart",
    "NoPostgresFound",
    "PasswordMissing",
    "PortInUse",
    "Server",
    "running",
]
