"""Who vouches for a listing, what is said about it, what it said before, and why it is not listed."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES

revision = "directory_0004"
down_revision = "directory_0003b"

ROLE = SERVICE_ROLES["directory"]
OURS = "nullif(current_setting('hub.agency', true), '')"
ONLY_US = "nullif(current_setting('hub.audience', true), '')"
HOW = "'provider_link', 'provider_client', 'council_officer', 'phone'"
BY = """
  by_agency text not null default current_setting('hub.agency'),
  by_client text not null default current_setting('hub.client'),
  by_practitioner text not null default current_setting('hub.practitioner')"""

TABLES = f"""
alter table directory.service add column assured_how text check (assured_how in ({HOW}));
create table directory.upkeep (
  agency text primary key,
  ageing_after integer not null default 180 check (ageing_after > 0),
  stale_after integer not null default 365 check (stale_after > ageing_after),
  unlist_after integer not null default 455 check (unlist_after > stale_after),
  unlist_for text[] not null default array['stale', 'no_contact_route']
    check (unlist_for <@ array['stale', 'no_contact_route']),
  link_days integer not null default 28 check (link_days between 1 and 90)
);
create table directory.provider (
  organization_id uuid primary key references directory.organization,
  agency text not null default current_setting('hub.agency'),
  provider text not null,
  at timestamptz not null default now()
);
create index provider_agency on directory.provider (provider);
create table directory.verification (
  id uuid primary key,
  service_id uuid not null references directory.service,
  agency text not null,
  at timestamptz not null default now(),
  how text not null check (how in ({HOW})),
  still_right boolean not null,{BY}
);
create index verification_of_service on directory.verification (service_id, at desc, id);
create table directory.verification_link (
  id uuid primary key,
  service_id uuid not null references directory.service,
  agency text not null default current_setting('hub.agency'),
  digest text not null unique,
  language text not null check (language in ('en', 'cy')),
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,{BY}
);
create index verification_link_of_service on directory.verification_link (service_id, issued_at desc);
create table directory.review (
  id uuid primary key,
  service_id uuid not null references directory.service,
  agency text not null,
  provider text,
  kind text not null check (kind in ('report', 'edit', 'conflict', 'sealed')),
  via text not null check (via in ('family', 'provider_link', 'provider_client', 'officer', 'feed')),
  fault text check (fault in ('closed', 'wrong_phone', 'wrong_times', 'not_suitable', 'other')),
  said text,
  changes jsonb,
  state text not null default 'waiting' check (state in ('waiting', 'taken', 'accepted', 'refused')),
  raised_at timestamptz not null default now(),
  raised_by text not null default current_setting('hub.agency'),
  taken_by text,
  taken_at timestamptz,
  decided_by text,
  decided_at timestamptz,
  reason text,
  check ((kind = 'report') = (fault is not null)),
  check ((kind = 'report') = (changes is null)),
  check ((state in ('accepted', 'refused')) = (decided_at is not null))
);
create index review_queue on directory.review (agency, state, raised_at, id);
create index review_of_service on directory.review (service_id, raised_at);
create table directory.local_edit (
  service_id uuid not null references directory.service,
  field text not null,
  agency text not null default current_setting('hub.agency'),
  source jsonb not null,
  value jsonb not null,
  review_id uuid not null references directory.review,
  primary key (service_id, field)
);
create table directory.version (
  service_id uuid not null references directory.service,
  number integer not null,
  agency text not null,
  at timestamptz not null default now(),
  cause text not null check (cause in ('feed', 'edit', 'conflict', 'before_edit')),
  review_id uuid references directory.review,
  document jsonb not null,{BY},
  primary key (service_id, number)
);
create table directory.sealing (
  location_id uuid not null references directory.location,
  number integer not null,
  agency text not null default current_setting('hub.agency'),
  visibility text not null check (visibility in ('public', 'partner', 'internal')),
  reason text not null,
  at timestamptz not null default now(),{BY},
  primary key (location_id, number)
);
create index contact_mailbox on directory.contact (lower(email));
create table directory.unlisting (
  id uuid primary key,
  service_id uuid not null references directory.service,
  agency text not null default current_setting('hub.agency'),
  provider text,
  rule text not null
    check (rule in ('stale', 'no_contact_route', 'confirmed_closed', 'provider_asked', 'duplicate')),
  reason text not null,
  hidden_before timestamptz,
  unlisted_at timestamptz not null default now(),
  unlisted_by text not null default current_setting('hub.practitioner'),
  relisted_at timestamptz,
  relisted_by text,
  relisted_because text
);
create unique index unlisting_in_force on directory.unlisting (service_id) where relisted_at is null;
create index unlisting_page on directory.unlisting (agency, unlisted_at desc, id)
"""

# Whatever writes a service, a feed above all: what is unlisted stays hidden, and the latest word on
# whether a listing is right is the one that counts, ours or its source's.
STANDING = """
create function directory.stand() returns trigger language plpgsql security definer
set search_path = directory, pg_temp as $$
declare checked record;
begin
  if new.hidden_at is null and exists (
    select from directory.unlisting u where u.service_id = new.id and u.relisted_at is null
  ) then
    new.hidden_at := coalesce(old.hidden_at, now());
  end if;
  select v.at, v.still_right, v.how, v.by_agency into checked from directory.verification v
    where v.service_id = new.id order by v.at desc, v.id desc limit 1;
  if found and checked.at >= coalesce(new.verified_at, '-infinity') then
    new.verified_at := case when checked.still_right then checked.at end;
    new.verified_by := case when checked.still_right then checked.by_agency end;
    new.assured_how := case when checked.still_right then checked.how end;
  else
    new.assured_how := null;
  end if;
  return new;
end $$;
revoke execute on function directory.stand() from public;
create trigger mark after insert or update or delete on directory.upkeep
  for each row execute function directory.mark_everything();
create trigger stand before insert or update on directory.service
  for each row execute function directory.stand();
create function directory.vouch() returns trigger language plpgsql security definer
set search_path = directory, pg_temp as $$
begin
  update directory.service set assured_how = null where id = new.service_id;
  return null;
end $$;
revoke execute on function directory.vouch() from public;
create trigger vouch after insert on directory.verification
  for each row execute function directory.vouch()
"""

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
    "is_agency(text)",
)

# The directory refuses callers it knows (403, 404), and a refusal that leaves no trace is not answered.
REFUSES = f"""
create policy refused on hub.disclosure for insert to {ROLE}
  with check (agency = {OURS} and outcome = 'refused')"""

IS_OURS = f"agency = {OURS}"
READ_BY_US = f"agency = {ONLY_US}"
READ_BY_BOTH = f"agency = {ONLY_US} or provider = {ONLY_US}"
# One listing's history, of before its provider was named too.
READ_OF_ONE = f"agency = {ONLY_US} or directory.provider_of(service_id) = {ONLY_US}"
KEPT_BY = "agency = (select s.agency from directory.service s where s.id = {table}.service_id)"
# What others say about a listing is theirs to say, and goes to whoever keeps it.
SAID = f"{KEPT_BY} and raised_by = coalesce({OURS}, '')"
VOUCHED = (
    f"{KEPT_BY} and by_agency = {OURS} and by_agency in (agency, directory.provider_of({{table}}.service_id))"
)

# table: who reads, who may insert, who may update, who may delete
WALLS = {
    "upkeep": ("true", IS_OURS, IS_OURS, None),
    "provider": (READ_BY_BOTH, IS_OURS, IS_OURS, IS_OURS),
    "verification": (READ_OF_ONE, VOUCHED, None, None),
    "verification_link": (READ_BY_US, IS_OURS, IS_OURS, None),
    "review": (f"{READ_BY_BOTH} or raised_by = {ONLY_US}", SAID, IS_OURS, None),
    "local_edit": (READ_BY_US, IS_OURS, IS_OURS, IS_OURS),
    "version": (READ_OF_ONE, IS_OURS, None, None),
    "sealing": (
        READ_BY_US,
        (
            f"{IS_OURS} and agency = (select l.agency from directory.location l"
            " where l.id = sealing.location_id)"
        ),
        None,
        None,
    ),
    "unlisting": (READ_BY_BOTH, IS_OURS, IS_OURS, None),
}


def _walls(table: str, read: str, insert: str, update: str | None, delete: str | None) -> str:
    place = f"directory.{table}"
    said = [
        f"alter table {place} enable row level security, force row level security",
        f"create policy kept on {place} to hub_owner using (true) with check (true)",
        f"create policy shown on {place} for select to {ROLE} using ({read})",
        f"create policy written on {place} for insert to {ROLE} with check ({insert.format(table=table)})",
        f"grant select, insert on {place} to {ROLE}",
    ]
    if update:
        said += [
            f"create policy changed on {place} for update to {ROLE} using ({update}) with check ({update})",
            f"grant update on {place} to {ROLE}",
        ]
    if delete:
        said += [
            f"create policy removed on {place} for delete to {ROLE} using ({delete})",
            f"grant delete on {place} to {ROLE}",
        ]
    return ";\n".join(said)


def upgrade() -> None:
    """Lay the tables, the trigger that keeps a service's standing, the walls."""
    run(TABLES)
    run(STANDING)
    run(SEALED)
    run(DOCUMENT)
    run(REFUSES)
    for table, wall in WALLS.items():
        run(_walls(table, *wall))
    for function in DEFINED:
        run(
            f"revoke execute on function directory.{function} from public;"
            f"grant execute on function directory.{function} to {ROLE}"
        )


def downgrade() -> None:
    """Take it all down: what was unlisted stays hidden until its feed is pulled again."""
    run("drop policy refused on hub.disclosure")
    run("drop trigger stand on directory.service; drop trigger vouch on directory.verification")
    run("""
      drop trigger keep_sealed on directory.location;
      drop trigger keep_sealed on directory.service_at_location;
      drop index directory.contact_mailbox
    """)
    functions = [
        *DEFINED,
        "stand()",
        "vouch()",
        "keep_sealed()",
        "seal()",
        "document(uuid)",
        "freshness(timestamptz, timestamptz, int, int)",
    ]
    tables = ("sealing", "unlisting", "version", "local_edit", "review", "verification_link", "verification")
    run(f"drop table {', '.join(f'directory.{table}' for table in (*tables, 'provider', 'upkeep'))}")
    run(";".join(f"drop function directory.{function}" for function in functions))
    run("alter table directory.service drop column assured_how")
