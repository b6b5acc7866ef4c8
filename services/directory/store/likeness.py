"""Services of different feeds that look like one: found by what they share, kept until a person decides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import beyond, position
from hub.policy import OURS

# What two listings may share, as something that can be compared: only what anybody may read, for the reasons
# are told to the agencies of both. A number or an address that many have, as a council's switchboard, says
# nothing.
FACTS = """
facts as materialized (
  select p.service_id as id, 'phone' as kind, right(regexp_replace(p.number, '[^0-9]', '', 'g'), 10) as fact
    from directory.phone p where length(regexp_replace(p.number, '[^0-9]', '', 'g')) >= 10
      and not exists (select from directory.contact c where c.service_id = p.service_id
        and c.id = p.contact_id and c.visibility <> 'public')
  union select l.service_id, 'postcode', upper(replace(a.postal_code, ' ', ''))
    from directory.address a join directory.service_at_location l using (location_id)
      join directory.location place on place.id = a.location_id
    where length(a.postal_code) >= 5 and place.hidden_at is null
      and place.visibility = 'public' and l.visibility = 'public'
  union select s.id, 'identifier', concat_ws(' ', upper(i.identifier_scheme), upper(i.identifier))
    from directory.organization_identifier i join directory.service s using (organization_id)
  union select s.id, 'url', rtrim(regexp_replace(lower(s.url), '^https?://(www\\.)?', ''), '/')
    from directory.service s where s.url is not null
  union select s.id, 'organization', lower(o.name)
    from directory.service s join directory.organization o on o.id = s.organization_id
), telling as materialized (
  select id, kind, fact from (select *, count(*) over (partition by kind, fact) as holders from facts) counted
  where holders <= 100
)"""
PROPOSE = f"""
with {FACTS}, shared as (
  select mine.id as mine, theirs.id as theirs, mine.kind, min(mine.fact) as fact
  from directory.service s join telling mine on mine.id = s.id
  join telling theirs on theirs.kind = mine.kind and theirs.fact = mine.fact and theirs.id <> mine.id
  where s.feed = :feed and s.updated_at >= coalesce((select max(p.started_at) from directory.pull p
    where p.feed = :feed and p.state in ('done', 'approved', 'rejected')), '-infinity')
  group by 1, 2, 3
), pairs as (
  select mine, theirs, jsonb_object_agg(kind, fact) as facts,
    count(*) filter (where kind <> 'organization')::int as strong
  from shared group by 1, 2
), alike as (
  select least(a.id, b.id) as one, greatest(a.id, b.id) as other, p.facts, p.strong,
    array(select distinct unnest(array[a.agency, b.agency]) order by 1) as agencies,
    public.similarity(lower(a.name), lower(b.name)) as likeness
  from pairs p join directory.service a on a.id = p.mine join directory.service b on b.id = p.theirs
  where a.feed <> b.feed and a.hidden_at is null and b.hidden_at is null
    and (a.agency = b.agency or 'internal' not in (a.visibility, b.visibility))
), proposed as (
  insert into directory.likeness (id, one, other, agencies, score, reasons)
  select gen_random_uuid(), one, other, agencies,
    round(least(1, 0.6 * likeness + 0.2 * least(strong, 2)
      + case when facts ->> 'organization' is null then 0 else 0.1 end)::numeric, 2),
    array_remove(array[
      'The names are alike: ' || round(likeness * 100) || ' %.',
      'Both have the telephone number ' || (facts ->> 'phone') || '.',
      'Both are at the postcode ' || (facts ->> 'postcode') || '.',
      'Both have the web address ' || (facts ->> 'url') || '.',
      'Both organisations have the number ' || (facts ->> 'identifier') || '.',
      'Both organisations are called ' || (facts ->> 'organization') || '.'], null)
  from alike where (strong > 0 and likeness >= 0.4) or (likeness >= 0.8)
  on conflict (one, other) do update set score = excluded.score, reasons = excluded.reasons,
    agencies = excluded.agencies
    where likeness.state = 'proposed' and (likeness.score, likeness.reasons) is distinct from
      (excluded.score, excluded.reasons)
  returning proposed_at = now() as fresh
) select count(*) filter (where fresh)::int from proposed
"""
ONE = """json_build_object('id', s.id, 'name', s.name, 'organization', o.name, 'publisher', f.publisher,
  'agency', s.agency, 'source_id', s.source_id)"""
SHOWN = f"""
select k.id, k.score::float8 as score, k.reasons, k.state, k.listed, k.proposed_at, k.decided_by,
  k.decided_at, k.reason,
  (select json_agg({ONE} order by s.id = k.listed desc nulls last, s.id)
    from directory.service s join directory.feed f on f.id = s.feed
    left join directory.organization o on o.id = s.organization_id
    where s.id in (k.one, k.other))::text as services, k.one, k.other
from directory.likeness k"""


async def propose(tx: Tx, feed: UUID) -> int:
    """Propose what changed in a feed as the same as services of other feeds; how many are new.

    Changed since its last pull that came to its end: those that broke off since changed something too.
    """
    return await tx.value(PROPOSE, feed=feed)


async def find(tx: Tx, which: UUID, *, lock: bool = False) -> Row | None:
    """One likeness that the caller may decide about."""
    if lock:
        await tx.run("select from directory.likeness where id = :which for update", which=which)
    rows = await tx.rows(f"{SHOWN} where k.id = :which", which=which)
    return rows[0] if rows else None


async def page(
    tx: Tx, state: str, limit: int, moment: datetime | None, identity: UUID | None
) -> Sequence[Row]:
    """Likenesses, the newest first."""
    return await tx.rows(
        f"select page.*, {position('page.proposed_at', 'page.id')} from ({SHOWN}"
        f" where k.state = :state and {beyond('k.proposed_at', 'k.id')}"
        " order by k.proposed_at desc, k.id desc limit cast(:limit as int)) page"
        " order by page.proposed_at desc, page.id desc",
        state=state,
        limit=limit,
        moment=moment,
        identity=identity,
    )


async def decide(tx: Tx, which: UUID, state: str, listed: UUID | None, by: str, reason: str) -> None:
    """Write down what a person said of a likeness."""
    await tx.run(
        "update directory.likeness set state = :state, listed = :listed, decided_by = :by,"
        " decided_at = now(), reason = :reason where id = :which",
        which=which,
        state=state,
        listed=listed,
        by=by,
        reason=reason,
    )


async def listed_instead(tx: Tx, gone: UUID) -> UUID | None:
    """The public listing that a service, said to be the same, points to."""
    return await tx.value("select directory.listed_instead(:gone)", gone=gone)


async def widowed(tx: Tx) -> Sequence[Row]:
    """Our services that point to one which is gone, and the likeness that says so."""
    return await tx.rows(
        "select k.id, mine.id as service from directory.likeness k"
        " join directory.service mine on mine.id in (k.one, k.other) and mine.id <> k.listed"
        f" where k.state = 'same' and mine.agency = {OURS}"
        " and not exists (select from directory.service kept where kept.id = k.listed"
        " and kept.hidden_at is null and kept.status in ('active', 'temporarily closed'))",
    )


async def reopen(tx: Tx, which: UUID) -> None:
    """Nobody has decided any more: the one that was listed is gone."""
    await tx.run(
        "update directory.likeness set state = 'proposed', listed = null, decided_by = null,"
        " decided_at = null, reason = null where id = :which",
        which=which,
    )
