"""Search kept in step: entries made again at the commit of whatever changed them, and what is counted."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "directory_0003b"
down_revision = "directory_0003"

ROLE = SERVICE_ROLES["directory"]
ONLY_US = "nullif(current_setting('hub.audience', true), '')"
SEEN = f"(visibility = 'public' or (visibility = 'partner' and {OURS} is not null) or agency = {ONLY_US})"

COUNTS = """
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
  places integer[] not null,
  primary key (agency, visibility, areas)
);
create table directory.facet (
  agency text not null,
  visibility text not null,
  areas text[] not null,
  token text not null,
  services integer not null,
  primary key (agency, visibility, areas, token)
);
create index facet_of_token on directory.facet (token);
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

# Deferred to the commit, once a transaction: a feed writes a service's parts one table at a time.
SETTLE = """
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


# What is counted besides words, so that nobody waits while it is: services and places, and facets.
FACETS = "{age,cost,day,language,room,term}"


def _counts(name: str, event: str, tables: str, rows: str) -> str:
    public, partner = (
        f"coalesce(sum(n) filter (where visibility = '{v}'), 0)" for v in ("public", "partner")
    )
    summed = [f"sum(n * places[{number}])" for number in (1, 2, 3)]
    return f"""
    create function directory.count_{name}() returns trigger language plpgsql security definer
    set search_path = directory, public, pg_temp as $$
    begin
      insert into word (word, public, partner)
        select w, {public}, {partner} from ({rows}) entries, unnest(spelt) w
        where visibility <> 'internal' group by w having {public} <> 0 or {partner} <> 0 order by w
        on conflict (word) do update set public = word.public + excluded.public,
          partner = word.partner + excluded.partner;
      insert into tally (agency, visibility, areas, services, places)
        select agency, visibility, areas, sum(n), array[{", ".join(summed)}] from ({rows}) entries
        group by 1, 2, 3 having sum(n) <> 0 or {" or ".join(f"{one} <> 0" for one in summed)} order by 1, 2, 3
        on conflict (agency, visibility, areas) do update set services = tally.services + excluded.services,
          places = array[tally.places[1] + excluded.places[1], tally.places[2] + excluded.places[2],
            tally.places[3] + excluded.places[3]];
      insert into facet (agency, visibility, areas, token, services)
        select agency, visibility, areas, token, sum(n) from ({rows}) entries, unnest(filters) token
        where split_part(token, ':', 1) = any('{FACETS}')
        group by 1, 2, 3, 4 having sum(n) <> 0 order by 1, 2, 3, 4
        on conflict (agency, visibility, areas, token) do update
        set services = facet.services + excluded.services;
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


# What shows on every listing of an agency or a feed: who publishes it, when a check has aged (0004).
EVERYTHING = """
create function directory.mark_everything() returns trigger language plpgsql security definer
set search_path = directory, public, pg_temp as $$
begin
  insert into change (transaction, public) values (pg_current_xact_id()::text::bigint, true)
    on conflict (transaction) do update set public = true where not change.public;
  return null;
end $$;
create trigger mark after update on directory.feed for each row
  when (old.publisher is distinct from new.publisher) execute function directory.mark_everything()
"""

FOUND = f"""
create view directory.findable_word as
  select word, public + case when {OURS} is not null then partner else 0 end as services from directory.word
  where public > 0 or (partner > 0 and {OURS} is not null);
create view directory.findable_tally as
  select areas, services, places[case when agency = {ONLY_US} then 3 when {OURS} is not null then 2
    else 1 end] as places from directory.tally where {SEEN};
create view directory.findable_facet as
  select areas, token, services from directory.facet where {SEEN} and services > 0;
create view directory.public_change as
  select transaction, at from directory.change where public;
grant select on directory.findable_word, directory.findable_tally, directory.findable_facet,
  directory.public_change to {ROLE}
"""
OWNED = ("word", "tally", "facet", "change", "stale")
FUNCTIONS = (
    "settle()",
    "mark_everything()",
    "count_added()",
    "count_changed()",
    "count_removed()",
    *(f"mark_{table}()" for table in {**STALE, "taxonomy": ""}),
)


def upgrade() -> None:
    """Lay what is counted and what keeps everything in step; fill it from what is there."""
    run(COUNTS)
    for table in OWNED:
        run(f"""
          alter table directory.{table} enable row level security, force row level security;
          create policy kept on directory.{table} to hub_owner using (true) with check (true)
        """)
    for script in (SETTLE, *(_counts(name, *how) for name, how in COUNTED.items()), EVERYTHING, FOUND):
        run(script)
    run("".join(_marks(table) for table in {**STALE, "taxonomy": ""}))
    run(";".join(f"revoke execute on function directory.{function} from public" for function in FUNCTIONS))
    run("select directory.reindex(array(select id from directory.service))")


def downgrade() -> None:
    """Keep nothing in step and count nothing."""
    for table in {**STALE, "taxonomy": ""}:
        for event in ("insert", "update", "delete"):
            run(f"drop trigger mark_{event} on directory.{table}")
    run("drop trigger mark on directory.feed")
    run("".join(f"drop trigger count_{name} on directory.entry;" for name in COUNTED))
    run("""
      drop view directory.findable_word, directory.findable_tally, directory.findable_facet,
        directory.public_change;
      drop table directory.word, directory.tally, directory.facet, directory.change, directory.stale
    """)
    run(";".join(f"drop function directory.{function}" for function in FUNCTIONS))
