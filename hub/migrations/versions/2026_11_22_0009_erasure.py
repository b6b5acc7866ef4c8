"""Erasure against retention: how long things are kept, who asked, what was decided, and what is gone.

Two people, whoever writes: one decides each record, another approves. What is gone leaves a tombstone.
"""

from hub.migrations import run
from hub.policy import OURS, OVERSIGHT, SERVICE_ROLES

revision = "hub_0009"
down_revision = "hub_0008"

GATEWAY = SERVICE_ROLES["gateway"]
PERSON = "nullif(current_setting('hub.practitioner', true), '')"
IN_OUR_NAME = f"{OVERSIGHT} and agency = {OURS} and practitioner = {PERSON}"

WHO = """
  agency text not null default current_setting('hub.agency') references hub.agency,
  practitioner text not null default current_setting('hub.practitioner') check (practitioner <> ''),
  at timestamptz not null default clock_timestamp()"""

GROUNDS = "('retention', 'legal_claim', 'safeguarding', 'inquiry', 'others')"

# The newest rule of a category counts, and before there is one, the hub's own (gateway.retention.schedule).
RETENTION = f"""
create table hub.retention_rule (
  id uuid primary key default uuidv7(),
  category text not null,
  after_contact integer check (after_contact between 0 and 100),
  until_birthday integer check (until_birthday between 0 and 120),
  on_request boolean not null,
  source text not null,
  words text not null,
  {WHO},
  check (num_nonnulls(after_contact, until_birthday) > 0)
);
create index retention_rule_newest on hub.retention_rule (category, at desc);
create table hub.retention_hold (
  id uuid primary key default uuidv7(),
  subject uuid not null,
  kind text not null check (kind in ('legal_claim', 'safeguarding', 'inquiry')),
  until date,
  reason text not null,
  {WHO}
);
create index retention_hold_about on hub.retention_hold (subject);
create table hub.retention_hold_end (
  hold uuid primary key references hub.retention_hold,
  reason text not null,
  {WHO}
);
create function hub.last_contact(people uuid[]) returns timestamptz language sql stable security definer
set search_path = hub, pg_temp as $$
  select max(greatest(updated_at, unseen_at)) from hub.caseload where subject = any(people)
$$;
create function hub.quiet_since(years integer, moment timestamptz, identity uuid, most integer)
returns table (subject uuid, at timestamptz) language sql stable security definer
set search_path = hub, pg_temp as $$
  select c.subject, max(greatest(c.updated_at, c.unseen_at)) as at from hub.caseload c
  where c.updated_at <= now() - make_interval(years => years)
    and current_setting('hub.oversight', true) = 'on'
  group by c.subject
  having (moment is null or (max(greatest(c.updated_at, c.unseen_at)), c.subject) > (moment, identity))
    and not exists (select from hub.caseload l where l.subject = c.subject
      and greatest(l.updated_at, l.unseen_at) > now() - make_interval(years => years))
  order by 2, 1 limit most
$$
"""

REQUESTS = f"""
create table hub.erasure_request (
  id uuid primary key default uuidv7(),
  subject uuid not null,
  subjects uuid[] not null check (subject = any(subjects)),
  why text not null check (why in ('asked', 'schedule')),
  ground text check (ground in ('no_longer_necessary', 'agreement_withdrawn', 'objection', 'unlawful',
    'legal_obligation')),
  asked_by text,
  asker uuid,
  capacity text check (capacity in ('self', 'parental_responsibility', 'representative')),
  received_on date not null,
  {WHO},
  check ((why = 'asked') = (num_nulls(ground, asked_by, capacity) = 0)),
  check (capacity <> 'self' or asker is null or asker = subject)
);
create index erasure_request_about on hub.erasure_request (subject);
create index erasure_request_page on hub.erasure_request (at desc, id desc);
create table hub.erasure_event (
  id uuid primary key default uuidv7(),
  request uuid not null references hub.erasure_request,
  event text not null check (event in ('needs_decision', 'gathered', 'refused', 'approved', 'done')),
  reason text not null,
  family uuid[] check ((event = 'gathered') = (family is not null)),
  {WHO},
  unique (request, event)
);
create table hub.erasure_item (
  id uuid primary key default uuidv7(),
  request uuid not null references hub.erasure_request,
  number integer not null,
  part text not null check (part in ('referral', 'assessment', 'hub')),
  kind text not null,
  record uuid not null,
  under uuid[] not null default '{{}}',
  subject uuid not null,
  category text not null,
  author text not null,
  recorded_at timestamptz,
  proposal text not null check (proposal in ('erase', 'keep')),
  ground text check (ground in {GROUNDS}),
  until date,
  why text not null,
  unique (request, number),
  unique (request, part, kind, record),
  check ((proposal = 'erase') = (ground is null))
);
create table hub.erasure_item_decision (
  id uuid primary key default uuidv7(),
  item uuid not null references hub.erasure_item,
  decision text not null check (decision in ('erase', 'keep')),
  ground text check (ground in {GROUNDS}),
  until date,
  reason text not null,
  {WHO},
  check ((decision = 'erase') = (ground is null))
);
create index erasure_item_decided on hub.erasure_item_decision (item, at desc);
create table hub.tombstone (
  part text not null,
  kind text not null,
  record uuid not null,
  subject uuid not null,
  category text not null,
  author text not null,
  request uuid not null references hub.erasure_request,
  at timestamptz not null default clock_timestamp(),
  primary key (part, kind, record)
);
create index tombstone_of on hub.tombstone (request);
create table hub.erased_subject (
  subject uuid primary key,
  request uuid not null references hub.erasure_request,
  at timestamptz not null default clock_timestamp()
);
create table hub.erasure_recipient (
  request uuid not null references hub.erasure_request,
  recipient text not null references hub.agency,
  subject uuid not null,
  categories text[] not null,
  held_back boolean not null,
  at timestamptz not null default clock_timestamp(),
  primary key (request, recipient, subject)
);
create index erasure_inbox on hub.erasure_recipient (recipient, at desc, request)
"""

# Whether something is decided to go of whom a hold keeps: it may have come after that decision.
HELD = """
create function hub.is_held(which uuid) returns boolean language sql stable as $$
  select exists (select from hub.erasure_item i cross join lateral (
      select d.decision from hub.erasure_item_decision d where d.item = i.id
      order by d.at desc, d.id desc limit 1) d where i.request = which and d.decision = 'erase')
    and exists (select from hub.retention_hold h where (h.until is null or h.until > current_date)
      and not exists (select from hub.retention_hold_end e where e.hold = h.id)
      and (exists (select from hub.erasure_request r where r.id = which and h.subject = any(r.subjects))
        or exists (select from hub.erasure_item i where i.request = which and i.subject = h.subject)))
$$
"""

# The wall behind gateway.rights.erasure: two people, everything decided, nothing changes afterwards, nothing
# goes that a hold keeps, and what another asks for of a protected family waits for a person's decision.
SECOND_PERSON = """
create function hub.check_erasure() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.request::text, 5));
  if new.event = 'approved' and (
      exists (select from hub.erasure_item i join hub.erasure_item_decision d on d.item = i.id
        where i.request = new.request and lower(d.practitioner) = lower(new.practitioner))
      or exists (select from hub.erasure_item i where i.request = new.request
        and not exists (select from hub.erasure_item_decision d where d.item = i.id))
      or exists (select from hub.erasure_event e where e.request = new.request and e.event = 'refused')
      or not exists (select from hub.erasure_item i where i.request = new.request)) then
    raise insufficient_privilege using message = 'a second person approves what a first has decided';
  end if;
  if new.event = 'gathered'
      and not exists (select from hub.erasure_event e where e.request = new.request)
      and exists (select from hub.erasure_request r, hub.protections(new.family || r.subject)
        where r.id = new.request and hub.asks_for_another(r.subject, r.capacity)) then
    raise insufficient_privilege using message = 'an order or a seal asks for a person''s decision first';
  end if;
  if new.event in ('approved', 'done') and hub.is_held(new.request) then
    raise insufficient_privilege using message = 'a hold keeps what is about them';
  end if;
  if new.event = 'done' and not exists (
      select from hub.erasure_event e where e.request = new.request and e.event = 'approved') then
    raise insufficient_privilege using message = 'nothing is erased that nobody approved';
  end if;
  return new;
end $$;
create trigger check_erasure before insert on hub.erasure_event
  for each row execute function hub.check_erasure();
create function hub.check_erasure_decision() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare asked uuid := (select request from hub.erasure_item where id = new.item);
begin
  perform pg_advisory_xact_lock(hashtextextended(asked::text, 5));
  if exists (select from hub.erasure_event where request = asked and event in ('approved', 'refused')) then
    raise insufficient_privilege using message = 'this request is closed';
  end if;
  return new;
end $$;
create trigger check_erasure_decision before insert on hub.erasure_item_decision
  for each row execute function hub.check_erasure_decision()
"""

OVERSEEN = ("erasure_request", "erasure_item", "tombstone", "erased_subject")
SIGNED = ("erasure_event", "erasure_item_decision", "retention_rule", "retention_hold", "retention_hold_end")
WRITTEN = ("erasure_request", "erasure_item")

WALLS = f"""
alter table hub.erasure_recipient enable row level security, force row level security;
create policy ours on hub.erasure_recipient for select to {GATEWAY}
  using (recipient = {OURS} or {OVERSIGHT});
create policy kept on hub.erasure_recipient to hub_owner using (true) with check (true);
grant select on hub.erasure_recipient to {GATEWAY};
revoke execute on function hub.is_held(uuid) from public;
grant execute on function hub.is_held(uuid) to {GATEWAY};
revoke execute on function hub.check_erasure(), hub.check_erasure_decision(), hub.last_contact(uuid[]),
  hub.quiet_since(integer, timestamptz, uuid, integer) from public;
grant execute on function hub.last_contact(uuid[]), hub.quiet_since(integer, timestamptz, uuid, integer)
  to {GATEWAY}
"""


def upgrade() -> None:
    """Lay the schedule, the requests, and the walls round them."""
    for script in (RETENTION, REQUESTS, HELD, SECOND_PERSON):
        run(script)
    for table in (*OVERSEEN, *SIGNED):
        run(f"alter table hub.{table} enable row level security, force row level security")
        run(f"create policy kept on hub.{table} to hub_owner using (true) with check (true)")
        everybody = "true" if table == "retention_rule" else OVERSIGHT
        run(f"create policy overseen on hub.{table} for select to {GATEWAY} using ({everybody})")
        run(f"grant select on hub.{table} to {GATEWAY}")
    for table in (*WRITTEN, *SIGNED):
        said = IN_OUR_NAME if table in SIGNED else OVERSIGHT
        run(f"create policy written on hub.{table} for insert to {GATEWAY} with check ({said})")
        run(f"grant insert on hub.{table} to {GATEWAY}")
    run(WALLS)


def downgrade() -> None:
    """What was promised to people is kept: there is no way back."""
    raise NotImplementedError("rights are append-only; they have no way back")
