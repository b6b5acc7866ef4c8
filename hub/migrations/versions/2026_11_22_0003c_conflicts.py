"""Two who may decide say different things: nothing is in force until a person resolves it."""

from hub.migrations import run
from hub.policy import OURS, OVERSIGHT, SERVICE_ROLES

revision = "hub_0003c"
down_revision = "hub_0003b"

WITH_PEOPLE = ", ".join(SERVICE_ROLES[part] for part in ("gateway", "referral", "assessment"))

CONFLICTS = """
create table hub.conflict (
  id uuid primary key default uuidv7(),
  agreement uuid not null, refusal uuid not null,
  agreement_terms uuid not null, refusal_terms uuid not null,
  subjects uuid[] not null,
  categories text[] not null,
  agency text not null,
  purpose text not null,
  agreement_by text not null,
  agreement_giver text,
  agreement_capacity text,
  refusal_by text not null,
  refusal_giver text not null,
  refusal_capacity text not null,
  open boolean not null default true,
  at timestamptz not null default clock_timestamp(),
  unique (agreement_terms, refusal_terms)
);
create index conflict_of on hub.conflict (agreement);
create index conflict_for on hub.conflict (agreement_by) where open;
create index conflict_from on hub.conflict (refusal_by) where open;
create table hub.conflict_resolution (
  conflict uuid primary key references hub.conflict,
  outcome text not null check (outcome in ('share', 'do_not_share')),
  reason text not null,
  recorded_by text not null default current_setting('hub.agency') references hub.agency,
  practitioner text not null default current_setting('hub.practitioner') check (practitioner <> ''),
  at timestamptz not null default clock_timestamp()
)
"""


FIND = """
create function hub.find_conflicts(terms hub.decision_event) returns void language sql security definer
set search_path = hub, pg_temp as $$
  insert into hub.conflict (agreement, refusal, agreement_terms, refusal_terms, subjects, categories,
    agency, purpose, agreement_by, agreement_giver, agreement_capacity, refusal_by, refusal_giver,
    refusal_capacity)
  select terms.decision, r.decision, terms.id, r.id,
    array(select unnest(r.subjects) intersect select unnest(terms.subjects)),
    array(select unnest(r.categories) intersect select unnest(terms.categories) order by 1),
    terms.agency, terms.purpose, terms.recorded_by, terms.given_by, terms.capacity, r.recorded_by,
    r.given_by, r.capacity
  from hub.decision_event r
  where r.event = 'refused' and r.subjects && terms.subjects and r.categories && terms.categories
    and r.purpose = terms.purpose and hub.standing(r.decision) = 'refused'
    and (r.at > terms.at or not hub.same_giver(r.giver, r.given_by, terms.giver, terms.given_by))
    and exists (select from hub.recipients(terms.agency, terms.recorded_by) recipient
      where hub.reaches(r.agency, recipient))
  on conflict (agreement_terms, refusal_terms) do nothing
$$;
create function hub.is_a_side(k hub.conflict, who text) returns boolean language sql stable security definer
set search_path = hub, pg_temp as $$
  select k.agreement_by = k.refusal_by and who = k.refusal_by or who in (k.agreement_by, k.refusal_by)
    and exists (select from hub.share s
      where s.subject = any(k.subjects) and split_part(s.agency, '/', 1) = who
        and (k.agreement_by = s.discloser or k.refusal_by = s.discloser) and s.discloser <> who
        and s.starts <= now() and now() < s.ends)
    and not exists (select from hub.restriction r
      where r.subject = any(k.subjects) and r.category = 'existence' and r.agency in (who, '*')
        and r.practitioner = '' and now() < r.ends)
$$;
create function hub.withheld(terms uuid, about uuid, what text, recipient text, told text default null)
returns boolean language sql stable security definer set search_path = hub, pg_temp as $$
  select exists (
    select from hub.conflict k join hub.decision_event r on r.id = k.refusal_terms
    where k.agreement_terms = terms and about = any(k.subjects) and what = any(k.categories)
      and (told is null or hub.is_a_side(k, told))
      and hub.reaches(r.agency, recipient) and hub.standing(k.refusal) = 'refused'
      and not exists (select from hub.conflict_resolution d
        where d.conflict = k.id and d.outcome = 'share'))
$$;
create function hub.settle_around(refusal hub.decision_event) returns void language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.settle(decision) from (
    select distinct decision from hub.decision_event
    where event in ('given', 'varied') and basis = 'agreement' and purpose = refusal.purpose
      and subjects && refusal.subjects order by 1) them;
end $$;
create function hub.settle_conflict() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform hub.narrow();
  perform hub.settle(agreement) from hub.conflict where id = new.conflict;
  return null;
end $$;
create trigger settle_conflict after insert on hub.conflict_resolution
  for each row execute function hub.settle_conflict();
"""

# That there is another side is for those to whom it has shown something of these people: a refusal does not
# tell whoever registers somebody that another works with them, and what they agreed. Oversight sees them all.
A_SIDE = f"({OVERSIGHT} or hub.is_a_side({{0}}, {OURS}))"

# Of the terms of a decision, what is shared with nobody on them because somebody refused, and since when: of
# what the caller may know of as a side, or as oversight. Of a type of agency others may still be shown it.
DISPUTED = f"""
create function hub.disputed(terms uuid) returns table (subject uuid, category text, since timestamptz)
language sql stable security definer set search_path = hub, pg_temp as $$
  select whom, what, min(k.at) from hub.conflict k, unnest(k.subjects) whom, unnest(k.categories) what
  where k.agreement_terms = terms and {A_SIDE.format("k")}
    and hub.standing(k.agreement) in ('given', 'varied') and hub.standing(k.refusal) = 'refused'
    and not exists (select from hub.conflict_resolution d where d.conflict = k.id and d.outcome = 'share')
    and not exists (select from hub.decision_event e cross join lateral hub.opens_for(e) s
      where e.id = terms and s.subject = whom and s.category = what and not hub.withheld(
        terms, whom, what, s.agency, case when not {OVERSIGHT} then {OURS} end))
  group by whom, what
$$
"""

# What would be in force of what the caller decided, wrote or answers for, but for a refusal that only its
# recorder and oversight may know of: to whoever asks what would be, it is as if nobody had refused.
UNTOLD = f"""
create function hub.withheld_untold(people uuid[]) returns setof hub.share language sql security definer
set search_path = hub, pg_temp as $$
  select backed.* from hub.decision_event e cross join lateral hub.opens_for(e) s
  cross join lateral hub.backed_share(s) backed
  where e.subjects && people and e.event in ('given', 'varied') and not {OVERSIGHT}
    and exists (select from hub.conflict k where k.agreement_terms = e.id)
    and hub.standing(e.decision) in ('given', 'varied')
    and e.id = (select t.id from hub.decision_event t where t.decision = e.decision
      and t.event in ('given', 'varied') order by t.at desc, t.id desc limit 1)
    and s.subject = any(people) and {OURS} in (e.recorded_by, s.author, s.discloser)
    and hub.withheld(e.id, s.subject, s.category, s.agency)
    and not hub.withheld(e.id, s.subject, s.category, s.agency, {OURS}) and backed.subject is not null
$$
"""

# In favour of sharing it is resolved by the agency to which somebody refused, and there by somebody who
# recorded neither side, or by oversight. Where nobody was named with one, it may have been anybody there.
RESOLVERS = f"""
create function hub.may_overrule(which uuid, by text, person text) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select exists (select from hub.conflict k where k.id = which and (k.refusal_by = by or {OVERSIGHT}))
    and not exists (select from hub.conflict k
      join hub.decision_event e on e.decision in (k.agreement, k.refusal)
      where k.id = which and e.event in ('given', 'varied', 'refused') and e.recorded_by = by
        and lower(e.practitioner) in ('', lower(person)))
$$;
create function hub.check_resolution() returns trigger language plpgsql as $$
begin
  if new.outcome = 'share'
    and not hub.may_overrule(new.conflict, new.recorded_by, new.practitioner) then
    raise insufficient_privilege using message = 'not theirs to share against a refusal';
  end if;
  return new;
end $$;
create trigger check_resolution before insert on hub.conflict_resolution
  for each row execute function hub.check_resolution()
"""


INSIDE = (
    "hub.find_conflicts(hub.decision_event)",
    "hub.withheld(uuid, uuid, text, text, text)",
    "hub.disputed(uuid)",
    "hub.withheld_untold(uuid[])",
    "hub.settle_around(hub.decision_event)",
    "hub.settle_conflict()",
    "hub.is_a_side(hub.conflict, text)",
    "hub.may_overrule(uuid, text, text)",
    "hub.check_resolution()",
)

OF_A_SIDE = f"""recorded_by = {OURS} and coalesce((
  select k.open and {A_SIDE.format("k")} from hub.conflict k where k.id = conflict), false)"""

WALLS = f"""
create policy a_side on hub.conflict for select to {WITH_PEOPLE} using ({A_SIDE.format("conflict")});
create policy kept on hub.conflict to hub_owner using (true) with check (true);
create policy a_side on hub.conflict_resolution for select to {WITH_PEOPLE}
  using (coalesce((select true from hub.conflict k where k.id = conflict), false));
create policy in_our_name on hub.conflict_resolution for insert to hub_gateway with check ({OF_A_SIDE});
create policy kept on hub.conflict_resolution to hub_owner using (true) with check (true);
revoke execute on function {", ".join(INSIDE)} from public;
grant execute on function hub.may_overrule(uuid, text, text), hub.disputed(uuid),
  hub.withheld_untold(uuid[]) to hub_gateway;
grant execute on function hub.is_a_side(hub.conflict, text) to {WITH_PEOPLE};
grant select on hub.conflict, hub.conflict_resolution to {WITH_PEOPLE};
grant insert on hub.conflict_resolution to hub_gateway
"""


def upgrade() -> None:
    """Hold back what two who may decide differ about."""
    for script in (CONFLICTS, FIND, DISPUTED, UNTOLD, RESOLVERS):
        run(script)
    for table in ("conflict", "conflict_resolution"):
        run(f"alter table hub.{table} enable row level security, force row level security")
    run(WALLS)


def downgrade() -> None:
    """A decision is part of the ledger, which has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
