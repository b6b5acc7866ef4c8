"""Unmet need: how often what was looked for in an area was not there. Counts, and nobody's words."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES

revision = "directory_0006"
down_revision = "directory_0005"

ROLE = SERVICE_ROLES["directory"]

# An area is a postcode sector (BS5 6), a need a word of our own list: there is no room for a person.
UNMET = f"""
create table directory.unmet (
  quarter date not null check (quarter = date_trunc('quarter', quarter)::date),
  kind text not null check (kind in ('nothing_found', 'full', 'barrier')),
  area text not null check (area ~ '^([A-Z]{{1,2}}[0-9][A-Z0-9]? [0-9]|not told)$'),
  need text not null check (need ~ '^[a-z_]{{1,40}}$'),
  barrier text not null default '' check (barrier ~ '^[a-z_]{{0,40}}$'),
  times bigint not null check (times > 0),
  primary key (quarter, kind, area, need, barrier)
);
alter table directory.unmet enable row level security;
alter table directory.unmet force row level security;
create policy kept on directory.unmet to hub_owner using (true) with check (true);
create function directory.count_unmet(counted jsonb) returns void language sql security definer
set search_path = directory, pg_temp as $$
  insert into unmet (quarter, kind, area, need, barrier, times)
  select quarter, kind, area, need, barrier, sum(times)
  from jsonb_to_recordset(counted)
    as c(quarter date, kind text, area text, need text, barrier text, times bigint)
  group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (quarter, kind, area, need, barrier) do update set times = unmet.times + excluded.times
$$;
create function directory.unmet_in(sought date)
returns table (kind text, area text, need text, barrier text, times bigint)
language sql stable security definer set search_path = directory, pg_temp as $$
  select kind, area, need, barrier, times from unmet where quarter = sought
$$;
revoke execute on function directory.count_unmet(jsonb), directory.unmet_in(date) from public;
grant execute on function directory.count_unmet(jsonb), directory.unmet_in(date) to {ROLE}
"""


def upgrade() -> None:
    """Lay the table; the directory's role adds to it and reads it through functions only."""
    run(UNMET)


def downgrade() -> None:
    """Forget what was counted."""
    run("""
      drop function directory.count_unmet(jsonb);
      drop function directory.unmet_in(date);
      drop table directory.unmet
    """)
