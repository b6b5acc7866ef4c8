"""Engagements, assessments and their sections, plans, meetings; each table behind its row policy."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES, protect

revision = "assessment_0001"
down_revision = None

ROLE = SERVICE_ROLES["assessment"]

AUTHORED = """
  id uuid primary key default uuidv7(),
  agency text not null default current_setting('hub.agency'),
  subject uuid not null,
  at timestamptz not null default clock_timestamp()"""

PLAN = "category text not null default 'plan_and_actions' check (category = 'plan_and_actions')"
MINUTES = "category text not null default 'meeting_minutes' check (category = 'meeting_minutes')"

# What has happened to somebody's record belongs to that agency too, whoever did it: its `keeper`.
KEPT = "keeper text not null default current_setting('hub.agency')"

ENGAGEMENTS = f"""
create table assessment.engagement ({AUTHORED},
  {PLAN},
  given_by text not null,
  capacity text not null check (capacity in ('pr_holder', 'adult', 'gillick_competent')),
  reasoning text check (capacity <> 'gillick_competent' or reasoning is not null),
  method text not null check (method in ('in_person', 'telephone', 'video', 'written', 'online')),
  given_on date not null,
  words_shown text not null
);
create index ix_assessment_engagement_subject on assessment.engagement (subject);
create table assessment.engagement_end ({AUTHORED},
  {PLAN},
  {KEPT},
  engagement uuid not null unique references assessment.engagement,
  ended_on date not null,
  reason text not null
);
create index ix_assessment_engagement_end_subject on assessment.engagement_end (subject)
"""

ASSESSMENTS = f"""
create table assessment.assessment ({AUTHORED},
  {PLAN},
  framework text not null,
  framework_version text not null,
  lead_practitioner text not null,
  children uuid[] not null check (cardinality(children) > 0),
  adults uuid[] not null,
  started date not null
);
create index ix_assessment_assessment_subject on assessment.assessment (subject);
create table assessment.assessment_move ({AUTHORED},
  {PLAN},
  {KEPT},
  assessment uuid not null references assessment.assessment,
  number integer not null check (number > 0),
  status text not null
    check (status in ('draft', 'in_progress', 'family_reviewed', 'completed', 'superseded')),
  decision text check (
    decision in ('plan', 'single_agency', 'signposted', 'step_up', 'no_support_needed')),
  note text,
  unique (assessment, number)
);
create table assessment.section ({AUTHORED},
  category text not null check (category in ('family_household', 'education_attendance',
    'education_send', 'health_physical', 'health_mental', 'social_care_history', 'police_justice',
    'housing_tenancy', 'finance_benefits', 'domestic_abuse', 'substance_misuse', 'immigration',
    'wishes_feelings', 'professional_notes', 'third_party')),
  assessment uuid not null references assessment.assessment,
  household uuid not null,
  dimension text,
  strengths text,
  worries jsonb not null check (jsonb_typeof(worries) = 'array'),
  words_of_the_child text
    check ((words_of_the_child is not null) = (category = 'wishes_feelings'))
);
create index ix_assessment_section_assessment on assessment.section (assessment);
create index ix_assessment_section_household on assessment.section (household)
"""

PLANS = f"""
create table assessment.plan ({AUTHORED},
  {PLAN},
  assessment uuid references assessment.assessment,
  tier text not null check (tier in ('early_response', 'intensive_whole_family')),
  starts date not null,
  target_end date not null check (target_end > starts),
  lead_practitioner text not null,
  children uuid[] not null check (cardinality(children) > 0),
  adults uuid[] not null
);
create index ix_assessment_plan_subject on assessment.plan (subject);
create table assessment.plan_move ({AUTHORED},
  {PLAN},
  {KEPT},
  plan uuid not null references assessment.plan,
  number integer not null check (number > 0),
  status text not null check (
    status in ('draft', 'agreed_with_family', 'active', 'under_review', 'closing', 'closed')),
  note text,
  unique (plan, number)
);
create table assessment.goal ({AUTHORED},
  {PLAN},
  plan uuid not null references assessment.plan,
  household uuid not null,
  area text not null check (area in ('emotional_wellbeing', 'relationship_building',
    'time_management', 'parental_engagement', 'financial_advice', 'housing', 'health',
    'education_send', 'domestic_abuse_safety', 'substance', 'other')),
  text text not null,
  baseline text,
  target text not null
);
create index ix_assessment_goal_plan on assessment.goal (plan);
create index ix_assessment_goal_household on assessment.goal (household);
create table assessment.action ({AUTHORED},
  {PLAN},
  plan uuid not null references assessment.plan,
  goal uuid not null references assessment.goal,
  household uuid not null,
  text text not null,
  owner text not null,
  due date not null
);
create index ix_assessment_action_plan on assessment.action (plan);
create index ix_assessment_action_household on assessment.action (household);
create table assessment.action_move ({AUTHORED},
  {PLAN},
  {KEPT},
  action uuid not null references assessment.action,
  number integer not null check (number > 0),
  status text not null check (status in ('open', 'done', 'dropped')),
  note text,
  unique (action, number)
);
create table assessment.offer ({AUTHORED},
  {PLAN},
  plan uuid not null references assessment.plan,
  household uuid not null,
  service text not null,
  name text not null,
  source text not null,
  why text not null
);
create index ix_assessment_offer_plan on assessment.offer (plan);
create index ix_assessment_offer_household on assessment.offer (household)
"""

MEETINGS = f"""
create table assessment.meeting ({AUTHORED},
  {PLAN},
  starts_at timestamptz not null,
  venue text not null,
  private_room boolean not null,
  agencies text[] not null
);
create index ix_assessment_meeting_subject on assessment.meeting (subject);
create table assessment.minute ({AUTHORED},
  {MINUTES},
  meeting uuid not null references assessment.meeting,
  text text not null,
  decision text
);
create index ix_assessment_minute_meeting on assessment.minute (meeting);
create index ix_assessment_minute_subject on assessment.minute (subject)
"""

OWN = (
    *("engagement", "assessment", "section"),
    *("plan", "goal", "action", "offer", "meeting", "minute"),
)
HAPPENED = ("engagement_end", "assessment_move", "plan_move", "action_move")


def upgrade() -> None:
    """Lay the tables and their walls."""
    for script in (ENGAGEMENTS, ASSESSMENTS, PLANS, MEETINGS):
        run(script)
    walls = [wall for table in OWN for wall in protect("assessment", table, ROLE)]
    for table in HAPPENED:
        walls += protect("assessment", table, ROLE, authors=("agency", "keeper"))
    run("; ".join(walls))
    # Nothing here is ever changed: what happens next is another row.
    run(
        f"grant usage on schema assessment to {ROLE}; "
        f"revoke update on all tables in schema assessment from {ROLE}"
    )


def downgrade() -> None:
    """There is nothing before the first tables."""
    run("drop schema assessment cascade")
