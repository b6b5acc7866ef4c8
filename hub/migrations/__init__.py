"""How a migration speaks SQL."""

from collections.abc import Awaitable, Callable
from typing import Any

from alembic import op


def run(script: str) -> None:
    """Execute a script of several statements on the migration's own connection and transaction."""
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None, "a migration runs on a live connection"
    connection.run_async(_execute(script))


def _execute(script: str) -> Callable[[Any], Awaitable[Any]]:
    return lambda driver: driver.execute(script)
