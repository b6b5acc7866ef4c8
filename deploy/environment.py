"""The environment a command runs in: its HUB_ variables and its database, every mistake a sentence."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import ValidationError
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.database import administration
from hub.settings import Settings


class SettingNotValid(Exception):
    """A HUB_ variable does not hold what it must."""


class DatabaseUnreachable(Exception):
    """The database in HUB_DATABASE_URL cannot be used."""


def settings() -> Settings:
    """The HUB_ variables. Raises SettingNotValid, without repeating what may be a secret."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue]  # every field comes from the environment
    except ValidationError as reason:
        wrong = (f"HUB_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in reason.errors())
        raise SettingNotValid("; ".join(wrong)) from None


def database_url(settings: Settings) -> str:
    """HUB_DATABASE_URL. Raises SettingMissing or SettingNotValid."""
    text = settings.need("database_url")
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingNotValid("HUB_DATABASE_URL: not of the form postgresql://...") from None
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise SettingNotValid(f"HUB_DATABASE_URL: {url.drivername} is not postgresql.")
    if "sslmode" in url.query:
        raise SettingNotValid("HUB_DATABASE_URL: write ssl=... where libpq has sslmode=...")
    return text


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[AsyncConnection]:
    """One connection to the database. Raises DatabaseUnreachable with the place and the reason."""
    engine = administration(url)
    try:
        connection = await engine.connect()
    except (DBAPIError, OSError, TimeoutError, TypeError) as reason:
        place = _place(make_url(url))
        raise DatabaseUnreachable(f"The database {place} cannot be used: {why(reason)}.") from reason
    try:
        yield connection
    finally:
        await connection.close()
        await engine.dispose()


async def check_reachable(url: str) -> None:
    """Raise DatabaseUnreachable unless the database lets us in."""
    async with connected(url):
        pass


def _place(url: URL) -> str:
    return f"{url.username or ''}@{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


def why(reason: Exception) -> str:
    """What the system or the driver said, without its numbers and class names."""
    cause = getattr(reason, "orig", None) or reason
    said = str(cause).rpartition(">: ")[2].strip() or type(cause).__name__
    return re.sub(r"^\[Errno -?\d+\] ", "", said)
