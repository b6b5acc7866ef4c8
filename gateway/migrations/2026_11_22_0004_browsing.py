"""Reading beyond one's work: what was asked for anew today, by whom, and what was told of it."""

from hub.migrations import run
from hub.policy import OURS, OVERSIGHT

revision = "gateway_0004"
down_revision = "gateway_0003"

# What is new to a client (or to a practitioner of an agency, through whatever client), kept for a day. A
# number stands for what it was, so that no id outlives an erasure here.
LOOKS = """
create table gateway.new_look (
  agency text not null,
  client text not null default '',
  practitioner text not null default '',
  kind text not null check (kind in ('asked_in_vain', 'many_new_people')),
  what bigint not null,
  at timestamptz not null,
  primary key (agency, client, practitioner, kind, what),
  check ((client = '') <> (practitioner = ''))
);
create index new_look_by_time on gateway.new_look (at);
create table gateway.browsing_watched (
  one boolean primary key default true check (one),
  at timestamptz not null default now()
);
insert into gateway.browsing_watched default values
"""

# `until`: reading is refused, which only asking in vain has for a consequence.
ALARMS = """
create table gateway.browsing_alarm (
  id uuid primary key default uuidv7(),
  kind text not null,
  agency text not null,
  client text not null,
  practitioner text not null,
  hours integer not null,
  counted integer not null,
  allowed integer not null,
  at timestamptz not null default now(),
  until timestamptz,
  lifted_at timestamptz,
  lifted_by text not null default '',
  lifted_reason text not null default ''
);
create index browsing_alarm_of on gateway.browsing_alarm (agency, until);
create index browsing_alarm_page on gateway.browsing_alarm (at, id)
"""

# The trace of the last minutes, read again with a minute's overlap: what was written late is found, and what
# was found before is the same row. Nothing here tells what is hidden from what is not there: both are asked
# for in vain. What an agency registered itself, and what it was shown in the last month, it knows: that is
# not counted. Nor is an id that the hub itself gave it, in its inbox or in a list of decisions or records of
# somebody it was shown: whoever records many and hides them again would make another agency wait. A
# practitioner opens one family in a request, however many are in it; a list opens none, but of birthdays.
NOTE = """
create function gateway.was_given(whom text, through text, what uuid, moment timestamptz) returns boolean
language sql stable set search_path = gateway, pg_temp as $$
  select exists (select from hub.notice n where n.agency = whom and n.about = what)
    or exists (select from (select v.subject from hub.event v where v.about = what
        union select unnest(t.subjects) from hub.decision_event t where t.decision = what) about
      join hub.disclosure e on e.subject = about.subject and e.agency = whom and e.client = through
        and e.outcome = 'shown' and e.reason is null
        and e.at < moment and e.at > moment - interval '30 days')
$$;
create function gateway.note_new_looks(since timestamptz) returns void language sql security definer
set search_path = gateway, pg_temp as $$
  insert into gateway.new_look as known (agency, client, practitioner, kind, what, at)
  select d.agency, who.client, who.practitioner, d.kind, hashtextextended(
    (case when who.client = '' and d.kind = 'many_new_people' and d.operation like '%{%' then d.request
      else d.subject end)::text, 0),
    max(d.at)
  from (select agency, client, practitioner, request, subject, operation, at,
      case outcome when 'shown' then 'many_new_people' else 'asked_in_vain' end as kind
    from hub.disclosure
    where at > since and client <> '' and subject is not null and operation not like 'directory %'
      and ((outcome = 'shown' and reason is null) or (outcome = 'refused' and reason = 'not-found'))) d
  cross join lateral (values (d.client, ''), ('', d.practitioner)) who (client, practitioner)
  where (who.client <> '' or who.practitioner <> '')
    and (who.client <> '' or d.kind = 'asked_in_vain' or d.operation like '%{%'
      or d.operation = 'referral GET /people/birthdays')
    and (select true from hub.caseload c where c.subject = d.subject and c.agency = d.agency and c.own
      limit 1) is null
    and (select true from hub.disclosure e
      where e.subject = d.subject and e.agency = d.agency and e.outcome = 'shown' and e.reason is null
        and e.at < d.at and e.at > d.at - interval '30 days'
        and case when who.client = '' and d.kind = 'many_new_people' then e.practitioner = d.practitioner
          else e.client = d.client end limit 1) is null
    and not (d.kind = 'asked_in_vain' and gateway.was_given(d.agency, d.client, d.subject, d.at))
  group by 1, 2, 3, 4, 5
  on conflict (agency, client, practitioner, kind, what)
    do update set at = greatest(known.at, excluded.at)
$$
"""

# `limits` is gateway/browsing/limits.py. Whoever is beyond one is told of once in its window, and may read
# again once enough of what was asked for in vain is as old as that.
BEYOND = """
create function gateway.beyond(limits jsonb) returns table (kind text, hours integer, agency text,
  client text, practitioner text, counted integer, allowed integer, turn timestamptz)
language sql stable security definer set search_path = gateway, pg_temp as $$
  with factor as (select coalesce((select reading_limit_factor from hub.partnership), 1) as times),
  many as (
    select l.kind, l.hours, l.share * times as share, l.most * times as most, n.agency, n.client,
      n.practitioner, count(*)::integer as counted
    from factor, jsonb_to_recordset(limits)
        as l (kind text, who text, hours integer, most integer, share double precision)
      join gateway.new_look n on n.kind = l.kind and n.at > now() - make_interval(hours => l.hours)
        and (l.who = 'client') = (n.client <> '')
    where not exists (select from gateway.browsing_alarm a where a.kind = n.kind and a.agency = n.agency
      and a.client = n.client and a.practitioner = n.practitioner and a.lifted_at >= n.at)
    group by l.kind, l.hours, l.share, l.most, times, n.agency, n.client, n.practitioner
    having count(*) > l.most * times),
  measured as (
    select m.*, greatest(m.most, floor(m.share * (select count(distinct c.subject) from hub.caseload c
      where c.agency = m.agency)))::integer as allowed from many m)
  select m.kind, m.hours, m.agency, m.client, m.practitioner, m.counted, m.allowed, (
    select n.at + make_interval(hours => m.hours) from gateway.new_look n
    where n.kind = m.kind and n.agency = m.agency and n.client = m.client
      and n.practitioner = m.practitioner order by n.at desc offset m.allowed limit 1)
  from measured m where m.counted > m.allowed
$$
"""

WATCH = """
create function gateway.watch_browsing(limits jsonb) returns integer language plpgsql security definer
set search_path = gateway, pg_temp as $$
declare
  since timestamptz; who record; made uuid; told integer := 0;
begin
  select w.at into since from gateway.browsing_watched w for update;
  perform gateway.note_new_looks(greatest(since - interval '1 minute', now() - interval '1 day'));
  update gateway.browsing_watched set at = now();
  delete from gateway.new_look where at < now() - interval '1 day';
  for who in select b.*, case b.kind when 'asked_in_vain' then b.turn end as until
      from gateway.beyond(limits) b loop
    update gateway.browsing_alarm a set counted = who.counted, until = who.until
    where a.kind = who.kind and a.hours = who.hours and a.agency = who.agency and a.client = who.client
      and a.practitioner = who.practitioner and a.lifted_at is null
      and a.at > now() - make_interval(hours => who.hours);
    continue when found;
    insert into gateway.browsing_alarm (kind, agency, client, practitioner, hours, counted, allowed, until)
      values (who.kind, who.agency, who.client, who.practitioner, who.hours, who.counted, who.allowed,
        who.until) returning id into made;
    insert into hub.event (type, subject, category, about, agency, purpose, request)
      values ('alarm.' || who.kind, '00000000-0000-0000-0000-000000000000', 'existence', made, who.agency, '',
        gen_random_uuid());
    perform hub.tell_oversight('alarm.' || who.kind, made);
    told := told + 1;
  end loop;
  return told;
end $$
"""

# The front door reads who has to wait now; everything else is oversight's, and so is lifting it.
WALLS = f"""
alter table gateway.browsing_alarm enable row level security, force row level security;
create policy kept on gateway.browsing_alarm to hub_owner using (true) with check (true);
create policy waits on gateway.browsing_alarm for select to hub_gateway using (until > now());
create policy overseen on gateway.browsing_alarm for select to hub_gateway using ({OVERSIGHT});
create policy lifted on gateway.browsing_alarm for update to hub_gateway using ({OVERSIGHT})
  with check (lifted_by = {OURS} and (until <= now()) is not false);
create policy browsing_alarmed on hub.event for insert to hub_owner
  with check (type in ('alarm.asked_in_vain', 'alarm.many_new_people'));
grant select, update (until, lifted_at, lifted_by, lifted_reason) on gateway.browsing_alarm to hub_gateway;
revoke execute on function gateway.was_given(text, text, uuid, timestamptz),
  gateway.note_new_looks(timestamptz), gateway.beyond(jsonb),
  gateway.watch_browsing(jsonb) from public;
grant execute on function gateway.watch_browsing(jsonb) to hub_gateway
"""


def upgrade() -> None:
    """Lay what is new to whom, the alarms, and the round that raises them."""
    for script in (LOOKS, ALARMS, NOTE, BEYOND, WATCH, WALLS):
        run(script)


def downgrade() -> None:
    """Take it away: nobody is told any more, and nobody has to wait."""
    run(
        "drop policy browsing_alarmed on hub.event; drop function gateway.watch_browsing(jsonb),"
        " gateway.beyond(jsonb), gateway.note_new_looks(timestamptz),"
        " gateway.was_given(text, text, uuid, timestamptz);"
        " drop table gateway.browsing_alarm, gateway.browsing_watched, gateway.new_look"
    )
