"""What a partnership wants of its decisions, changed with a reason; agreements, warned of before they end."""

from hub.migrations import run
from hub.policy import OURS

revision = "hub_0002b"
down_revision = "hub_0002"


# The rule that counts is the latest. Nobody changes it but by saying so here, and oversight is told.
RULES = f"""
create table hub.partnership_event (
  id uuid primary key default uuidv7(),
  agreements_required boolean not null,
  reading_limit_factor integer not null default 1 check (reading_limit_factor between 1 and 1000),
  reason text not null,
  recorded_by text not null default current_setting('hub.agency') references hub.agency,
  recorded_by_client text not null default current_setting('hub.client'),
  practitioner text not null default current_setting('hub.practitioner'),
  at timestamptz not null default clock_timestamp()
);
create function hub.apply_rules() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  update hub.partnership set agreements_required = new.agreements_required,
    reading_limit_factor = new.reading_limit_factor;
  perform hub.tell_oversight('rules.changed', new.id);
  return null;
end $$;
create trigger apply_rules after insert on hub.partnership_event
  for each row execute function hub.apply_rules();
alter table hub.partnership_event enable row level security, force row level security;
create policy open on hub.partnership_event for select to hub_gateway using (true);
create policy in_our_name on hub.partnership_event for insert to hub_gateway
  with check (recorded_by = {OURS});
grant select, insert on hub.partnership_event to hub_gateway
"""

# Called by the front door now and then. Each agreement is warned about once, in its drafter's name: every
# party that is still in it is told, and oversight.
WARN = """
create function hub.warn_of_agreements(within interval) returns integer language plpgsql security definer
set search_path = hub, pg_temp as $$
declare
  told integer := 0;
  due hub.agreement;
  parties text[];
begin
  for due in select * from hub.agreement
      where status = 'signed' and ends > now() and ends <= now() + within loop
    insert into hub.agreement_event (agreement, event, party, client, practitioner)
      values (due.id, 'expiring', due.drafted_by, 'hub', '') on conflict do nothing;
    continue when not found;
    insert into hub.event (type, subject, category, about, agency, purpose, request)
      values ('agreement.expiring', due.id, 'existence', due.id, due.drafted_by, '', gen_random_uuid());
    parties := array(select unnest(due.parties) except select unnest(due.gone));
    insert into hub.notice (agency, kind, about) select unnest(parties), 'agreement.expiring', due.id;
    perform hub.tell_oversight('agreement.expiring', due.id, parties);
    told := told + 1;
  end loop;
  return told;
end $$
"""

WARNED = """
create policy warning on hub.event for insert to hub_owner with check (type = 'agreement.expiring');
create policy warned on hub.event for select to hub_owner using (type = 'agreement.expiring');
revoke execute on function hub.apply_rules(), hub.warn_of_agreements(interval) from public;
grant execute on function hub.warn_of_agreements(interval) to hub_gateway
"""


def upgrade() -> None:
    """Lay the rules' history, and the warning."""
    for script in (RULES, WARN, WARNED):
        run(script)


def downgrade() -> None:
    """Decisions rest on agreements by now: drop the database instead."""
    raise NotImplementedError("decisions rest on agreements")
