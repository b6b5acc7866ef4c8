"""By when a request is answered (UK GDPR Art 12(3), 12A): what stops its clock or extends it, who is told.

When it is due is not stored: it follows from what happened, by one rule. Append-only.
"""

from hub.migrations import run
from hub.policy import OURS, OVERSIGHT, SERVICE_ROLES

revision = "hub_0009d"
down_revision = "hub_0009c"

GATEWAY = SERVICE_ROLES["gateway"]
PERSON = "nullif(current_setting('hub.practitioner', true), '')"

EVENTS = """
create table hub.time_limit_event (
  id uuid primary key default uuidv7(),
  request uuid not null,
  event text not null check (event in ('clock_stopped', 'clock_started', 'extended', 'identity_checked')),
  day date not null,
  waits_for text check (waits_for in ('identity', 'scope')),
  months integer check (months between 1 and 2),
  reason text not null,
  agency text not null default current_setting('hub.agency') references hub.agency,
  practitioner text not null default current_setting('hub.practitioner') check (practitioner <> ''),
  at timestamptz not null default clock_timestamp(),
  check ((event = 'clock_stopped') = (waits_for is not null)),
  check ((event = 'extended') = (months is not null))
);
create index time_limit_event_of on hub.time_limit_event (request, at);
create unique index extended_once on hub.time_limit_event (request) where event = 'extended'
"""

# A month, and the months it is extended by. It begins anew with the day on which whoever asked shows who they
# are; the days from asking what they mean to hearing it, both included, do not count. Null while stopped.
DUE = """
create function hub.time_limit(received date, events hub.time_limit_event[]) returns date language plpgsql
immutable as $$
declare
  e hub.time_limit_event;
  stopped hub.time_limit_event;
  begins date := received;
  months integer := 1;
  away integer := 0;
begin
  foreach e in array events loop
    case e.event
    when 'clock_stopped' then stopped := e;
    when 'clock_started' then
      if stopped.waits_for = 'identity' then
        begins := e.day;
        away := 0;
      else
        away := away + (e.day - stopped.day) + 1;
      end if;
      stopped := null;
    when 'extended' then months := months + e.months;
    else null;
    end case;
  end loop;
  return case when stopped.event is null then (begins + make_interval(months => months))::date + away end;
end $$;
create function hub.due_on(which uuid, received date) returns date language sql stable as $$
  select hub.time_limit(received, array(
    select e from hub.time_limit_event e where e.request = which order by e.at, e.id))
$$;
create function hub.unanswered() returns table (request uuid, kind text, received_on date) language sql stable
as $$
  select r.id, 'access_request', r.received_on from hub.rights_request r
    where coalesce(hub.stands_at(r.id), '') not in ('released', 'refused')
  union all
  select r.id, 'erasure_request', r.received_on from hub.erasure_request r where r.why = 'asked'
    and not exists (select from hub.erasure_event e
      where e.request = r.id and e.event in ('approved', 'done', 'refused'))
$$
"""

# The wall behind gateway.rights.time_limits: nobody gains time once it is over, and no day runs backwards.
CHECKED = """
create function hub.check_time_limit() returns trigger language plpgsql as $$
declare
  asked record;
  due date;
  latest date;
begin
  perform pg_advisory_xact_lock(hashtextextended(new.request::text, 7));
  select u.kind, u.received_on into asked from hub.unanswered() u where u.request = new.request;
  if not found then
    raise insufficient_privilege using message = 'nobody waits for an answer to this request';
  end if;
  due := hub.due_on(new.request, asked.received_on);
  select greatest(asked.received_on, max(e.day)) into latest from hub.time_limit_event e
    where e.request = new.request and e.event in ('clock_stopped', 'clock_started');
  if (new.event = 'clock_stopped' and due is null) or (new.event = 'clock_started' and due is not null)
      or (new.event in ('clock_stopped', 'extended') and new.day > due)
      or (new.event in ('clock_stopped', 'clock_started') and new.day < latest)
      or (new.event = 'extended' and new.day < asked.received_on)
      or (new.waits_for = 'scope' and asked.kind <> 'access_request') then
    raise insufficient_privilege using message = 'the time limit of a request does not change like this';
  end if;
  return new;
end $$;
create trigger check_time_limit before insert on hub.time_limit_event
  for each row execute function hub.check_time_limit()
"""

# Whoever oversees is told once of each request that is overdue. The front door asks for that now and then.
OVERDUE = """
create unique index notice_of_overdue_request on hub.notice (agency, about)
  where kind in ('access_request.overdue', 'erasure_request.overdue');
create function hub.tell_of_overdue_requests(today date) returns integer language plpgsql security definer
set search_path = hub, pg_temp as $$
declare told integer;
begin
  insert into hub.notice (agency, kind, about) select overseer, u.kind || '.overdue', u.request
    from hub.unanswered() u, hub.overseers() overseer where hub.due_on(u.request, u.received_on) < today
    on conflict do nothing;
  get diagnostics told = row_count;
  return told;
end $$
"""

FUNCTIONS = """hub.time_limit(date, hub.time_limit_event[]), hub.due_on(uuid, date), hub.unanswered(),
  hub.tell_of_overdue_requests(date)"""
WALLS = f"""
alter table hub.time_limit_event enable row level security, force row level security;
create policy overseen on hub.time_limit_event for select to {GATEWAY} using ({OVERSIGHT});
create policy written on hub.time_limit_event for insert to {GATEWAY}
  with check ({OVERSIGHT} and agency = {OURS} and practitioner = {PERSON});
create policy counted on hub.time_limit_event for select to hub_owner using (true);
create policy counted on hub.rights_request for select to hub_owner using (true);
create policy counted on hub.rights_event for select to hub_owner using (true);
grant select, insert on hub.time_limit_event to {GATEWAY};
revoke execute on function {FUNCTIONS}, hub.check_time_limit() from public;
grant execute on function {FUNCTIONS} to {GATEWAY}
"""


def upgrade() -> None:
    """Lay what happens to a time limit, the rule it follows, and the walls."""
    for script in (EVENTS, DUE, CHECKED, OVERDUE, WALLS):
        run(script)


def downgrade() -> None:
    """What was promised to people is kept: there is no way back."""
    raise NotImplementedError("rights are append-only; they have no way back")
