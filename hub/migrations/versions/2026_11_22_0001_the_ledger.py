"""The ledger, the trace and the proof: agencies, decisions, what is in force, disclosures, events."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "hub_0001"
down_revision = None

ALL = ", ".join(SERVICE_ROLES.values())
WITH_PEOPLE = ", ".join(SERVICE_ROLES[part] for part in ("gateway", "referral", "assessment"))

AGENCIES = """
create table hub.agency (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  name text not null,
  type text not null,
  active boolean not null default true
)
"""

# Append-only: an event is never changed. What it puts in force is worked out by hub.apply_decision().
DECISIONS = """
create table hub.decision_event (
  id uuid primary key default uuidv7(),
  decision uuid not null,
  event text not null check (event in ('proposed', 'given', 'refused', 'not_shared', 'varied', 'reviewed',
    'countersigned', 'declined', 'withdrawn', 'expired', 'superseded', 'restricted', 'lifted')),
  agency text not null,
  purpose text,
  basis text check (basis in ('agreement', 'statutory_duty', 'safeguarding', 'court_order')),
  categories text[] not null check (cardinality(categories) > 0),
  subjects uuid[] not null check (cardinality(subjects) > 0),
  reason text not null,
  given_by text,
  detriment_test text,
  hidden_from text not null default '',
  starts timestamptz not null default now(),
  ends timestamptz not null default 'infinity',
  recorded_by text not null default current_setting('hub.agency') references hub.agency,
  client text not null default current_setting('hub.client'),
  practitioner text not null default current_setting('hub.practitioner'),
  at timestamptz not null default clock_timestamp(),
  check (event in ('restricted', 'lifted') or (purpose is not null and basis is not null)),
  check (ends > starts)
);
create unique index once_each on hub.decision_event (decision, event)
  where event not in ('varied', 'reviewed', 'countersigned', 'declined');
create index about on hub.decision_event using gin (subjects)
"""

# A share opens what one author wrote; `discloser` answers for that: the author, or who passes it on.
IN_FORCE = """
create table hub.share (
  subject uuid not null,
  category text not null,
  purpose text not null,
  agency text not null,
  author text not null,
  discloser text not null,
  decision uuid not null,
  basis text not null,
  starts timestamptz not null,
  ends timestamptz not null,
  primary key (subject, category, agency, purpose, author, decision)
);
create index share_of_decision on hub.share (decision);
create table hub.restriction (
  subject uuid not null,
  category text not null,
  agency text not null,
  practitioner text not null default '',
  decision uuid not null,
  ends timestamptz not null,
  primary key (subject, category, agency, practitioner, decision)
);
create index restriction_of_decision on hub.restriction (decision);
create table hub.override_grant (
  subject uuid not null,
  category text not null,
  agency text not null,
  practitioner text not null check (practitioner <> ''),
  purpose text not null,
  override uuid not null,
  over_restriction boolean not null,
  starts timestamptz not null,
  ends timestamptz not null,
  primary key (subject, category, agency, practitioner, override, starts)
);
create table hub.household (id uuid primary key);
create table hub.caseload (
  agency text not null,
  purpose text not null,
  subject uuid not null,
  household boolean not null default false,
  own boolean not null default false,
  updated_at timestamptz not null default now(),
  unseen_at timestamptz,
  primary key (agency, purpose, subject)
);
create index caseload_page on hub.caseload (agency, purpose, updated_at desc, subject desc) where household;
create index caseload_of_subject on hub.caseload (subject)
"""

# Restrictions only: what a decision to share puts in force is worked out in hub_0003b.
APPLY = """
create function hub.apply_decision() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  case new.event
  when 'restricted' then
    insert into hub.restriction (subject, category, agency, practitioner, decision, ends)
      select subject, category, new.agency, new.hidden_from, new.decision, new.ends
      from unnest(new.subjects) subject, unnest(new.categories) category on conflict do nothing;
  when 'lifted' then
    delete from hub.restriction where decision = new.decision;
  else null;
  end case;
  return null;
end $$;
create trigger apply_decision after insert on hub.decision_event
  for each row execute function hub.apply_decision()
"""

# Writes that fan out about a person hold it together; a withdrawal holds it alone, and so waits for them.
HOLDS = """
create function hub.hold(subject uuid) returns void language sql
as $$ select pg_advisory_xact_lock_shared(hashtextextended(subject::text, 0)) $$;
create function hub.hold_alone(which uuid) returns void language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(subject::text, 0)) from (
    select distinct unnest(subjects) subject from hub.decision_event where decision = which order by 1) them;
end $$;
"""

# Each raises its subject on the caseloads of those who may see why (hub_0001b).
EVENTS = """
create table hub.event (
  id uuid primary key default uuidv7(),
  at timestamptz not null default clock_timestamp(),
  type text not null,
  subject uuid not null,
  category text not null,
  about uuid,
  agency text not null default current_setting('hub.agency'),
  purpose text not null default current_setting('hub.purpose'),
  request uuid not null default current_setting('hub.request')::uuid
);
create index event_about on hub.event (subject, category, agency);
create index event_of on hub.event (about) where about is not null;
"""

IDEMPOTENCY = """
create table hub.idempotency (
  client text not null default current_setting('hub.client'),
  route text not null,
  key text not null,
  fingerprint bytea not null,
  status integer,
  body bytea,
  location text,
  at timestamptz not null default now(),
  primary key (client, route, key)
);
create index idempotency_by_age on hub.idempotency (at)
"""

# 244 random bits of salt from the core, so that no extension is needed; the commitment outlives an erasure.
# In the queue and the leaves, `disclosure` is an entry of the ledger (hub_0011) too.
# `records` are whose were shown (`category author`); nobody's, where it is of the hub's own keeping.
DISCLOSURES = """
create table hub.disclosure (
  id uuid primary key default uuidv7(),
  at timestamptz not null default clock_timestamp(),
  agency text not null default current_setting('hub.agency'),
  client text not null default current_setting('hub.client'),
  practitioner text not null default current_setting('hub.practitioner'),
  purpose text not null default current_setting('hub.purpose'),
  audience text[] not null default string_to_array(current_setting('hub.audience'), ','),
  operation text not null default current_setting('hub.operation'),
  request uuid not null default current_setting('hub.request')::uuid,
  outcome text not null default 'shown' check (outcome in ('shown', 'refused')),
  subject uuid,
  categories text[] not null default '{}',
  records text[] not null default '{}',
  row_count integer not null default 0,
  reason text,
  salt bytea not null default decode(
    replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
);
create index disclosure_about on hub.disclosure (subject, at desc);
create table hub.unsequenced (
  disclosure uuid primary key,
  commitment bytea not null
);
create table hub.leaf (
  number bigint primary key,
  disclosure uuid not null unique,
  commitment bytea not null
);
create table hub.checkpoint (
  size bigint primary key,
  root bytea not null,
  frontier bytea[] not null,
  note text not null,
  at timestamptz not null default clock_timestamp()
);
create function hub.canonical(d hub.disclosure) returns text language sql immutable as $$
  select (to_jsonb(d) - 'salt')::text
$$;
create function hub.commit_to_disclosure() returns trigger language plpgsql security definer
set search_path = hub, pg_temp set timezone = 'UTC' as $$
begin
  insert into hub.unsequenced
    select d.id, sha256(d.salt || convert_to(hub.canonical(d), 'UTF8')) from added d;
  return null;
end $$;
create trigger commit_to_disclosure after insert on hub.disclosure
  referencing new table as added for each statement execute function hub.commit_to_disclosure()
"""


BEHIND_WALLS = ("decision_event", "caseload", "event", "idempotency", "disclosure")

# An agency never learns of a restriction from the ledger that hides something from it.
WALLS = f"""
create policy own_or_ours on hub.decision_event for select to {WITH_PEOPLE}
  using (recorded_by = {OURS} or (agency = {OURS} and event not in ('restricted', 'lifted')));
create policy in_our_name on hub.decision_event for insert to {WITH_PEOPLE} with check (recorded_by = {OURS});
create policy apply on hub.decision_event for select to hub_owner using (true);
create policy kept on hub.caseload to hub_owner using (true) with check (true);
create policy in_our_name on hub.event for insert to {ALL} with check (agency = {OURS});
create policy in_our_name on hub.disclosure for insert to {WITH_PEOPLE} with check (agency = {OURS});
create policy audited on hub.disclosure for select to hub_owner using (true);
create policy own_keys on hub.idempotency to {ALL}
  using (client = nullif(current_setting('hub.client', true), ''))
  with check (client = nullif(current_setting('hub.client', true), ''))
"""

GRANTS = [
    f"grant usage on schema hub to {ALL}",
    f"grant select on hub.agency, hub.share, hub.restriction, hub.override_grant to {WITH_PEOPLE}",
    f"grant select on hub.caseload to {WITH_PEOPLE}",
    f"grant select, insert on hub.decision_event to {WITH_PEOPLE}",
    f"grant insert on hub.disclosure to {WITH_PEOPLE}",
    f"grant insert on hub.event to {ALL}",
    f"grant select, insert, update on hub.idempotency to {ALL}",
    "grant select on hub.disclosure to hub_gateway",
    "grant insert, update on hub.agency to hub_gateway",
    "grant select, delete on hub.unsequenced to hub_gateway",
    "grant select, insert on hub.leaf, hub.checkpoint to hub_gateway",
    "revoke execute on all functions in schema hub from public",
    f"grant execute on function hub.hold(uuid), hub.hold_alone(uuid) to {WITH_PEOPLE}",
]


def upgrade() -> None:
    """Lay the ledger, the trace and the proof."""
    for script in (
        AGENCIES,
        DECISIONS,
        IN_FORCE,
        APPLY,
        HOLDS,
        EVENTS,
        IDEMPOTENCY,
        DISCLOSURES,
    ):
        run(script)
    for table in BEHIND_WALLS:
        run(f"alter table hub.{table} enable row level security, force row level security")
    run(WALLS)
    run("; ".join(GRANTS))


def downgrade() -> None:
    """There is nothing before the ledger: drop the database instead."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
