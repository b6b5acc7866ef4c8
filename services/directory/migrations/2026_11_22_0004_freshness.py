"""Who vouches for a listing, what is said about it, what it said before, and why it is not listed."""

from hub.migrations import run

revision = "directory_0004"
down_revision = "directory_0003b"

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


def upgrade() -> None:
    """Lay the tables and the triggers that keep a service's standing."""
    run(TABLES)
    run(STANDING)


def downgrade() -> None:
    """Take it all down: what was unlisted stays hidden until its feed is pulled again."""
    run("drop trigger stand on directory.service; drop trigger vouch on directory.verification")
    run("drop function directory.stand(), directory.vouch()")
    tables = ("sealing", "unlisting", "version", "local_edit", "review", "verification_link", "verification")
    run(f"drop table {', '.join(f'directory.{table}' for table in (*tables, 'provider', 'upkeep'))}")
    run("drop index directory.contact_mailbox; alter table directory.service drop column assured_how")
