"""Who may read who looked: those whose records were shown, and those who may see them. So for overrides."""

from hub.migrations import run
from hub.policy import AUDIENCE, OURS, OVERSIGHT, SERVICE_ROLES, knows

revision = "hub_0007b"
down_revision = "hub_0007"

GATEWAY = SERVICE_ROLES["gateway"]

# Whose records in which categories about somebody (`category author`) the whole audience may see or wrote,
# and which there are besides. Null: to the caller they do not exist. An override says nothing of what its
# agency knows. Whoever has hidden from it that they are known at all reads no log of them, also where it
# knows them itself: registering somebody opens nothing.
KNOWN_ABOUT = f"""
create function hub.known_about(who uuid, out known text[], out unknown text[]) language plpgsql stable
security definer set search_path = hub, pg_temp as $$
begin
  if not exists (select from hub.caseload c where c.agency = {OURS} and c.subject = who) or exists (
      select from (select split_part(seer, '+', 1) as agency, who as subject, false as own
        from unnest(string_to_array({AUDIENCE}, ',')) seer) room where not {knows("room")}) then
    return;
  end if;
  select coalesce(array_agg(place) filter (where seen), '{{}}'),
      coalesce(array_agg(place) filter (where not seen), '{{}}') into known, unknown
    from (select w.category || ' ' || w.author as place,
        hub.everyone_may_see(who, w.category, array[w.author]) as seen from (
      select s.category, s.author from hub.sight s where s.subject = who and s.author <> ''
      union select e.category, e.agency from hub.event e
        where e.subject = who and e.type !~ '^(override|alarm|incident)[.]'
      union select 'existence', c.agency from hub.caseload c where c.subject = who and c.own) w) them;
end $$;
create function hub.known_of(what text[], whose text[], known text[]) returns text[] language sql stable as $$
  select array(select one from unnest(what) one where case when cardinality(whose) = 0
    then exists (select from unnest(known) place where split_part(place, ' ', 1) = one
      and split_part(place, ' ', 2) <> coalesce({OURS}, ''))
    else exists (select from unnest(whose) record where split_part(record, ' ', 1) = one
      and record = any(known)) end)
$$
"""

# Looks as the caller may know of them: its own whole, and to oversight all, which alone reads that something
# sealed was met: an agency would learn whose text it wrote down by chance. Of any other the categories in
# which it may see, or wrote, what was shown, and without one of those nothing. What shows nobody's records in
# particular (a refusal; what was done with the sharing, the rights or the log of somebody) is for those whom
# somebody else lets see that category, or for a refusal that somebody is known.
ALONE = f"case when strpos({AUDIENCE}, ',') = 0 then {OURS} end"
PART = """hub.known_of(
  case {0}.outcome when 'refused' then '{{existence}}' else {0}.categories end, {0}.records, {1})"""
WHOLE = """({0}.operation not like 'gateway %' and {0}.categories <@ {1} and not ({0}.records && {2}))"""
LOOKS = f"""
create function hub.looks_at(who uuid, before timestamptz default null, below uuid default null,
  most integer default null)
returns table (id uuid, at timestamptz, agency text, client text, practitioner text, purpose text,
  audience text[], operation text, request uuid, outcome text, subject uuid, categories text[],
  authors text[], row_count integer, reason text, override uuid, whole boolean)
language plpgsql stable security definer set search_path = hub, pg_temp as $$
#variable_conflict use_column
declare
  all_of_it boolean := {OVERSIGHT};
  ours text := {ALONE};
  known text[];
  unknown text[];
begin
  if not all_of_it then
    select k.known, k.unknown into known, unknown from hub.known_about(who) k;
  end if;
  if known is null and not all_of_it then
    return;
  end if;
  return query
    select d.id, d.at, d.agency, d.client, d.practitioner, d.purpose, d.audience,
      case when w.whole then d.operation else split_part(d.operation, ' ', 1) end, d.request, d.outcome,
      d.subject, case when w.whole then d.categories when d.outcome = 'refused' then '{{}}' else p.part end,
      array(select distinct split_part(one, ' ', 2) from unnest(d.records) one
        where w.whole or one = any(known) order by 1),
      d.row_count, d.reason, d.override, w.whole
    from hub.disclosure d
    cross join lateral (select case when not all_of_it then {PART.format("d", "known")} end as part) p
    cross join lateral (select coalesce(all_of_it or d.agency = ours, false)
      or {WHOLE.format("d", "p.part", "unknown")} as whole) w
    where d.subject = who and (d.at, d.id)
        < (coalesce(before, 'infinity'), coalesce(below, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      and (all_of_it or (d.reason is distinct from 'sealed'
        and (coalesce(d.agency = ours, false) or cardinality(p.part) > 0)))
      and (all_of_it or d.override is null or coalesce((
        select now() >= l.until from hub.override_delay l where l.override = d.override), true))
    order by d.at desc, d.id desc limit most;
end $$;
create function hub.is_known_whole(look hub.disclosure) returns boolean language sql stable as $$
  select look.reason is distinct from 'sealed' and coalesce((select coalesce(look.agency = {ALONE}, false)
      or (cardinality(p.part) > 0 and {WHOLE.format("look", "p.part", "k.unknown")})
    from (select * from hub.known_about(look.subject) offset 0) k
    cross join lateral (select {PART.format("look", "k.known")} as part) p where k.known is not null), false)
$$;
create policy who_looked on hub.disclosure for select to {GATEWAY}
  using (case when {OVERSIGHT} then true else hub.is_known_whole(disclosure) end);
create policy looked_up on hub.event for select to hub_owner using (true);
revoke execute on function hub.known_about(uuid), hub.known_of(text[], text[], text[]),
  hub.is_known_whole(hub.disclosure), hub.looks_at(uuid, timestamptz, uuid, integer) from public;
grant execute on function hub.known_about(uuid), hub.known_of(text[], text[], text[]),
  hub.is_known_whole(hub.disclosure), hub.looks_at(uuid, timestamptz, uuid, integer) to {GATEWAY}
"""

# What is told to a family of the overrides about them, unless a manager holds it back. Of another's an agency
# reads the categories in which somebody's records are its own or shown to it, and without one of those
# nothing: the words may be about any of them, and go where all are known.
OVERRIDES = f"""
create function hub.overrides_told(who uuid)
returns table (override uuid, agency text, purpose text, categories text[], reason_code text, words text,
  starts timestamptz, ends timestamptz, upheld boolean)
language plpgsql stable security definer set search_path = hub, pg_temp as $$
#variable_conflict use_column
declare
  all_of_it boolean := {OVERSIGHT};
  ours text := {ALONE};
  known text[] := array(select distinct split_part(place, ' ', 1)
    from hub.known_about(who) k, unnest(k.known) place);
begin
  return query
    select e.override, e.agency, e.purpose, p.part, e.reason_code,
      case when e.categories <@ p.part then e.words end, e.starts, least(e.ends, l.ended), l.upheld
    from hub.override_event e
    cross join lateral (select case when all_of_it or coalesce(e.agency = ours, false) then e.categories
      else array(select one from unnest(e.categories) one where one = any(known)) end as part) p
    cross join lateral (
      select min(l.at) filter (where l.event in ('ended', 'reviewed_not_upheld')) as ended,
        bool_or(l.event = 'reviewed_upheld') filter (where l.event like 'reviewed%') as upheld
      from hub.override_event l where l.override = e.override) l
    where e.subject = who and e.event = 'opened' and cardinality(p.part) > 0
      and not hub.is_held_back(who, array[e.agency], e.override);
end $$;
revoke execute on function hub.overrides_told(uuid) from public;
grant execute on function hub.overrides_told(uuid) to {GATEWAY}
"""


def upgrade() -> None:
    """Lay what an agency may know of a look, and of an override."""
    for script in (KNOWN_ABOUT, LOOKS, OVERRIDES):
        run(script)


def downgrade() -> None:
    """What was promised to people is kept: there is no way back."""
    raise NotImplementedError("rights are append-only; they have no way back")
