"""The only Alembic environment: one history per owner, each in its own schema, under a lock timeout."""

import importlib

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

owner: str = context.config.attributes["owner"]
connection: Connection = context.config.attributes["connection"]


def belongs(thing: object, name: str | None, *_: object) -> bool:
    """Compare an owner's models with its own schema only."""
    return getattr(getattr(thing, "table", thing), "schema", None) == owner and name != "alembic_version"


for module in context.config.attributes["models"]:
    importlib.import_module(module)
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    version_table_schema=owner,
    include_schemas=True,
    include_object=belongs,
    compare_server_default=False,
)
with context.begin_transaction():
    connection.exec_driver_sql("set local lock_timeout = '5s'")
    context.run_migrations()
