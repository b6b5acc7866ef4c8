"""Concerns, as unequal as in life: most families have none or one, a few have dozens."""

from deploy.demo.partnership import HOUSING, NURSING, POLICE
from deploy.seed.chance import listed, quoted
from deploy.seed.trace import told
from deploy.seed.words import ACTIONS_TAKEN, CHILDRENS_WORDS, OBSERVATIONS

KINDS = (
    *["behaviour"] * 5,
    *["welfare"] * 5,
    *["attendance"] * 4,
    *["emotional"] * 3,
    *["low_level"] * 3,
    *["neglect"] * 2,
    *["online"] * 2,
    *("physical", "sexual", "other"),
)

TABLES = """
create temp table noticed (
  c bigint, n bigint, concern uuid, person uuid, agency text, occurred timestamptz, received timestamptz
) on commit delete rows
"""

# Pareto's law: 42 of a hundred families have a concern, ten have five or more, one has thirty.
NOTICED = f"""
insert into noticed
select c, n, pg_temp.random_id('concern', c), s.person,
  case when by < 0.82 then coalesce(s.school, h.school) when by < 0.92 then {quoted(POLICE.id)}
    when by < 0.97 then {quoted(NURSING.id)} else {quoted(HOUSING.id)} end,
  occurred, occurred + make_interval(secs => floor(7200 * pg_temp.chance(c, 'received')))
from household h
cross join lateral generate_series(1, least(60,
  floor(power(1 - pg_temp.chance(n, 'concerns'), -0.8)) - 1)::int) number
cross join lateral (select 64 * n + number as c) counted
cross join lateral (select pg_temp.chance(c, 'by') as by,
  pg_temp.ago(2 + 800 * pg_temp.chance(c, 'occurred')) as occurred) told
join someone s using (n)
where s.slot = 1 + floor(cardinality(h.children) * power(pg_temp.chance(c, 'about whom'), 2))"""

SAID = f"pg_temp.pick({listed(OBSERVATIONS)}, pg_temp.chance(c, 'observation %s'))"

CONCERN = f"""
insert into referral.concern (id, subject, category, agency, external_id, kind, narrative,
  words_of_the_child, immediate_action, reporter_role, school_rag, occurred_at, recorded_at, received_at)
select concern, person, 'safeguarding_concern', agency, 'specimen-' || concern,
  pg_temp.pick({listed(KINDS)}, pg_temp.chance(c, 'kind')),
  concat_ws(' ', {SAID % 1}, case when pg_temp.chance(c, 'more') < 0.7 then {SAID % 2} end,
    case when pg_temp.chance(c, 'more') < 0.3 then {SAID % 3} end),
  case when pg_temp.chance(c, 'words') < 0.3
    then pg_temp.pick({listed(CHILDRENS_WORDS)}, pg_temp.chance(c, 'which words')) end,
  pg_temp.pick({listed(ACTIONS_TAKEN)}, pg_temp.chance(c, 'action')),
  pg_temp.pick('{{teacher,teaching assistant,designated safeguarding lead,officer}}',
    pg_temp.chance(c, 'reporter')),
  case when pg_temp.chance(c, 'coloured') < 0.6
    then pg_temp.pick('{{green,green,green,amber,amber,red}}', pg_temp.chance(c, 'colour')) end,
  occurred, received, received
from noticed"""

# Whoever keeps a record of somebody or raises a concern is working with them (referral.involve()).
INVOLVED = """
select distinct on (agency, subject) agency, subject, role, starts from (
  select agency, person as subject, 'keeps a record' as role, at as starts, 1 as place from account
  union all
  select agency, person, 'raised a concern', received, 2 from noticed) work
order by agency, subject, place, starts"""
INVOLVEMENT = f"""
insert into referral.involvement
  (id, subject, category, agency, involvement, number, role, lead, starts)
select md5('1' || agency || subject)::uuid, subject, 'existence', agency, md5(agency || subject)::uuid, 1,
  role, false, starts
from ({INVOLVED}) work"""
# The triggers know no other time than now.
INVOLVEMENT_TIMES = f"""
update referral.involvement i set id = md5('1' || i.agency || i.subject)::uuid, starts = w.starts
from ({INVOLVED}) w where i.agency = w.agency and i.subject = w.subject"""

STATEMENTS = (NOTICED, told(CONCERN, "'concern.received'", at="received_at"))
