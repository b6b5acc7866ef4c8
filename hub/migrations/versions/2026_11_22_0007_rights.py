"""The rights of the people in the records: what is held back, who asked for a copy, what was put right.

Append-only. Copies of records that a request gathers are for oversight alone.
"""

from hub.migrations import run
from hub.policy import AUDIENCE, SERVICE_ROLES, knows, may_see

revision = "hub_0007"
down_revision = "hub_0006"

GATEWAY = SERVICE_ROLES["gateway"]
OURS = "nullif(current_setting('hub.agency', true), '')"
PERSON = "nullif(current_setting('hub.practitioner', true), '')"
OVERSIGHT = "coalesce(current_setting('hub.oversight', true), '') = 'on'"

WHO = """
  agency text not null default current_setting('hub.agency') references hub.agency,
  practitioner text not null default current_setting('hub.practitioner') check (practitioner <> ''),
  at timestamptz not null default clock_timestamp()"""

# `looker` null is every agency's looks. A look made later and before `until` is held back too.
HELD_BACK = f"""
create table hub.held_back (
  id uuid primary key default uuidv7(),
  subject uuid not null,
  looker text references hub.agency,
  until timestamptz not null check (until between at and at + interval '90 days'),
  reason text not null,
  {WHO}
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
  due_on date not null check (due_on > received_on),
  {WHO}
);
create table hub.rights_event (
  id uuid primary key default uuidv7(),
  request uuid not null references hub.rights_request,
  event text not null check (event in ('needs_decision', 'gathered', 'refused', 'released')),
  reason text not null,
  {WHO}
);
create unique index rights_event_once on hub.rights_event (request, event);
create table hub.rights_item (
  id uuid primary key default uuidv7(),
  request uuid not null references hub.rights_request,
  number integer not null,
  part text not null,
  category text not null,
  content json not null,
  redacted json not null,
  proposal text not null check (proposal in ('release', 'redact', 'withhold')),
  exemption text,
  why text not null,
  check ((proposal = 'release') = (exemption is null)),
  unique (request, number)
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

# The wall behind gateway.rights.releases: whoever decided any of it is not the one who lets it go, nothing
# is decided after that, and nothing goes undecided.
SECOND_PERSON = """
create function hub.check_release() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.request::text, 4));
  if new.event = 'released' and (
      exists (select from hub.rights_item i join hub.rights_item_decision d on d.item = i.id
        where i.request = new.request and lower(d.practitioner) = lower(new.practitioner))
      or exists (select from hub.rights_item i where i.request = new.request
        and not exists (select from hub.rights_item_decision d where d.item = i.id))) then
    raise insufficient_privilege using message = 'a second person releases what a first has decided';
  end if;
  return new;
end $$;
create trigger check_release before insert on hub.rights_event
  for each row execute function hub.check_release();
create function hub.check_item_decision() returns trigger language plpgsql as $$
declare asked uuid := (select request from hub.rights_item where id = new.item);
begin
  perform pg_advisory_xact_lock(hashtextextended(asked::text, 4));
  if exists (select from hub.rights_event where request = asked and event in ('released', 'refused')) then
    raise insufficient_privilege using message = 'this request is closed';
  end if;
  return new;
end $$;
create trigger check_item_decision before insert on hub.rights_item_decision
  for each row execute function hub.check_item_decision()
"""

# Article 19: everybody who was shown that category about that person is told, whatever they may see now.
CORRECTIONS = f"""
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
        and (new.held_by is null or d.authors = '{{}}' or new.held_by = any(d.authors))));
  insert into hub.notice (agency, kind, about)
    select recipient, 'record.corrected', new.id from hub.correction_recipient where correction = new.id;
  return null;
end $$;
create trigger tell_of_correction after insert on hub.correction
  for each row execute function hub.tell_of_correction()
"""

# Whose records in which categories about somebody (`category author`) the whole audience may see or wrote,
# and which there are besides. Null: to the caller they do not exist. An override says nothing of what its
# agency knows. Whoever has hidden from it that they are known at all reads no log of them, also where it
# knows them itself: registering somebody opens nothing.
KNOWN_ABOUT = f"""
create function hub.known_about(who uuid, out known text[], out unknown text[]) language plpgsql stable
security definer set search_path = hub, pg_temp as $$
begin
  if not exists (select from hub.caseload c where c.agency = {OURS} and c.subject = who) or exists (
      select from (select split_part(seer, '+', 1) as agency, who as subject, false as own
        from unnest(string_to_array({AUDIENCE}, ',')) seer) room where not {knows("room")}) then
    return;
  end if;
  select coalesce(array_agg(place) filter (where seen), '{{}}'),
      coalesce(array_agg(place) filter (where not seen), '{{}}') into known, unknown
    from (select w.category || ' ' || w.author as place,
        hub.everyone_may_see(who, w.category, array[w.author]) as seen from (
      select s.category, s.author from hub.sight s where s.subject = who and s.author <> ''
      union select e.category, e.agency from hub.event e
        where e.subject = who and e.type !~ '^(override|alarm|incident)[.]'
      union select 'existence', c.agency from hub.caseload c where c.subject = who and c.own) w) them;
end $$;
create function hub.known_of(what text[], whose text[], known text[]) returns text[] language sql stable as $$
  select array(select one from unnest(what) one where case when cardinality(whose) = 0
    then exists (select from unnest(known) place where split_part(place, ' ', 1) = one
      and split_part(place, ' ', 2) <> coalesce({OURS}, ''))
    else exists (select from unnest(whose) author where one || ' ' || author = any(known)) end)
$$
"""

# Looks as the caller may know of them: its own whole, and to oversight all; of any other the categories in
# which it may see, or wrote, what was shown, and without one of those nothing. What shows nobody's records in
# particular (a refusal; what was done with the sharing, the rights or the log of somebody) is for those whom
# somebody else lets see that category, or for a refusal that somebody is known.
ALONE = f"case when strpos({AUDIENCE}, ',') = 0 then {OURS} end"
PART = """hub.known_of(
  case {0}.outcome when 'refused' then '{{existence}}' else {0}.categories end, {0}.authors, {1})"""
WHOLE = """({0}.operation not like 'gateway %' and {0}.categories <@ {1} and not exists (select
  from unnest({0}.categories) what, unnest({0}.authors) whose where what || ' ' || whose = any({2})))"""
LOOKS = f"""
create function hub.looks_at(who uuid, before timestamptz default null, below uuid default null,
  most integer default null)
returns table (id uuid, at timestamptz, agency text, client text, practitioner text, purpose text,
  audience text[], operation text, request uuid, outcome text, subject uuid, categories text[],
  authors text[], row_count integer, reason text, override uuid, whole boolean)
language plpgsql stable security definer set search_path = hub, pg_temp as $$
#variable_conflict use_column
declare
  all_of_it boolean := {OVERSIGHT};
  ours text := {ALONE};
  known text[];
  unknown text[];
begin
  if not all_of_it then
    select k.known, k.unknown into known, unknown from hub.known_about(who) k;
  end if;
  if known is null and not all_of_it then
    return;
  end if;
  return query
    select d.id, d.at, d.agency, d.client, d.practitioner, d.purpose, d.audience,
      case when w.whole then d.operation else split_part(d.operation, ' ', 1) end, d.request, d.outcome,
      d.subject, case when w.whole then d.categories when d.outcome = 'refused' then '{{}}' else p.part end,
      case when w.whole then d.authors else array(select one from unnest(d.authors) one
        where exists (select from unnest(p.part) what where what || ' ' || one = any(known))) end,
      d.row_count, d.reason, d.override, w.whole
    from hub.disclosure d
    cross join lateral (select case when not all_of_it then {PART.format("d", "known")} end as part) p
    cross join lateral (select coalesce(all_of_it or d.agency = ours, false)
      or {WHOLE.format("d", "p.part", "unknown")} as whole) w
    where d.subject = who and (d.at, d.id)
        < (coalesce(before, 'infinity'), coalesce(below, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      and (all_of_it or coalesce(d.agency = ours, false) or cardinality(p.part) > 0)
      and (all_of_it or d.override is null or coalesce((
        select now() >= l.until from hub.override_delay l where l.override = d.override), true))
    order by d.at desc, d.id desc limit most;
end $$;
create function hub.is_known_whole(look hub.disclosure) returns boolean language sql stable as $$
  select coalesce((select coalesce(look.agency = {ALONE}, false)
      or (cardinality(p.part) > 0 and {WHOLE.format("look", "p.part", "k.unknown")})
    from (select * from hub.known_about(look.subject) offset 0) k
    cross join lateral (select {PART.format("look", "k.known")} as part) p where k.known is not null), false)
$$;
create policy who_looked on hub.disclosure for select to {GATEWAY}
  using (case when {OVERSIGHT} then true else hub.is_known_whole(disclosure) end);
create policy looked_up on hub.event for select to hub_owner using (true);
revoke execute on function hub.known_about(uuid), hub.known_of(text[], text[], text[]),
  hub.is_known_whole(hub.disclosure), hub.looks_at(uuid, timestamptz, uuid, integer) from public;
grant execute on function hub.known_about(uuid), hub.known_of(text[], text[], text[]),
  hub.is_known_whole(hub.disclosure), hub.looks_at(uuid, timestamptz, uuid, integer) to {GATEWAY}
"""

OVERSEEN = ("rights_request", "rights_event", "rights_item", "rights_item_decision")
KNOWN = f"""coalesce((select true from hub.caseload c
  where c.agency = {OURS} and c.subject = held_back.subject limit 1), false)"""

WALLS = f"""
create policy ours on hub.held_back for select to {GATEWAY} using (agency = {OURS} or {OVERSIGHT});
create policy in_our_name on hub.held_back for insert to {GATEWAY}
  with check (agency = {OURS} and practitioner = {PERSON} and ({OVERSIGHT} or {KNOWN}));
create policy looked_up on hub.held_back for select to hub_owner using (true);
create policy ours on hub.held_back_end for select to {GATEWAY} using (agency = {OURS} or {OVERSIGHT});
create policy in_our_name on hub.held_back_end for insert to {GATEWAY} with check (
  agency = {OURS} and practitioner = {PERSON}
  and exists (select from hub.held_back h where h.id = held_back_end.held_back));
create policy looked_up on hub.held_back_end for select to hub_owner using (true);
create policy shown on hub.correction for select to {GATEWAY}
  using ({may_see("correction", authors=("agency", "held_by"))});
create policy overseen on hub.correction for insert to {GATEWAY}
  with check ({OVERSIGHT} and agency = {OURS} and practitioner = {PERSON});
create policy kept on hub.correction for select to hub_owner using (true);
create policy ours on hub.correction_recipient for select to {GATEWAY}
  using (recipient = {OURS} or {OVERSIGHT});
create policy kept on hub.correction_recipient to hub_owner using (true) with check (true);
create policy overseen_for_rights on hub.decision_event for select to {GATEWAY}
  using ({OVERSIGHT} and event in ('restricted', 'lifted'));
grant select, insert on hub.held_back, hub.held_back_end, hub.correction to {GATEWAY};
grant select on hub.correction_recipient to {GATEWAY};
revoke execute on function hub.check_release(), hub.check_item_decision(), hub.tell_of_correction()
  from public;
revoke execute on function hub.is_held_back(uuid, text[], uuid) from public;
grant execute on function hub.is_held_back(uuid, text[], uuid) to {GATEWAY}
"""


def upgrade() -> None:
    """Lay what is held back, the requests, the corrections, who may read who looked, and the walls."""
    for script in (HELD_BACK, REQUESTS, SECOND_PERSON, CORRECTIONS, KNOWN_ABOUT, LOOKS):
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
