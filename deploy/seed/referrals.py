"""Requests for help: a quarter of families have one, and each has got as far as referrals get."""

from deploy.seed.chance import listed
from deploy.seed.trace import told
from deploy.seed.words import NEEDS, REASONS

TABLES = """
create temp table asked (
  r bigint, n bigint, referral uuid, household uuid, children uuid[], referrer text, receiver text,
  submitted timestamptz, outcome text, closed boolean
) on commit delete rows;
create temp table step (
  r bigint, number int, status text, agency text, at timestamptz, feedback text, return_reason text
) on commit delete rows
"""

# Three in five are taken on as early help (what the list of rarer endings leaves); some ask twice.
ASKED = """
insert into asked
select r, n, pg_temp.random_id('referral', r), household, children, school, helper, submitted, outcome,
  outcome in ('early_help', 'social_care') and submitted < pg_temp.ago(200)
    and pg_temp.chance(r, 'closed') < 0.6
from household
cross join lateral (select 2 * n + number as r, pg_temp.ago(
  2 + extract(epoch from pg_temp.ago(32) - opened) / 86400 * pg_temp.chance(2 * n + number, 'submitted')
) as submitted from generate_series(0, 1) number) numbered
cross join lateral (select (array['submitted', 'submitted', 'acknowledged', 'acknowledged', 'withdrawn',
  'signposted', 'signposted', 'signposted', 'returned', 'returned', 'returned', 'returned', 'social_care',
  'social_care', 'social_care'])[1 + floor(pg_temp.chance(r, 'outcome') * 38)::int] as rare) life
cross join lateral (select coalesce(rare, 'early_help') as outcome) settled
where refers and (r % 2 = 0 or pg_temp.chance(n, 'again') < 0.15)"""

REFERRAL = f"""
insert into referral.referral (id, subject, category, agency, receiver, children, reason, needs,
  family_aware, not_informed_reason, submitted_at, decide_by)
select referral, household, 'request_for_help', referrer, receiver, children,
  pg_temp.pick({listed(REASONS)}, pg_temp.chance(r, 'reason')),
  array[pg_temp.pick({listed(NEEDS)}, pg_temp.chance(r, 'need'))], aware,
  case when not aware then 'Telling them now could put a child at risk.' end,
  submitted, submitted + case extract(isodow from submitted)
    when 5 then interval '3 days' when 6 then interval '2 days' else interval '1 day' end
from asked cross join lateral (select pg_temp.chance(r, 'aware') < 0.95 as aware) told"""

STEP = """
insert into step
select r, row_number() over (partition by r order by place), status, by, submitted + after,
  case when place > 2 then 'Thank you. This is what happens next, and whom to ask.' end,
  case when status = 'returned' then 'threshold_not_met'
    when status = 'signposted' then 'single_agency_can_meet' end
from asked
cross join lateral (values
  (1, 'submitted', referrer, interval '0', true),
  (2, 'acknowledged', receiver, interval '2 hours', outcome not in ('submitted', 'withdrawn')),
  (3, outcome, case when outcome = 'withdrawn' then referrer else receiver end, interval '20 hours',
    outcome not in ('submitted', 'acknowledged')),
  (4, 'closed', receiver, interval '180 days', closed)
) life (place, status, by, after, happened)
where happened"""

MOVE = """
insert into referral.move (id, subject, category, agency, referral, number, status, return_reason, feedback,
  referrer, at)
select pg_temp.random_id('move ' || number, r), household, 'request_for_help', agency, referral, number,
  status, return_reason, feedback, referrer, at
from step join asked using (r)"""

TRIAGE = """
insert into referral.triage (id, subject, category, agency, referral, scheme, rag, level_of_need,
  rationale, at)
select pg_temp.random_id('triage', r), household, 'professional_notes', receiver, referral, 'mash',
  case outcome when 'social_care' then 'red' when 'early_help' then 'amber' else 'green' end,
  case outcome when 'social_care' then 4 when 'early_help' then 3 else 2 end,
  'Read together with what is known. The family can be met where it is.', at
from asked join step using (r)
where status = outcome and outcome in ('early_help', 'social_care', 'returned', 'signposted')"""

STATEMENTS = (
    ASKED,
    REFERRAL,
    STEP,
    told(MOVE, "'referral.' || status", about="referral"),
    TRIAGE,
)
