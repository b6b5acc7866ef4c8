"""The families of one batch and everybody in them, as temporary tables that every other statement reads.

A family is its number `n`; its people are numbered `8 * n + slot`, children in slots 1 to 5, adults 6 and 7.
"""

from datetime import date

from deploy.demo.partnership import CHARITY, EARLY_HELP, HOUSING, MASH, NURSING
from deploy.seed.agencies import FAMILIES_OF_A_PRIMARY, PRIMARIES, PRIMARY, SECONDARY
from deploy.seed.chance import listed, quoted
from deploy.seed.words import FIRST_HALVES, GIVEN_NAMES, SECOND_HALVES, STREETS
from services.referral.rules import names

HELPERS = (*[EARLY_HELP.id] * 5, *[NURSING.id] * 2, *[HOUSING.id] * 2, CHARITY.id)
RECEIVERS = (*[MASH.id] * 3, *[EARLY_HELP.id] * 2)

# A given name as services.referral.rules.names folds it; our family names are plain letters.
LETTERS = listed(names.key(name, "", date.min).split("|")[1] for name in GIVEN_NAMES)

TABLES = """
create temp table family (
  n bigint, household uuid, name text, block int, children int, adults int, opened timestamptz,
  lines text[], postcode text, refers boolean, helper text, second text, nursing boolean, housing boolean
) on commit delete rows;
create temp table someone (
  n bigint, slot int, p bigint, person uuid, role text, given_name text, letters text, born date, sex text,
  grade int, school text, upn text
) on commit delete rows;
create temp table household (
  n bigint, household uuid, neighbourhood int, school text, opened timestamptz, helper text, second text,
  refers boolean, nursing boolean, housing boolean, children uuid[], adults uuid[], everybody uuid[]
) on commit delete rows;
create temp table place (number int primary key, postcode text)
"""

# Of a hundred families 44 have one child, 41 two, 11 three, 3 four, 1 five; a third have one adult.
FAMILY = f"""
insert into family
select n, pg_temp.random_id('household', n),
  pg_temp.pick({listed(FIRST_HALVES)}, pg_temp.chance(n, 'first half'))
    || pg_temp.pick({listed(SECOND_HALVES)}, pg_temp.chance(n, 'second half')),
  block, width_bucket(pg_temp.chance(n, 'children'), array[0, 0.44, 0.85, 0.96, 0.99]),
  case when pg_temp.chance(n, 'adults') < 0.35 then 1 else 2 end,
  pg_temp.ago(40 + 900 * pg_temp.chance(n, 'opened')),
  array[1 + floor(180 * pg_temp.chance(n, 'door')) || ' '
    || pg_temp.pick({listed(STREETS)}, pg_temp.chance(n, 'street'))],
  place.postcode, refers,
  case when refers then pg_temp.pick({listed(RECEIVERS)}, pg_temp.chance(n, 'receiver'))
    else pg_temp.pick({listed(HELPERS)}, pg_temp.chance(n, 'helper')) end,
  case when pg_temp.chance(n, 'second') < 0.4
    then pg_temp.pick({listed(HELPERS)}, pg_temp.chance(n, 'which second')) end,
  pg_temp.chance(n, 'nursing') < 0.15, pg_temp.chance(n, 'housing') < 0.2
from (
  select n, ((n - 1) / {FAMILIES_OF_A_PRIMARY})::int as block, pg_temp.chance(n, 'refers') < 0.25 as refers
  from generate_series($1::bigint, $2::bigint) n) numbered
join place on number = (37 * block + floor(37 * pg_temp.chance(n, 'place'))::int) % $3"""

# The first child is at school; brothers and sisters are up to five years older or three younger a step.
AGE = """least(17.4, greatest(0.1, 5.1 + 12.2 * pg_temp.chance(n, 'age')
  + case when slot = 1 then 0 else 8 * pg_temp.chance(p, 'gap') - 5 end))"""

CHILDREN = f"""
insert into someone
select n, slot, p, pg_temp.random_id('person', p), 'child',
  pg_temp.pick({listed(GIVEN_NAMES)}, pg_temp.chance(p, 'given name')),
  pg_temp.pick({LETTERS}, pg_temp.chance(p, 'given name')), born,
  pg_temp.pick('{{M,F}}', pg_temp.chance(p, 'sex')), grade,
  case when grade between 0 and 6 then {PRIMARY} when grade between 7 and 13 then {SECONDARY} end
from family
cross join lateral (select slot, 8 * n + slot as p from generate_series(1, children) slot) child
cross join lateral (select pg_temp.ago(365.25 * {AGE})::date as born) birth
cross join lateral (
  select pg_temp.school_year() - 4 - extract(year from born + interval '4 months')::int as grade) school"""

ADULTS = f"""
insert into someone
select n, slot, p, pg_temp.random_id('person', p), 'parent',
  pg_temp.pick({listed(GIVEN_NAMES)}, pg_temp.chance(p, 'given name')),
  pg_temp.pick({LETTERS}, pg_temp.chance(p, 'given name')),
  pg_temp.ago(365.25 * (34 + 18 * pg_temp.chance(p, 'age')))::date,
  pg_temp.pick('{{M,F}}', pg_temp.chance(p, 'sex'))
from family, generate_series(6, 5 + adults) slot, lateral (select 8 * n + slot as p) adult"""

# A permanent UPN: establishments from 9000 on do not exist, so no real child has one of these.
# The letter is that of services.referral.rules.identifiers.check_letter.
UPN = """
update someone set upn = substr('ABCDEFGHJKLMNPQRTUVWXYZ', 1 + (
    select sum((place + 1) * substr(digits, place, 1)::int) from generate_series(1, 12) place)::int % 23, 1)
  || digits
from (select p as child, '8019' || {seed} || lpad((5 * (n - 1) + slot - 1)::text, 7, '0') as digits
  from someone where role = 'child' and grade >= 0) numbered
where p = child"""

# The school of the first child is the one that brings the household together.
HOUSEHOLD = f"""
insert into household
select f.n, f.household, 1 + f.block / {PRIMARIES}, first.school, f.opened, f.helper,
  case when f.second <> f.helper and not (f.refers and f.second = {quoted(EARLY_HELP.id)}) then f.second end,
  f.refers, f.nursing, f.housing, of_them.children, of_them.adults,
  f.household || of_them.children || of_them.adults
from family f join someone first on first.n = f.n and first.slot = 1
join (
  select n, array_agg(person order by slot) filter (where role = 'child') as children,
    array_agg(person order by slot) filter (where role <> 'child') as adults
  from someone group by n) of_them on of_them.n = f.n"""


def statements(seed: int) -> tuple[str, ...]:
    """What makes a batch, from its first to its last family (`$1`, `$2`) and the number of places (`$3`)."""
    return FAMILY, CHILDREN, ADULTS, UPN.format(seed=seed), HOUSEHOLD
