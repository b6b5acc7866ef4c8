"""Search: an entry for every listed service, with everything that it can be found and filtered by."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "directory_0003"
down_revision = "directory_0002"

ROLE = SERVICE_ROLES["directory"]
ONLY_US = "nullif(current_setting('hub.audience', true), '')"
SEEN = f"(visibility = 'public' or (visibility = 'partner' and {OURS} is not null) or agency = {ONLY_US})"

CAPACITY = f"""
create table directory.capacity (id uuid not null, position integer not null,
  service_id uuid not null references directory.service,
  available integer check (available >= 0),
  maximum integer check (maximum >= 0),
  updated timestamptz,
  description text,
  unit text,
  primary key (service_id, id));
alter table directory.capacity enable row level security;
alter table directory.capacity force row level security;
create policy kept on directory.capacity to hub_owner using (true) with check (true);
create policy shown on directory.capacity for select to {ROLE} using (
  coalesce((select true from directory.service owner where owner.id = capacity.service_id), false));
create policy written on directory.capacity for insert to {ROLE} with check (
  coalesce((select owner.agency = {OURS} from directory.service owner
    where owner.id = capacity.service_id), false));
create policy removed on directory.capacity for delete to {ROLE} using (
  coalesce((select owner.agency = {OURS} from directory.service owner
    where owner.id = capacity.service_id), false));
grant select, insert, delete on directory.capacity to {ROLE}
"""

# `plain` keeps words whole, as people write them: what spelling and suggestions are made of.
# `hours` are seconds of a week, Monday first; `places` is how many anybody, partners and its own agency see.
ENTRIES = """
drop index directory.service_words, directory.service_name_alike, directory.service_by_name,
  directory.service_by_change;
create text search configuration directory.plain (copy = pg_catalog.simple);
alter text search configuration directory.plain
  alter mapping for hword, hword_part, word with public.unaccent, simple;
create table directory.entry (
  service_id uuid primary key references directory.service on delete cascade,
  agency text not null,
  visibility text not null,
  organization_id uuid not null,
  name text not null,
  updated_at timestamptz not null,
  minimum_age numeric,
  maximum_age numeric,
  cheapest numeric,
  areas text[] not null,
  filters text[] not null,
  hours int4multirange not null,
  places integer[] not null,
  words tsvector not null,
  spelt text[] not null
);
create index entry_found on directory.entry using gin (words, filters);
create index entry_name_alike on directory.entry using gin (name gin_trgm_ops);
create index entry_by_name on directory.entry (name, service_id) include (visibility, agency);
create index entry_by_change on directory.entry (updated_at);
create index organization_by_name on directory.organization (name, id) include (visibility, agency, hidden_at)
  where hidden_at is null
"""

# A schedule that says the same every week for good: its hours are kept; all others are worked out when asked.
WEEKLY = (
    "c.freq = 'WEEKLY' and coalesce(c.interval, 1) = 1 and c.byday is not null"
    " and c.valid_from is null and c.valid_to is null and c.dtstart is null"
)
# Every month has these: as good as weekly when a day is asked for, though not for a date.
MONTHLY = (
    "c.freq = 'MONTHLY' and coalesce(c.interval, 1) = 1 and c.bymonthday is null"
    " and c.byday ~* '^([-+]?[1-4])?[A-Z]{2}(,([-+]?[1-4])?[A-Z]{2})*$'"
    " and c.valid_from is null and c.valid_to is null and c.dtstart is null"
)
# A text array of what each service can be filtered and counted by; `cell` is a square of 5 km. One service
# after the other, by indexes: what a first load writes has no statistics, and a join would read every place.
FILTERS = f"""
create function directory.filters(ids uuid[]) returns table (service_id uuid, filters text[])
language sql stable
set search_path = directory, public, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select s.id, array_agg(distinct token) filter (where token is not null)
  from unnest(ids) stale(id) join service s on s.id = stale.id cross join lateral (
    select 'organization:' || s.organization_id
    union all select 'term:' || a.taxonomy_term_id from attribute a where a.service_id = s.id
    union all select 'taxonomy:' || (
      select t.taxonomy_id from taxonomy_term t where t.id = a.taxonomy_term_id)
      from attribute a where a.service_id = s.id
    union all select 'area:' || code from service_area a where a.service_id = s.id and code is not null
    union all select 'area:any' where not exists (
      select from service_area a where a.service_id = s.id and code is not null)
    union all select 'day:' || right(day, 2) from schedule c,
      regexp_split_to_table(upper(c.byday), '[^-+0-9A-Z]+') day
      where c.service_id = s.id and right(day, 2) = any('{{MO,TU,WE,TH,FR,SA,SU}}')
    union all select 'day:' || (array['MO','TU','WE','TH','FR','SA','SU'])[extract(isodow from
        coalesce(dtstart, valid_from))::int] from schedule c
      where c.service_id = s.id and byday is null and bymonthday is null and freq is distinct from 'MONTHLY'
        and coalesce(dtstart, valid_from) is not null
    union all select 'hours:known' from schedule c
      where c.service_id = s.id and (byday is not null or dtstart is not null or bymonthday is not null)
    union all select case when {MONTHLY} then 'hours:dated' else 'hours:odd' end
      from schedule c where c.service_id = s.id and ({WEEKLY}) is not true
    union all select 'hours:any-day' from schedule c where c.service_id = s.id and byday is null
      and (bymonthday is not null or freq = 'MONTHLY')
    union all select 'language:' || lower(coalesce(name, code)) from language l
      where l.service_id = s.id and coalesce(name, code) is not null
    union all select 'language-code:' || lower(split_part(code, '-', 1)) from language l
      where l.service_id = s.id and code is not null
    union all select 'age:' || band from (values ('0-4', 0, 4), ('5-10', 5, 10), ('11-15', 11, 15),
        ('16-18', 16, 18), ('19-25', 19, 25), ('26+', 26, 150)) as bands(band, low, high)
      where coalesce(s.minimum_age, 0) <= high and floor(coalesce(s.maximum_age, 150)) >= low
    union all select 'cost:' || (
      select case
        when bool_or(amount = 0 or (amount is null and said ~* '\\m(free|no charge|no cost)\\M')) then 'free'
        when count(*) > 0 then 'paid'
        when s.fees ~* '^\\W*(free|no charge|no cost|nil|none|£?0(\\.00)?)\\M' then 'free'
        when s.fees ~ '[1-9]' then 'paid'
        else 'unknown' end
      from (
        select amount, concat_ws(' ', option, amount_description) as said from cost_option o
        where o.service_id = s.id and coalesce(valid_to, 'infinity') >= current_date offset 0) options)
    union all select 'room:some' from capacity c where c.service_id = s.id and available > 0
    union all select 'access:' || word from service_at_location sl
      cross join lateral (
        select unnest(tsvector_to_array(to_tsvector('directory.words',
          concat_ws(' ', a.description, a.details, a.accessibility)))) as word
        from accessibility a where a.location_id = sl.location_id offset 0) said
      where sl.service_id = s.id and (
        select l.visibility = 'public' and l.hidden_at is null from location l where l.id = sl.location_id)
    union all select (
      select format('cell:%s:%s', l.easting / 5000, l.northing / 5000) from location l
      where l.id = sl.location_id and l.hidden_at is null and l.easting is not null)
      from service_at_location sl where sl.service_id = s.id
  ) said(token) group by s.id
$$;
create function directory.hours(which uuid) returns int4multirange language sql stable
set search_path = directory, public, pg_temp as $$
  select coalesce(range_agg(int4range(86400 * day + opens, 86400 * day + closes)), '{{}}') from (
    select array_position('{{MO,TU,WE,TH,FR,SA,SU}}', right(said, 2)) - 1 as day,
      floor(extract(epoch from coalesce(c.opens_at, time '00:00')))::int as opens,
      case when c.closes_at > c.opens_at then ceil(extract(epoch from c.closes_at))::int
        else 86400 end as closes
    from schedule c, regexp_split_to_table(upper(c.byday), '[^-+0-9A-Z]+') said
    where c.service_id = which and ({WEEKLY} or {MONTHLY})) regular
  where day is not null
$$
"""

# Our own terms for how specialised a service is (schemas/terms.json) are asked for by parameters. As words
# ("Level of need 2: early help") they would make half of all services answer "early".
SPECIALISED = "between 'b7c0a4de-4c0c-5f0e-9a44-0d4f0b6c1b00' and 'b7c0a4de-4c0c-5f0e-9a44-0d4f0b6c1cff'"
# Look-ups are subqueries for the same reason.
REINDEX = f"""
create function directory.reindex(ids uuid[]) returns void language sql
set search_path = directory, public, pg_temp
set enable_seqscan = off as $$
  delete from entry where service_id = any(ids) and not exists (
    select from service s where s.id = entry.service_id and s.hidden_at is null
      and s.status in ('active', 'temporarily closed'));
  insert into entry (service_id, agency, visibility, organization_id, name, updated_at, minimum_age,
    maximum_age, cheapest, areas, filters, hours, places, words, spelt)
  select s.id, s.agency, s.visibility, s.organization_id, s.name, s.updated_at, s.minimum_age, s.maximum_age,
    (select min(amount) from cost_option c
      where c.service_id = s.id and amount >= 0 and coalesce(valid_to, 'infinity') >= current_date),
    coalesce((select array_agg(distinct code order by code) from service_area a
      where a.service_id = s.id and code is not null), '{{}}'),
    coalesce(f.filters, '{{}}'),
    case when f.filters @> '{{hours:known}}' then hours(s.id) else '{{}}' end,
    (select array[count(*) filter (where visibility = 'public'),
        count(*) filter (where visibility <> 'internal'), count(visibility)]
      from (select (select visibility from location l where l.id = sl.location_id and l.hidden_at is null)
        from service_at_location sl where sl.service_id = s.id) there),
    setweight(to_tsvector('directory.words', s.name), 'A')
      || setweight(to_tsvector('directory.words', coalesce(t.names, '')), 'B')
      || setweight(to_tsvector('directory.words', coalesce(s.description, '')), 'C')
      || setweight(to_tsvector('directory.words', concat_ws(' ', o.name, s.keywords)), 'D'),
    array(select word from unnest(tsvector_to_array(to_tsvector('directory.plain',
        concat_ws(' ', s.name, t.names, s.description, s.keywords)))) word
      where word ~ '^[[:alpha:]]{{3,40}}$')
  from unnest(ids) stale(id) join service s on s.id = stale.id
  left join filters(ids) f on f.service_id = s.id
  cross join lateral (select (select name from organization where id = s.organization_id) as name offset 0) o
  cross join lateral (
    select string_agg((select name from taxonomy_term where id = a.taxonomy_term_id), ' ') as names
    from attribute a where a.service_id = s.id and a.taxonomy_term_id not {SPECIALISED}) t
  where s.hidden_at is null and s.status in ('active', 'temporarily closed')
  on conflict (service_id) do update set agency = excluded.agency, visibility = excluded.visibility,
    organization_id = excluded.organization_id, name = excluded.name, updated_at = excluded.updated_at,
    minimum_age = excluded.minimum_age, maximum_age = excluded.maximum_age, cheapest = excluded.cheapest,
    areas = excluded.areas, filters = excluded.filters,
    hours = excluded.hours, places = excluded.places, words = excluded.words, spelt = excluded.spelt
$$
"""

OPENS = """
create function directory.opens_on(freq text, every int, byday text, bymonthday text, start date, opens date,
  closes date, day date) returns boolean language sql immutable as $$
  select coalesce(day >= opens, true) and coalesce(day >= start, true) and coalesce(day <= closes, true)
  and case
    when freq = 'MONTHLY' then
      ((extract(year from day) - extract(year from coalesce(start, opens, day))) * 12
        + extract(month from day) - extract(month from coalesce(start, opens, day)))::int
        % greatest(coalesce(every, 1), 1) = 0
      and (byday is null or exists (
        select from regexp_split_to_table(upper(byday), '[^-+0-9A-Z]+') said
        where right(said, 2) = (array['MO','TU','WE','TH','FR','SA','SU'])[extract(isodow from day)::int]
          and (length(said) = 2 or left(said, -2)::int in (
            (extract(day from day)::int - 1) / 7 + 1,
            -((extract(day from date_trunc('month', day) + interval '1 month - 1 day')::int
              - extract(day from day)::int) / 7 + 1)))))
      and (bymonthday is null or exists (
        select from regexp_split_to_table(bymonthday, '[^-+0-9]+') said
        where said ~ '^[-+]?[0-9]{1,2}$' and said::int in (extract(day from day)::int,
          extract(day from day)::int - 1
            - extract(day from date_trunc('month', day) + interval '1 month - 1 day')::int)))
      and (byday is not null or bymonthday is not null
        or extract(day from day) = extract(day from coalesce(start, opens)))
    when freq is null and byday is null then day = coalesce(start, opens)
    else
      case when byday is null then extract(isodow from day) = extract(isodow from coalesce(start, opens))
        else (array['MO','TU','WE','TH','FR','SA','SU'])[extract(isodow from day)::int] = any(array(
          select right(said, 2) from regexp_split_to_table(upper(byday), '[^-+0-9A-Z]+') said)) end
      and ((date_trunc('week', day)::date - date_trunc('week', coalesce(start, opens, day))::date) / 7)
        % greatest(coalesce(every, 1), 1) = 0
    end
$$
"""

FOUND = f"""
create or replace view directory.findable as
  select service_id as id, name, words, organization_id, updated_at, filters, areas, minimum_age, maximum_age,
    cheapest, hours
  from directory.entry where {SEEN};
create view directory.findable_schedule as
  select service_id, opens_at, closes_at, valid_from, valid_to, freq, "interval", byday, bymonthday, dtstart
  from directory.schedule;
create view directory.findable_room as
  select service_id, available, updated from directory.capacity;
grant select on directory.findable, directory.findable_schedule, directory.findable_room to {ROLE};
alter table directory.service drop column words
"""
FUNCTIONS = ("reindex(uuid[])", "filters(uuid[])", "hours(uuid)")


def upgrade() -> None:
    """Lay the entries that search reads, and what makes them."""
    run(CAPACITY)
    run(ENTRIES)
    # The owner is bound by forced row security too; the directory's role gets nothing but the views.
    run("""
      alter table directory.entry enable row level security, force row level security;
      create policy kept on directory.entry to hub_owner using (true) with check (true)
    """)
    for script in (FILTERS, REINDEX, OPENS, FOUND):
        run(script)
    run(";".join(f"revoke execute on function directory.{function} from public" for function in FUNCTIONS))


def downgrade() -> None:
    """Search the services themselves again. The entries go; they come back from the services."""
    run("""
      alter table directory.service add column words tsvector not null generated always as (
        setweight(to_tsvector('directory.words', name), 'A')
        || setweight(to_tsvector('directory.words', keywords), 'B')
        || setweight(to_tsvector('directory.words', coalesce(description, '')), 'C')) stored;
      create index service_words on directory.service using gin (words);
      create index service_name_alike on directory.service using gin (name gin_trgm_ops);
      create index service_by_name on directory.service (name, id);
      create index service_by_change on directory.service (updated_at);
      drop index directory.organization_by_name;
      drop view directory.findable, directory.findable_schedule, directory.findable_room;
      drop table directory.entry, directory.capacity
    """)
    run(";".join(f"drop function directory.{function}" for function in FUNCTIONS))
    run(
        "drop function directory.opens_on(text, int, text, text, date, date, date, date);"
        " drop text search configuration directory.plain"
    )
    run(f"""
      create view directory.findable as
        select id, name, words, organization_id, updated_at from directory.service
        where hidden_at is null and status in ('active', 'temporarily closed') and {SEEN};
      grant select on directory.findable to {ROLE}
    """)
