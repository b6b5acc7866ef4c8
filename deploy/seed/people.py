"""What agencies know of people: persons and their keys, accounts of who they are, addresses, attendance."""

from deploy.demo.partnership import HOUSING, NURSING
from deploy.seed.chance import quoted
from deploy.seed.trace import told

TABLES = """
create temp table account (
  n bigint, p bigint, person uuid, agency text, at timestamptz, own_pupil boolean
) on commit delete rows
"""

# The family's school knows everybody, another school its own pupils, nursing and housing a few.
ACCOUNT = f"""
insert into account
select s.n, p, person, h.school, h.opened, s.school is not distinct from h.school
  from someone s join household h using (n)
union all
select s.n, p, person, s.school, h.opened + interval '20 days', true
  from someone s join household h using (n) where s.school <> h.school
union all
select s.n, p, person, {quoted(NURSING.id)}, h.opened + interval '25 days', false
  from someone s join household h using (n) where h.nursing and role = 'child'
union all
select s.n, p, person, {quoted(HOUSING.id)}, h.opened + interval '30 days', false
  from someone s join household h using (n) where h.housing and role <> 'child'"""

PERSON = "insert into referral.person (id) select person from someone"

# RFC 2104, from the two padded keys (`$1` inner, `$2` outer): the digest under which the hub matches a UPN.
KEYS = """
insert into referral.person_key (scheme, digest, person)
select 'upn', sha256($2::bytea || sha256($1::bytea || convert_to(upn, 'UTF8'))), person
from someone where upn is not null"""

NAME_KEYS = """
insert into referral.name_key (digest, person)
select sha256($2::bytea || sha256($1::bytea || convert_to(
  'name|' || letters || '|' || lower(f.name) || '|' || born, 'UTF8'))), person
from someone s join family f on f.n = s.n"""

IDENTITY = """
insert into referral.identity (id, subject, category, agency, given_name, family_name, date_of_birth, sex,
  upn, year_group, updated_at)
select pg_temp.random_id('identity ' || a.agency, p), a.person, 'identity_contact', a.agency, s.given_name,
  f.name, s.born, s.sex, case when own_pupil then s.upn end,
  case when own_pupil and s.role = 'child' then case when s.grade = 0 then 'R' else s.grade::text end end,
  a.at
from account a join someone s using (p) join family f on f.n = a.n"""

ADDRESS = f"""
insert into referral.address (id, subject, category, agency, lines, postcode, updated_at)
select pg_temp.random_id('address ' || a.agency, p), a.person, 'home_address', a.agency, f.lines,
  f.postcode, a.at
from account a join someone s using (p) join family f on f.n = a.n
where s.role = 'child' or s.slot = 6 or a.agency = {quoted(HOUSING.id)}"""

# One pupil in six misses a tenth or more of the sessions, a few miss half.
ATTENDANCE = """
insert into referral.attendance (id, subject, category, agency, year, possible, attended, authorised,
  unauthorised, updated_at)
select pg_temp.random_id('attendance ' || back, p), person, 'education_attendance', school,
  (pg_temp.school_year() - back)::text, possible, possible - missed, missed - unauthorised, unauthorised,
  pg_temp.ago(1 + 200 * back)
from someone
cross join generate_series(0, 1) back
cross join lateral (select case when back = 0 then 120 else 380 end as possible) sessions
cross join lateral (select floor(possible * (0.01 + 0.07 * pg_temp.chance(p, 'absence ' || back)
  + 0.5 * power(pg_temp.chance(p, 'absence'), 12)))::int as missed) absence
cross join lateral (select floor(missed * pg_temp.chance(p, 'unauthorised'))::int as unauthorised) of_them
where school is not null and grade >= back"""

HOUSEHOLD = """
insert into referral.household (id, subject, category, agency, name, created_at)
select h.household, h.household, 'family_household', h.school, f.name, h.opened
from household h join family f using (n)"""

MEMBER = """
insert into referral.member (id, subject, category, agency, person, role)
select pg_temp.random_id('member', p), h.household, 'family_household', h.school, s.person, s.role
from someone s join household h using (n)"""

STATEMENTS = (
    ACCOUNT,
    PERSON,
    told(IDENTITY, "'person.registered'", at="updated_at", about="null"),
    ADDRESS,
    ATTENDANCE,
    told(HOUSEHOLD, "'household.opened'", at="created_at", about="null"),
    MEMBER,
)
KEYED = (KEYS, NAME_KEYS)
