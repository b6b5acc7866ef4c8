"""People, households, concerns, referrals, triage; each table behind its row policy."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES, protect

revision = "referral_0001"
down_revision = None

ROLE = SERVICE_ROLES["referral"]

# Ids of people are random: a time-ordered id would tell that a child was known before.
ACCOUNT = """
  id uuid primary key,
  subject uuid not null,
  category text not null,
  agency text not null default current_setting('hub.agency')"""

# Where an agency says that two identifiers are one person's and nobody else's word bears it out, that holds
# for the agency alone (`own_key`): it joins no two children for everybody, nor learns whether one was known.
PEOPLE = f"""
create table referral.person (id uuid primary key);
create table referral.person_key (
  scheme text not null,
  digest bytea not null,
  person uuid not null references referral.person,
  primary key (scheme, digest)
);
create table referral.own_key (
  agency text not null default current_setting('hub.agency'),
  scheme text not null,
  digest bytea not null,
  person uuid not null references referral.person,
  primary key (agency, scheme, digest)
);
create index ix_referral_own_key_person on referral.own_key (person);
alter table referral.own_key enable row level security, force row level security;
create policy ours on referral.own_key to {ROLE}
  using (agency = {OURS})
  with check (agency = {OURS});
grant select, insert on referral.own_key to {ROLE};
create table referral.identity ({ACCOUNT},
  given_name text not null,
  family_name text not null,
  date_of_birth date not null,
  sex text check (sex in ('M', 'F', 'U')),
  upn text,
  year_group text,
  updated_at timestamptz not null,
  unique (subject, agency)
);
create table referral.address ({ACCOUNT},
  lines text[] not null,
  postcode text,
  updated_at timestamptz not null,
  unique (subject, agency)
);
create table referral.attendance ({ACCOUNT},
  year text not null,
  possible integer not null check (possible >= 0),
  attended integer not null check (attended between 0 and possible),
  authorised integer not null check (authorised >= 0),
  unauthorised integer not null check (unauthorised >= 0),
  updated_at timestamptz not null,
  unique (subject, agency, year)
);
create table referral.household ({ACCOUNT},
  name text not null,
  created_at timestamptz not null,
  check (subject = id)
);
create table referral.member ({ACCOUNT},
  person uuid not null references referral.person,
  role text not null check (role in ('child', 'parent', 'carer', 'sibling', 'other_adult')),
  unique (subject, agency, person)
);
create index member_named on referral.member (person)
"""

CONCERNS = f"""
create table referral.concern ({ACCOUNT},
  external_id text,
  kind text not null check (kind in ('physical', 'emotional', 'neglect', 'sexual', 'low_level',
    'attendance', 'behaviour', 'welfare', 'online', 'other')),
  narrative text not null,
  words_of_the_child text,
  immediate_action text,
  reporter_role text,
  school_rag text check (school_rag in ('red', 'amber', 'green')),
  occurred_at timestamptz not null,
  recorded_at timestamptz,
  received_at timestamptz not null,
  unique (agency, external_id)
);
create index concern_about on referral.concern (subject, occurred_at desc);
create index concern_by_author on referral.concern (agency, received_at desc, id desc)
"""

REFERRALS = f"""
create table referral.referral ({ACCOUNT},
  receiver text not null,
  children uuid[] not null,
  reason text not null,
  needs text[] not null,
  family_aware boolean not null,
  not_informed_reason text,
  submitted_at timestamptz not null,
  decide_by timestamptz not null
);
create index referral_about on referral.referral (subject, submitted_at desc);
create index referral_by_author on referral.referral (agency, submitted_at desc);
create index referral_by_receiver on referral.referral (receiver, submitted_at desc);
create table referral.move ({ACCOUNT},
  referral uuid not null references referral.referral,
  number integer not null check (number > 0),
  status text not null check (status in ('submitted', 'acknowledged', 'early_help', 'social_care',
    'returned', 'signposted', 'closed', 'withdrawn')),
  return_reason text,
  feedback text,
  referrer text not null,
  passed_to text,
  passed_to_agency text generated always as (split_part(passed_to, '/', 1)) stored,
  at timestamptz not null,
  unique (referral, number)
);
create index move_about on referral.move (subject);
create index move_passed_on on referral.move (passed_to_agency) where passed_to_agency is not null;
create table referral.triage ({ACCOUNT},
  referral uuid not null references referral.referral,
  scheme text not null check (scheme in ('mash')),
  rag text not null check (rag in ('red', 'amber', 'green')),
  level_of_need integer not null check (level_of_need between 1 and 4),
  rationale text not null,
  at timestamptz not null
);
create index triage_of on referral.triage (referral);
create index triage_about on referral.triage (subject)
"""

# The hub's caseloads show households; it learns here which of its subjects those are.
HOUSEHOLDS = """
create trigger note_household after insert on referral.household
  for each row execute function hub.note_household();
alter table referral.household enable always trigger note_household
"""


# Who moves a referral: services.referral.rules.moves.check_decider says the same. Asked in the mover's own
# name: what it may not see it does not move. Its first move is made with it.
MOVERS = f"""
create function referral.may_move(which uuid, there text) returns boolean language plpgsql stable as $$
declare told record; passed_to text;
begin
  select r.agency, r.receiver into told from referral.referral r where r.id = which;
  if there in ('submitted', 'withdrawn') then
    return coalesce(there = 'withdrawn' and told.agency = {OURS}, false);
  end if;
  select m.passed_to into passed_to from referral.move m
    where m.referral = which and m.passed_to is not null order by m.number desc limit 1;
  return coalesce({OURS} = coalesce(split_part(passed_to, '/', 1), told.receiver)
    or (there = 'social_care' and {OURS} = told.receiver), false);
end $$;
create function referral.moved_last(which uuid) returns text language plpgsql stable as $$
begin
  return (select m.agency from referral.move m where m.referral = which order by m.number desc limit 1);
end $$;
create policy decided on referral.move as restrictive for insert to {ROLE}
  with check ((status = 'submitted' and number = 1) or referral.may_move(referral, status));
create policy decided on referral.triage as restrictive for insert to {ROLE}
  with check (coalesce(referral.moved_last(referral) = {OURS}, false))
"""

ACCOUNTS = (
    "identity",
    "address",
    "attendance",
    "household",
    "member",
    "concern",
    "referral",
    "triage",
)


def upgrade() -> None:
    """Lay the tables and their walls."""
    run(PEOPLE)
    run(CONCERNS)
    run(REFERRALS)
    run(HOUSEHOLDS)
    walls = [wall for table in ACCOUNTS for wall in protect("referral", table, ROLE)]
    walls += protect("referral", "move", ROLE, authors=("agency", "referrer"))
    run("; ".join(walls))
    run(MOVERS)
    run(
        f"grant usage on schema referral to {ROLE}; "
        f"grant select, insert on referral.person, referral.person_key to {ROLE}"
    )


def downgrade() -> None:
    """There is nothing before the first tables."""
    run("drop schema referral cascade")
