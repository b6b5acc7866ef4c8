"""Decisions, complete: who gave them and by what right, what may follow what, and who may know of them."""

from hub.migrations import run
from hub.policy import OURS, OVERSIGHT, SERVICE_ROLES, knows

revision = "hub_0003"
down_revision = "hub_0002c"

WITH_PEOPLE = ", ".join(SERVICE_ROLES[part] for part in ("gateway", "referral", "assessment"))

# What SQL decides by is a column; what only people read is `circumstances`. `begun_by` is the agency that
# recorded the decision, on the events that another one recorded; it is theirs to read as well. What
# happened to a decision that was `never_given` is not for whom it would have been for. `asked` are the
# agencies that its recorder asks to countersign it.
WORDS = """
alter table hub.decision_event
  add column giver uuid,
  add column capacity text check (capacity in
    ('pr_holder', 'adult', 'young_person', 'gillick_competent')),
  add column circumstances jsonb not null default '{}',
  add column successor uuid,
  add column begun_by text,
  add column asked text[] not null default '{}',
  add column never_given boolean not null default false,
  add check (event <> 'refused' or (basis = 'agreement' and capacity is not null and given_by is not null)),
  add check (event <> 'superseded' or successor is not null);
create index of_decision on hub.decision_event (decision, at, id);
create index refused_about on hub.decision_event using gin (subjects) where event = 'refused';
create index for_a_type on hub.decision_event (agency, purpose) where agency like 'type:%';
create index share_by_end on hub.share (ends)
"""

# hub.sharing.history.FOLLOWS says the same; a test holds the two equal. Whoever speaks for themselves speaks
# for no other person, nor, under 18, for a household; parental responsibility is not to be told from here.
RULES = """
create function hub.may_follow(standing text, event text) returns boolean language sql immutable as $$
  select event = any(case
    when standing is null then '{proposed,given,refused,not_shared}'::text[]
    when standing = 'proposed' then '{given,refused,not_shared,withdrawn,superseded}'
    when standing in ('given', 'varied')
      then '{varied,reviewed,countersigned,declined,withdrawn,expired,superseded}'
    when standing = 'expired' then '{withdrawn,superseded}'
    when standing = 'refused' then '{superseded}'
    when standing = 'not_shared' then '{reviewed,superseded}'
    else '{}' end)
$$;
create function hub.standing(which uuid) returns text language sql stable security definer
set search_path = hub, pg_temp as $$
  select event from hub.decision_event
  where decision = which and event not in ('reviewed', 'countersigned', 'declined')
  order by at desc, id desc limit 1
$$;
create function hub.same_giver(one uuid, one_words text, other uuid, other_words text) returns boolean
language sql immutable as $$
  select coalesce(case when one is not null and other is not null then one = other
    else lower(one_words) = lower(other_words) end, false)
$$;
create function hub.speaks_for(capacity text, giver uuid, people uuid[]) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select coalesce(capacity = 'pr_holder', true) or (count(*) filter (where not home) <= 1
    and count(*) filter (where not home and whom <> giver) = 0
    and (capacity = 'adult' or (count(*) = 1 and not bool_or(home))))
  from (select distinct whom, exists (select from hub.household h where h.id = whom) as home
    from unnest(people) whom) them
$$;
create function hub.takes_back(word hub.decision_event, refusal hub.decision_event) returns boolean
language sql immutable as $$
  select coalesce(word.event in ('given', 'refused') and word.basis = 'agreement' and word.at > refusal.at
    and (word.recorded_by, word.agency, word.purpose) = (refusal.recorded_by, refusal.agency, refusal.purpose)
    and word.subjects @> refusal.subjects and word.categories @> refusal.categories
    and hub.same_giver(word.giver, word.given_by, refusal.giver, refusal.given_by), false)
$$;
create function hub.recipients(named text, recorder text) returns setof text language sql stable
security definer set search_path = hub, pg_temp as $$
  select named where named not like 'type:%'
  union all
  select id from hub.agency where named = 'type:' || type and active and id <> recorder
$$;
create function hub.reaches(refused text, recipient text) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select coalesce(case
    when refused like 'type:%' then refused = (
      select 'type:' || type from hub.agency where id = split_part(recipient, '/', 1))
    else split_part(refused, '/', 1) = split_part(recipient, '/', 1)
      and (refused = recipient or strpos(refused, '/') = 0 or strpos(recipient, '/') = 0)
    end, false)
$$
"""

# Locks, in this order: 8 one agreement between organisations, who is a member, 0 the fan-out about a person,
# 7 what hides them and the overrides, 1 decisions about a person, 2 one decision. Of each kind all that a
# move needs are taken at once, in the order of their ids: one more person later on is a ring of two who wait
# for each other.
MEMBERS = "hashtextextended('members', 3)"
HOLD = """
create function hub.hold_decisions(people uuid[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(subject::text, 1))
    from (select distinct unnest(people) subject order by 1) them;
end $$;
create function hub.hold_decision(which uuid, others uuid[] default '{}') returns void language plpgsql
security definer set search_path = hub, pg_temp as $$
begin
  perform hub.hold_decisions(others || array(
    select distinct unnest(subjects) from hub.decision_event where decision = which));
end $$
"""

# The wall behind hub.sharing: what may follow what, by whom, and in whose name. A decision's people,
# recipient, purpose and basis never change; another parent's word does not end or change this one's, and a
# refusal gives way to the same person's word about all of it. The word of what takes its place is the
# successor's own. Any other agency that has to do with it answers for its own records alone.
CHECK = f"""
create function hub.has_answered(which uuid, who text) returns boolean language sql stable security definer
set search_path = hub, pg_temp as $$
  select exists (select from hub.decision_event
    where decision = which and recorded_by = who and event in ('countersigned', 'declined'))
$$;
create function hub.may_end(begun hub.decision_event, who text) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select who in (begun.recorded_by, split_part(begun.agency, '/', 1)) or (begun.basis = 'agreement'
    and exists (select from hub.caseload c where c.agency = who and c.subject = any(begun.subjects)))
$$;
create function hub.answers_for_itself(begun hub.decision_event, who text) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select who not in (begun.recorded_by, split_part(begun.agency, '/', 1)) and (who = any(begun.asked)
    or exists (select from hub.passed_on p where p.decision = begun.decision and p.author = who)
    or hub.has_answered(begun.decision, who)
    or exists (select from hub.caseload c where c.agency = who and c.subject = any(begun.subjects)))
$$;
create function hub.check_decision() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare begun hub.decision_event; said hub.decision_event; word hub.decision_event := new;
  ours text := {OURS};
begin
  if new.event in ('restricted', 'lifted') then
    return new;
  end if;
  if new.agency like 'type:%' then
    perform pg_advisory_xact_lock_shared({MEMBERS});
  end if;
  perform hub.hold_decisions(new.subjects);
  if new.event in ('given', 'varied') and new.recorded_by = split_part(new.agency, '/', 1) then
    raise exception 'nobody decides in its own favour' using errcode = '42501';
  end if;
  if not hub.may_follow(hub.standing(new.decision), new.event) then
    raise exception '% may not follow %', new.event, hub.standing(new.decision) using errcode = '23514';
  end if;
  if not hub.speaks_for(new.capacity, new.giver, new.subjects) then
    raise exception 'not theirs to speak for' using errcode = '42501';
  end if;
  if new.basis <> 'agreement' and new.event in ('proposed', 'given', 'not_shared', 'varied')
      and new.practitioner = '' then
    raise exception 'a named person decides without agreement' using errcode = '42501';
  end if;
  select * into begun from hub.decision_event where decision = new.decision order by at, id limit 1;
  if not found then
    if new.basis = 'court_order' and new.court_reference is null then
      raise exception 'an order has a reference' using errcode = '23514';
    end if;
    return new;
  end if;
  if (new.agency, new.purpose, new.basis, new.subjects, new.asked)
      is distinct from (begun.agency, begun.purpose, begun.basis, begun.subjects, begun.asked) then
    raise exception 'a decision stays about what it was about' using errcode = '23514';
  end if;
  if new.recorded_by <> begun.recorded_by then
    new.begun_by := begun.recorded_by;
  end if;
  if not (case
      when new.event = 'withdrawn' then hub.may_end(begun, new.recorded_by)
      when new.event in ('countersigned', 'declined') then hub.answers_for_itself(begun, new.recorded_by)
      else new.recorded_by = begun.recorded_by end) then
    raise exception 'not theirs to change' using errcode = '42501';
  end if;
  new.never_given := new.event not in ('given', 'varied') and not exists (
    select from hub.decision_event where decision = new.decision and event = 'given');
  select * into said from hub.decision_event where decision = new.decision
    and event in ('proposed', 'given', 'refused') and given_by is not null order by at desc, id desc limit 1;
  if new.event = 'superseded' then
    select * into word from hub.decision_event where decision = new.successor order by at, id limit 1;
    if hub.standing(new.decision) = 'refused' and not hub.takes_back(word, said) then
      raise exception 'a refusal stands until the same person answers all of it' using errcode = '42501';
    end if;
  end if;
  if new.event in ('varied', 'withdrawn', 'superseded') and begun.basis = 'agreement'
      and word.basis = 'agreement' and word.given_by is not null and said.given_by is not null
      and not hub.same_giver(word.giver, word.given_by, said.giver, said.given_by) then
    raise exception 'only who gave an agreement takes it back' using errcode = '42501';
  end if;
  if new.event = 'varied' and not hub.speaks_for(said.capacity, new.giver, new.subjects) then
    raise exception 'not theirs to speak for' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger check_decision before insert on hub.decision_event
  for each row execute function hub.check_decision()
"""

# What somebody may do about a decision, and its terms as they stand; nobody else learns that it is there.
# An agency learns of a decision about itself once it is or was in its favour, and of nothing else: that
# somebody would not share with it would tell it that there is somebody.
READ = f"""
create function hub.decision_now(which uuid) returns table (standing text, ours boolean, ends_it boolean,
  agency text, purpose text, basis text, categories text[], subjects uuid[], asked text[], giver uuid,
  given_by text, capacity text, starts timestamptz, ends timestamptz, successor uuid)
language sql volatile security definer set search_path = hub, pg_temp as $$
  with history as (select * from hub.decision_event e where e.decision = which
      and e.event not in ('restricted', 'lifted')),
    begun as (select * from history order by at, id limit 1),
    given as (select * from history where event in ('given', 'varied') order by at desc, id desc limit 1),
    said as (select * from history where history.given_by is not null
      and event in ('proposed', 'given', 'refused') order by at desc, id desc limit 1)
  select hub.standing(which), begun.recorded_by = {OURS}, hub.may_end(begun::hub.decision_event, {OURS}),
    begun.agency, begun.purpose, begun.basis,
    coalesce(given.categories, begun.categories), begun.subjects, begun.asked, said.giver,
    said.given_by, said.capacity,
    coalesce(given.starts, begun.starts), coalesce(given.ends, begun.ends),
    (select h.successor from history h where h.event = 'superseded')
  from begun left join given on true left join said on true
  where begun.recorded_by = {OURS}
    or (given.id is not null and split_part(begun.agency, '/', 1) = {OURS})
    or (given.id is not null and {OURS} = any(begun.asked))
    or exists (select from hub.share s where s.decision = which and {OURS} in (s.agency, s.author))
    or exists (select from hub.passed_on p where p.decision = which and p.author = {OURS})
    or hub.has_answered(which, {OURS})
    or (given.id is not null and begun.basis = 'agreement' and exists (select from hub.caseload c
      where c.agency = {OURS} and c.subject = any(begun.subjects) and {knows("c")}))
$$
"""

# Whose records it opens, and who is asked to open theirs, reads it to say yes or no, and has said so.
OF_OURS = f"""({OURS} = any(asked) or coalesce((select true from hub.passed_on p
  where p.decision = decision_event.decision and p.author = {OURS} limit 1), false)
  or hub.has_answered(decision, {OURS}))"""
IN_FAVOUR = "event in ('given', 'varied', 'reviewed', 'withdrawn', 'expired', 'superseded')"
TO_US = f"""(split_part(agency, '/', 1) = {OURS} or (agency like 'type:%' and coalesce((
  select true from hub.share s
  where s.decision = decision_event.decision and s.agency = {OURS} limit 1), false)))"""

# Oversight reads every decision, to answer for them; only who recorded one changes it.
WALLS = f"""
alter policy own_or_ours on hub.decision_event
  using (recorded_by = {OURS} or begun_by = {OURS}
    or {OVERSIGHT}
    or (not never_given and {IN_FAVOUR} and ({TO_US} or {OF_OURS})))
"""

INSIDE = (
    "hub.check_decision()",
    "hub.may_end(hub.decision_event, text)",
    "hub.answers_for_itself(hub.decision_event, text)",
    "hub.standing(uuid)",
    "hub.recipients(text, text)",
    "hub.reaches(text, text)",
    "hub.may_follow(text, text)",
    "hub.same_giver(uuid, text, uuid, text)",
    "hub.speaks_for(text, uuid, uuid[])",
    "hub.takes_back(hub.decision_event, hub.decision_event)",
    "hub.hold_decisions(uuid[])",
    "hub.hold_decision(uuid, uuid[])",
    "hub.decision_now(uuid)",
    "hub.has_answered(uuid, text)",
)
OFFERED = (
    "hub.hold_decisions(uuid[]), hub.hold_decision(uuid, uuid[]), hub.decision_now(uuid),"
    " hub.has_answered(uuid, text), hub.speaks_for(text, uuid, uuid[]), hub.reaches(text, text)"
)

GRANTS = [
    f"revoke execute on function {', '.join(INSIDE)} from public",
    f"grant execute on function {OFFERED} to {WITH_PEOPLE}",
]


def upgrade() -> None:
    """Complete the decisions of the ledger."""
    for script in (WORDS, RULES, HOLD, CHECK, READ, WALLS):
        run(script)
    run("; ".join(GRANTS))


def downgrade() -> None:
    """A decision is part of the ledger, which has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
