"""How a migration speaks SQL."""

from alembic import op


def run(script: str) -> None:
    """Execute a script of several statements on the migration's own connection and transaction."""
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None, "a migration runs on a live connection"
    connection.run_async(lambda driver: driver.execute(script))
