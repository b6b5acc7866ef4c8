"""The addresses of secret places, and what takes them out of everything that is published of a service."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

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
# table: whose rows, its words, its links
OF_SERVICE, OF_PLACE = (
    "service_id = which",
    (
        "{} in (select sl.location_id from service_at_location sl join location l on l.id = sl.location_id"
        " where sl.service_id = which and l.visibility = 'public')"
    ),
)
TEXTS = {
    "service": ("id = which", ("name", "description", "fees", "alert", "accreditations"), ("url",)),
    "location": (OF_PLACE.format("id"), ("name", "description"), ()),
    "accessibility": (
        OF_PLACE.format("location_id"),
        ("description", "details", "accessibility"),
        ("url",),
    ),
    "schedule": (OF_SERVICE, ("description", "notes"), ("schedule_link",)),
    "service_area": (OF_SERVICE, ("name", "extent", "service_area"), ("uri",)),
    "cost_option": (OF_SERVICE, ("option", "amount_description"), ()),
    "funding": (OF_SERVICE, ("source",), ()),
    "contact": (OF_SERVICE, ("name", "title"), ()),
    "phone": (OF_SERVICE, ("number", "description"), ()),
    "capacity": (OF_SERVICE, ("description", "unit"), ()),
}
ORGANIZATION = (
    "id = (select s.organization_id from service s where s.id = which)",
    ("name", "description"),
    ("website", "logo", "uri"),
)
DATED = ("service", "organization", "location")


def _mask(
    table: str, whose: str, texts: tuple[str, ...], links: tuple[str, ...], sought: str = "sought"
) -> str:
    changes = [f"{one} = regexp_replace({one}, {sought}, '[withheld]', 'gi')" for one in texts]
    changes += [f"{one} = case when {one} ~* {sought} then null else {one} end" for one in links]
    changes += ["updated_at = now()"] if table in DATED else []
    found = " or ".join(f"{one} ~* {sought}" for one in (*texts, *links))
    return f"update {table} set {', '.join(changes)} where {whose} and ({found});"


# What two listings share is told to the agencies of both, so it goes from there too.
MASK = f"""
create function directory.mask_places(which uuid, sought text, of_organization text, found_by text)
returns void language plpgsql security definer set search_path = directory, pg_temp as $$
declare words text := concat_ws('|', sought, found_by);
begin
  if not exists (select from service s where s.id = which and s.agency = {OURS}) then return; end if;
  update service set keywords = trim(regexp_replace(keywords, words, ' ', 'gi')), updated_at = now()
    where id = which and words <> '' and keywords ~* words;
  {chr(10).join(_mask(table, *said) for table, said in TEXTS.items())}
  {_mask("organization", *ORGANIZATION, "of_organization")}
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
