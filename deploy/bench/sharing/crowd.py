"""A crowd of families, with what row security meets on its way: people, households, accounts, the ledger.

`hub seed` gives a family everything (27 kB). To see whether a reader's price grows with the number of
families, what counts is how many rows stand in the tables and indexes that the reader's statement and its
policy go through: these are filled, set by set, exactly as the ledger's triggers would have left them.
"""

from collections.abc import Callable

import asyncpg

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, NURSING, POLICE

BATCH = 20_000
RECEIVERS = [HOUSING.id, NURSING.id, MASH.id, POLICE.id]
CATEGORIES = [
    *("family_household", "identity_contact", "education_attendance", "home_address"),
    *("safeguarding_concern", "plan_and_actions"),
]
THERE = "select count(*) from referral.household where name = 'Crowd'"
SETTINGS = "set synchronous_commit = off; set work_mem = '128MB'; set timezone = 'UTC'"

FAMILIES = """
create temp table crowd on commit drop as
select n, md5('crowd household ' || n)::uuid as household,
  array(select md5('crowd person ' || n || ' ' || slot)::uuid from generate_series(1, 3) slot) as people,
  schools[1 + n % cardinality(schools)] as school,
  now() - n * interval '40 seconds' as opened
from generate_series($1::bigint, $2::bigint) n,
  (select array_agg(id order by id) as schools from hub.agency where type = 'school') s"""

# Everybody's school knows them; the council's early help team has one family in ten; two others have some.
LEDGER = """
create temp table seen on commit drop as
select subject, category, agency, school, md5('crowd decision ' || n || agency)::uuid as decision,
  opened as starts
from crowd, lateral (
    select $1 as agency where n % 10 = 0
    union select ($2::text[])[1 + n % 4] union select ($2::text[])[1 + (n / 4) % 4]) told,
  unnest(people || household) subject, unnest($3::text[]) category"""

FILLED = (
    "insert into referral.person (id) select unnest(people) from crowd",
    """insert into referral.household (id, subject, agency, category, name, created_at)
      select household, household, school, 'family_household', 'Crowd', opened from crowd""",
    """insert into referral.member (id, subject, agency, category, person, role)
      select gen_random_uuid(), household, school, 'family_household', person,
        case number when 1 then 'child' else 'parent' end
      from crowd, unnest(people) with ordinality each (person, number)""",
    """insert into referral.identity (id, subject, agency, category, given_name, family_name, date_of_birth,
        updated_at)
      select gen_random_uuid(), person, school, 'identity_contact', 'Sky', 'Crowd', '2015-01-01', opened
      from crowd, unnest(people) person""",
    """insert into referral.address (id, subject, agency, category, lines, postcode, updated_at)
      select gen_random_uuid(), person, school, 'home_address', '{1 Example Street}', 'BS5 6AA', opened
      from crowd, unnest(people) person""",
    """insert into referral.concern (id, subject, agency, category, kind, narrative, occurred_at, received_at)
      select gen_random_uuid(), people[1], school, 'safeguarding_concern', 'welfare', 'Synthetic.', opened,
        opened from crowd""",
    """insert into hub.share
        (subject, category, purpose, agency, author, discloser, decision, basis, starts, ends)
      select subject, category, 'early_help', agency, school, school, decision, 'agreement', starts,
        'infinity' from seen order by subject""",
    """insert into hub.sight
        (subject, category, agency, purpose, author, practitioner, effect, source, starts, ends)
      select subject, category, agency, 'early_help', school, '', 1, decision, starts, 'infinity' from seen
      order by subject""",
    """insert into hub.caseload (agency, purpose, subject, own, updated_at)
      select school, 'early_help', unnest(people || household), true, opened from crowd
      union all select distinct agency, 'early_help', subject, false, starts from seen""",
)
TABLES = "referral.person, referral.household, referral.member, referral.identity, referral.address,"
LEDGERS = " referral.concern, hub.share, hub.sight, hub.caseload"


async def crowded(administrator: asyncpg.Connection, families: int, progress: Callable[[int], None]) -> None:
    """See that so many families of the crowd are there. What was interrupted goes on where it stopped."""
    await administrator.execute(SETTINGS)
    there = await administrator.fetchval(THERE)
    for first in range(there + 1, families + 1, BATCH):
        last = min(first + BATCH - 1, families)
        async with administrator.transaction():
            await administrator.execute("set local session_replication_role = replica")
            await administrator.execute(FAMILIES, first, last)
            await administrator.execute(LEDGER, EARLY_HELP.id, RECEIVERS, CATEGORIES)
            for statement in FILLED:
                await administrator.execute(statement)
        progress(last)
    if there < families:
        await administrator.execute(f"vacuum (analyze) {TABLES}{LEDGERS}")
