"""Restrictions that name who alone may see, and the text that is sealed on every way out."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES, may_see

revision = "hub_0004"
down_revision = "hub_0003c"

ALL = ", ".join(SERVICE_ROLES.values())
WITH_PEOPLE = ", ".join(SERVICE_ROLES[part] for part in ("gateway", "referral", "assessment"))
MEMBERS = "hashtextextended('members', 3)"  # as in hub_0003

ORDERS = """
alter table hub.decision_event
  add column kind text check (kind in ('no_contact_order', 'refuge', 'professional_safety', 'other')),
  add column court_reference text,
  add column named text[]
"""

# What is in force, worked out from the ledger. A lifted seal leaves its text nowhere.
SEALS = """
create table hub.seal (
  seal uuid primary key,
  subjects uuid[] not null,
  categories text[] not null,
  named text[] not null,
  ends timestamptz not null
);
create index seal_about on hub.seal using gin (subjects);
create table hub.sealed_text (
  seal uuid not null references hub.seal on delete cascade,
  folded text not null check (length(folded) between 5 and 400),
  primary key (seal, folded)
);
create table hub.seal_version (
  only_one boolean primary key default true check (only_one),
  version uuid not null default gen_random_uuid()
);
insert into hub.seal_version default values;
create index override_grant_of on hub.override_grant (agency, practitioner)
"""

# Everybody but the named is every agency there is, and every one that joins later: the lock sets one that
# joins at the same moment before or after, so that it is seen by one of the two. A seal takes it before
# anything else (hub_0005b).
APPLY = f"""
create function hub.apply_seal() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  if new.event = 'restricted' and new.named is not null then
    insert into hub.seal (seal, subjects, categories, named, ends)
      values (new.decision, new.subjects, new.categories, new.named, new.ends);
    insert into hub.restriction (subject, category, agency, decision, ends)
      select subject, category, a.id, new.decision, new.ends
      from hub.agency a, unnest(new.subjects) subject, unnest(new.categories) category
      where a.id <> all(new.named) on conflict do nothing;
  elsif new.event = 'lifted' then
    delete from hub.seal where seal = new.decision;
  end if;
  return null;
end $$;
create trigger apply_seal after insert on hub.decision_event
  for each row execute function hub.apply_seal();
create function hub.seal_from_newcomer() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform pg_advisory_xact_lock({MEMBERS});
  insert into hub.restriction (subject, category, agency, decision, ends)
    select subject, category, new.id, s.seal, s.ends
    from hub.seal s, unnest(s.subjects) subject, unnest(s.categories) category
    where new.id <> all(s.named) on conflict do nothing;
  return null;
end $$;
create trigger seal_from_newcomer after insert on hub.agency
  for each row execute function hub.seal_from_newcomer();
create function hub.turn_seal_version() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  update hub.seal_version set version = gen_random_uuid();
  return null;
end $$;
create trigger turn_seal_version after insert or update or delete on hub.sealed_text
  for each statement execute function hub.turn_seal_version();
create trigger turn_seal_version after insert or update or delete on hub.seal
  for each statement execute function hub.turn_seal_version();
create trigger turn_seal_version after insert or update of name on hub.agency
  for each statement execute function hub.turn_seal_version()
"""

# What is hidden waits for deliveries that are under way about the same people, like a withdrawal.
HOLD = """
create function hub.hold_alone_about(people uuid[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(subject::text, 0))
    from (select distinct unnest(people) subject order by 1) them;
end $$
"""

RECORDED_BY_US = f"""coalesce((select true from hub.decision_event e where e.decision = sealed_text.seal
  and e.event = 'restricted' and e.recorded_by = {OURS} limit 1), false)"""

WALLS = f"""
create policy looked_for on hub.seal for select to {ALL} using (true);
create policy kept on hub.seal to hub_owner using (true) with check (true);
create policy looked_for on hub.sealed_text for select to {ALL} using (true);
create policy in_our_name on hub.sealed_text for insert to hub_gateway with check ({RECORDED_BY_US});
create policy kept on hub.sealed_text to hub_owner using (true) with check (true)
"""

# The directory shows no people, yet notes that it sealed something for a caller it knows.
NOTED = f"""
create policy noted on hub.disclosure for insert to hub_directory
  with check (agency = {OURS} and reason = 'sealed')"""

# An event is delivered to whoever may see what it is about, at the moment it is delivered (hub.delivery).
DELIVERED = f"create policy delivered on hub.event for select to hub_gateway using ({may_see('event')})"

GRANTS = [
    f"grant select on hub.seal, hub.sealed_text, hub.seal_version, hub.override_grant to {ALL}",
    "grant select on hub.agency to hub_directory",
    "grant insert on hub.sealed_text to hub_gateway",
    "grant select on hub.event to hub_gateway",
    "grant insert on hub.disclosure to hub_directory",
    "revoke execute on function hub.apply_seal(), hub.seal_from_newcomer() from public",
    "revoke execute on function hub.turn_seal_version(), hub.hold_alone_about(uuid[]) from public",
    f"grant execute on function hub.hold_alone_about(uuid[]) to {WITH_PEOPLE}",
]


def upgrade() -> None:
    """Lay the seals."""
    for script in (ORDERS, SEALS, APPLY, HOLD):
        run(script)
    for table in ("seal", "sealed_text"):
        run(f"alter table hub.{table} enable row level security, force row level security")
    run(WALLS)
    run(NOTED)
    run(DELIVERED)
    run("; ".join(GRANTS))


def downgrade() -> None:
    """A seal is part of the ledger, which has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
