"""What is hidden is overseen: who is told when something is, when another lifts it, or withdraws a decision.

A notice carries an id and a kind, and not a word about anybody.
"""

from hub.migrations import run

revision = "hub_0010"
down_revision = "hub_0009c"

# Those whom the law asks to act on a concern about a child (Children Act 1989 s.47, 2004 s.16E).
DUTY = """
create function hub.holds_duty(type text) returns boolean language sql immutable as $$
  select type in ('mash', 'childrens_social_care', 'police', 'early_help_team', 'health_provider',
    'school_nursing', 'health_visiting', 'midwifery', 'gp', 'camhs')
$$;
create function hub.hides_from_duty(new hub.decision_event) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select exists (select from hub.agency a where a.active and hub.holds_duty(a.type)
    and (a.id = new.agency or (new.named is not null and a.id <> all(new.named))))
$$
"""

TELL = """
create function hub.tell_of_hiding() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare what text := case when new.circumstances ? 'sealed' then 'seal' else 'restriction' end;
begin
  if new.event = 'restricted' and hub.hides_from_duty(new) then
    insert into hub.notice (agency, kind, about)
      select distinct c.agency, what || '.recorded', new.decision from gateway.client c
      where c.active and 'records:oversee' = any(c.scopes) and c.agency <> new.recorded_by;
  elsif new.event = 'lifted' and new.begun_by <> new.recorded_by then
    select case when e.circumstances ? 'sealed' then 'seal' else 'restriction' end into what
      from hub.decision_event e where e.decision = new.decision and e.event = 'restricted';
    insert into hub.notice (agency, kind, about) values (new.begun_by, what || '.lifted', new.decision);
  elsif new.event = 'withdrawn' and new.begun_by <> new.recorded_by then
    insert into hub.notice (agency, kind, about) values (new.begun_by, 'decision.withdrawn', new.decision);
  end if;
  return null;
end $$;
create trigger tell_of_hiding after insert on hub.decision_event
  for each row when (new.event in ('restricted', 'lifted', 'withdrawn'))
  execute function hub.tell_of_hiding();
revoke execute on function hub.holds_duty(text), hub.hides_from_duty(hub.decision_event),
  hub.tell_of_hiding() from public
"""


def upgrade() -> None:
    """Lay who is told."""
    run(DUTY)
    run(TELL)


def downgrade() -> None:
    """As the ledger it belongs to: there is no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
