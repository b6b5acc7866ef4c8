"""Families who are helped: agreement to take part, a whole-family assessment, a plan, meetings."""

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, NURSING
from deploy.seed.chance import listed, quoted
from deploy.seed.trace import told
from deploy.seed.words import ACTIONS, CHILDRENS_WORDS, GOALS, STRENGTHS, WORRIES

LEAD = quoted(EARLY_HELP.id)

TABLES = """
create temp table support (
  n bigint, household uuid, school text, nursing boolean, housing boolean, children uuid[], adults uuid[],
  everybody uuid[], agencies text[], started timestamptz, assessment uuid, reviewed boolean,
  plan uuid, closed boolean
) on commit delete rows;
create temp table aim (
  g bigint, n bigint, goal uuid, subject uuid, planned timestamptz
) on commit delete rows;
create temp table task (
  t bigint, g bigint, action uuid, owner text, assigned timestamptz, outcome text
) on commit delete rows;
create temp table meeting (
  m bigint, n bigint, meeting uuid, at timestamptz
) on commit delete rows
"""

SUPPORT = f"""
insert into support
select h.n, h.household, h.school, h.nursing, h.housing, h.children, h.adults, h.everybody,
  array_remove(array[{LEAD}, h.school, case when h.nursing then {quoted(NURSING.id)} end,
    case when h.housing then {quoted(HOUSING.id)} end], null),
  s.at + interval '8 hours', pg_temp.random_id('assessment', h.n), reviewed,
  case when reviewed and pg_temp.chance(h.n, 'plan') < 0.85 then pg_temp.random_id('plan', h.n) end, a.closed
from asked a join step s using (r) join household h on h.n = a.n
cross join lateral (
  select s.at < pg_temp.ago(45) and pg_temp.chance(h.n, 'reviewed') < 0.9 as reviewed) so_far
where r % 2 = 0 and s.status = 'early_help' and s.at < pg_temp.ago(1)
  and pg_temp.chance(h.n, 'assessed') < 0.8"""

ENGAGEMENT = f"""
insert into assessment.engagement (id, agency, subject, at, given_by, capacity, method, given_on, words_shown)
select pg_temp.timed_id(started, 'engagement', n), {LEAD}, household, started, 'A parent', 'pr_holder',
  'in_person', started::date,
  'Early help is voluntary. You decide who is told what, and you can change your mind.'
from support"""

ASSESSMENT = f"""
insert into assessment.assessment (id, agency, subject, at, framework, framework_version, lead_practitioner,
  children, adults, started)
select assessment, {LEAD}, household, started, 'assessment_triangle', '1', 'Specimen practitioner',
  children, adults, started::date
from support"""

ASSESSMENT_MOVE = f"""
insert into assessment.assessment_move (id, agency, subject, at, keeper, assessment, number, status, decision)
select pg_temp.timed_id(started + after, 'assessment move ' || number, n), {LEAD}, household, started + after,
  {LEAD}, assessment, number, status, case when status = 'completed' then
    case when plan is null then 'single_agency' else 'plan' end end
from support cross join (values
  (1, 'draft', interval '0', true), (2, 'in_progress', interval '2 days', true),
  (3, 'family_reviewed', interval '20 days', false), (4, 'completed', interval '21 days', false)
) life (number, status, after, always)
where (always or reviewed) and started + after < pg_temp.ago(0)"""

# Who says something about whom, in which category: what has its own category is its own row.
SECTION = f"""
insert into assessment.section (id, agency, subject, at, category, assessment, household, dimension,
  strengths, worries, words_of_the_child)
select pg_temp.timed_id(said, 'section ' || category, 8 * n + place), agency, subject, said, category,
  assessment, household, dimension,
  pg_temp.pick({listed(STRENGTHS)}, pg_temp.chance(8 * n + place, 'strengths ' || category)),
  jsonb_build_array(jsonb_build_object('standing', 'opinion', 'text',
    pg_temp.pick({listed(WORRIES)}, pg_temp.chance(8 * n + place, 'worries ' || category)))),
  case when category = 'wishes_feelings'
    then pg_temp.pick({listed(CHILDRENS_WORDS)}, pg_temp.chance(8 * n + place, 'wishes')) end
from support
cross join lateral (
  select 0 as place, household as subject, {LEAD} as agency, 'family_household' as category,
    'stability' as dimension
  union all select 0, household, {quoted(HOUSING.id)}, 'housing_tenancy', 'housing' where housing
  union all select 0, household, {quoted(MASH.id)}, 'social_care_history', 'ensuring_safety'
    where pg_temp.chance(n, 'history') < 0.2
  union all select place, child, school, 'education_attendance', 'education'
    from unnest(children) with ordinality child (child, place)
  union all select place, child, {LEAD}, 'wishes_feelings', null
    from unnest(children) with ordinality child (child, place)
  union all select place, child, {quoted(NURSING.id)}, 'health_physical', 'health'
    from unnest(children) with ordinality child (child, place) where nursing) known
cross join lateral (select started + make_interval(hours => 12 + place::int) as said) moment"""

PLAN = f"""
insert into assessment.plan (id, agency, subject, at, assessment, tier, starts, target_end, lead_practitioner,
  children, adults)
select plan, {LEAD}, household, started + interval '22 days', assessment,
  pg_temp.pick('{{early_response,early_response,intensive_whole_family}}', pg_temp.chance(n, 'tier')),
  started::date + 23, started::date + 203, 'Specimen practitioner', children, adults
from support where plan is not null"""

PLAN_MOVE = f"""
insert into assessment.plan_move (id, agency, subject, at, keeper, plan, number, status)
select pg_temp.timed_id(started + after, 'plan move ' || number, n), {LEAD}, household, started + after,
  {LEAD}, plan, number, status
from support cross join (values
  (1, 'draft', interval '22 days'), (2, 'agreed_with_family', interval '23 days'),
  (3, 'active', interval '24 days'), (4, 'closing', interval '170 days'), (5, 'closed', interval '175 days')
) life (number, status, after)
where plan is not null and (number < 4 or closed)"""

AIM = """
insert into aim
select g, n, pg_temp.random_id('goal', g), everybody[1 + number % cardinality(everybody)],
  started + interval '23 days'
from support cross join lateral generate_series(1, 1 + floor(4 * pg_temp.chance(n, 'goals'))::int) number
cross join lateral (select 8 * n + number as g) counted
where plan is not null"""

GOAL = f"""
insert into assessment.goal (id, agency, subject, at, plan, household, area, text, baseline, target)
select goal, {LEAD}, subject, planned, plan, household,
  pg_temp.pick('{{emotional_wellbeing,time_management,housing,education_send,financial_advice}}',
    pg_temp.chance(g, 'area')),
  pg_temp.pick({listed(GOALS)}, pg_temp.chance(g, 'goal')), '3 of 10', '8 of 10'
from aim join support using (n)"""

TASK = """
insert into task
select t, g, pg_temp.random_id('action', t), pg_temp.pick(agencies, pg_temp.chance(t, 'owner')),
  planned + interval '1 hour', (array['dropped', 'open', 'open', 'open', 'open'])[1 + floor(
    pg_temp.chance(t, 'outcome') * 11)::int]
from aim join support using (n)
cross join lateral generate_series(1, 1 + floor(3 * pg_temp.chance(g, 'actions'))::int) number
cross join lateral (select 4 * g + number as t) counted"""

ACTION = f"""
insert into assessment.action (id, agency, subject, at, plan, goal, household, text, owner, due)
select action, {LEAD}, subject, assigned, plan, goal, household,
  pg_temp.pick({listed(ACTIONS)}, pg_temp.chance(t, 'action')), owner, assigned::date + 30
from task join aim using (g) join support using (n)"""

ACTION_MOVE = f"""
insert into assessment.action_move (id, agency, subject, at, keeper, action, number, status)
select pg_temp.timed_id(assigned + after, 'action move ' || number, t),
  case number when 1 then {LEAD} else owner end, subject, assigned + after, {LEAD}, action, number, status
from task join aim using (g)
cross join lateral (values (1, 'open', interval '0'), (2, coalesce(outcome, 'done'), interval '10 days')
) life (number, status, after)
where number = 1 or status <> 'open'"""

OFFER = f"""
insert into assessment.offer (id, agency, subject, at, plan, household, service, name, source, why)
select pg_temp.timed_id(started + interval '25 days', 'offer', n), {LEAD}, household,
  started + interval '25 days', plan, household,
  pg_temp.random_id('service', n % 200)::text,
  'Specimen family group', 'specimen directory',
  'It is near, it is free, and there is a place on Thursday.'
from support where plan is not null and pg_temp.chance(n, 'offer') < 0.5"""

MEETING = """
insert into meeting
select m, n, pg_temp.random_id('meeting', m), moment
from support cross join lateral generate_series(1, 1 + floor(4 * pg_temp.chance(n, 'meetings'))::int) number
cross join lateral (select 8 * n + number as m, started + number * interval '42 days' as moment) held
where plan is not null and moment < pg_temp.ago(0)"""

MEETING_CALLED = f"""
insert into assessment.meeting (id, agency, subject, at, starts_at, venue, private_room, agencies)
select meeting, {LEAD}, household, at - interval '14 days', at, 'Specimen Family Hub', true, agencies
from meeting join support using (n)"""

MINUTE = """
insert into assessment.minute (id, agency, subject, at, meeting, text, decision)
select pg_temp.timed_id(at, 'minute ' || agency, m), agency, household, at + place * interval '5 minutes',
  meeting, 'Said what is going well, what is not, and what happens next.',
  'Go on, and look again in six weeks.'
from meeting join support using (n)
cross join lateral unnest(agencies) with ordinality attending (agency, place)"""

STATEMENTS = (
    told(ENGAGEMENT, "'engagement.given'"),
    told(ASSESSMENT, "'assessment.started'"),
    told(ASSESSMENT_MOVE, "'assessment.' || status", about="assessment", which="number > 2"),
    told(SECTION, "'section.contributed'"),
    told(PLAN, "'plan.drafted'"),
    told(PLAN_MOVE, "'plan.' || status", about="plan", which="number > 1"),
    AIM,
    told(GOAL, "'goal.set'"),
    TASK,
    told(ACTION, "'action.assigned'"),
    told(ACTION_MOVE, "'action.' || status", about="action", which="number > 1"),
    told(OFFER, "'offer.made'"),
    MEETING,
    told(MEETING_CALLED, "'meeting.called'"),
    told(MINUTE, "'minute.written'"),
)
