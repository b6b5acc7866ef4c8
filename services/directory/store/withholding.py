"""What is withheld: mailboxes of colleagues, and places that an officer has sealed or let out."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.policy import OURS
from hub.problem import NotFound
from services.directory.rules.contacts import is_office

SHOWN = "number, visibility, reason, at, by_agency, nullif(by_practitioner, '') as by_practitioner"


async def colleagues(tx: Tx, mailboxes: Iterable[str]) -> set[str]:
    """Which of these are the mailboxes of people who are contacts for colleagues, of whatever listing."""
    found = await tx.rows("select * from directory.withheld(:some) as mailbox", some=sorted(mailboxes))
    return {row["mailbox"] for row in found if not is_office(row["mailbox"])}


async def mask(tx: Tx, mailboxes: Iterable[str]) -> None:
    """Take mailboxes out of every listing there is, but for the colleagues' contacts that they belong to."""
    await tx.run("select directory.mask(:some)", some=sorted(mailboxes))


async def decided(tx: Tx, locations: Iterable[str]) -> dict[str, str]:
    """Of which places an officer has decided who sees them, and who that is."""
    rows = await tx.rows(
        "select distinct on (location_id) location_id, visibility from directory.sealing"
        " where location_id = any(:locations) order by location_id, number desc",
        locations=[UUID(location) for location in locations],
    )
    return {str(row["location_id"]): row["visibility"] for row in rows}


async def secret_places(tx: Tx, owners: Iterable[UUID]) -> Sequence[Row]:
    """Name and address of every place of ours that is not for everybody, by service and organisation."""
    return await tx.rows("select * from directory.secret_places(:owners)", owners=list(owners))


async def owners(tx: Tx, services: Iterable[UUID]) -> Sequence[Row]:
    """What services and their organisations are called, and names and towns of their public places."""
    return await tx.rows(
        "select s.id, s.name, s.organization_id, o.name as organization,"
        " array(select lower(word) from directory.service_at_location sl"
        "  join directory.location l on l.id = sl.location_id and l.visibility = 'public'"
        "  left join directory.address a on a.location_id = l.id, unnest(array[l.name, a.city]) word"
        "  where sl.service_id = s.id and word <> '') as still"
        " from directory.service s"
        " left join directory.organization o on o.id = s.organization_id where s.id = any(:services)",
        services=list(services),
    )


async def services_at(tx: Tx, locations: Iterable[UUID]) -> list[UUID]:
    """The services at some places."""
    rows = await tx.rows(
        "select distinct service_id from directory.service_at_location where location_id = any(:locations)",
        locations=list(locations),
    )
    return [row["service_id"] for row in rows]


async def mask_places(
    tx: Tx, service: UUID, sought: str | None, of_organization: str | None, found_by: str | None
) -> None:
    """Take what is looked for out of all that is stored of a service and its organisation."""
    if sought or of_organization or found_by:
        await tx.run(
            "select directory.mask_places(:service, :sought, :of_organization, :found_by)",
            service=service,
            sought=sought,
            of_organization=of_organization,
            found_by=found_by,
        )


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
    """Write down who may see a place from now on; PostgreSQL holds every later pull to it.

    Of two at once the second comes after the first, and is numbered so.
    """
    await tx.run("select from directory.location where id = :location for no key update", location=location)
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
