"""Import a local offer straight into a hub's database, as an operator."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from deploy import environment
from deploy.migrate import migrated
from deploy.place import of_a_hub
from hub.caller import AgencyId, Caller, ClientId, Scope
from hub.database import Database
from hub.problem import Problem
from services.directory.actions import keep_feeds
from services.directory.actions.take_in import id_of
from services.directory.formats import NotAFeed
from services.directory.jobs.bring import bring_file, bring_from, is_document
from services.directory.jobs.pull import Errand, base_of, pull
from services.directory.jobs.turns import Turn, each, within
from services.directory.rules.feeds import FeedBeingPulled
from services.directory.schemas import FeedReport
from services.directory.store import feeds

OPERATION = "hub import directory"
OPERATOR = ClientId("operator")
MEMBERS = "select id from hub.agency where active order by id"
Progress = Callable[[int, int | None], None]


class NothingToImport(Exception):
    """There is no such file, and it is no web address."""


class NowhereToImport(Exception):
    """There is no hub to import into."""


class NotImported(Exception):
    """It was not imported."""


class WhoKeepsIt(Exception):
    """Say which member keeps the feed."""


@dataclass(frozen=True)
class Wish:
    """What to import, for whom, and how."""

    source: str
    publisher: str | None
    agency: str | None
    dry_run: bool = False
    hide_gone: bool = False
    longest: float = 3600.0
    feed: str | None = None

    @property
    def is_address(self) -> bool:
        """Whether it is on the web."""
        return self.source.startswith(("http://", "https://"))

    @property
    def known_by(self) -> str:
        """What the next import of the same is known by: an address, or a file's publisher and its name.

        Two publishers' files are often called the same, so a name alone would have one hide the other's.
        """
        if self.is_address:
            return self.source
        if self.feed:
            return f"file:{quote(self.feed, safe='')}"
        whose = f"{quote(self.publisher, safe='')}/" if self.publisher else ""
        return f"file:{whose}{quote(self.file_name, safe='')}"

    @property
    def file_name(self) -> str:
        """The name of the file, or of the folder of a data package."""
        return self.file.parent.name if self.file.name == "datapackage.json" else self.file.name

    @property
    def file(self) -> Path:
        """The file it is otherwise."""
        return Path(self.source).resolve()


@contextmanager
def place(data: Path | None) -> Generator[str]:
    """The administrator's URL of the hub to import into. Raises NowhereToImport, HubAlreadyUp."""
    settings = environment.settings()
    if settings.database_url.get_secret_value():
        yield environment.database_url(settings)
        return
    if data is None:
        raise NowhereToImport("Give the folder of a hub with --data DIR, or a server in HUB_DATABASE_URL.")
    with of_a_hub(data, settings) as here:
        asyncio.run(migrated(here.database_url, {}))
        yield here.database_url


async def carry_in(url: str, wish: Wish, progress: Progress) -> FeedReport:
    """Import it; the report. Raises NothingToImport, NotImported, WhoKeepsIt, DatabaseUnreachable."""
    if not wish.is_address and not wish.file.is_file():
        raise NothingToImport(f"There is no file {wish.source}, and it is no http(s) address.")
    await environment.check_reachable(url)
    database = Database(url, 2)
    try:
        caller = await _keeper(database, wish.agency)
        async with (
            _alone(database, caller, wish),
            _turns(database, caller, dry_run=wish.dry_run) as turn,
        ):
            return await _carry(turn, wish, progress)
    except Problem as reason:
        raise NotImported(f"{reason.title()}. {reason.detail or ''}".strip()) from reason
    except NotAFeed as reason:
        raise NotImported(str(reason)) from reason
    finally:
        await database.close()


@asynccontextmanager
async def _alone(database: Database, caller: Caller, wish: Wish) -> AsyncGenerator[None]:
    """Keep other pulls of the same feed away while inside. Raises FeedBeingPulled."""
    known_by = (
        str(base_of(wish.source)) if wish.is_address and not is_document(wish.source) else wish.known_by
    )
    async with database.transaction(caller, OPERATION, uuid4()) as guard:
        if not await feeds.hold(guard, id_of(known_by)):
            raise FeedBeingPulled
        yield


async def _carry(turn: Turn, wish: Wish, progress: Progress) -> FeedReport:
    report = await _bring(turn, wish, progress)
    if report.state == "waiting" and wish.hide_gone and report.pull:
        async with turn() as tx:
            decided = await keep_feeds.approve(tx, report.pull, "hub import directory --hide-gone")
        report.state, report.counts = decided.state, decided.counts
    return report


async def _bring(turn: Turn, wish: Wish, progress: Progress) -> FeedReport:
    if not wish.is_address:
        publisher = wish.publisher or wish.file_name
        return await bring_file(turn, wish.known_by, publisher, wish.file, progress)
    inside = frozenset(host.strip() for host in environment.settings().feed_hosts.split(",") if host.strip())
    host = wish.source.partition("://")[2].partition("/")[0]
    publisher = wish.publisher or host
    errand = Errand(wish.source, publisher, "asked", wish.longest, inside, progress)
    return await (bring_from if is_document(errand.url) else pull)(turn, errand)


async def _keeper(database: Database, agency: str | None) -> Caller:
    """The member that keeps the feed: the one that is named, or the only one there is."""
    async with database.transaction(None, OPERATION, uuid4()) as tx:
        members = [row["id"] for row in await tx.rows(MEMBERS)]
    if agency is None and len(members) != 1:
        raise WhoKeepsIt(f"Say --agency, one of: {', '.join(members) or 'none yet (`hub agency add`)'}.")
    if agency is not None and agency not in members:
        raise WhoKeepsIt(f"{agency} is no member. `hub agency list` shows them.")
    return Caller(AgencyId(agency or members[0]), OPERATOR, frozenset({Scope.DIRECTORY_WRITE}))


@asynccontextmanager
async def _turns(database: Database, caller: Caller, *, dry_run: bool) -> AsyncGenerator[Turn]:
    """A transaction for every step; for a dry run one for all of them, which is undone."""
    if not dry_run:
        yield each(database, caller, OPERATION)
        return
    async with database.transaction(caller, OPERATION, uuid4()) as tx:
        yield within(tx)
