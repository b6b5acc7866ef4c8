"""The rights of the people in the records: what is held back, who asked for a copy, what was put right.

Append-only. Copies of records that a request gathers are for oversight alone.
"""

from hub.migrations import run
from hub.policy import AUDIENCE, OURS, OVERSIGHT, SERVICE_ROLES, VERDICT, may_see

revision = "hub_0007"
down_revision = "hub_0006"

GATEWAY = SERVICE_ROLES["gateway"]
PERSON = "nullif(current_setting('hub.practitioner', true), '')"

WHO = """
  agency text not null default current_setting('hub.agency') references hub.agency,
  practitioner text not null default current_setting('hub.practitioner') check (practitioner <> ''),
  at timestamptz not null default clock_timestamp()"""

# `looker` null is every agency's looks. Its recorder's own are none of them, whoever was in the room, where
# oversight did not record it: no agency alone decides that the family does not read of it. A look made later
# and before `until` is held back too.
HELD_BACK = f"""
create table hub.held_back (
  id uuid primary key default uuidv7(),
  subject uuid not null,
  looker text references hub.agency,
  until timestamptz not null check (until between at and at + interval '90 days'),
  reason text not null,
  overseen boolean not null default {OVERSIGHT},
  {WHO},
  check (overseen or looker is distinct from agency)
);
create index held_back_about on hub.held_back (subject);
create table hub.held_back_end (
  held_back uuid primary key references hub.held_back,
  reason text not null,
  {WHO}
);
create function hub.is_held_back(who uuid, looking text[], under uuid) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select exists (select from hub.held_back h
    where h.subject = who and now() < h.until and (h.looker is null or h.looker = any(looking))
      and (h.overseen or h.agency is distinct from looking[1])
      and not exists (select from hub.held_back_end e where e.held_back = h.id))
    or exists (select from hub.override_delay d where d.override = under and now() < d.until)
$$
"""

REQUESTS = f"""
create table hub.rights_request (
  id uuid primary key default uuidv7(),
  subject uuid not null,
  asked_by text not null,
  asker uuid,
  capacity text not null check (capacity in ('self', 'parental_responsibility', 'representative')),
  received_on date not null,
  {WHO},
  check (capacity <> 'self' or asker is null or asker = subject)
);
create table hub.rights_event (
  id uuid primary key default uuidv7(),
  request uuid not null references hub.rights_request,
  event text not null check (event in ('needs_decision', 'gathered', 'refused', 'released')),
  reason text not null,
  family uuid[] check ((event = 'gathered') = (family is not null)),
  {WHO}
);
create index rights_event_of on hub.rights_event (request, at desc);
create table hub.rights_item (
  id uuid primary key default uuidv7(),
  request uuid not null references hub.rights_request,
  gathering integer not null default 1,
  number integer not null,
  part text not null,
  category text not null,
  content json not null,
  redacted json not null,
  proposal text not null check (proposal in ('release', 'redact', 'withhold')),
  exemption text,
  why text not null,
  check ((proposal = 'release') = (exemption is null)),
  unique (request, gathering, number)
);
create table hub.rights_item_decision (
  id uuid primary key default uuidv7(),
  item uuid not null references hub.rights_item,
  decision text not null check (decision in ('release', 'redact', 'withhold')),
  exemption text check (exemption in ('third_party', 'serious_harm', 'child_abuse_data',
    'confidential_reference', 'legal_privilege')),
  redacted json,
  reason text not null,
  {WHO},
  check ((decision = 'release') = (exemption is null))
);
create index rights_item_decided on hub.rights_item_decision (item, at desc)
"""

# Whose whereabouts are sealed, or with whom a court forbids contact, and since when. Whoever asked about
# another reads nothing that was gathered before such a thing came to protect them or somebody they live with
# (`family`, as known at the gathering): a person decides again, and what is gathered then is what counts.
# Nobody is a household: whoever asks for one asks for others too, and `self` says nothing. By the schedule
# nobody asks.
SINCE = """
create function hub.asks_for_another(subject uuid, capacity text) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select capacity is not null
    and (capacity <> 'self' or exists (select from hub.household h where h.id = subject))
$$;
create function hub.protections(people uuid[]) returns table (who uuid, since timestamptz) language sql stable
as $$
  select them.who, e.at from hub.decision_event e cross join lateral unnest(e.subjects) them(who)
  where e.subjects && people and them.who = any(people) and e.event = 'restricted' and now() < e.ends
    and (e.named is not null or e.kind in ('no_contact_order', 'refuge'))
    and not exists (select from hub.decision_event l where l.decision = e.decision and l.event = 'lifted')
$$;
create function hub.protected_since(which uuid) returns boolean language sql stable as $$
  select exists (select from hub.rights_request r
    cross join lateral (select g.family, g.at from hub.rights_event g
      where g.request = r.id and g.event = 'gathered' order by g.at desc limit 1) g
    cross join lateral hub.protections(g.family || r.subject) p
    where r.id = which and hub.asks_for_another(r.subject, r.capacity) and p.since > g.at)
$$;
create function hub.counts(i hub.rights_item) returns boolean language sql stable as $$
  select i.gathering = (select max(l.gathering) from hub.rights_item l where l.request = i.request)
$$;
create function hub.stands_at(which uuid) returns text language sql stable as $$
  select e.event from hub.rights_event e where e.request = which order by e.at desc, e.id desc limit 1
$$
"""

# The wall behind gateway.rights: whoever decided any of it is not the one who lets it go, nothing is decided
# after that, and nothing goes undecided, nor what is protected since. Nor is anything gathered of somebody
# for another while they or their family are protected, before a person was asked.
SECOND_PERSON = """
create function hub.check_release() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.request::text, 4));
  if new.event = 'released' and (
      exists (select from hub.rights_item i join hub.rights_item_decision d on d.item = i.id
        where i.request = new.request and hub.counts(i) and lower(d.practitioner) = lower(new.practitioner))
      or exists (select from hub.rights_item i where i.request = new.request and hub.counts(i)
        and not exists (select from hub.rights_item_decision d where d.item = i.id))
      or hub.stands_at(new.request) is distinct from 'gathered' or hub.protected_since(new.request)) then
    raise insufficient_privilege using message = 'a second person releases what a first has decided';
  end if;
  if new.event = 'gathered' and hub.stands_at(new.request) is null
      and exists (select from hub.rights_request r, hub.protections(new.family || r.subject)
        where r.id = new.request and hub.asks_for_another(r.subject, r.capacity)) then
    raise insufficient_privilege using message = 'an order or a seal asks for a person''s decision first';
  end if;
  return new;
end $$;
create trigger check_release before insert on hub.rights_event
  for each row execute function hub.check_release();
create function hub.check_item_decision() returns trigger language plpgsql as $$
declare asked uuid := (select request from hub.rights_item where id = new.item);
begin
  perform pg_advisory_xact_lock(hashtextextended(asked::text, 4));
  if hub.stands_at(asked) in ('released', 'refused') then
    raise insufficient_privilege using message = 'this request is closed';
  end if;
  return new;
end $$;
create trigger check_item_decision before insert on hub.rights_item_decision
  for each row execute function hub.check_item_decision()
"""

# Article 19: everybody who was shown that category about that person is told, whatever they may see now.
# One that names no author is of whoever's records there are: for those who may see somebody's.
SEES_SOME = VERDICT.format(subject="about", category="what", seer="seer.name", of="true", author="false")
CORRECTIONS = f"""
create function hub.everyone_sees_some(about uuid, what text) returns boolean language sql stable
security definer set search_path = hub, pg_temp as $$
  select coalesce(bool_and(coalesce({SEES_SOME}, false)), false)
  from unnest(string_to_array(nullif({AUDIENCE}, ''), ',')) seer(name)
$$;
create table hub.correction (
  id uuid primary key default uuidv7(),
  subject uuid not null,
  category text not null,
  record uuid not null,
  held_by text references hub.agency,
  disputed text not null,
  correction text not null,
  {WHO}
);
create table hub.correction_recipient (
  correction uuid not null references hub.correction,
  recipient text not null references hub.agency,
  subject uuid not null,
  category text not null,
  record uuid not null,
  at timestamptz not null default clock_timestamp(),
  primary key (correction, recipient)
);
create index correction_inbox on hub.correction_recipient (recipient, at desc, correction);
create function hub.tell_of_correction() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  insert into hub.correction_recipient (correction, recipient, subject, category, record)
    select new.id, a.id, new.subject, new.category, new.record from hub.agency a
    where a.id <> new.agency and (a.id = new.held_by or a.id in (
      select split_part(seer, '+', 1) from hub.disclosure d, unnest(d.audience) seer
      where d.subject = new.subject and d.outcome = 'shown' and d.row_count > 0
        and new.category = any(d.categories)
        and (new.held_by is null or d.records = '{{}}'
          or new.category || ' ' || new.held_by = any(d.records))));
  insert into hub.notice (agency, kind, about)
    select recipient, 'record.corrected', new.id from hub.correction_recipient where correction = new.id;
  return null;
end $$;
create trigger tell_of_correction after insert on hub.correction
  for each row execute function hub.tell_of_correction()
"""

OVERSEEN = ("rights_request", "rights_event", "rights_item", "rights_item_decision")
KNOWN = f"""coalesce((select true from hub.caseload c
  where c.agency = {OURS} and c.subject = held_back.subject limit 1), false)"""

WALLS = f"""
create policy ours on hub.held_back for select to {GATEWAY} using (agency = {OURS} or {OVERSIGHT});
create policy in_our_name on hub.held_back for insert to {GATEWAY}
  with check (agency = {OURS} and practitioner = {PERSON} and overseen = ({OVERSIGHT})
    and (overseen or {KNOWN}));
create policy looked_up on hub.held_back for select to hub_owner using (true);
create policy ours on hub.held_back_end for select to {GATEWAY} using (agency = {OURS} or {OVERSIGHT});
create policy in_our_name on hub.held_back_end for insert to {GATEWAY} with check (
  agency = {OURS} and practitioner = {PERSON}
  and exists (select from hub.held_back h where h.id = held_back_end.held_back));
create policy looked_up on hub.held_back_end for select to hub_owner using (true);
create policy shown on hub.correction for select to {GATEWAY}
  using ({may_see("correction", authors=("agency", "held_by"))}
    or (held_by is null and hub.everyone_sees_some(subject, category)));
create policy overseen on hub.correction for insert to {GATEWAY}
  with check ({OVERSIGHT} and agency = {OURS} and practitioner = {PERSON});
create policy kept on hub.correction for select to hub_owner using (true);
create policy ours on hub.correction_recipient for select to {GATEWAY}
  using (recipient = {OURS} or {OVERSIGHT});
create policy kept on hub.correction_recipient to hub_owner using (true) with check (true);
grant select, insert on hub.held_back, hub.held_back_end, hub.correction to {GATEWAY};
grant select on hub.correction_recipient to {GATEWAY};
revoke execute on function hub.asks_for_another(uuid, text), hub.protections(uuid[]),
  hub.protected_since(uuid), hub.counts(hub.rights_item), hub.stands_at(uuid) from public;
grant execute on function hub.asks_for_another(uuid, text), hub.protections(uuid[]),
  hub.protected_since(uuid), hub.counts(hub.rights_item), hub.stands_at(uuid) to {GATEWAY};
revoke execute on function hub.check_release(), hub.check_item_decision(), hub.tell_of_correction()
  from public;
revoke execute on function hub.is_held_back(uuid, text[], uuid), hub.everyone_sees_some(uuid, text)
  from public;
grant execute on function hub.is_held_back(uuid, text[], uuid), hub.everyone_sees_some(uuid, text)
  to {GATEWAY}
"""


def upgrade() -> None:
    """Lay what is held back, the requests, the corrections, and the walls."""
    for script in (HELD_BACK, REQUESTS, SINCE, SECOND_PERSON, CORRECTIONS):
        run(script)
    for table in (*OVERSEEN, "held_back", "held_back_end", "correction", "correction_recipient"):
        run(f"alter table hub.{table} enable row level security, force row level security")
    run(WALLS)
    for table in OVERSEEN:
        run(f"create policy overseen on hub.{table} for select to {GATEWAY} using ({OVERSIGHT})")
        run(f"create policy written on hub.{table} for insert to {GATEWAY} with check ({OVERSIGHT})")
        run(f"grant select, insert on hub.{table} to {GATEWAY}")


def downgrade() -> None:
    """What was promised to people is kept: there is no way back."""
    raise NotImplementedError("rights are append-only; they have no way back")
