"""Overrides (break-glass): the events, who is told of them, what the family sees later.

Nobody can insert a grant: `hub.settle_overrides()` (hub_0005b) makes it of an event, and the event is of a
named person.
"""

from hub.migrations import run
from hub.policy import OURS, OVERSIGHT, SERVICE_ROLES

revision = "hub_0005"
down_revision = "hub_0004"

GATEWAY = SERVICE_ROLES["gateway"]
WITH_PEOPLE = ", ".join(SERVICE_ROLES[part] for part in ("gateway", "referral", "assessment"))
PERSON = "nullif(current_setting('hub.practitioner', true), '')"

# Append-only. What was opened says everything; the events after it say only what is new.
EVENTS = """
create table hub.override_event (
  id uuid primary key default uuidv7(),
  override uuid not null,
  event text not null check (event in ('opened', 'ended', 'reviewed_upheld', 'reviewed_not_upheld',
    'delayed_from_family')),
  subject uuid not null,
  words text not null,
  categories text[] check (cardinality(categories) > 0),
  purpose text,
  reason_code text check (reason_code in ('immediate_risk_of_harm', 'missing_child', 'medical_emergency',
    'court_direction')),
  restrictions uuid[] not null default '{}',
  second_person text check (second_person <> ''),
  starts timestamptz,
  ends timestamptz,
  until timestamptz check (until between at and at + interval '90 days'),
  agency text not null default current_setting('hub.agency') references hub.agency,
  practitioner text not null default current_setting('hub.practitioner') check (practitioner <> ''),
  client text not null default current_setting('hub.client'),
  at timestamptz not null default clock_timestamp(),
  check (lower(second_person) <> lower(practitioner)),
  check (ends > starts and ends <= starts + interval '24 hours'),
  check ((event = 'delayed_from_family') = (until is not null)),
  check ((event = 'opened') = (num_nulls(categories, purpose, reason_code, second_person, starts, ends) = 0))
);
create unique index override_once_each on hub.override_event (override, event)
  where event in ('opened', 'ended');
create unique index override_reviewed_once on hub.override_event (override)
  where event in ('reviewed_upheld', 'reviewed_not_upheld');
create index override_of_agency on hub.override_event (agency, at desc) where event = 'opened';
create index override_opened on hub.override_event (at desc, id desc) where event = 'opened';
create index override_events_of on hub.override_event (override);
create index override_about on hub.override_event (subject);
create table hub.override_delay (override uuid primary key, until timestamptz not null);
create table hub.notice (
  id uuid primary key default uuidv7(),
  agency text not null references hub.agency,
  practitioner text not null default '',
  kind text not null,
  about uuid not null,
  at timestamptz not null default clock_timestamp()
);
create index notice_inbox on hub.notice (agency, at desc, id);
create index notice_about on hub.notice (agency, about);
create unique index notice_of_overdue on hub.notice (agency, about) where kind = 'override.review_overdue'
"""

# The second wall: whoever writes, an override begins now, and only its agency's other people review it.
CHECKED = """
create function hub.check_override() returns trigger language plpgsql as $$
begin
  new.at := clock_timestamp();
  if new.event = 'opened' then
    new.ends := now() + (new.ends - new.starts);
    new.starts := now();
  elsif not exists (
    select from hub.override_event e
    where e.override = new.override and e.event = 'opened' and e.agency = new.agency
      and e.subject = new.subject
      and (new.event = 'ended' or lower(e.practitioner) <> lower(new.practitioner))) then
    raise insufficient_privilege using message = 'no such override, or not this person''s to ' || new.event;
  elsif new.event = 'delayed_from_family' and exists (select from hub.override_event e
      where e.override = new.override and e.event = 'reviewed_not_upheld') then
    raise insufficient_privilege using message = 'the family is told of an override that was not upheld';
  end if;
  return new;
end $$;
create trigger check_override before insert on hub.override_event
  for each row execute function hub.check_override()
"""

# Who oversees (the agency of that office, and whoever has a client that does) is told of every override,
# alarm and incident, and once of a review that is overdue (`within`: so long after it was opened). The front
# door asks for that now and then.
OVERSEEN = """
create function hub.overseers() returns setof text language plpgsql stable security definer
set search_path = hub, pg_temp as $$
begin
  return query select a.id from hub.agency a where a.active and (a.type = 'data_protection_officer'
    or exists (select from gateway.client c
      where c.agency = a.id and c.active and 'records:oversee' = any(c.scopes)));
end $$;
create function hub.tell_oversight(what text, which uuid, but text[] default '{}') returns void
language sql security definer set search_path = hub, pg_temp as $$
  insert into hub.notice (agency, kind, about)
    select overseer, what, which from hub.overseers() overseer where overseer <> all(but)
$$;
create function hub.tell_of_alarm() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.tell_oversight(new.type, new.about);
  return null;
end $$;
create trigger tell_of_alarm after insert on hub.event
  for each row when (new.type in ('alarm.many_overrides', 'alarm.too_many_look_ups'))
  execute function hub.tell_of_alarm();
create function hub.tell_of_overdue_reviews(within interval) returns integer language plpgsql
security definer set search_path = hub, pg_temp as $$
declare told integer;
begin
  insert into hub.notice (agency, kind, about) select overseer, 'override.review_overdue', e.override
    from hub.overseers() overseer, hub.override_event e where e.event = 'opened'
      and e.starts < now() - within and not exists (
        select from hub.override_event r
        where r.override = e.override and r.event in ('reviewed_upheld', 'reviewed_not_upheld'))
    on conflict do nothing;
  get diagnostics told = row_count;
  return told;
end $$
"""

APPLIED = """
create function hub.apply_override() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare glass hub.override_event;
begin
  select * into glass from hub.override_event e where e.override = new.override and e.event = 'opened';
  case new.event
  when 'opened' then
    perform hub.settle_overrides(new.subject, new.categories);
    insert into hub.notice (agency, practitioner, kind, about)
      values (new.agency, new.second_person, 'override.opened', new.override);
    perform hub.tell_oversight('override.opened', new.override);
  when 'delayed_from_family' then
    insert into hub.override_delay (override, until) values (new.override, new.until)
      on conflict (override) do update set until = excluded.until;
    perform hub.tell_oversight('override.delayed', new.override);
  when 'reviewed_upheld' then null;
  else
    perform hub.settle_overrides(glass.subject, glass.categories);
    insert into hub.notice (agency, practitioner, kind, about)
      select glass.agency, person, 'override.' || new.event, new.override
      from unnest(array[glass.practitioner, glass.second_person]) person where person <> new.practitioner;
    if new.event = 'reviewed_not_upheld' then
      perform hub.tell_oversight('incident.override_not_upheld', new.override);
    end if;
  end case;
  return null;
end $$;
create trigger apply_override after insert on hub.override_event
  for each row execute function hub.apply_override();
create function hub.end_override(which uuid, why text) returns void language sql security definer
set search_path = hub, pg_temp as $$
  insert into hub.override_event (override, event, subject, words, agency, client, practitioner)
    select override, 'ended', subject, why, agency, 'hub', practitioner from hub.override_event
    where override = which and event = 'opened'
  on conflict do nothing
$$
"""

# What nothing but an override opened says so, whoever wrote the disclosure: all that is hidden from them, and
# what is another's and not shared with them as well. A disclosure from before this column is committed to
# without it.
DISCLOSED = """
alter table hub.disclosure add column override uuid check (override is null or practitioner <> '');
create index disclosure_under on hub.disclosure (override) where override is not null;
create or replace function hub.canonical(d hub.disclosure) returns text language sql immutable as $$
  select (to_jsonb(d) - 'salt' - case when d.override is null then 'override' else 'salt' end)::text
$$;
create function hub.needed(o hub.override_grant, records text[]) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select exists (select from hub.restriction r where r.subject = o.subject and r.category = o.category
      and r.agency in (o.agency, '*') and r.practitioner in ('', o.practitioner) and now() < r.ends)
    or coalesce(bool_or(wrote <> o.agency and not exists (select from hub.share s
      where s.subject = o.subject and s.category = o.category and s.agency = o.agency
        and s.purpose = o.purpose and s.author = wrote and s.starts <= now() and now() < s.ends)), true)
  from unnest(records) record, split_part(record, ' ', 2) wrote where record like o.category || ' %'
$$;
create function hub.under_override() returns trigger language plpgsql as $$
begin
  new.override := (
    select o.override from hub.override_grant o
    where o.subject = new.subject and o.category = any(new.categories) and o.agency = new.agency
      and o.practitioner = new.practitioner and o.purpose = new.purpose
      and o.starts <= now() and now() < o.ends and hub.needed(o, new.records)
    order by o.ends desc limit 1);
  return new;
end $$;
create trigger under_override before insert on hub.disclosure for each row
  when (new.practitioner <> '') execute function hub.under_override()
"""

# Those who work with somebody, and whose own records it opens or whom somebody else lets see something of
# them, learn that an override was opened, and why, unless that is held back.
WALLS = f"""
create function hub.concerns_us(who uuid, what text[]) returns boolean language sql stable security definer
set search_path = hub, pg_temp as $$
  select exists (select from hub.event e
      where e.subject = who and e.category = any(what) and e.agency = {OURS})
    or exists (select from hub.share s where s.subject = who and split_part(s.agency, '/', 1) = {OURS}
      and s.discloser <> {OURS} and s.starts <= now() and now() < s.ends)
$$;
alter table hub.override_event enable row level security, force row level security;
alter table hub.notice enable row level security, force row level security;
create policy ours on hub.override_event for select to {GATEWAY} using (agency = {OURS} or {OVERSIGHT});
create policy of_our_people on hub.override_event for select to {GATEWAY} using (
  event = 'opened'
  and coalesce((select hub.concerns_us(override_event.subject, override_event.categories) from hub.caseload c
    where c.agency = {OURS} and c.subject = override_event.subject limit 1), false)
  and coalesce((select now() >= d.until from hub.override_delay d
    where d.override = override_event.override), true));
create policy in_our_name on hub.override_event for insert to {GATEWAY}
  with check (agency = {OURS} and practitioner = {PERSON});
create policy applied on hub.override_event for select to hub_owner using (true);
create policy ended on hub.override_event for insert to hub_owner with check (event = 'ended');
create policy inbox on hub.notice for select to {GATEWAY} using (agency = {OURS});
create policy given on hub.notice for select to hub_owner using (true);
create policy told on hub.notice for insert to hub_owner with check (true);
create policy held_back on hub.disclosure as restrictive for select to {GATEWAY} using (
  override is null or {OVERSIGHT} or coalesce((select now() >= d.until from hub.override_delay d
    where d.override = disclosure.override), true));
grant select, insert on hub.override_event to {GATEWAY};
grant select on hub.override_delay, hub.notice to {GATEWAY};
revoke execute on function hub.check_override(), hub.apply_override(), hub.end_override(uuid, text),
  hub.under_override(), hub.overseers(), hub.tell_oversight(text, uuid, text[]), hub.tell_of_alarm(),
  hub.tell_of_overdue_reviews(interval), hub.concerns_us(uuid, text[]),
  hub.needed(hub.override_grant, text[]) from public;
grant execute on function hub.needed(hub.override_grant, text[]) to {", ".join(SERVICE_ROLES.values())};
grant execute on function hub.tell_of_overdue_reviews(interval), hub.concerns_us(uuid, text[]) to {GATEWAY}
"""

# Only the front door's clients say which teams an agency has. Whoever records a decision asks that, no more.
TEAMS = f"""
create function hub.is_team(of text, named text) returns boolean language plpgsql stable security definer
set search_path = hub, pg_temp as $$
begin
  return exists (select from gateway.client c where c.agency = of and c.team = named);
end $$;
revoke execute on function hub.is_team(text, text) from public;
grant execute on function hub.is_team(text, text) to {WITH_PEOPLE}
"""


def upgrade() -> None:
    """Lay the events, the notices and the walls; and who knows a team."""
    for script in (EVENTS, CHECKED, OVERSEEN, APPLIED, DISCLOSED, WALLS, TEAMS):
        run(script)


def downgrade() -> None:
    """The ledger is append-only; it has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
