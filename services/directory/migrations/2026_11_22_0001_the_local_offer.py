"""The local offer: organisations, services, places and terms, and the indexes that find them."""

from hub.migrations import run

revision = "directory_0001"
down_revision = None

# Trusted extensions: hub_owner may create them with CREATE on the database. Where an administrator
# has them already, they are left as they are.
SEARCH = """
create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;
create text search configuration directory.words (copy = pg_catalog.english);
alter text search configuration directory.words
  alter mapping for hword, hword_part, word with public.unaccent, english_stem
"""

SOURCED = """
  id uuid primary key,
  feed uuid not null references directory.feed,
  source_id text not null,
  agency text not null default current_setting('hub.agency'),
  visibility text not null default 'public' check (visibility in ('public', 'partner', 'internal')),
  updated_at timestamptz not null default now(),
  hidden_at timestamptz,
  unique (feed, source_id)"""

RECORDS = f"""
create table directory.feed (
  id uuid primary key,
  url text not null unique,
  publisher text not null,
  agency text not null default current_setting('hub.agency'),
  created_at timestamptz not null default now(),
  pulled_at timestamptz
);
create table directory.organization ({SOURCED},
  name text not null,
  description text not null,
  email text,
  website text,
  logo text,
  uri text,
  parent_organization_id uuid
);
create table directory.location ({SOURCED},
  location_type text not null check (location_type in ('physical', 'postal', 'virtual')),
  name text,
  description text,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  easting integer,
  northing integer,
  external_identifier text,
  external_identifier_type text,
  check ((easting is null) = (northing is null))
);
create index location_place on directory.location using gist (point(easting, northing));
create table directory.service ({SOURCED},
  organization_id uuid not null references directory.organization,
  name text not null,
  description text,
  url text,
  email text,
  status text not null check (status in ('active', 'inactive', 'defunct', 'temporarily closed')),
  fees text,
  accreditations text,
  minimum_age numeric check (minimum_age >= 0),
  maximum_age numeric check (maximum_age >= 0),
  alert text,
  verified_at timestamptz,
  verified_by text,
  source_modified timestamptz,
  keywords text not null default '',
  fingerprint text not null,
  words tsvector not null generated always as (
    setweight(to_tsvector('directory.words', name), 'A')
    || setweight(to_tsvector('directory.words', keywords), 'B')
    || setweight(to_tsvector('directory.words', coalesce(description, '')), 'C')) stored
);
create index service_words on directory.service using gin (words);
create index service_name_alike on directory.service using gin (name gin_trgm_ops);
create index service_by_name on directory.service (name, id);
create index service_of_organization on directory.service (organization_id);
create index service_by_change on directory.service (updated_at);
create table directory.service_at_location (
  id uuid primary key,
  position integer not null,
  service_id uuid not null references directory.service,
  location_id uuid not null references directory.location,
  visibility text not null default 'public' check (visibility in ('public', 'partner', 'internal'))
);
create index service_at_location_of_service on directory.service_at_location (service_id);
create index service_at_location_of_location on directory.service_at_location (location_id)
"""

TERMS = """
create table directory.taxonomy (
  id uuid primary key,
  agency text not null default current_setting('hub.agency'),
  updated_at timestamptz not null default now(),
  name text not null,
  description text not null,
  uri text,
  version text
);
create table directory.taxonomy_term (
  id uuid primary key,
  agency text not null default current_setting('hub.agency'),
  updated_at timestamptz not null default now(),
  name text not null,
  description text not null,
  parent_id uuid,
  taxonomy text,
  taxonomy_id uuid references directory.taxonomy,
  term_uri text,
  term text
);
create index taxonomy_term_of_taxonomy on directory.taxonomy_term (taxonomy_id);
create index taxonomy_term_of_parent on directory.taxonomy_term (parent_id)
"""

# A detail's id is its source's, and sources repeat them from one service to the next.
DETAILS = {
    ("organization", "organization_identifier"): """
  identifier_scheme text,
  identifier_type text not null,
  identifier text not null""",
    ("location", "address"): """
  attention text,
  address_1 text not null,
  city text not null,
  region text,
  state_province text not null,
  postal_code text not null,
  country text not null,
  address_type text not null check (address_type in ('physical', 'postal', 'virtual'))""",
    ("location", "accessibility"): """
  description text,
  details text,
  url text,
  accessibility text""",
    ("service", "schedule"): """
  valid_from date,
  valid_to date,
  dtstart date,
  freq text check (freq in ('WEEKLY', 'MONTHLY')),
  interval integer,
  byday text,
  bymonthday text,
  description text,
  opens_at time,
  closes_at time,
  schedule_link text,
  attending_type text,
  notes text""",
    ("service", "service_area"): """
  name text,
  extent text,
  extent_type text,
  uri text,
  service_area text,
  code text""",
    ("service", "cost_option"): """
  valid_from date,
  valid_to date,
  option text,
  amount numeric,
  amount_description text""",
    ("service", "funding"): """
  source text""",
    ("service", "language"): """
  name text,
  code text""",
    ("service", "contact"): """
  name text,
  title text,
  email text,
  visibility text not null default 'public' check (visibility in ('public', 'partner', 'internal'))""",
    ("service", "phone"): """
  contact_id uuid,
  number text not null,
  description text""",
    ("service", "attribute"): """
  taxonomy_term_id uuid not null references directory.taxonomy_term,
  link_type text""",
}


def _detail(owner: str, table: str, columns: str) -> str:
    return (
        f"create table directory.{table} (id uuid not null, position integer not null,"
        f" {owner}_id uuid not null references directory.{owner}, {columns.strip()},"
        f" primary key ({owner}_id, id))"
    )


def upgrade() -> None:
    """Lay the local offer and its indexes. Nobody may read it yet."""
    for script in (SEARCH, RECORDS, TERMS):
        run(script)
    run(";\n".join(_detail(owner, table, columns) for (owner, table), columns in DETAILS.items()))
    run("create index attribute_of_term on directory.attribute (taxonomy_term_id, service_id)")


def downgrade() -> None:
    """Take the local offer down. Every record can be pulled from its feed again."""
    tables = [table for _, table in DETAILS]
    tables += ["service_at_location", "service", "location", "organization", "feed"]
    run(f"drop table {', '.join(f'directory.{table}' for table in tables)}")
    run("""
      drop table directory.taxonomy_term, directory.taxonomy;
      drop text search configuration directory.words
    """)
