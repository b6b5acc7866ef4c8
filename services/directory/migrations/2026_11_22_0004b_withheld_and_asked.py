"""What is withheld wherever it stands, and what is asked of a listing: functions of the owner's."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES

revision = "directory_0004b"
down_revision = "directory_0004"

ROLE = SERVICE_ROLES["directory"]

# Who may see a place is what an officer decided last, whatever a feed brings. And which mailboxes belong to
# contacts for colleagues, seen or not, so that they are published nowhere else (docs/decisions/0024).
SEALED = """
create function directory.keep_sealed() returns trigger language plpgsql security definer
set search_path = directory, pg_temp as $$
declare place uuid := to_jsonb(new) ->> case tg_table_name when 'location' then 'id' else 'location_id' end;
begin
  new.visibility := coalesce((select d.visibility from directory.sealing d where d.location_id = place
    order by d.number desc limit 1), new.visibility);
  return new;
end $$;
create trigger keep_sealed before insert or update on directory.location
  for each row execute function directory.keep_sealed();
create trigger keep_sealed before insert or update on directory.service_at_location
  for each row execute function directory.keep_sealed();
create function directory.seal() returns trigger language plpgsql security definer
set search_path = directory, pg_temp as $$
begin
  update location set visibility = new.visibility, updated_at = now() where id = new.location_id;
  update service_at_location set visibility = new.visibility where location_id = new.location_id;
  return null;
end $$;
create trigger seal after insert on directory.sealing
  for each row execute function directory.seal();
create function directory.withheld(mailboxes text[]) returns setof text language sql stable security definer
set search_path = directory, pg_temp as $$
  select distinct lower(email) from contact where lower(email) = any(mailboxes) and visibility <> 'public'
$$;
revoke execute on function directory.keep_sealed(), directory.seal() from public
"""

# Where else of a listing a mailbox may stand: words keep a mask, an address with a hole in it goes whole.
TEXTS = {
    "service": ("name", "description", "fees", "alert", "accreditations", "keywords"),
    "organization": ("name", "description"),
    "location": ("name", "description"),
    "address": ("attention", "address_1"),
    "accessibility": ("description", "details", "accessibility"),
    "schedule": ("description", "notes"),
    "service_area": ("name", "extent"),
    "cost_option": ("option", "amount_description"),
    "funding": ("source",),
    "contact": ("name", "title"),
    "phone": ("number", "description"),
    "capacity": ("description", "unit"),
    "taxonomy_term": ("name", "description"),
}
WHOLE = {
    "service": ("url",),
    "organization": ("website", "logo", "uri"),
    "accessibility": ("url",),
    "schedule": ("schedule_link",),
    "service_area": ("uri",),
    "taxonomy_term": ("term_uri",),
}
DATED = ("service", "organization", "location", "taxonomy_term")


def _names_any(table: str) -> str:
    """That a row names any mailbox: few do, and an index knows them."""
    said = (*TEXTS[table], *WHOLE.get(table, ()))
    return "(" + " or ".join(f"{one} like '%@%' or {one} like '%\\%40%'" for one in said) + ")"


MAILED = (
    *(f"create index {t}_mailed on directory.{t} (id) where {_names_any(t)}" for t in TEXTS),
    "create index service_mailbox on directory.service (lower(email)) where email is not null",
    "create index organization_mailbox on directory.organization (lower(email)) where email is not null",
)


def _mask(table: str) -> str:
    """Mask it in one table, but for the contacts that it is withheld with."""
    texts, whole = TEXTS[table], WHOLE.get(table, ())
    changes = [f"{one} = regexp_replace({one}, sought, '[withheld]', 'gi')" for one in texts]
    changes += [f"{one} = case when {one} ~* sought then null else {one} end" for one in whole]
    changes += ["updated_at = now()"] if table in DATED else []
    found = " or ".join(f"{one} ~* sought" for one in (*texts, *whole))
    ours = " and visibility = 'public'" if table == "contact" else ""
    return f"update {table} set {', '.join(changes)} where {_names_any(table)} and ({found}){ours};"


def _without_address(table: str) -> str:
    more = ", updated_at = now()" if table in DATED else " "
    ours = " and visibility = 'public'" if table == "contact" else ""
    return f"update {table} set email = null{more} where lower(email) = any(known){ours};"


# Everywhere at once, in whosever listings: what is sensitive is the mailbox, not the field (decision 0024).
MASK = f"""
create function directory.mask(mailboxes text[]) returns void language plpgsql security definer
set search_path = directory, pg_temp as $$
declare
  known text[] := array(select withheld(mailboxes));
  sought text := (select '(?<![[:alnum:]_.%+''-])(' || string_agg(
      replace(regexp_replace(one, '([^[:alnum:]@_])', '\\\\\\1', 'g'), '@', '(@|%40)'), '|')
    || ')(?![[:alnum:]_-]|\\.[[:alnum:]])'
    from unnest(known) one);
begin
  if sought is null then return; end if;
  {chr(10).join(map(_mask, TEXTS))}
  {chr(10).join(map(_without_address, ("service", "organization", "contact")))}
  update local_edit set value = regexp_replace(value::text, sought, '[withheld]', 'gi')::jsonb
    where value::text ~* sought;
end $$
"""

# What may be edited of a listing, as its caller may read it. Colleagues' contacts are no part of it.
DOCUMENT = """
create function directory.document(which uuid) returns jsonb language sql stable as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'name', s.name, 'description', s.description, 'url', s.url, 'email', s.email, 'status', s.status,
    'fees', s.fees, 'minimum_age', s.minimum_age, 'maximum_age', s.maximum_age, 'alert', s.alert,
    'phones', (select jsonb_agg(jsonb_build_object('number', p.number, 'description', p.description)
        order by p.position, p.id)
      from directory.phone p where p.service_id = s.id and p.contact_id is null),
    'schedules', (select jsonb_agg(to_jsonb(d) - array['id', 'position', 'service_id']
        order by d.position, d.id)
      from directory.schedule d where d.service_id = s.id)))
  from directory.service s where s.id = which
$$;
create function directory.freshness(verified timestamptz, changed timestamptz, ageing int, stale int)
returns text language sql stable as $$
  select case
    when coalesce(verified, changed) < current_date - make_interval(days => coalesce(stale, 365)) then 'stale'
    when verified is null or verified < current_date - make_interval(days => coalesce(ageing, 180))
      then 'ageing'
    else 'fresh' end
$$;
create function directory.provider_of(which uuid) returns text language sql stable security definer
set search_path = directory, pg_temp as $$
  select p.provider from directory.provider p join directory.service s using (organization_id)
  where s.id = which
$$;
create function directory.is_agency(which text) returns boolean language sql stable security definer
set search_path = hub, pg_temp as $$
  select exists (select from hub.agency where id = which and active)
$$;
create function directory.reports_lately(which uuid) returns integer language sql stable security definer
set search_path = directory, pg_temp as $$
  select count(*)::int from directory.review
  where service_id = which and kind = 'report' and raised_at > now() - interval '1 day'
$$;
create function directory.link_opened(sought text)
returns table (link uuid, service uuid, keeper text, language text, expires_at timestamptz,
  organization text, document jsonb, places jsonb, verified_at timestamptz)
language sql stable security definer set search_path = directory, pg_temp as $$
  select k.id, s.id, k.agency, k.language, k.expires_at, o.name, directory.document(s.id),
    (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', l.name, 'address',
        (select string_agg(concat_ws(', ', a.address_1, nullif(a.city, ''), a.postal_code), '; '
            order by a.position)
          from directory.address a where a.location_id = l.id))) order by al.position, al.id)
      from directory.service_at_location al join directory.location l on l.id = al.location_id
      where al.service_id = s.id and al.visibility = 'public' and l.visibility = 'public'
        and l.hidden_at is null),
    s.verified_at
  from directory.verification_link k join directory.service s on s.id = k.service_id
    join directory.organization o on o.id = s.organization_id
  where k.digest = sought and k.used_at is null and k.expires_at > now() and s.visibility = 'public'
$$;
create function directory.tell(whom text, what text, concerning uuid) returns void
language sql volatile security definer set search_path = hub, pg_temp as $$
  insert into hub.notice (agency, kind, about)
  select id, what, concerning from hub.agency where id = whom
$$
"""
DEFINED = (
    "provider_of(uuid)",
    "reports_lately(uuid)",
    "link_opened(text)",
    "tell(text, text, uuid)",
    "withheld(text[])",
    "mask(text[])",
    "is_agency(text)",
)


def upgrade() -> None:
    """Define them, and let the directory call those that are its."""
    for script in (SEALED, *MAILED, MASK, DOCUMENT):
        run(script)
    for function in DEFINED:
        run(
            f"revoke execute on function directory.{function} from public;"
            f"grant execute on function directory.{function} to {ROLE}"
        )


def downgrade() -> None:
    """Take them away. What was masked stays so until its feed is pulled again."""
    run("""
      drop trigger keep_sealed on directory.location;
      drop trigger keep_sealed on directory.service_at_location;
      drop trigger seal on directory.sealing
    """)
    run(";".join(f"drop index directory.{table}_mailed" for table in TEXTS))
    run("drop index directory.service_mailbox, directory.organization_mailbox")
    functions = (
        *(*DEFINED, "keep_sealed()", "seal()", "document(uuid)"),
        "freshness(timestamptz, timestamptz, int, int)",
    )
    run(";".join(f"drop function directory.{function}" for function in functions))
