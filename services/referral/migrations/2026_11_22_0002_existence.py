"""The existence register: who is working with somebody, who leads, and how often a client may ask."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES, protect

revision = "referral_0002"
down_revision = "referral_0001"

ROLE = SERVICE_ROLES["referral"]

# An involvement is never changed: it ends by a row with the next number.
INVOLVEMENTS = """
create table referral.involvement (
  id uuid primary key,
  subject uuid not null,
  category text not null check (category = 'existence'),
  agency text not null default current_setting('hub.agency'),
  involvement uuid not null,
  number integer not null check (number > 0),
  role text not null,
  lead boolean not null,
  contact text,
  starts timestamptz not null,
  ends timestamptz,
  unique (agency, involvement, number)
);
create index involvement_about on referral.involvement (subject)
"""

# Whoever keeps a record of somebody or raises a concern is working with them until they say otherwise. The
# id is made of both, so that two concerns at once are one involvement.
BY_ITSELF = """
create function referral.involve() returns trigger language plpgsql as $$
begin
  insert into referral.involvement (id, subject, category, agency, involvement, number, role, lead, starts)
    select gen_random_uuid(), new.subject, 'existence', new.agency, it.self, coalesce(max(i.number), 0) + 1,
      tg_argv[0], false, now()
    from (select md5(new.agency || new.subject)::uuid as self) it left join referral.involvement i
      on i.agency = new.agency and i.involvement = it.self
    where not exists (
      select from referral.involvement running
      where running.subject = new.subject and running.agency = new.agency and running.ends is null
        and not exists (select from referral.involvement later where later.agency = running.agency
          and later.involvement = running.involvement and later.number > running.number))
    group by it.self
    on conflict do nothing;
  return null;
end $$;
create trigger involve after insert on referral.identity
  for each row execute function referral.involve('keeps a record');
create trigger involve after insert on referral.concern
  for each row execute function referral.involve('raised a concern')
"""

# Keyed digests only. Two people may share a name and a birthday.
ASKING = f"""
create table referral.name_key (
  digest bytea not null,
  person uuid not null references referral.person,
  primary key (digest, person)
);
create table referral.look_up (
  client text not null default current_setting('hub.client'),
  digest bytea not null,
  refused boolean not null,
  at timestamptz not null default clock_timestamp(),
  primary key (client, digest)
);
create index look_up_of_client on referral.look_up (client, at);
alter table referral.look_up enable row level security, force row level security;
create policy own on referral.look_up to {ROLE}
  using (client = nullif(current_setting('hub.client', true), ''))
  with check (client = nullif(current_setting('hub.client', true), ''));
grant select, insert on referral.name_key to {ROLE};
grant select, insert, update on referral.look_up to {ROLE}
"""


def upgrade() -> None:
    """Lay the register and its walls."""
    run(INVOLVEMENTS)
    run("; ".join(protect("referral", "involvement", ROLE)))
    run(f"revoke update on referral.involvement from {ROLE}")
    run(BY_ITSELF)
    run(ASKING)


def downgrade() -> None:
    """Take the register away."""
    run(
        "drop trigger involve on referral.identity; drop trigger involve on referral.concern;"
        "drop function referral.involve();"
        "drop table referral.involvement, referral.name_key, referral.look_up"
    )
