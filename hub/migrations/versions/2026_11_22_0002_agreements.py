"""Agreements between organisations: what backs a decision, and takes its shares out of force by ending."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "hub_0002"
down_revision = "hub_0001b"

WITH_PEOPLE = ", ".join(SERVICE_ROLES[part] for part in ("gateway", "referral", "assessment"))

# One row. A partnership that has lost it needs agreements: see hub.back_decision().
PARTNERSHIP = """
create table hub.partnership (
  one boolean primary key default true check (one),
  agreements_required boolean not null default true,
  reading_limit_factor integer not null default 1 check (reading_limit_factor between 1 and 1000)
);
insert into hub.partnership default values
"""

# What was drafted never changes; where it stands is kept by hub.apply_agreement() from its events. `written`
# are the documents it was loaded from, for whoever exports it: what is let through, the terms alone say.
AGREEMENTS = """
create table hub.agreement (
  id uuid primary key,
  title text not null,
  dpia_reference text not null,
  parties text[] not null check (cardinality(parties) > 1),
  starts timestamptz not null,
  ends timestamptz not null check (ends < 'infinity'),
  written jsonb,
  drafted_by text not null default current_setting('hub.agency') references hub.agency,
  drafted_at timestamptz not null default clock_timestamp(),
  status text not null default 'draft' check (status in ('draft', 'signed', 'ended')),
  gone text[] not null default '{}',
  signed_on date,
  ended_at timestamptz,
  check (ends > starts),
  check (drafted_by = any(parties))
);
create index agreement_page on hub.agreement (drafted_at desc, id desc);
create table hub.agreement_term (
  agreement uuid not null references hub.agreement,
  number integer not null,
  exception boolean not null default false,
  effect text not null check (effect in ('allow', 'deny')),
  disclosers text[] not null check (cardinality(disclosers) > 0),
  receivers text[] not null check (cardinality(receivers) > 0),
  categories text[] not null check (cardinality(categories) > 0),
  purposes text[] not null check (cardinality(purposes) > 0),
  starts timestamptz not null,
  ends timestamptz not null default 'infinity',
  primary key (agreement, number),
  check (ends > starts)
);
create table hub.agreement_event (
  id uuid primary key default uuidv7(),
  agreement uuid not null references hub.agreement,
  event text not null check (event in ('drafted', 'signed', 'left', 'ended', 'expiring')),
  party text not null default current_setting('hub.agency') references hub.agency,
  signatory text,
  signed_on date,
  reason text,
  client text not null default current_setting('hub.client'),
  practitioner text not null default current_setting('hub.practitioner'),
  at timestamptz not null default clock_timestamp(),
  check (event <> 'signed' or (signatory is not null and signed_on is not null)),
  check (event not in ('left', 'ended') or reason is not null)
);
create unique index agreement_once_each on hub.agreement_event (agreement, event, party)
"""

# An exception goes before a default, and within each a denial before a permission. A denial that is still
# to come ends what rests on the agreement until then.
COVER = """
create function hub.agreement_for(
  discloser text, receiver text, what text[], why text, named uuid default null)
returns table (agreement uuid, ends timestamptz) language sql stable security definer
set search_path = hub, pg_temp as $$
  select a.id, least(a.ends, min(covered.ends)) as ends
  from hub.agreement a cross join unnest(what) wanted cross join lateral (
    select case
      when said.exception_denies then null
      when said.exception_allows is not null then least(said.to_be_denied,
        case when said.default_denies then said.exception_allows
          else greatest(said.exception_allows, said.default_allows) end)
      when said.default_denies or said.default_allows is null then null
      else least(said.to_be_denied, said.default_allows) end as ends
    from (select
      bool_or(t.exception and t.effect = 'deny' and t.starts <= now()) as exception_denies,
      bool_or(not t.exception and t.effect = 'deny' and t.starts <= now()) as default_denies,
      max(t.ends) filter (where t.exception and t.effect = 'allow' and t.starts <= now()) as exception_allows,
      max(t.ends) filter (where not t.exception and t.effect = 'allow' and t.starts <= now())
        as default_allows,
      min(t.starts) filter (where t.effect = 'deny' and t.starts > now()) as to_be_denied
      from hub.agreement_term t
      where t.agreement = a.id and now() < t.ends and discloser = any(t.disclosers)
        and split_part(receiver, '/', 1) = any(t.receivers) and wanted = any(t.categories)
        and why = any(t.purposes)) said) covered
  where a.status = 'signed' and a.starts <= now() and now() < a.ends
    and discloser = any(a.parties) and discloser <> all(a.gone)
    and split_part(receiver, '/', 1) = any(a.parties) and split_part(receiver, '/', 1) <> all(a.gone)
    and (named is null or a.id = named)
  group by a.id, a.ends having count(covered.ends) = count(*)
  order by 2 desc, 1 limit 1
$$
"""

# The share lock sets decisions and the ending of what they rest on in an order; who finds it ending comes
# again (503). A decision for a type of agency is backed recipient by recipient, in hub.back_share().
BACK = """
alter table hub.decision_event add column agreement uuid references hub.agreement;
create function hub.needs_an_agreement(basis text) returns boolean language sql stable security definer
set search_path = hub, pg_temp as $$
  select basis in ('agreement', 'statutory_duty')
    and coalesce((select agreements_required from hub.partnership), true)
$$;
create function hub.back_decision() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare
  backing record;
begin
  if new.event not in ('given', 'varied', 'countersigned') or new.agency like 'type:%'
    or new.basis not in ('agreement', 'statutory_duty') then
    new.agreement := null;
    return new;
  end if;
  if new.agreement is null and not hub.needs_an_agreement(new.basis) then
    return new;
  end if;
  select * into backing
    from hub.agreement_for(new.recorded_by, new.agency, new.categories, new.purpose, new.agreement);
  perform from hub.agreement a where a.id = backing.agreement and a.status = 'signed'
    and not array[new.recorded_by, split_part(new.agency, '/', 1)] && a.gone for share nowait;
  if not found or backing.ends <= new.starts then
    raise exception 'no agreement in force backs this decision' using errcode = '42501';
  end if;
  new.agreement := backing.agreement;
  new.ends := least(new.ends, backing.ends);
  return new;
end $$;
create trigger back_decision before insert on hub.decision_event
  for each row execute function hub.back_decision()
"""

# Whoever puts a share in force, and whenever: without an agreement in force it does not come about, and it
# ends with that agreement.
BACK_SHARE = """
alter table hub.share add column agreement uuid;
create index share_of_agreement on hub.share (agreement) where agreement is not null;
create function hub.backed_share(new hub.share) returns hub.share language plpgsql security definer
set search_path = hub, pg_temp as $$
declare
  named uuid;
  which uuid;
  backing record;
begin
  new.agreement := null;
  select e.agreement into named from hub.decision_event e
    where e.decision = new.decision and e.recorded_by = new.discloser
      and e.event in ('given', 'varied', 'countersigned')
    order by e.at desc, e.id desc limit 1;
  if named is null and not hub.needs_an_agreement(new.basis) then
    return new;
  end if;
  which := coalesce(named, (select f.agreement from hub.agreement_for(
    new.discloser, new.agency, array[new.category], new.purpose) f));
  perform from hub.agreement where id = which for share nowait;
  select * into backing from hub.agreement_for(
    new.discloser, new.agency, array[new.category], new.purpose, which);
  if which is null or backing.agreement is null then
    return null;
  end if;
  new.agreement := backing.agreement;
  new.ends := least(new.ends, backing.ends);
  return new;
end $$;
create function hub.back_share() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  return hub.backed_share(new);
end $$;
create trigger back_share before insert on hub.share for each row execute function hub.back_share()
"""

# Every share that rests on it ends in the transaction that ends it; the ledger records that they expired
# afterwards, as for any decision whose time has run.
TAKE_OUT = """
create function hub.take_out_of_force(which uuid, leaver text) returns void language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  update hub.share s set ends = now() where s.agreement = which and s.ends > now()
    and (leaver is null or leaver in (split_part(s.agency, '/', 1), s.discloser));
  delete from hub.caseload c using (
    select distinct split_part(s.agency, '/', 1) as agency, s.purpose, s.subject
    from hub.share s where s.agreement = which and s.ends = now()) ended
  where c.agency = ended.agency and c.purpose = ended.purpose and c.subject = ended.subject and not c.own
    and not exists (select from hub.share s where s.subject = c.subject and s.purpose = c.purpose
      and split_part(s.agency, '/', 1) = c.agency and now() < s.ends);
end $$
"""

APPLY = """
create function hub.apply_agreement() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare
  it hub.agreement;
begin
  if new.event = 'expiring' then
    return null;
  end if;
  select * into strict it from hub.agreement where id = new.agreement for no key update;
  if (new.event = 'signed' and (it.status <> 'draft' or new.party <> all(it.parties)))
    or (new.event in ('drafted', 'ended') and new.party <> it.drafted_by)
    or (new.event = 'left' and new.party <> all(it.parties))
    or (new.event in ('left', 'ended') and it.status = 'ended') then
    raise exception 'not a step of this agreement' using errcode = '42501';
  end if;
  case new.event
  when 'signed' then
    update hub.agreement a set status = 'signed', signed_on = (
        select max(e.signed_on) from hub.agreement_event e where e.agreement = a.id and e.event = 'signed')
      where a.id = new.agreement and a.parties <@ (select array_agg(e.party) from hub.agreement_event e
        where e.agreement = a.id and e.event = 'signed');
  when 'left' then
    update hub.agreement set gone = gone || new.party,
        status = case when cardinality(gone) + 2 >= cardinality(parties) or status = 'draft'
          then 'ended' else status end,
        ended_at = case when cardinality(gone) + 2 >= cardinality(parties) or status = 'draft'
          then now() end
      where id = new.agreement;
    perform hub.take_out_of_force(new.agreement, new.party);
  when 'ended' then
    update hub.agreement set status = 'ended', ended_at = now() where id = new.agreement;
    perform hub.take_out_of_force(new.agreement, null);
  else null;
  end case;
  return null;
end $$;
create trigger apply_agreement after insert on hub.agreement_event
  for each row execute function hub.apply_agreement();
create function hub.only_while_drafted() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  perform from hub.agreement where id = new.agreement and status = 'draft'
    and drafted_by = current_setting('hub.agency') and not exists (
      select from hub.agreement_event where agreement = new.agreement) for share;
  if not found or not (new.disclosers <@ (select parties from hub.agreement where id = new.agreement)
      and new.receivers <@ (select parties from hub.agreement where id = new.agreement)) then
    raise exception 'the terms of this agreement are settled' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger only_while_drafted before insert on hub.agreement_term
  for each row execute function hub.only_while_drafted()
"""

WALLS = f"""
alter table hub.agreement enable row level security, force row level security;
alter table hub.agreement_event enable row level security, force row level security;
create policy open on hub.agreement for select to {WITH_PEOPLE} using (true);
create policy in_our_name on hub.agreement for insert to hub_gateway
  with check (drafted_by = {OURS} and status = 'draft' and gone = '{{}}');
create policy kept on hub.agreement to hub_owner using (true) with check (true);
create policy open on hub.agreement_event for select to {WITH_PEOPLE} using (true);
create policy in_our_name on hub.agreement_event for insert to hub_gateway
  with check (party = {OURS} and event <> 'expiring');
create policy kept on hub.agreement_event to hub_owner using (true) with check (true)
"""

GRANTS = f"""
grant select on hub.partnership, hub.agreement, hub.agreement_term, hub.agreement_event to {WITH_PEOPLE};
grant insert (id, title, dpia_reference, parties, starts, ends, written) on hub.agreement to hub_gateway;
grant insert on hub.agreement_term to hub_gateway;
grant insert (agreement, event, signatory, signed_on, reason) on hub.agreement_event to hub_gateway;
revoke execute on all functions in schema hub from public;
grant execute on function hub.agreement_for(text, text, text[], text, uuid) to {WITH_PEOPLE}
"""


def upgrade() -> None:
    """Lay the agreements under the ledger."""
    for script in (PARTNERSHIP, AGREEMENTS, COVER, BACK, BACK_SHARE, TAKE_OUT, APPLY, WALLS, GRANTS):
        run(script)


def downgrade() -> None:
    """Decisions rest on agreements by now: drop the database instead."""
    raise NotImplementedError("decisions rest on agreements")
