"""Who vouches for listings, who speaks for providers, and how long an agency takes a check to hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from hub.database import Tx
from hub.line import Row
from hub.page import position
from hub.policy import OURS
from hub.problem import NotFound
from hub.sharing import AgencyUnknown
from services.directory.store.shapes import FRESHNESS

DAYS = "ageing_after, stale_after, unlist_after, unlist_for, link_days"
SINCE = "coalesce(s.verified_at, s.updated_at)"
LISTED = "s.hidden_at is null and s.status in ('active', 'temporarily closed')"

# An office's mailbox to write to: the service's own, or its organisation's.
MAILBOX = "coalesce(s.email, o.email)"
DUE = f"""
select s.id as service, s.name, o.name as organization, {MAILBOX} as email,
  {FRESHNESS} as freshness, s.verified_at,
  s.verified_by as assured_by, s.updated_at,
  extract(day from now() - {SINCE})::int as days,
  (select max(k.issued_at) from directory.verification_link k where k.service_id = s.id) as asked_at,
  {position(SINCE, "s.id")}
from directory.service s left join directory.organization o on o.id = s.organization_id
where s.agency = {OURS} and {LISTED}
  and {FRESHNESS} = any(:wanted)
  and (cast(:moment as timestamptz) is null
    or ({SINCE}, s.id) > (cast(:moment as timestamptz), cast(:identity as uuid)))
order by {SINCE}, s.id limit cast(:limit as int)"""


@dataclass(frozen=True)
class Kept:
    """A service: who keeps it, and which agency speaks for its provider."""

    id: UUID
    agency: str
    provider: str | None
    name: str = ""
    visibility: str = "public"
    feed: UUID | None = None


async def upkeep(tx: Tx) -> Row | None:
    """What the caller's agency decided about freshness, if it did."""
    found = await tx.rows(f"select {DAYS} from directory.upkeep where agency = {OURS}")
    return found[0] if found else None


async def decide_upkeep(tx: Tx, **decided: Any) -> None:
    """Keep what the caller's agency decides."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in DAYS.split(", "))
    await tx.run(
        f"insert into directory.upkeep (agency, {DAYS}) values ({OURS}, :ageing_after, :stale_after,"
        " :unlist_after, cast(:unlist_for as text[]), :link_days)"
        f" on conflict (agency) do update set {changes}",
        **decided,
    )


async def due(
    tx: Tx, wanted: Sequence[str], limit: int, moment: datetime | None, identity: UUID | None
) -> Sequence[Row]:
    """Listings the caller's agency keeps of some freshness, the longest waiting first."""
    return await tx.rows(DUE, wanted=list(wanted), limit=limit, moment=moment, identity=identity)


async def kept(tx: Tx, service: UUID) -> Kept:
    """Who keeps a service and who speaks for it; NotFound if the caller may not see it."""
    found = await tx.rows(
        "select id, agency, directory.provider_of(id) as provider, name, visibility, feed"
        " from directory.service where id = :service",
        service=service,
    )
    if not found:
        raise NotFound
    return Kept(**dict(found[0]))


async def vouch(tx: Tx, listing: Kept, how: str, *, still_right: bool) -> None:
    """Record a check. The trigger `vouch` makes it count."""
    await tx.run(
        "insert into directory.verification (id, service_id, agency, how, still_right)"
        " values (:id, :service, :agency, :how, :still_right)",
        id=uuid4(),
        service=listing.id,
        agency=listing.agency,
        how=how,
        still_right=still_right,
    )


async def checks(
    tx: Tx, service: UUID, limit: int, moment: datetime | None, identity: UUID | None
) -> Sequence[Row]:
    """Every check of a service, newest first."""
    return await tx.rows(
        "select v.id, v.service_id as service, v.at, v.how, v.still_right, v.by_agency,"
        f" nullif(v.by_practitioner, '') as by_practitioner, {position('v.at', 'v.id')}"
        " from directory.verification v where v.service_id = :service"
        " and (cast(:moment as timestamptz) is null"
        " or (v.at, v.id) < (cast(:moment as timestamptz), cast(:identity as uuid)))"
        " order by v.at desc, v.id desc limit cast(:limit as int)",
        service=service,
        limit=limit,
        moment=moment,
        identity=identity,
    )


async def appoint(tx: Tx, organization: UUID, provider: str) -> None:
    """Let an agency speak for an organisation the caller keeps. NotFound otherwise, AgencyUnknown."""
    kept = await tx.value(
        f"select true from directory.organization where id = :organization and agency = {OURS}",
        organization=organization,
    )
    if not kept:
        raise NotFound
    if not await tx.value("select directory.is_agency(:provider)", provider=provider):
        raise AgencyUnknown
    await tx.run(
        "insert into directory.provider (organization_id, provider) values (:organization, :provider)"
        " on conflict (organization_id) do update set provider = excluded.provider, at = now()",
        organization=organization,
        provider=provider,
    )


async def tell(tx: Tx, agency: str | None, what: str, about: UUID) -> None:
    """Put a notice into an agency's inbox: an id and a kind."""
    if agency:
        await tx.run("select directory.tell(:agency, :what, :about)", agency=agency, what=what, about=about)
