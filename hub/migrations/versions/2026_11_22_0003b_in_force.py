"""What decisions put in force, worked out from their history: types and teams, expiry."""

from hub.migrations import run
from hub.policy import hidden_from_some_of

revision = "hub_0003b"
down_revision = "hub_0003"

MEMBERS = "hashtextextended('members', 3)"  # as in hub_0003

# Until when an agreement between organisations backs a decision for a type of agency, and which one does,
# recipient by recipient. Another may take over while it lasts; once over, only a new word opens anything.
BACKING = """
create table hub.backing (
  decision uuid not null,
  discloser text not null,
  recipient text not null,
  agreement uuid not null references hub.agreement,
  until timestamptz not null,
  primary key (decision, discloser, recipient)
);
create index backing_by on hub.backing (agreement);
create function hub.has_lapsed(which uuid, whose text, whom text) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select exists (select from hub.backing where decision = which and discloser = whose and recipient = whom
    and until <= now())
$$;
create function hub.keep_backing(terms hub.decision_event, only_for text) returns void language sql
security definer set search_path = hub, pg_temp as $$
  insert into hub.backing (decision, discloser, recipient, agreement, until)
    select terms.decision, o.discloser, recipient, f.agreement, f.ends
    from (select distinct discloser from hub.opens(terms)) o
      cross join hub.recipients(terms.agency, terms.recorded_by) recipient
      cross join lateral hub.agreement_for(o.discloser, recipient, terms.categories, terms.purpose) f
    where terms.agency like 'type:%' and hub.needs_an_agreement(terms.basis)
      and (only_for is null or recipient = only_for)
  on conflict (decision, discloser, recipient) do update set agreement = excluded.agreement,
    until = excluded.until where backing.until > now()
$$
"""

# Works one decision out afresh. `only_for` narrows it to one recipient (an agency that joins or leaves). A
# decision for a type of agency rests on an agreement with each of them, where agreements are required.
# Whom it is about rises for what it opens that it did not, unless that is hidden from anybody of those.
SETTLE = f"""
create function hub.settle(which uuid, risen boolean default false, only_for text default null)
returns void language plpgsql security definer set search_path = hub, pg_temp as $$
declare terms hub.decision_event; was hub.share[]; in_force boolean; disputed boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended(which::text, 2));
  select * into terms from hub.decision_event
    where decision = which and event in ('given', 'varied') order by at desc, id desc limit 1;
  if not found then
    return;
  end if;
  perform from hub.agreement a where a.id = terms.agreement for share;
  in_force := hub.standing(which) in ('given', 'varied');
  if in_force and terms.basis = 'agreement' then
    perform hub.find_conflicts(terms);
  end if;
  with gone as (delete from hub.share s where s.decision = which
    and (only_for is null or s.agency = only_for) returning s.*)
  select array_agg(g::hub.share) into was from gone g;
  disputed := exists (select from hub.conflict k where k.agreement_terms = terms.id);
  if in_force then
    perform hub.keep_backing(terms, only_for);
    insert into hub.share select s.* from hub.opens_for(terms, only_for) s
      where not (disputed and hub.withheld(terms.id, s.subject, s.category, s.agency))
      on conflict do nothing;
    insert into hub.caseload (agency, purpose, subject)
      select distinct split_part(agency, '/', 1), purpose, subject from hub.share
      where decision = which and (only_for is null or agency = only_for) order by subject
      on conflict (agency, purpose, subject) do update set updated_at = now()
        where risen and (excluded.agency, excluded.subject) in (
          select split_part(o.agency, '/', 1), o.subject from (
            select agency, subject, category, author, starts, ends from hub.share where decision = which
            except select agency, subject, category, author, starts, ends from unnest(was)) o
          where not {hidden_from_some_of("split_part(o.agency, '/', 1)", "o.subject", "o.category")});
  end if;
  delete from hub.caseload c using (
    select split_part(agency, '/', 1) as agency, purpose, subject from unnest(was)
    union select split_part(terms.agency, '/', 1), terms.purpose, unnest(terms.subjects)) lost
  where c.agency = lost.agency and c.purpose = lost.purpose and c.subject = lost.subject and not c.own
    and not exists (select from hub.share s where s.subject = c.subject and s.purpose = c.purpose
      and split_part(s.agency, '/', 1) = c.agency);
  update hub.conflict k set open = now_open from (
    select k.id, in_force and k.agreement_terms = terms.id and hub.standing(k.refusal) = 'refused'
      and not exists (select from hub.conflict_resolution d where d.conflict = k.id) as now_open
    from hub.conflict k where k.agreement = which) fresh
  where k.id = fresh.id and k.open <> now_open;
end $$;
create function hub.opens_for(terms hub.decision_event, only_for text default null) returns setof hub.share
language plpgsql stable security definer set search_path = hub, pg_temp as $$
begin
  return query select o.subject, o.category, terms.purpose, recipient, o.author, o.discloser, terms.decision,
      terms.basis, greatest(terms.starts, o.starts), least(terms.ends, o.ends, until), null::uuid
    from hub.opens(terms) o, hub.recipients(terms.agency, terms.recorded_by) recipient,
      hub.backed(terms, o.discloser, recipient) until
    where until > greatest(terms.starts, o.starts)
      and least(terms.ends, o.ends) > greatest(terms.starts, o.starts)
      and not exists (select from hub.erased_subject gone where gone.subject = o.subject)
      and split_part(recipient, '/', 1) <> all(o.through) and (only_for is null or recipient = only_for)
      and (terms.agency not like 'type:%' or o.author = o.discloser
        or not hub.has_declined(o.author, terms, recipient, o.subject, o.category));
end $$;
create function hub.backed(terms hub.decision_event, discloser text, recipient text) returns timestamptz
language sql stable security definer set search_path = hub, pg_temp as $$
  select case
    when terms.agency not like 'type:%' or not hub.needs_an_agreement(terms.basis) then 'infinity'
    when not hub.has_lapsed(terms.decision, discloser, recipient) then (select f.ends
      from hub.agreement_for(discloser, recipient, terms.categories, terms.purpose) f)
  end
$$;
"""

# Decisions are worked out afresh, conflicts (hub_0003c) and all; hub.apply_decision() puts restrictions in
# force. What may take sight away leaves its mark whether or not any went: an answer that is repeated no
# longer would tell whoever registers somebody, and refuses, that another shared them.
TRIGGERS = f"""
create function hub.settle_decision() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  if new.event not in ('proposed', 'given', 'reviewed', 'lifted') then
    perform hub.narrow();
  end if;
  if new.event in ('given', 'varied') then
    perform hub.pass_on(new);
  end if;
  if new.event in ('given', 'varied', 'countersigned') then
    delete from hub.backing where decision = new.decision and discloser = new.recorded_by;
  end if;
  if new.event in ('given', 'varied', 'countersigned', 'declined', 'withdrawn', 'expired', 'superseded') then
    perform hub.settle(new.decision, new.event in ('given', 'varied', 'countersigned'));
  end if;
  if new.basis = 'agreement' and new.event in ('refused', 'superseded') then
    perform hub.settle_around(new);
  end if;
  return null;
end $$;
create trigger settle_decision after insert on hub.decision_event
  for each row execute function hub.settle_decision();
create function hub.settle_member() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare types text[] := array['type:' || new.type];
begin
  perform pg_advisory_xact_lock({MEMBERS});
  if tg_op = 'UPDATE' then
    types := types || ('type:' || old.type);
  end if;
  perform hub.settle(decision, false, new.id) from (
    select distinct decision from hub.decision_event
    where agency like 'type:%' and agency = any(types) and event = 'given' order by 1) them;
  if tg_op = 'UPDATE' and new.type <> old.type then
    perform hub.settle_around(r) from hub.decision_event r
      where r.event = 'refused' and r.agency like 'type:%' and r.agency = any(types);
  end if;
  return null;
end $$;
create trigger settle_newcomer after insert on hub.agency
  for each row execute function hub.settle_member();
create function hub.settle_types() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.settle(e.decision, false, a.id)
    from hub.agreement g join hub.agency a on a.id = any(g.parties)
    join hub.decision_event e on e.agency = 'type:' || a.type and e.agency like 'type:%' and e.event = 'given'
    where g.id = new.agreement;
  update hub.backing set until = '-infinity' where agreement = new.agreement
    and (new.event = 'ended' or (new.event = 'left' and new.party in (discloser, recipient)));
  return null;
end $$;
create trigger settle_types after insert on hub.agreement_event
  for each row when (new.event in ('signed', 'left', 'ended')) execute function hub.settle_types();
create or replace trigger back_decision before insert on hub.decision_event
  for each row when (new.agency not like 'type:%') execute function hub.back_decision();
create trigger settle_member after update of type, active on hub.agency
  for each row when (old.type <> new.type or old.active <> new.active)
  execute function hub.settle_member()
"""

# The history says so; access has ended at the moment itself, by the clock of every statement that reads.
EXPIRE = """
create function hub.expire(most integer) returns integer language plpgsql security definer
set search_path = hub, pg_temp as $$
declare over uuid[]; ended uuid; done integer := 0; terms hub.decision_event;
begin
  over := array(select distinct o.decision from hub.share o where o.ends <= now() and not exists (
    select from hub.share s where s.decision = o.decision and s.ends > now()) limit most);
  perform hub.hold_decisions(array(
    select distinct unnest(e.subjects) from hub.decision_event e where e.decision = any(over)));
  foreach ended in array over loop
    select * into terms from hub.decision_event
      where decision = ended and event in ('given', 'varied') order by at desc, id desc limit 1;
    if hub.standing(ended) not in ('given', 'varied') or exists (
        select from hub.share s where s.decision = ended and s.ends > now()) then
      continue;
    end if;
    insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects, asked,
      reason, starts, ends, recorded_by, client, practitioner)
    values (ended, 'expired', terms.agency, terms.purpose, terms.basis, terms.categories, terms.subjects,
      terms.asked, 'It had run its time.', terms.starts, terms.ends, terms.recorded_by, 'hub', '');
    done := done + 1;
  end loop;
  return done;
end $$
"""

INSIDE = (
    "hub.has_lapsed(uuid, text, text)",
    "hub.keep_backing(hub.decision_event, text)",
    "hub.settle(uuid, boolean, text)",
    "hub.opens_for(hub.decision_event, text)",
    "hub.backed(hub.decision_event, text, text)",
    "hub.settle_types()",
    "hub.settle_decision()",
    "hub.settle_member()",
    "hub.expire(integer)",
)

WALLS = f"""
create policy expired on hub.decision_event for insert to hub_owner with check (event = 'expired');
revoke execute on function {", ".join(INSIDE)} from public;
grant execute on function hub.expire(integer), hub.has_lapsed(uuid, text, text) to hub_gateway
"""


def upgrade() -> None:
    """Put decisions in force."""
    for script in (BACKING, SETTLE, TRIGGERS, EXPIRE, WALLS):
        run(script)


def downgrade() -> None:
    """A decision is part of the ledger, which has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
