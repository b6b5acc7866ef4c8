"""Who may see what: decisions as agencies record them, and what the ledger makes of them.

With its triggers on, the ledger fills `hub.share`, `hub.restriction`, `hub.sight` and `hub.caseload` itself.
SHARE, PASSED_ON, RESTRICTION, SIGHT and `trace.CASELOAD` say the same over sets; a test holds the two equal.
"""

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, NURSING, POLICE
from deploy.seed.chance import quoted
from hub.policy import HIDDEN_FROM_OTHERS, OPENED

TABLES = """
create temp table decided (
  d bigint, decision uuid, event text, agency text, purpose text, basis text, agreement uuid, giver uuid,
  categories text[], subjects uuid[], recorded_by text,
  asked text[], authors text[], at timestamptz, starts timestamptz, ends timestamptz,
  fate text
) on commit delete rows
"""

FIRST = "{family_household,identity_contact,safeguarding_concern,education_attendance,home_address}"
NEXT = "{family_household,identity_contact,education_attendance}"
WITH_A_REFERRAL = (
    "{existence,identity_contact,home_address,family_household,safeguarding_concern,request_for_help,"
    "education_attendance}"
)
PLAN = "{plan_and_actions,meeting_minutes}"
# The decisions among agencies that are no schools.
OTHERS = "4, 6, 7, 8, 9"
FATES = "{withdrawn,withdrawn,withdrawn,withdrawn,expired,expired,expired,expired,waiting}"
PURPOSES = "{early_help,early_help,early_help,early_help,attendance,service_delivery}"

# Of every family: to whom, what for, which categories, by whom, when. `kind` numbers a family's decisions.
WISHES = f"""
  select n, 1 as kind, helper as agency, 'early_help' as purpose,
    ('{FIRST}'::text[])[1:3 + floor(3 * pg_temp.chance(n, 'first'))::int] as categories,
    school as recorded_by, opened + interval '32 days' as at
  from household where not refers
union all
  select n, 1 + r % 2, receiver, 'early_help', '{WITH_A_REFERRAL}', referrer, submitted from asked
union all
  select n, 3, second, pg_temp.pick('{PURPOSES}', pg_temp.chance(n, 'purpose')),
    ('{NEXT}'::text[])[1:1 + floor(3 * pg_temp.chance(n, 'second'))::int], school, opened + interval '34 days'
  from household where second is not null
union all
  select a.n, 4, {quoted(EARLY_HELP.id)}, 'early_help', '{WITH_A_REFERRAL}', receiver, s.at
  from asked a join step s using (r)
  where r % 2 = 0 and receiver = {quoted(MASH.id)} and s.status = 'early_help'
union all
  select n, 5, school, 'early_help', '{PLAN}', {quoted(EARLY_HELP.id)}, started from support
union all
  select n, 6, {quoted(NURSING.id)}, 'early_help', '{PLAN}', {quoted(EARLY_HELP.id)}, started
  from support where nursing
union all
  select n, 7, {quoted(HOUSING.id)}, 'early_help', '{PLAN}', {quoted(EARLY_HELP.id)}, started
  from support where housing
union all
  select n, 8, {quoted(EARLY_HELP.id)}, 'early_help', '{{health_physical}}', {quoted(NURSING.id)}, started
  from support where nursing
union all
  select n, 9, {quoted(EARLY_HELP.id)}, 'early_help', '{{housing_tenancy}}', {quoted(HOUSING.id)}, started
  from support where housing
union all
  select n, 10, {quoted(POLICE.id)}, 'safeguarding', '{{existence,identity_contact,safeguarding_concern}}',
    school, opened + interval '3 days'
  from household where pg_temp.chance(n, 'safeguarding') < 0.04
union all
  select n, 11, {quoted(POLICE.id)}, 'early_help', '{{safeguarding_concern}}', school,
    opened + interval '33 days'
  from household where pg_temp.chance(n, 'not shared') < 0.02
union all
  select n, 12, {quoted(HOUSING.id)}, null, '{{home_address}}', school, opened + interval '2 days'
  from household where pg_temp.chance(n, 'sealed') < 0.02
"""

# Whoever knows the family countersigns what goes with a referral, and the MASH passes on what that shows it;
# nothing else opens what another agency wrote. Of a hundred free decisions four are withdrawn, four have
# expired, one has yet to begin. Two adults speak each for themselves: then no one giver is named.
DECIDED = f"""
insert into decided
select 16 * n + kind, pg_temp.random_id('decision', 16 * n + kind),
  case kind when 11 then 'not_shared' when 12 then 'restricted' else 'given' end, agency, purpose, basis,
  case when kind < 10 then pg_temp.random_id('agreement',
    case when kind in ({OTHERS}) then 0 else neighbourhood end) end,
  case when basis = 'agreement' and cardinality(adults) = 1 then adults[1] end, categories, h.everybody,
  recorded_by,
  asked, case when kind = 4 then recorded_by || others else recorded_by || asked end, at,
  case when fate = 'waiting' then pg_temp.ago(-10) else at end,
  case when fate = 'expired' then pg_temp.ago(1) when kind = 12 then 'infinity'
    else at + interval '3 years' end,
  fate
from ({WISHES}) wish (n, kind, agency, purpose, categories, recorded_by, at)
join household h using (n)
cross join lateral (select array(select a.agency from account a where a.n = h.n
  union select c.agency from noticed c where c.n = h.n
  except values (wish.agency), (recorded_by) order by 1) as others) known
cross join lateral (select case when refers and kind in (1, 2) then others else '{{}}' end as asked) them
cross join lateral (select case
  when kind in (1, 3) and not refers then pg_temp.pick('{FATES}',
    pg_temp.chance(16 * n + kind, 'fate') / 0.09)
  when kind = 12 and pg_temp.chance(n, 'lifted') < 0.3 then 'lifted' end as fate) life
cross join lateral (select case when kind = 12 then null when kind = 10 then 'safeguarding'
  when pg_temp.chance(16 * n + kind, 'basis') < 0.15 then 'statutory_duty'
  else 'agreement' end as basis) why"""

# Those who countersign under the agreement of everybody else, and not of their neighbourhood.
ELSEWHERE = ", ".join(quoted(agency.id) for agency in (POLICE, NURSING, HOUSING))
BACKING = f"""case when author = any(asked) and author in ({ELSEWHERE}) then pg_temp.random_id('agreement', 0)
    else agreement end"""

# What came first is recorded first; what ends a decision names the same agency, people and categories.
DECISION_EVENT = f"""
insert into hub.decision_event (id, decision, event, agency, purpose, basis, agreement, categories, subjects,
  asked, begun_by, reason, giver, given_by, capacity, detriment_test, starts, ends, recorded_by, client,
  practitioner, at)
select pg_temp.timed_id(at, event || recorded_by, d), decision, event, agency, purpose, basis, agreement,
  categories, subjects, asked, begun_by, 'The family and the agency decided this together. Synthetic.', giver,
  case when giver is not null then 'A parent with parental responsibility'
    when basis = 'agreement' and event in ('given', 'not_shared')
    then 'Both parents, each for themselves and for the children' end,
  case when giver is not null then 'pr_holder' end,
  case when basis <> 'agreement' then 'Not sharing would leave the child without help.' end,
  starts, ends, recorded_by, recorded_by, 'specimen', at
from (
  select d, decision, event, agency, purpose, basis, agreement, categories, subjects, asked, giver, starts,
    ends, recorded_by, null as begun_by, at
  from decided
  union all
  select d, decision, 'countersigned', agency, purpose, basis, {BACKING}, categories, subjects, asked, null,
    starts, ends, author, recorded_by, at + interval '1 second'
  from decided, unnest(asked) author
  union all
  select d, decision, fate, agency, purpose, basis, null, categories, subjects, asked, null, ended,
    'infinity', recorded_by, null, ended
  from decided, lateral (
    select case fate when 'expired' then ends else at + interval '5 days' end as ended) moment
  where fate in ('withdrawn', 'expired', 'lifted')) entry
order by at, d, recorded_by"""

# That they are made up is in the log with them: they bear days on which nobody recorded them.
ENTERED = """
select hub.enter('decision_event', array(
  select e.id from hub.decision_event e join decided using (decision) order by e.at), 'seed')"""

STANDS = "coalesce(fate, 'waiting') = 'waiting'"

# What somebody passes on is shown no longer than it was shown to them: the longest of what they had by then.
PASSED_ON = """
insert into hub.passed_on (decision, subject, category, author, through, ends)
select d.decision, subject, category, author, array[author], had.until
from decided d, unnest(subjects) subject, unnest(categories) category, unnest(authors) author
cross join lateral (select max(s.ends) as until from decided s where s.d / 16 = d.d / 16
  and s.event = 'given' and s.fate is null and s.at < d.at and s.agency = d.recorded_by
  and author = any(s.authors)
  and category = any(s.categories)) had
where d.event = 'given' and author <> d.recorded_by and author <> all(d.asked) and had.until is not null
order by subject"""

SHARE = f"""
insert into hub.share
  (subject, category, purpose, agency, author, discloser, decision, basis, agreement, starts, ends)
select subject, category, purpose, agency, author,
  case when author = any(asked) then author else recorded_by end, decision, basis,
  {BACKING}, starts, least(decided.ends, p.ends)
from decided cross join unnest(subjects) subject cross join unnest(categories) category
  cross join unnest(authors) author
  left join hub.passed_on p using (decision, subject, category, author)
where event = 'given' and {STANDS} and (author = recorded_by or author = any(asked) or p.ends is not null)
order by subject"""

RESTRICTION = f"""
insert into hub.restriction (subject, category, agency, decision, ends)
select subject, category, agency, decision, ends
from decided, unnest(subjects) subject, unnest(categories) category
where event = 'restricted' and {STANDS} order by subject"""

SIGHT = f"""
insert into hub.sight (subject, category, agency, purpose, author, practitioner, effect, source, starts, ends)
select s.subject, s.category, s.agency, s.purpose, s.author, '', {OPENED}, s.decision, s.starts, s.ends
from hub.share s join decided d using (decision) where d.event = 'given'
union all
select r.subject, r.category, r.agency, '', '', '', {HIDDEN_FROM_OTHERS}, r.decision, '-infinity', r.ends
from hub.restriction r join decided d using (decision) where d.event = 'restricted'
order by 1"""
