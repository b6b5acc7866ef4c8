"""Search: an entry for every listed service, kept in step with what it is made of, and what is counted."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES

revision = "directory_0003"
down_revision = "directory_0002"

ROLE = SERVICE_ROLES["directory"]
OURS = "nullif(current_setting('hub.agency', true), '')"
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
  words tsvector not null,
  spelt text[] not null
);
create index entry_found on directory.entry using gin (words, filters);
create index entry_name_alike on directory.entry using gin (name gin_trgm_ops);
create index entry_by_name on directory.entry (name, service_id);
create index entry_by_change on directory.entry (updated_at);
create table directory.word (
  word text collate "C" primary key,
  public integer not null,
  partner integer not null
);
create index word_alike on directory.word using gin (word gin_trgm_ops);
create table directory.tally (
  agency text not null,
  visibility text not null,
  areas text[] not null,
  services integer not null,
  primary key (agency, visibility, areas)
);
create table directory.change (
  transaction bigint primary key,
  at timestamptz not null default now(),
  public boolean not null default false
);
create table directory.stale (
  transaction bigint not null,
  service_id uuid not null,
  primary key (transaction, service_id)
)
"""

# A text array of what a service can be filtered and counted by; `cell` is a square of 5 km.
FILTERS = """
create function directory.cost(which uuid, fees text) returns text language sql stable
set search_path = directory, public, pg_temp as $$
  select case
    when bool_or(amount = 0 or (amount is null and words ~* '\\m(free|no charge|no cost)\\M')) then 'free'
    when count(*) > 0 then 'paid'
    when fees ~* '^\\W*(free|no charge|no cost|nil|none|£?0(\\.00)?)\\M' then 'free'
    when fees ~ '[1-9]' then 'paid'
    else 'unknown' end
  from (
    select amount, concat_ws(' ', option, amount_description) as words from cost_option
    where service_id = which and coalesce(valid_to, 'infinity') >= current_date
  ) options
$$;
create function directory.filters(which uuid) returns text[] language sql stable
set search_path = directory, public, pg_temp as $$
  select coalesce(array_agg(distinct token) filter (where token is not null), '{}') from (
    select 'organization:' || s.organization_id as token from service s where s.id = which
    union all select 'term:' || a.taxonomy_term_id from attribute a where a.service_id = which
    union all select 'taxonomy:' || (
      select t.taxonomy_id from taxonomy_term t where t.id = a.taxonomy_term_id)
      from attribute a where a.service_id = which
    union all select 'area:' || code from service_area where service_id = which and code is not null
    union all select 'area:any' where not exists (
      select from service_area where service_id = which and code is not null)
    union all select 'day:' || right(day, 2) from schedule,
      regexp_split_to_table(upper(schedule.byday), '[^-+0-9A-Z]+') day
      where service_id = which and right(day, 2) = any('{MO,TU,WE,TH,FR,SA,SU}')
    union all select 'day:' || (array['MO','TU','WE','TH','FR','SA','SU'])[extract(isodow from
        coalesce(dtstart, valid_from))::int] from schedule
      where service_id = which and byday is null and bymonthday is null and freq is distinct from 'MONTHLY'
        and coalesce(dtstart, valid_from) is not null
    union all select 'hours:known' from schedule
      where service_id = which and (byday is not null or dtstart is not null or bymonthday is not null)
    union all select 'language:' || lower(coalesce(name, code)) from language
      where service_id = which and coalesce(name, code) is not null
    union all select 'language-code:' || lower(split_part(code, '-', 1)) from language
      where service_id = which and code is not null
    union all select 'age:' || band from service s, (values ('0-4', 0, 4), ('5-10', 5, 10), ('11-15', 11, 15),
        ('16-18', 16, 18), ('19-25', 19, 25), ('26+', 26, 150)) as bands(band, low, high)
      where s.id = which and coalesce(s.minimum_age, 0) <= high and floor(coalesce(s.maximum_age, 150)) >= low
    union all select 'cost:' || directory.cost(s.id, s.fees) from service s where s.id = which
    union all select 'room:some' from capacity where service_id = which and available > 0
    union all select 'access:' || word from service_at_location sl
      cross join lateral (
        select unnest(tsvector_to_array(to_tsvector('directory.words',
          concat_ws(' ', a.description, a.details, a.accessibility)))) as word
        from accessibility a where a.location_id = sl.location_id offset 0) said
      where sl.service_id = which and (
        select l.visibility = 'public' and l.hidden_at is null from location l where l.id = sl.location_id)
    union all select (
      select format('cell:%s:%s', l.easting / 5000, l.northing / 5000) from location l
      where l.id = sl.location_id and l.hidden_at is null and l.easting is not null)
      from service_at_location sl where sl.service_id = which
  ) tokens
$$
"""

# Deferred to the commit, once a transaction: a feed writes a service's parts one table at a time.
# What a first load writes has no statistics yet, so look-ups are subqueries, which cannot become a hash join
# that reads every place for every service.
REINDEX = """
create function directory.reindex(ids uuid[]) returns void language sql
set search_path = directory, public, pg_temp
set enable_seqscan = off as $$
  delete from entry where service_id = any(ids) and not exists (
    select from service s where s.id = entry.service_id and s.hidden_at is null
      and s.status in ('active', 'temporarily closed'));
  insert into entry (service_id, agency, visibility, organization_id, name, updated_at, minimum_age,
    maximum_age, cheapest, areas, filters, words, spelt)
  select s.id, s.agency, s.visibility, s.organization_id, s.name, s.updated_at, s.minimum_age, s.maximum_age,
    (select min(amount) from cost_option c
      where c.service_id = s.id and amount >= 0 and coalesce(valid_to, 'infinity') >= current_date),
    coalesce((select array_agg(distinct code order by code) from service_area a
      where a.service_id = s.id and code is not null), '{}'),
    filters(s.id),
    setweight(to_tsvector('directory.words', s.name), 'A')
      || setweight(to_tsvector('directory.words', coalesce(t.names, '')), 'B')
      || setweight(to_tsvector('directory.words', coalesce(s.description, '')), 'C')
      || setweight(to_tsvector('directory.words', concat_ws(' ', o.name, s.keywords)), 'D'),
    array(select word from unnest(tsvector_to_array(to_tsvector('directory.plain',
        concat_ws(' ', s.name, t.names, s.description, s.keywords)))) word
      where word ~ '^[[:alpha:]]{3,40}$')
  from unnest(ids) stale(id) join service s on s.id = stale.id
  cross join lateral (select (select name from organization where id = s.organization_id) as name offset 0) o
  cross join lateral (
    select string_agg((select name from taxonomy_term where id = a.taxonomy_term_id), ' ') as names
    from attribute a where a.service_id = s.id) t
  where s.hidden_at is null and s.status in ('active', 'temporarily closed')
  on conflict (service_id) do update set agency = excluded.agency, visibility = excluded.visibility,
    organization_id = excluded.organization_id, name = excluded.name, updated_at = excluded.updated_at,
    minimum_age = excluded.minimum_age, maximum_age = excluded.maximum_age, cheapest = excluded.cheapest,
    areas = excluded.areas, filters = excluded.filters, words = excluded.words, spelt = excluded.spelt
$$;
create function directory.settle() returns trigger language plpgsql security definer
set search_path = directory, public, pg_temp as $$
declare ids uuid[]; shown boolean;
begin
  -- The newest public one stays, so that no two states are ever the same set.
  delete from change where transaction in (
    select c.transaction from change c where c.at < now() - interval '1 hour'
      and c.at < coalesce((select max(m.at) from change m where m.public), 'infinity')
    for update skip locked);
  with gone as (delete from stale where transaction = new.transaction returning service_id)
    select array_agg(service_id order by service_id) into ids from gone;
  if ids is not null then
    shown := exists (select from entry e where e.service_id = any(ids) and e.visibility = 'public');
    perform reindex(ids);
    shown := shown
      or exists (select from entry e where e.service_id = any(ids) and e.visibility = 'public');
  end if;
  update change set at = clock_timestamp(), public = public or coalesce(shown, false)
    where transaction = new.transaction;
  return null;
end $$;
create constraint trigger settle after insert on directory.change
  deferrable initially deferred for each row execute function directory.settle()
"""

# The words and the counts follow the entries, in one order, so that two commits cannot wait in a ring.
COUNTED = {
    "added": ("insert", "referencing new table as added", "select 1 as n, * from added"),
    "removed": ("delete", "referencing old table as removed", "select -1 as n, * from removed"),
    "changed": (
        "update",
        "referencing old table as removed new table as added",
        "select 1 as n, * from added union all select -1, * from removed",
    ),
}


def _counts(name: str, event: str, tables: str, rows: str) -> str:
    public, partner = (
        f"coalesce(sum(n) filter (where visibility = '{v}'), 0)" for v in ("public", "partner")
    )
    return f"""
    create function directory.count_{name}() returns trigger language plpgsql security definer
    set search_path = directory, public, pg_temp as $$
    begin
      insert into word (word, public, partner)
        select w, {public}, {partner} from ({rows}) entries, unnest(spelt) w
        where visibility <> 'internal' group by w having {public} <> 0 or {partner} <> 0 order by w
        on conflict (word) do update set public = word.public + excluded.public,
          partner = word.partner + excluded.partner;
      insert into tally (agency, visibility, areas, services)
        select agency, visibility, areas, sum(n) from ({rows}) entries
        group by 1, 2, 3 having sum(n) <> 0 order by 1, 2, 3
        on conflict (agency, visibility, areas) do update set services = tally.services + excluded.services;
      return null;
    end $$;
    create trigger count_{name} after {event} on directory.entry {tables}
      for each statement execute function directory.count_{name}()"""


# What a change makes stale: the services found in a changed row, by way of this.
STALE = {
    "service": "select id from changed",
    "organization": "select s.id from changed c join service s on s.organization_id = c.id",
    "location": "select l.service_id from changed c join service_at_location l on l.location_id = c.id",
    "address": "select l.service_id from changed c join service_at_location l using (location_id)",
    "accessibility": "select l.service_id from changed c join service_at_location l using (location_id)",
    "taxonomy_term": "select a.service_id from changed c join attribute a on a.taxonomy_term_id = c.id",
    "organization_identifier": "select s.id from changed c join service s using (organization_id)",
    **dict.fromkeys(
        (
            "service_at_location",
            "schedule",
            "service_area",
            "cost_option",
            "funding",
            "language",
            "contact",
            "phone",
            "attribute",
            "capacity",
        ),
        "select service_id from changed",
    ),
}
# Taxonomies and their terms are for everybody, used or not.
OPEN = ("taxonomy", "taxonomy_term")


def _marks(table: str) -> str:
    """A function and three triggers that note what a statement has made stale."""
    stale = f"""
      insert into stale (transaction, service_id)
        select distinct pg_current_xact_id()::text::bigint, id from ({STALE[table]}) found(id)
        on conflict do nothing;""" if table in STALE else ""  # fmt: skip
    triggers = "".join(
        f"create trigger mark_{event} after {event} on directory.{table} referencing {rows} table as changed"
        f" for each statement execute function directory.mark_{table}();"
        for event, rows in (("insert", "new"), ("update", "new"), ("delete", "old"))
    )
    return f"""
    create function directory.mark_{table}() returns trigger language plpgsql security definer
    set search_path = directory, public, pg_temp as $$
    begin
      if not exists (select from changed) then return null; end if;
      insert into change (transaction, public)
        values (pg_current_xact_id()::text::bigint, {str(table in OPEN).lower()})
        on conflict (transaction) do update set public = true
        where {str(table in OPEN).lower()} and not change.public;{stale}
      return null;
    end $$;
    {triggers}"""


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
    cheapest
  from directory.entry where {SEEN};
create view directory.findable_word as
  select word, public + case when {OURS} is not null then partner else 0 end as services from directory.word
  where public > 0 or (partner > 0 and {OURS} is not null);
create view directory.findable_tally as
  select areas, services from directory.tally where {SEEN};
create view directory.findable_schedule as
  select service_id, opens_at, closes_at, valid_from, valid_to, freq, "interval", byday, bymonthday, dtstart
  from directory.schedule;
create view directory.findable_room as
  select service_id, available, updated from directory.capacity;
create view directory.public_change as
  select transaction, at from directory.change where public;
grant select on directory.findable, directory.findable_word, directory.findable_tally,
  directory.findable_schedule, directory.findable_room, directory.public_change to {ROLE};
alter table directory.service drop column words
"""
OWNED = ("entry", "word", "tally", "change", "stale")
FUNCTIONS = (
    "filters(uuid)",
    "cost(uuid, text)",
    "reindex(uuid[])",
    "settle()",
    "count_added()",
    "count_changed()",
    "count_removed()",
    *(f"mark_{table}()" for table in {**STALE, "taxonomy": ""}),
)


def upgrade() -> None:
    """Lay the entries and everything that keeps them in step; fill them from what is there."""
    run(CAPACITY)
    run(ENTRIES)
    # The owner is bound by forced row security too; the directory's role gets nothing but the views.
    for table in OWNED:
        run(f"""
          alter table directory.{table} enable row level security;
          alter table directory.{table} force row level security;
          create policy kept on directory.{table} to hub_owner using (true) with check (true)
        """)
    for script in (FILTERS, REINDEX, *(_counts(name, *how) for name, how in COUNTED.items()), OPENS, FOUND):
        run(script)
    run("".join(_marks(table) for table in {**STALE, "taxonomy": ""}))
    run(";".join(f"revoke execute on function directory.{function} from public" for function in FUNCTIONS))
    run("select directory.reindex(array(select id from directory.service))")


def downgrade() -> None:
    """Search the services themselves again. The entries go; they come back from the services."""
    for table in {**STALE, "taxonomy": ""}:
        for event in ("insert", "update", "delete"):
            run(f"drop trigger mark_{event} on directory.{table}")
    run("""
      alter table directory.service add column words tsvector not null generated always as (
        setweight(to_tsvector('directory.words', name), 'A')
        || setweight(to_tsvector('directory.words', keywords), 'B')
        || setweight(to_tsvector('directory.words', coalesce(description, '')), 'C')) stored;
      create index service_words on directory.service using gin (words);
      create index service_name_alike on directory.service using gin (name gin_trgm_ops);
      create index service_by_name on directory.service (name, id);
      create index service_by_change on directory.service (updated_at);
      drop view directory.findable, directory.findable_word, directory.findable_tally,
        directory.findable_schedule, directory.findable_room, directory.public_change;
      drop table directory.entry, directory.word, directory.tally, directory.change, directory.stale,
        directory.capacity
    """)
    run(";".join(f"drop function directory.{function}" for function in reversed(FUNCTIONS)))
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
