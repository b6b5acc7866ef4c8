"""What is published of the local offer, to whom: row policies, the views that find, who may write."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "directory_0002"
down_revision = "directory_0001"

ROLE = SERVICE_ROLES["directory"]
RECORDS = ("feed", "organization", "location", "service", "taxonomy", "taxonomy_term")
DETAILS = (
    ("organization", "organization_identifier"),
    ("location", "address"),
    ("location", "accessibility"),
    ("service", "schedule"),
    ("service", "service_area"),
    ("service", "cost_option"),
    ("service", "funding"),
    ("service", "language"),
    ("service", "contact"),
    ("service", "phone"),
    ("service", "attribute"),
)

# On a screen shared with other agencies, what is ours alone does not show.
ONLY_US = "nullif(current_setting('hub.audience', true), '')"
SEEN = f"({{0}}.visibility = 'public' or ({{0}}.visibility = 'partner' and {OURS} is not null))"
LIVE = "service.status in ('active', 'temporarily closed')"
PAST = {"insert": "written", "update": "changed", "delete": "removed"}


def _walls(table: str, shown: str, ours: str, *, verbs: str = "insert, update") -> list[str]:
    """Row security: what shows to readers, and that writing is only ever in the caller's own name."""
    place = f"directory.{table}"
    written = {
        "insert": f"for insert to {ROLE} with check ({ours})",
        "update": f"for update to {ROLE} using ({ours}) with check ({ours})",
        "delete": f"for delete to {ROLE} using ({ours})",
    }
    return [
        f"alter table {place} enable row level security",
        f"alter table {place} force row level security",
        f"create policy kept on {place} to hub_owner using (true) with check (true)",
        f"create policy shown on {place} for select to {ROLE} using ({shown})",
        *(f"create policy {PAST[verb]} on {place} {written[verb]}" for verb in verbs.split(", ")),
        f"grant select, {verbs} on {place} to {ROLE}",
    ]


def _of(owner: str, table: str, condition: str = "true") -> str:
    """That a detail's record may be seen (the record's own policy decides), or meets a condition."""
    return (
        f"coalesce((select {condition} from directory.{owner} owner"
        f" where owner.id = {table}.{owner}_id), false)"
    )


def _record_walls(table: str, live: str = "true") -> list[str]:
    shown = f"{table}.hidden_at is null and {live} and {SEEN.format(table)} or {table}.agency = {ONLY_US}"
    return _walls(table, shown, f"{table}.agency = {OURS}")


def _detail_walls(owner: str, table: str, more: str = "") -> list[str]:
    ours = _of(owner, table, f"owner.agency = {OURS}")
    return _walls(table, _of(owner, table) + more, ours, verbs="insert, delete")


CONTACT_SEEN = f" and ({SEEN.format('contact')} or {_of('service', 'contact', f'owner.agency = {ONLY_US}')})"
PHONE_SEEN = (
    " and (phone.contact_id is null or coalesce((select true from directory.contact"
    " where contact.service_id = phone.service_id and contact.id = phone.contact_id), false))"
)
MORE = {"contact": CONTACT_SEEN, "phone": PHONE_SEEN}

WALLS = [
    *_walls("feed", "true", f"feed.agency = {OURS}"),
    *_record_walls("organization"),
    *_record_walls("location"),
    *_record_walls("service", LIVE),
    *_walls("taxonomy", "true", f"taxonomy.agency = {OURS}"),
    *_walls("taxonomy_term", "true", f"taxonomy_term.agency = {OURS}"),
    *_detail_walls("service", "service_at_location", f" and {_of('location', 'service_at_location')}"),
    *(wall for o, t in DETAILS for wall in _detail_walls(o, t, MORE.get(t, ""))),
]

# Row security keeps an index from being used by anything but plain comparison: not by words, likeness
# or distance. So ids are found through these views, which the owner reads and which carry the same
# condition; what is then shown of them is read from the tables, under the policies.
FOUND = f"""
create view directory.findable as
  select id, name, words, organization_id, updated_at from directory.service
  where hidden_at is null and {LIVE}
    and ({SEEN.format("service")} or service.agency = {ONLY_US});
create view directory.findable_place as
  select l.id as service_at_location_id, l.service_id, location.id as location_id,
    point(location.easting, location.northing) as place
  from directory.service_at_location l join directory.location on location.id = l.location_id
  where location.hidden_at is null
    and ({SEEN.format("location")} or location.agency = {ONLY_US});
create view directory.findable_term as
  select a.service_id, a.taxonomy_term_id, t.taxonomy_id
  from directory.attribute a join directory.taxonomy_term t on t.id = a.taxonomy_term_id;
create view directory.findable_area as
  select service_id, code from directory.service_area where code is not null;
grant select on directory.findable, directory.findable_place, directory.findable_term,
  directory.findable_area to {ROLE}
"""

# Which of these ids another feed holds already, seen or not: its record keeps the id, ours gets another.
TAKEN = f"""
create function directory.taken(kind text, ids uuid[], mine uuid) returns setof uuid
language plpgsql stable security definer set search_path = directory, pg_temp as $$
begin
  return query execute format('select id from directory.%I where id = any($1) and feed <> $2', kind)
    using ids, mine;
end $$;
revoke execute on function directory.taken(text, uuid[], uuid) from public;
grant execute on function directory.taken(text, uuid[], uuid) to {ROLE}
"""


def upgrade() -> None:
    """Put every table under row security, open the views, let the directory in."""
    run(f"grant usage on schema directory to {ROLE};\n" + ";\n".join(WALLS))
    run(FOUND)
    run(TAKEN)


def downgrade() -> None:
    """Let nobody in: the tables stay behind forced row security without a policy for the directory."""
    run("""
      drop view directory.findable, directory.findable_place, directory.findable_term,
        directory.findable_area;
      drop function directory.taken(text, uuid[], uuid)
    """)
    tables = [*RECORDS, "service_at_location", *(table for _, table in DETAILS)]
    policies = ("kept", "shown", "written", "changed", "removed")
    for table in tables:
        run(f"revoke all on directory.{table} from {ROLE}")
        run(";".join(f"drop policy if exists {policy} on directory.{table}" for policy in policies))
