"""The addresses of secret places, and what takes them out of everything that is published of a service."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES
from services.directory.rules import masks
from services.directory.rules.secret_places import PUBLISHED

revision = "directory_0004d"
down_revision = "directory_0004c"

ROLE = SERVICE_ROLES["directory"]

# Of services and organisations, the places of ours that are not for everybody, whoever looks at the screen.
PLACES = f"""
create index location_secret on directory.location (id) where visibility <> 'public';
create function directory.secret_places(owners uuid[])
returns table (owner uuid, place uuid, name text, city text, address_1 text, postal_code text)
language sql stable security definer set search_path = directory, pg_temp as $$
  select distinct o.owner, l.id, l.name, a.city, a.address_1, a.postal_code
  from location l join service_at_location sl on sl.location_id = l.id join service s on s.id = sl.service_id
    cross join lateral (values (s.id), (s.organization_id)) o(owner)
    left join address a on a.location_id = l.id
  where l.visibility <> 'public' and l.agency = {OURS} and o.owner = any(owners)
$$
"""
# Whose rows, of a table that does not name the service itself.
OF_PLACE = (
    "{} in (select sl.location_id from service_at_location sl join location l on l.id = sl.location_id"
    " where sl.service_id = which and l.visibility = 'public')"
)
WHOSE = {
    "service": "id = which",
    "organization": "id = (select s.organization_id from service s where s.id = which)",
    "location": OF_PLACE.format("id"),
    "accessibility": OF_PLACE.format("location_id"),
}
DATED = ("service", "organization", "location")


def _mask(table: str) -> str:
    columns, whose = PUBLISHED[table], WHOSE.get(table, "service_id = which")
    sought = "of_organization" if table == "organization" else "sought"
    changes = [f"{one} = {_without(one, sought)}" for one in columns]
    changes += ["updated_at = now()"] if table in DATED else []
    found = " or ".join(f"{one} ~* {sought}" for one in columns)
    return f"update {table} set {', '.join(changes)} where {whose} and ({found});"


def _without(column: str, sought: str) -> str:
    if column in masks.LINKS:
        return f"case when {column} ~* {sought} then null else {column} end"
    return f"regexp_replace({column}, {sought}, '{masks.MASK}', 'gi')"


# What two listings share is told to the agencies of both, so it goes from there too.
MASK = f"""
create function directory.mask_places(which uuid, sought text, of_organization text, found_by text)
returns void language plpgsql security definer set search_path = directory, pg_temp as $$
declare words text := concat_ws('|', sought, found_by);
begin
  if not exists (select from service s where s.id = which and s.agency = {OURS}) then return; end if;
  update service set keywords = trim(regexp_replace(keywords, words, ' ', 'gi')), updated_at = now()
    where id = which and words <> '' and keywords ~* words;
  {chr(10).join(map(_mask, PUBLISHED))}
  update likeness set reasons = array(select said from unnest(reasons) said where said !~* sought)
    where which in (one, other) and array_to_string(reasons, ' ') ~* sought;
end $$
"""
DEFINED = ("secret_places(uuid[])", "mask_places(uuid, text, text, text)")


def upgrade() -> None:
    """Define them, and let the directory call them."""
    for script in (PLACES, MASK):
        run(script)
    for function in DEFINED:
        run(
            f"revoke execute on function directory.{function} from public;"
            f"grant execute on function directory.{function} to {ROLE}"
        )


def downgrade() -> None:
    """Take them away. What was masked stays so until its feed is pulled again."""
    run(";".join(f"drop function directory.{function}" for function in DEFINED))
    run("drop index directory.location_secret")
