"""What is hidden is overseen: what may be hidden at all, and who is told of what.

A notice carries an id and a kind, and not a word about anybody.
"""

from hub.migrations import run
from hub.policy import OPENED

revision = "hub_0010"
down_revision = "hub_0009d"

# Those whom the law asks to act on a concern about a child (Children Act 1989 s.47, 2004 s.16E). A person of
# another agency is hidden from what it wrote itself too, and so is whoever there does not say who they are.
DUTY = """
create function hub.holds_duty(type text) returns boolean language sql immutable as $$
  select type in ('mash', 'childrens_social_care', 'police', 'early_help_team', 'health_provider',
    'school_nursing', 'health_visiting', 'midwifery', 'gp', 'camhs')
$$;
create function hub.is_to_be_overseen(new hub.decision_event) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select (new.hidden_from <> '' and new.agency <> new.recorded_by)
    or exists (select from hub.agency a where a.active and hub.holds_duty(a.type)
      and (a.id = new.agency or (new.named is not null and a.id <> all(new.named))))
$$
"""

# The wall behind hub.sharing.restrictions (docs/decisions/0027). A seal is a restriction too.
HIDING = """
create function hub.check_hiding() returns trigger language plpgsql as $$
begin
  if 'safeguarding_concern' = any(new.categories)
      and (new.court_reference is null or coalesce(new.kind not in ('no_contact_order', 'refuge'), true))
      and coalesce(current_setting('hub.oversight', true), '') <> 'on' then
    raise insufficient_privilege
      using message = 'concerns are hidden under an order or a refuge''s reference, or by oversight';
  end if;
  if exists (select from hub.agency a where a.id = new.agency and a.type = 'data_protection_officer') then
    raise insufficient_privilege using message = 'nothing is hidden from oversight';
  end if;
  return new;
end $$;
create trigger check_hiding before insert on hub.decision_event
  for each row when (new.event = 'restricted') execute function hub.check_hiding();
revoke execute on function hub.check_hiding() from public
"""

TELL = """
create function hub.tell_of_hiding() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare what text := case when new.circumstances ? 'sealed' then 'seal' else 'restriction' end;
begin
  if new.event = 'restricted' and hub.is_to_be_overseen(new) then
    perform hub.tell_oversight(what || '.recorded', new.decision, array[new.recorded_by]);
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
revoke execute on function hub.holds_duty(text), hub.is_to_be_overseen(hub.decision_event),
  hub.tell_of_hiding() from public
"""

# What a family is not to read of who looked is oversight's to know.
HELD_BACK = """
create function hub.tell_of_holding_back() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.tell_oversight('looks.held_back', new.id, array[new.agency]);
  return null;
end $$;
create trigger tell_of_holding_back after insert on hub.held_back
  for each row execute function hub.tell_of_holding_back();
revoke execute on function hub.tell_of_holding_back() from public
"""

# That two differ, that somebody decided to share all the same, and that a refusal which held something back
# gave way to an agreement. Each side is told in hub_0009c.
CONFLICTS = """
create function hub.tell_overseers_of_conflict() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.tell_oversight('sharing.conflict', new.id, array[new.agreement_by, new.refusal_by]);
  return null;
end $$;
create trigger tell_overseers_of_conflict after insert on hub.conflict
  for each row execute function hub.tell_overseers_of_conflict();
create function hub.tell_overseers_of_sharing() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.tell_oversight('sharing.conflict_resolved', k.id, array[k.agreement_by, k.refusal_by])
    from hub.conflict k where k.id = new.conflict;
  return null;
end $$;
create trigger tell_overseers_of_sharing after insert on hub.conflict_resolution
  for each row when (new.outcome = 'share') execute function hub.tell_overseers_of_sharing();
create function hub.tell_overseers_of_change_of_mind() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.tell_oversight('sharing.refusal_replaced', k.id) from hub.conflict k
    where k.refusal = new.decision and hub.standing(new.successor) = 'given'
      and hub.standing(k.agreement) in ('given', 'varied')
      and not exists (select from hub.decision_event e
        where e.decision = k.agreement and e.event = 'varied' and e.at > k.at)
      and not exists (select from hub.conflict_resolution d where d.conflict = k.id and d.outcome = 'share');
  return null;
end $$;
create trigger tell_overseers_of_change_of_mind after insert on hub.decision_event
  for each row when (new.event = 'superseded') execute function hub.tell_overseers_of_change_of_mind();
revoke execute on function hub.tell_overseers_of_conflict(), hub.tell_overseers_of_sharing(),
  hub.tell_overseers_of_change_of_mind() from public
"""

# While processing is restricted nobody sees what comes in, not even who sent it: somebody must know.
CONCERNS = """
create function hub.tell_of_unseen_concern() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  if exists (select from hub.restriction r where r.subject = new.subject and r.category = new.category
      and r.agency = '*' and now() < r.ends) then
    perform hub.tell_oversight('concern.while_restricted', new.about);
  end if;
  return null;
end $$;
create trigger tell_of_unseen_concern after insert on hub.event
  for each row when (new.type = 'concern.received') execute function hub.tell_of_unseen_concern();
revoke execute on function hub.tell_of_unseen_concern() from public
"""

# Who writes down one address after another and reads them back would find out which are sealed. Meeting
# sealed text is rare: that of ten people in an hour, in one answer or in many, is told, once an hour. People
# on the caseload count too, for whoever registers somebody has them there. Not those whose home address
# another agency opened to all of this one, for this purpose: who is shown addresses meets what is sealed of
# them in the course of the day. What an agency wrote itself is no such sign: it may be the very guess.
PROBING = f"""
create function hub.tell_of_probing() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  if exists (select from hub.event e where e.type = 'alarm.sealed_text' and e.agency = new.agency
      and e.subject = '00000000-0000-0000-0000-000000000000' and e.at > now() - interval '1 hour')
    or 10 > (select count(distinct d.subject) from hub.disclosure d
      where d.client = new.client and d.reason = 'sealed' and d.at > now() - interval '1 hour'
        and not exists (select from hub.sight s where s.subject = d.subject and s.category = 'home_address'
          and s.agency = d.agency and s.purpose = d.purpose and s.effect = {OPENED} and s.author <> d.agency
          and s.practitioner = '' and s.starts <= now() and now() < s.ends))
  then
    return null;
  end if;
  insert into hub.event (type, subject, category, about, agency, purpose, request)
    values ('alarm.sealed_text', '00000000-0000-0000-0000-000000000000', 'existence', new.id, new.agency,
      new.purpose, new.request);
  perform hub.tell_oversight('alarm.sealed_text', new.id);
  return null;
end $$;
create trigger tell_of_probing after insert on hub.disclosure
  for each row when (new.reason = 'sealed') execute function hub.tell_of_probing();
create policy alarmed on hub.event for insert to hub_owner with check (type = 'alarm.sealed_text');
revoke execute on function hub.tell_of_probing() from public
"""

# Whose records a decision opens on another's word is told at once, whatever is hidden from them; and so is
# who is asked to countersign it, unless that anybody is known is hidden from them. Its recorder hears what
# they say.
AUTHORS = """
create function hub.tell_authors() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  if new.event in ('countersigned', 'declined') then
    insert into hub.notice (agency, kind, about)
      values (new.begun_by, 'decision.' || new.event, new.decision);
    return null;
  end if;
  insert into hub.notice (agency, kind, about)
    select a.id, them.kind, new.decision from (
      select p.author, 'decision.opens_your_records' as kind from hub.passed_on p
        where p.decision = new.decision and not hub.has_answered(p.decision, p.author)
      union select unnest(new.asked), 'decision.asks_for_your_records') them (author, kind)
    join hub.agency a on a.id = them.author and a.active
    where them.kind = 'decision.opens_your_records' or exists (
      select from unnest(new.subjects) who where not exists (select from hub.restriction r
        where r.subject = who and r.category = 'existence' and r.agency in (a.id, '*') and r.practitioner = ''
          and now() < r.ends));
  return null;
end $$;
create trigger tell_authors after insert on hub.decision_event
  for each row when (new.event in ('given', 'varied', 'countersigned', 'declined'))
  execute function hub.tell_authors();
revoke execute on function hub.tell_authors() from public
"""


def upgrade() -> None:
    """Lay what may be hidden, and who is told."""
    for script in (DUTY, HIDING, TELL, HELD_BACK, CONFLICTS, CONCERNS, PROBING, AUTHORS):
        run(script)


def downgrade() -> None:
    """As the ledger it belongs to: there is no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
