"""Erasing itself: what an approved request names, in a service and in the hub, and what the log says of it.

A service erases only what was approved: `hub.erase_in` reads the decision itself. Disclosures that are gone
are named by a leaf of the log; copies become unreadable with the key of whom they are about.
"""

from hub.migrations import run
from hub.policy import OVERSIGHT, SERVICE_ROLES

revision = "hub_0009b"
down_revision = "hub_0009"

GATEWAY = SERVICE_ROLES["gateway"]
ALL = ", ".join(SERVICE_ROLES.values())
SERVICES = ", ".join(SERVICE_ROLES[part] for part in ("referral", "assessment"))

# Whatever a service keeps about people has an id, an author, a subject and a category: that is how this
# finds it, the tables of a later release too. Children come before what they hang on.
TABLES = """
create function hub.account_tables(place text) returns table (kind text, depth integer) language sql stable
set search_path = pg_catalog, pg_temp as $$
  with recursive accounts as (
    select c.oid, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = place and c.relkind = 'r' and c.relname <> 'earlier_version' and 4 = (
      select count(*) from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
        and a.attname in ('id', 'agency', 'subject', 'category'))),
  deep as (
    select oid, relname, 0 as depth from accounts
    union
    select a.oid, a.relname, d.depth + 1 from deep d
      join pg_constraint k on k.contype = 'f' and k.confrelid = d.oid and k.conrelid <> k.confrelid
      join accounts a on a.oid = k.conrelid)
  select relname::text, max(depth) from deep group by relname order by 2 desc, 1
$$;
create function hub.columns_of(place text, kind text) returns text[] language sql stable
set search_path = pg_catalog, pg_temp as $$
  select array_agg(a.attname::text) from pg_attribute a
  where a.attrelid = format('%I.%I', place, kind)::regclass and a.attnum > 0 and not a.attisdropped
    and a.attgenerated = ''
$$;
create function hub.parents_of(place text, kind text) returns text[] language sql stable
set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(distinct a.attname::text), '{}') from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    join pg_class p on p.oid = k.confrelid
  where k.contype = 'f' and k.conrelid = format('%I.%I', place, kind)::regclass
    and p.relname in (select t.kind from hub.account_tables(place) t)
$$;
create function hub.records_in(place text, people uuid[]) returns table (kind text, record uuid, under uuid[],
  subject uuid, category text, author text, at timestamptz) language plpgsql stable
set search_path = hub, pg_temp as $$
declare one text; columns text[]; moment text; above text;
begin
  for one in select t.kind from hub.account_tables(place) t loop
    columns := hub.columns_of(place, one);
    select 't.' || quote_ident(name) into moment
      from unnest(array['at', 'received_at', 'submitted_at', 'updated_at', 'created_at', 'starts'])
        with ordinality names(name, rank) where name = any(columns) order by rank limit 1;
    select string_agg('t.' || quote_ident(name), ', ') into above
      from unnest(hub.parents_of(place, one)) name;
    return query execute format(
      'select %L::text, t.id, array_remove(array[%s]::uuid[], null), t.subject, t.category, t.agency,'
      ' %s::timestamptz from %I.%I t where t.subject = any($1)%s',
      one, coalesce(above, ''), coalesce(moment, 'null'), place, one,
      case when 'person' = any(columns) then ' or t.person = any($1)' else '' end) using people;
  end loop;
end $$
"""

# Run by `<service>.erase`, as the tables' owner. Twice is as good as once: what is gone is not there.
ERASE = """
create function hub.decided_to_erase(which uuid) returns setof hub.erasure_item language sql stable
set search_path = hub, pg_temp as $$
  select i.* from hub.erasure_item i cross join lateral (
    select d.decision from hub.erasure_item_decision d where d.item = i.id
    order by d.at desc, d.id desc limit 1) d
  where i.request = which and d.decision = 'erase' and exists (
    select from hub.erasure_event e where e.request = which and e.event = 'approved')
$$;
create function hub.reach(place text) returns void language plpgsql set search_path = hub, pg_temp as $$
declare one text;
begin
  for one in select t.kind from hub.account_tables(place) t where not exists (
      select from pg_policies p
      where p.schemaname = place and p.tablename = t.kind and p.policyname = 'rights')
  loop
    execute format('create policy rights on %I.%I to hub_owner using (true) with check (true)', place, one);
  end loop;
end $$;
create function hub.erase_in(place text, which uuid) returns uuid[] language plpgsql
set search_path = hub, pg_temp as $$
declare one text; about uuid[];
begin
  select r.subjects into about from hub.erasure_request r join hub.erasure_event e on e.request = r.id
    where r.id = which and e.event = 'approved';
  if not found then
    raise insufficient_privilege using message = 'nothing is erased that nobody approved';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(which::text, 6));
  perform hub.hold_alone_about(about);
  if hub.is_held(which) then
    raise insufficient_privilege using message = 'a hold keeps what is about them';
  end if;
  perform hub.reach(place);
  for one in select t.kind from hub.account_tables(place) t loop
    execute format(
      'with gone as (delete from %1$I.%2$I t using hub.decided_to_erase($1) d'
      ' where d.part = %1$L and d.kind = %2$L and d.record = t.id'
      ' returning t.id, t.subject, t.category, t.agency),'
      ' earlier as (delete from %1$I.earlier_version e using gone where e.record = gone.id)'
      ' insert into hub.tombstone (part, kind, record, subject, category, author, request)'
      ' select %1$L, %2$L, id, subject, category, agency, $1 from gone on conflict do nothing', place, one)
      using which;
  end loop;
  return array(select one_of from unnest(about) one_of
    where not exists (select from hub.records_in(place, array[one_of])));
end $$
"""

# Copies are unreadable once the key of whom they are about is gone, in backups that never held the key too.
KEYS = """
create table hub.subject_key (
  subject uuid primary key,
  key bytea not null check (length(key) = 32)
);
alter table hub.rights_item add column about uuid
"""

# What is gone of the log is named in a leaf of the log itself: signed, and there to be checked. By what the
# tree committed to, worked out anew from the row that goes: no other row and no altered one hides behind it.
LOG = """
alter table hub.disclosure drop constraint disclosure_outcome_check;
alter table hub.disclosure add check (outcome in ('shown', 'refused', 'erased'));
create function hub.erase_access_log(which uuid, whose uuid[]) returns void language plpgsql
set search_path = hub, pg_temp set timezone = 'UTC' as $$
begin
  loop
    with batch as (select id from hub.disclosure where subject = any(whose) order by id limit 1000),
    gone as (delete from hub.disclosure d using batch where d.id = batch.id
      returning encode(sha256(d.salt || convert_to(hub.canonical(d), 'UTF8')), 'hex') as commitment)
    insert into hub.disclosure (outcome, row_count, reason)
      select 'erased', count(*),
        'erasure ' || which || ': ' || string_agg(commitment, ' ' order by commitment)
      from gone having count(*) > 0;
    exit when not found;
  end loop;
end $$
"""

# Whose looks are held back is told to erase as everybody is, and the letter to the family does not name them.
# It is noted here, because the log that says so goes. One open look, or a record of theirs, may be named.
FINISH = """
create function hub.tell_of_erasure(which uuid) returns void language sql set search_path = hub, pg_temp as $$
  insert into hub.erasure_recipient (request, recipient, subject, categories, held_back)
    select which, a.id, them.subject, array_agg(distinct them.category order by them.category),
      bool_and(hub.is_held_back(them.subject, them.room, them.override)) from (
      select t.author as who, t.subject, t.category, array[t.author] as room, null::uuid as override
        from hub.tombstone t where t.request = which and t.part <> 'hub'
      union
      select split_part(seer, '+', 1), t.subject, t.category,
        array(select split_part(one, '+', 1) from unnest(d.audience) one), d.override from hub.tombstone t
        join hub.disclosure d on d.subject = t.subject and t.category = any(d.categories)
          and d.outcome = 'shown' and d.row_count > 0
          and (d.records = '{}' or t.category || ' ' || t.author = any(d.records))
        cross join unnest(d.audience) seer where t.request = which and t.part <> 'hub') them
    join hub.agency a on a.id = them.who where a.type <> 'data_protection_officer'
    group by a.id, them.subject;
  insert into hub.notice (agency, kind, about)
    select distinct recipient, 'record.erased', which from hub.erasure_recipient where request = which
$$;
create function hub.erase_copies(which uuid) returns void language plpgsql
set search_path = hub, pg_temp as $$
declare whom uuid[];
begin
  select array_agg(distinct t.subject) into whom from hub.tombstone t join hub.erasure_request r
    on r.id = t.request where t.request = which and t.part <> 'hub' and t.subject = any(r.subjects);
  update hub.idempotency set body = '' where shows is not null and length(body) > 0
    and exists (select from hub.tombstone t where t.request = which);
  delete from hub.subject_key where subject = any(whom);
  update hub.rights_item set content = '"[erased]"', redacted = '"[erased]"' where about = any(whom);
  update hub.rights_item_decision d set redacted = '"[erased]"' from hub.rights_item i
    where i.id = d.item and i.about = any(whom) and d.redacted is not null;
end $$;
create function hub.erase_ledger(which uuid, gone uuid) returns void language plpgsql
set search_path = hub, pg_temp as $$
declare
  all_gone uuid[] := array(select subject from hub.erased_subject);
  decided uuid[] := array(select id from hub.decision_event
    where gone = any(subjects) and subjects <@ all_gone and reason <> '[erased]');
  resolved uuid[] := array(select d.conflict from hub.conflict_resolution d join hub.conflict k
    on k.id = d.conflict where gone = any(k.subjects) and k.subjects <@ all_gone and d.reason <> '[erased]');
  opened uuid[] := array(select id from hub.override_event where subject = gone and words <> '[erased]');
begin
  perform hub.strike_out(which, 'decision_event', decided);
  perform hub.strike_out(which, 'conflict_resolution', resolved);
  perform hub.strike_out(which, 'override_event', opened);
  update hub.decision_event set reason = '[erased]', circumstances = '{}',
      given_by = case when given_by is not null then '[erased]' end,
      detriment_test = case when detriment_test is not null then '[erased]' end
    where id = any(decided);
  update hub.conflict set agreement_giver = '[erased]', refusal_giver = '[erased]'
    where gone = any(subjects) and subjects <@ all_gone;
  update hub.conflict_resolution set reason = '[erased]' where conflict = any(resolved);
  update hub.override_event set words = '[erased]' where id = any(opened);
  perform hub.enter('decision_event', decided, 'erasure ' || which);
  perform hub.enter('conflict_resolution', resolved, 'erasure ' || which);
  perform hub.enter('override_event', opened, 'erasure ' || which);
  update hub.held_back set reason = '[erased]' where subject = gone;
  delete from hub.seal where gone = any(subjects) and subjects <@ all_gone;
end $$;
create function hub.finish_erasure(which uuid, gone uuid[]) returns void language plpgsql security definer
set search_path = hub, pg_temp as $$
declare it hub.erasure_item;
begin
  perform pg_advisory_xact_lock(hashtextextended(which::text, 6));
  if current_setting('hub.oversight', true) is distinct from 'on' then
    raise insufficient_privilege using message = 'only oversight erases';
  end if;
  if exists (select from hub.erasure_event where request = which and event = 'done') then
    return;
  end if;
  insert into hub.erasure_event (request, event, reason) values (which, 'done', 'Erased as it was decided.');
  perform hub.narrow();
  perform hub.tell_of_erasure(which);
  perform hub.erase_copies(which);
  gone := array(select one from unnest(gone) one join hub.erasure_request r on r.id = which
    where one = any(r.subjects) and exists (select from hub.tombstone t where t.request = which));
  insert into hub.erased_subject (subject, request) select one, which from unnest(gone) one
    on conflict do nothing;
  for it in select * from hub.decided_to_erase(which) where part = 'hub' loop
    if it.kind = 'sharing_ledger' and it.subject = any(gone) then
      perform hub.erase_ledger(which, it.subject);
    end if;
    insert into hub.tombstone (part, kind, record, subject, category, author, request)
      values ('hub', it.kind, it.record, it.subject, it.category, it.author, which) on conflict do nothing;
  end loop;
  perform hub.erase_access_log(which, array(
    select subject from hub.decided_to_erase(which) where part = 'hub' and kind = 'access_log'));
  update hub.correction set disputed = '[erased]', correction = '[erased]', fields = null
    where record in (select record from hub.tombstone where request = which) or subject = any(gone);
  delete from hub.share where subject = any(gone);
  delete from hub.passed_on where subject = any(gone);
  delete from hub.restriction where subject = any(gone) and agency <> '*';
  delete from hub.caseload where subject = any(gone);
end $$
"""

WALLS = f"""
alter table hub.subject_key enable row level security, force row level security;
create policy kept on hub.subject_key to hub_owner using (true) with check (true);
create policy overseen on hub.subject_key for select to {GATEWAY} using ({OVERSIGHT});
create policy written on hub.subject_key for insert to {GATEWAY} with check ({OVERSIGHT});
grant select, insert on hub.subject_key to {GATEWAY};
create policy erased on hub.disclosure for delete to hub_owner using (true);
create policy erasure on hub.disclosure for insert to hub_owner with check (outcome = 'erased');
create policy erased_alone on hub.disclosure as restrictive for insert to {ALL}
  with check (outcome <> 'erased');
create policy erased on hub.idempotency to hub_owner using (true) with check (true);
create policy erased on hub.decision_event for update to hub_owner using (true) with check (true);
create policy erased on hub.override_event for update to hub_owner using (true) with check (true);
create policy erased on hub.held_back for update to hub_owner using (true) with check (true);
create policy erased on hub.correction for update to hub_owner using (true) with check (true);
create policy erased on hub.rights_item to hub_owner using (true) with check (true);
create policy erased on hub.rights_item_decision to hub_owner using (true) with check (true)
"""

INSIDE = (
    *("hub.account_tables(text)", "hub.columns_of(text, text)", "hub.parents_of(text, text)"),
    *("hub.records_in(text, uuid[])", "hub.decided_to_erase(uuid)", "hub.reach(text)"),
    *("hub.erase_in(text, uuid)", "hub.tell_of_erasure(uuid)", "hub.erase_access_log(uuid, uuid[])"),
    *("hub.erase_copies(uuid)", "hub.erase_ledger(uuid, uuid)", "hub.finish_erasure(uuid, uuid[])"),
)
LOOKED_UP = (
    "hub.account_tables(text), hub.columns_of(text, text), hub.parents_of(text, text),"
    " hub.records_in(text, uuid[])"
)
GRANTS = [
    f"revoke execute on function {', '.join(INSIDE)} from public",
    f"grant execute on function hub.finish_erasure(uuid, uuid[]) to {GATEWAY}",
    f"grant execute on function {LOOKED_UP} to {SERVICES}",
]


def upgrade() -> None:
    """Lay the ways to erase, and the walls round them."""
    for script in (TABLES, ERASE, KEYS, LOG, FINISH, WALLS):
        run(script)
    run("; ".join(GRANTS))


def downgrade() -> None:
    """What was promised to people is kept: there is no way back."""
    raise NotImplementedError("rights are append-only; they have no way back")
