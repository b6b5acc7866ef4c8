"""Correcting a record where it is, keeping what it said before; and telling a person when two disagree."""

from hub.migrations import run

revision = "hub_0009c"
down_revision = "hub_0009b"

# Corrected in the record itself; what it said before stays beside it (`<service>.earlier_version`).
# Its service holds a field to its limits; the wall is that a day is of our years, and text of a length.
CORRECT = """
alter table hub.correction add column fields jsonb check (fields is null or jsonb_typeof(fields) = 'object');
create function hub.may_be_corrected(place text, kind text) returns text[] language sql stable
set search_path = hub, pg_temp as $$
  select array(select unnest(hub.columns_of(place, kind)) except select unnest(hub.parents_of(place, kind))
    except select unnest(array['id', 'subject', 'category', 'agency', 'keeper', 'referrer', 'receiver',
      'person', 'household', 'upn', 'external_id', 'number', 'at', 'received_at', 'updated_at', 'created_at',
      'submitted_at', 'involvement']))
$$;
create function hub.can_say(place text, kind text, fields jsonb) returns boolean language sql stable
set search_path = hub, pg_temp as $$
  select coalesce(bool_and(case
    when jsonb_typeof(said.value) = 'null' then true
    when jsonb_typeof(said.value) = 'object' then false
    when a.atttypid in ('date'::regtype, 'timestamptz'::regtype)
      then tstzrange('1900-01-01', '3000-01-01') @> (said.value #>> '{}')::timestamptz
    else jsonb_typeof(said.value) <> 'string' or length(said.value #>> '{}') <= 20000 end), true)
  from jsonb_each(fields) said join pg_attribute a
    on a.attrelid = format('%I.%I', place, kind)::regclass and a.attname = said.key
$$;
create function hub.correct_in(place text, which uuid, wrong jsonb) returns integer language plpgsql
set search_path = hub, pg_temp as $$
declare c hub.correction; one text; was jsonb; many integer := 0; sets text;
begin
  if current_setting('hub.oversight', true) is distinct from 'on' then
    raise insufficient_privilege using message = 'only oversight corrects';
  end if;
  if exists (select from hub.correction where id = which) then
    return 1;
  end if;
  c := jsonb_populate_record(null::hub.correction, wrong);
  perform hub.reach(place);
  for one in select t.kind from hub.account_tables(place) t loop
    for was in execute format('select to_jsonb(t) from %I.%I t where (t.id = $1 or ($1 = $2 and'
        ' t.subject = $2)) and t.subject = $2 and t.category = $3 and ($4 is null or t.agency = $4)'
        ' for update', place, one) using c.record, c.subject, c.category, c.held_by
    loop
      if array(select jsonb_object_keys(c.fields)) && hub.columns_of(place, one) then
        if not (array(select jsonb_object_keys(c.fields)) <@ hub.may_be_corrected(place, one)
            and hub.can_say(place, one, c.fields)) then
          raise check_violation using message = 'not a field of this record that can be corrected';
        end if;
        select string_agg(format('%1$I = fresh.%1$I', name), ', ') into sets
          from jsonb_object_keys(c.fields) name;
        execute format('update %1$I.%2$I t set %3$s from jsonb_populate_record(null::%1$I.%2$I, $2) fresh'
          ' where t.id = $1', place, one, sets) using (was ->> 'id')::uuid, c.fields;
        execute format('insert into %I.earlier_version (agency, subject, category, kind, record, was,'
          ' correction) values ($1, $2, $3, $4, $5, $6, $7)', place)
          using was ->> 'agency', c.subject, c.category, one, (was ->> 'id')::uuid,
            (select jsonb_object_agg(name, was -> name) from jsonb_object_keys(c.fields) name), which;
        many := many + 1;
      end if;
    end loop;
  end loop;
  if many > 0 then
    insert into hub.correction (id, subject, category, record, held_by, disputed, correction, fields)
      values (which, c.subject, c.category, c.record, c.held_by, c.disputed, c.correction, c.fields);
  end if;
  return many;
end $$;
create function hub.keep_corrected() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
declare wrong record; before jsonb := to_jsonb(old); fresh jsonb := to_jsonb(new);
begin
  for wrong in execute format('select key, value from %I.earlier_version e, jsonb_each(e.was)'
      ' where e.record = $1', tg_table_schema) using old.id
  loop
    if fresh -> wrong.key = wrong.value and before -> wrong.key <> wrong.value then
      new := jsonb_populate_record(new, jsonb_build_object(wrong.key, before -> wrong.key));
    end if;
  end loop;
  return new;
end $$
"""

# A person is told, in the transaction in which two disagree: whoever recorded each side, in their agency.
CONFLICTS = """
create function hub.tell_of_conflict() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  insert into hub.notice (agency, practitioner, kind, about)
    select distinct e.recorded_by, e.practitioner, 'sharing.conflict', new.id from hub.decision_event e
    where e.id in (new.agreement_terms, new.refusal_terms) and hub.is_a_side(new, e.recorded_by);
  return null;
end $$;
create trigger tell_of_conflict after insert on hub.conflict
  for each row execute function hub.tell_of_conflict();
create function hub.tell_of_resolution() returns trigger language plpgsql security definer
set search_path = hub, pg_temp as $$
begin
  insert into hub.notice (agency, practitioner, kind, about)
    select distinct e.recorded_by, e.practitioner, 'sharing.conflict_resolved', k.id
    from hub.conflict k join hub.decision_event e on e.id in (k.agreement_terms, k.refusal_terms)
    where k.id = new.conflict and hub.is_a_side(k, e.recorded_by)
      and (e.recorded_by, e.practitioner) <> (new.recorded_by, new.practitioner);
  return null;
end $$;
create trigger tell_of_resolution after insert on hub.conflict_resolution
  for each row execute function hub.tell_of_resolution()
"""

WALLS = """
create policy corrected on hub.correction for insert to hub_owner with check (true);
revoke execute on function hub.may_be_corrected(text, text), hub.can_say(text, text, jsonb),
  hub.correct_in(text, uuid, jsonb), hub.keep_corrected(), hub.tell_of_conflict(),
  hub.tell_of_resolution() from public
"""


def upgrade() -> None:
    """Lay the correcting and the telling."""
    for script in (CORRECT, CONFLICTS, WALLS):
        run(script)


def downgrade() -> None:
    """What was promised to people is kept: there is no way back."""
    raise NotImplementedError("rights are append-only; they have no way back")
