"""What is withheld: mailboxes of colleagues, and places that an officer has sealed or let out."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.problem import NotFound
from services.directory.rules.contacts import is_office

OURS = "nullif(current_setting('hub.agency', true), '')"
SHOWN = "number, visibility, reason, at, by_agency, nullif(by_practitioner, '') as by_practitioner"


async def colleagues(tx: Tx, mailboxes: Iterable[str]) -> set[str]:
    """Which of these are the mailboxes of people who are contacts for colleagues, of whatever listing."""
    found = await tx.rows("select * from directory.withheld(:some) as mailbox", some=sorted(mailboxes))
    return {row["mailbox"] for row in found if not is_office(row["mailbox"])}


async def mask(tx: Tx, mailboxes: Iterable[str]) -> None:
    """Take mailboxes out of every listing there is, but for the colleagues' contacts that they belong to."""
    await tx.run("select directory.mask(:some)", some=sorted(mailboxes))


async def decided(tx: Tx, locations: Iterable[str]) -> set[str]:
    """Of which places an officer has decided who sees them."""
    rows = await tx.rows(
        "select distinct location_id from directory.sealing where location_id = any(:locations)",
        locations=[UUID(location) for location in locations],
    )
    return {str(row["location_id"]) for row in rows}


async def asked(tx: Tx, service: UUID) -> bool:
    """Whether somebody has been asked about the places of a service, and has not answered yet."""
    return await tx.value(
        "select exists (select from directory.review where service_id = :service and kind = 'sealed'"
        " and state in ('waiting', 'taken'))",
        service=service,
    )


async def places_of(tx: Tx, service: UUID) -> list[UUID]:
    """The places of a service of ours."""
    rows = await tx.rows(
        "select distinct a.location_id from directory.service_at_location a"
        " join directory.location l on l.id = a.location_id"
        f" where a.service_id = :service and l.agency = {OURS}",
        service=service,
    )
    return [row["location_id"] for row in rows]


async def keeper(tx: Tx, location: UUID) -> str:
    """Which agency keeps a place. NotFound unless the caller may see it."""
    found = await tx.value("select agency from directory.location where id = :location", location=location)
    if found is None:
        raise NotFound
    return found


async def seal(tx: Tx, location: UUID, visibility: str, reason: str) -> Row:
    """Write down who may see a place from now on; PostgreSQL holds every later pull to it."""
    [row] = await tx.rows(
        "insert into directory.sealing (location_id, number, visibility, reason)"
        " select :location, coalesce(max(number), 0) + 1, :visibility, :reason from directory.sealing"
        f" where location_id = :location returning {SHOWN}",
        location=location,
        visibility=visibility,
        reason=reason,
    )
    return row


async def sealings(tx: Tx, location: UUID, limit: int, before: int | None) -> Sequence[Row]:
    """What was decided about a place, newest first."""
    return await tx.rows(
        f"select {SHOWN} from directory.sealing where location_id = :location"
        " and (cast(:before as int) is null or number < cast(:before as int))"
        " order by number desc limit cast(:limit as int)",
        location=location,
        before=before,
        limit=limit,
    )
