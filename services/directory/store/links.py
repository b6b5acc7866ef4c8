"""Links that ask providers: issued as a digest, opened once, spent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hub.database import Tx
from hub.line import Row
from hub.policy import OURS

CALLER = (
    "select set_config('hub.agency', :agency, true), set_config('hub.audience', :agency, true),"
    " set_config('hub.practitioner', '', true)"
)


async def askable(tx: Tx, services: Sequence[UUID]) -> Sequence[Row]:
    """Of these services, those of the caller that are public, and how often each was asked about today."""
    return await tx.rows(
        "select s.id, s.name, coalesce(s.email, o.email) as email,"
        " (select count(*)::int from directory.verification_link k where k.service_id = s.id"
        "  and k.issued_at > now() - interval '1 day') as today"
        " from directory.service s left join directory.organization o on o.id = s.organization_id"
        " where s.id = any(:services) and s.visibility = 'public'"
        f" and s.agency = {OURS} order by s.name, s.id",
        services=list(services),
    )


async def issue(tx: Tx, service: UUID, digest: str, language: str, days: int) -> datetime:
    """Keep a link's digest; when it runs out. Earlier links about the service stay good until used."""
    return await tx.value(
        "insert into directory.verification_link (id, service_id, digest, language, expires_at)"
        " values (:id, :service, :digest, :language, now() + cast(:lasts as interval)) returning expires_at",
        id=uuid4(),
        service=service,
        digest=digest,
        language=language,
        lasts=timedelta(days=days),
    )


async def opened(tx: Tx, digest: str) -> Row | None:
    """The listing a good link is about, as it is published. None for any other link."""
    found = await tx.rows(
        "select link, service, keeper, language, expires_at, organization, document::text, places::text,"
        " verified_at from directory.link_opened(:digest)",
        digest=digest,
    )
    return found[0] if found else None


async def spend(tx: Tx, link: Row) -> bool:
    """Use a link up, in the name of the agency that issued it from here on. False if another was faster.

    What the link allows is decided by whoever calls this, and by the link's being about one service.
    """
    await tx.run(CALLER, agency=link["keeper"])
    return bool(
        await tx.value(
            "update directory.verification_link set used_at = now()"
            " where service_id = :service and used_at is null"
            " and exists (select from directory.verification_link k where k.id = :link and k.used_at is null)"
            " returning true",
            service=link["service"],
            link=link["link"],
        )
    )
