"""Conditions of a scope, training, and who is suspended."""

from hub.migrations import run

revision = "gateway_0003"
down_revision = "gateway_0002"

TRAINING = """
create table gateway.training (
  id uuid primary key,
  agency text not null references hub.agency,
  client text not null default '',
  practitioner text not null default '',
  course text not null,
  completed_on date not null,
  expires_on date not null,
  revoked boolean not null default false,
  recorded_by text not null default current_setting('hub.agency'),
  at timestamptz not null default now(),
  check ((client = '') <> (practitioner = '')),
  check (expires_on >= completed_on)
);
create index training_held on gateway.training (agency, course);
create index training_page on gateway.training (at, id)
"""

CONDITIONS = """
create table gateway.condition (
  scope text not null,
  holder text not null check (holder in ('client', 'practitioner', 'agreement')),
  course text not null,
  primary key (scope, holder, course),
  check ((holder = 'agreement') = (course = ''))
)
"""

# Every time one was set or lifted: who oversees the hub is told, for a condition shuts people out.
CHANGES = """
create table gateway.condition_event (
  id uuid primary key default uuidv7(),
  event text not null check (event in ('set', 'lifted')),
  scope text not null,
  holder text not null,
  course text not null,
  recorded_by text not null default coalesce(current_setting('hub.agency', true), ''),
  recorded_by_client text not null default coalesce(current_setting('hub.client', true), ''),
  practitioner text not null default coalesce(current_setting('hub.practitioner', true), ''),
  at timestamptz not null default clock_timestamp()
);
create index condition_event_page on gateway.condition_event (at, id);
create function gateway.note_condition() returns trigger language plpgsql security definer
set search_path = gateway, pg_temp as $$
declare noted uuid; changed gateway.condition := coalesce(new, old);
begin
  insert into condition_event (event, scope, holder, course)
    select case tg_op when 'INSERT' then 'set' else 'lifted' end, (changed).*
    returning id into noted;
  perform hub.tell_oversight('conditions.changed', noted);
  return null;
end $$;
create trigger note_condition after insert or delete on gateway.condition
  for each row execute function gateway.note_condition();
revoke execute on function gateway.note_condition() from public
"""

# Who may open no override any more keeps none. What runs out by its date outlives it by a day at most.
OVERRIDES = """
create function gateway.end_untrained_overrides() returns trigger language plpgsql security definer
set search_path = gateway, pg_temp as $$
begin
  perform hub.end_override(e.override, 'What the scope for it depends on is not met any more.')
    from hub.override_event e where e.event = 'opened' and now() < e.ends and exists (
      select from condition k where k.scope = 'sharing:override' and k.holder <> 'agreement' and not exists (
        select from training t where t.agency = e.agency and t.course = k.course and not t.revoked
          and current_date between t.completed_on and t.expires_on
          and case k.holder when 'client' then t.client = e.client else t.practitioner = e.practitioner end));
  return null;
end $$;
create trigger end_untrained_overrides after update of revoked on gateway.training
  for each statement execute function gateway.end_untrained_overrides();
create trigger end_untrained_overrides after insert on gateway.condition
  for each statement execute function gateway.end_untrained_overrides();
revoke execute on function gateway.end_untrained_overrides() from public
"""

# Who is out now, and every time somebody was put out or let in again.
STANDING = """
create table gateway.suspended_practitioner (
  agency text not null references hub.agency,
  practitioner text not null,
  primary key (agency, practitioner)
);
create table gateway.standing_event (
  id uuid primary key,
  event text not null check (event in ('suspended', 'restored')),
  agency text not null,
  client text not null default '',
  practitioner text not null default '',
  reason text not null,
  recorded_by text not null default current_setting('hub.agency'),
  recorded_by_client text not null default current_setting('hub.client'),
  at timestamptz not null default clock_timestamp()
);
create index standing_page on gateway.standing_event (at, id)
"""

GRANTS = """
grant select, insert on gateway.training, gateway.standing_event to hub_gateway;
grant update (revoked) on gateway.training to hub_gateway;
grant select on gateway.condition_event to hub_gateway;
grant select, insert, delete on gateway.condition, gateway.suspended_practitioner to hub_gateway
"""


def upgrade() -> None:
    """Lay the conditions of scopes."""
    for script in (TRAINING, CONDITIONS, CHANGES, OVERRIDES, STANDING, GRANTS):
        run(script)


def downgrade() -> None:
    """Take them away: every scope is without conditions again, and every practitioner let in."""
    run(
        "drop table gateway.training; drop table gateway.condition; drop table gateway.condition_event;"
        " drop function gateway.note_condition(); drop function gateway.end_untrained_overrides();"
        " drop table gateway.suspended_practitioner; drop table gateway.standing_event"
    )
