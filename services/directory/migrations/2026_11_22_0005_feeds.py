"""Feeds kept in step by themselves: when each is due, what its pulls did, what may be one service twice."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "directory_0005"
down_revision = "directory_0004d"

ROLE = SERVICE_ROLES["directory"]
AGENCY = "agency text not null default current_setting('hub.agency')"

TABLES = f"""
alter table directory.feed
  add column shape text,
  add column every_minutes integer check (every_minutes between 5 and 44640),
  add column next_pull_at timestamptz,
  add column failures integer not null default 0,
  add column last_error text,
  add column hide_limit numeric not null default 0.1 check (hide_limit between 0 and 1);
create index feed_due on directory.feed (next_pull_at) where next_pull_at is not null;
create table directory.pull (
  id uuid primary key,
  feed uuid not null references directory.feed,
  {AGENCY},
  state text not null check (state in
    ('reading', 'broken_off', 'left', 'waiting', 'done', 'approved', 'rejected', 'superseded')),
  how text not null check (how in ('asked', 'scheduled', 'imported')),
  shape text,
  page integer not null default 1,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  counts jsonb not null default '{{}}',
  stopped text,
  decided_by text,
  decided_at timestamptz,
  reason text,
  check ((state in ('approved', 'rejected')) = (decided_at is not null))
);
create index pull_of_feed on directory.pull (feed, started_at desc, id);
create index pull_page on directory.pull (agency, started_at desc, id);
create table directory.pull_line (
  pull uuid not null references directory.pull,
  number integer not null,
  {AGENCY},
  what text not null check (what in ('added', 'changed', 'hidden', 'to_hide', 'failed', 'noted')),
  service uuid,
  source_id text,
  name text,
  said text[] not null default '{{}}',
  primary key (pull, number)
);
create table directory.pull_seen (
  pull uuid not null references directory.pull,
  source_id text not null,
  {AGENCY},
  primary key (pull, source_id)
);
create table directory.feed_page (
  feed uuid not null references directory.feed,
  page integer not null,
  {AGENCY},
  etag text,
  last_modified text,
  source_ids text[] not null default '{{}}',
  last boolean not null,
  primary key (feed, page)
);
create table directory.likeness (
  id uuid primary key,
  one uuid not null references directory.service,
  other uuid not null references directory.service,
  agencies text[] not null,
  score numeric not null check (score between 0 and 1),
  reasons text[] not null,
  state text not null default 'proposed' check (state in ('proposed', 'same', 'different')),
  listed uuid,
  proposed_at timestamptz not null default now(),
  decided_by text,
  decided_at timestamptz,
  reason text,
  unique (one, other),
  check (one < other),
  check (listed is null or listed in (one, other)),
  check ((state = 'same') = (listed is not null)),
  check ((state = 'proposed') = (decided_at is null))
);
create index likeness_page on directory.likeness (state, proposed_at desc, id)
"""
# table: whose a row is, and what its owner may do with it
WALLS = {
    "pull": (f"agency = {OURS}", ("insert", "update")),
    "pull_line": (f"agency = {OURS}", ("insert",)),
    "pull_seen": (f"agency = {OURS}", ("insert", "delete")),
    "feed_page": (f"agency = {OURS}", ("insert", "update", "delete")),
    "likeness": (f"{OURS} = any(agencies)", ("insert", "update")),
}
SAID = {
    "insert": "for insert to {role} with check ({ours})",
    "update": "for update to {role} using ({ours}) with check ({ours})",
    "delete": "for delete to {role} using ({ours})",
}


def _walls(table: str, ours: str, verbs: tuple[str, ...]) -> str:
    place = f"directory.{table}"
    said = [
        f"alter table {place} enable row level security, force row level security",
        f"create policy kept on {place} to hub_owner using (true) with check (true)",
        f"create policy shown on {place} for select to {ROLE} using ({ours})",
        *(
            f"create policy ours_{verb} on {place} {SAID[verb].format(role=ROLE, ours=ours)}"
            for verb in verbs
        ),
        f"grant select, {', '.join(verbs)} on {place} to {ROLE}",
    ]
    return ";\n".join(said)


# Which listing a confirmed duplicate points to, as far as anybody may see that one.
INSTEAD = f"""
create function directory.listed_instead(gone uuid) returns uuid language sql stable security definer
set search_path = directory, pg_temp as $$
  select s.id from likeness k join service s on s.id = k.listed
  where k.state = 'same' and gone in (k.one, k.other) and k.listed <> gone
    and s.hidden_at is null and s.status in ('active', 'temporarily closed') and s.visibility = 'public'
  order by k.decided_at desc limit 1
$$;
revoke execute on function directory.listed_instead(uuid) from public;
grant execute on function directory.listed_instead(uuid) to {ROLE}
"""


def upgrade() -> None:
    """Give feeds their times, and pulls and likenesses their tables and walls."""
    run(TABLES)
    for table, (ours, verbs) in WALLS.items():
        run(_walls(table, ours, verbs))
    run(INSTEAD)


def downgrade() -> None:
    """Feeds are pulled when somebody asks, and only then."""
    run("""
      drop function directory.listed_instead(uuid);
      drop table directory.likeness, directory.feed_page, directory.pull_seen, directory.pull_line,
        directory.pull;
      drop index directory.feed_due;
      alter table directory.feed drop column shape, drop column every_minutes, drop column next_pull_at,
        drop column failures, drop column last_error, drop column hide_limit
    """)
