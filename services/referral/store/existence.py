"""The existence register: involvements, who is asked about, and how many look-ups an hour has seen."""

from datetime import datetime, timedelta
from uuid import UUID

from hub.database import Tx
from hub.problem import NotFound
from hub.view import View
from services.referral.rules.fishing import WINDOW, Quota

RUNNING = """i.ends is null and not exists (
  select from referral.involvement later where later.agency = i.agency
    and later.involvement = i.involvement and later.number > i.number)"""

# Whoever is known but hidden, and whoever is not known, are the same to this statement: no row.
INVOLVED = View(
    {
        "involved": f"""
select i.subject, i.category, i.agency as author, json_build_object('person', i.subject, 'agency', i.agency,
  'agency_name', a.name, 'agency_type', a.type, 'role', i.role, 'lead', i.lead, 'contact', i.contact,
  'since', i.starts) as item
from (select k.person from referral.person_key k where k.scheme = :scheme and k.digest = :digest
  union select n.person from referral.name_key n where n.digest = :digest) who
join referral.involvement i on i.subject = who.person join hub.agency a on a.id = i.agency
where {RUNNING} order by i.subject, i.lead desc, a.name limit 100"""
    }
)

ASKED = """
with counted as (select digest, at from referral.look_up
  where not refused and at > now() - cast(:window as interval) and client = current_setting('hub.client'))
select (select count(*) from counted) as used, exists (select from counted where digest = :digest) as again,
  coalesce((select min(at) from counted) + cast(:window as interval) - now(), :window) as reset,
  exists (select from referral.look_up where refused and at > now() - cast(:window as interval)
    and client = current_setting('hub.client')) as warned"""


async def require_known(tx: Tx, person: UUID) -> None:
    """NotFound unless the caller may see who this is, or that somebody works with them."""
    tx.asked.append(person)
    known = await tx.value(
        "select exists (select from referral.identity where subject = :person)"
        " or exists (select from referral.involvement where subject = :person)",
        person=person,
    )
    if not known:
        raise NotFound


async def running(tx: Tx, person: UUID, involvement: UUID) -> bool:
    """Whether this is an involvement of the caller's own that has not ended; NotFound if it never was one."""
    tx.asked.append(person)
    found = await tx.rows(
        f"select {RUNNING} as running from referral.involvement i where i.involvement = :involvement"
        " and i.subject = :person and i.agency = current_setting('hub.agency')"
        " order by i.number desc limit 1",
        involvement=involvement,
        person=person,
    )
    if not found:
        raise NotFound
    return found[0]["running"]


async def begin(
    tx: Tx,
    person: UUID,
    involvement: UUID,
    *,
    role: str,
    lead: bool,
    contact: str | None,
    since: datetime | None,
) -> None:
    """Write that the caller's agency works with somebody."""
    await tx.run(
        "insert into referral.involvement (id, subject, category, involvement, number, role, lead, contact,"
        " starts) values (gen_random_uuid(), :person, 'existence', :involvement, 1, :role, :lead, :contact,"
        " coalesce(cast(:since as timestamptz), now()))",
        person=person,
        involvement=involvement,
        role=role,
        lead=lead,
        contact=contact,
        since=since,
    )


async def end(tx: Tx, involvement: UUID) -> None:
    """Write that it is over: a row of its own."""
    await tx.run(
        "insert into referral.involvement (id, subject, category, involvement, number, role, lead, contact,"
        " starts, ends) select gen_random_uuid(), subject, category, involvement, number + 1, role, lead,"
        " contact, starts, now() from referral.involvement where involvement = :involvement"
        " and agency = current_setting('hub.agency') order by number desc limit 1 on conflict do nothing",
        involvement=involvement,
    )


async def count(tx: Tx, digest: bytes, limit: int) -> tuple[Quota, bool, bool]:
    """The client's hour, whether this identifier is in it already, and whether it was warned in it.

    One look-up of a client at a time, over all processes: two at once cannot both be the last.
    """
    await tx.run(
        "select pg_advisory_xact_lock(hashtextextended('look-up ' || current_setting('hub.client'), 0))"
    )
    [row] = await tx.rows(ASKED, digest=digest, window=WINDOW)
    reset: timedelta = row["reset"]
    return Quota(limit, row["used"], reset), row["again"], row["warned"]


async def remember(tx: Tx, digest: bytes, *, refused: bool) -> None:
    """Keep that this client asked, as a digest."""
    await tx.run(
        "insert into referral.look_up (digest, refused) values (:digest, :refused)"
        " on conflict (client, digest) do update set at = excluded.at, refused = excluded.refused",
        digest=digest,
        refused=refused,
    )


async def trace(tx: Tx, digest: bytes, outcome: str, shown: int = 0) -> UUID:
    """Every look-up leaves a row, the empty one and the refused one too: the digest, and nobody's id.

    Returns the row's id, with which oversight finds it in the log.
    """
    return await tx.value(
        "with look as (select uuidv7() as id), traced as ("
        " insert into hub.disclosure (id, outcome, categories, row_count, reason)"
        " select id, :outcome, '{existence}', cast(:shown as int),"
        " 'look-up ' || encode(cast(:digest as bytea), 'hex') from look)"
        " select id from look",
        outcome=outcome,
        shown=shown,
        digest=digest,
    )
