"""What the assessment service erases and corrects once that was decided, and what a record said before."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES, protect

revision = "assessment_0002"
down_revision = "assessment_0001"

ROLE = SERVICE_ROLES["assessment"]

EARLIER = """
create table assessment.earlier_version (
  id uuid primary key default uuidv7(),
  agency text not null,
  subject uuid not null,
  category text not null,
  kind text not null,
  record uuid not null,
  was jsonb not null,
  correction uuid not null,
  at timestamptz not null default clock_timestamp()
);
create index earlier_version_of on assessment.earlier_version (record);
create index earlier_version_about on assessment.earlier_version (subject, at desc, id desc);
create policy rights on assessment.earlier_version to hub_owner using (true) with check (true)
"""

RIGHTS = f"""
create function assessment.erase(which uuid) returns uuid[] language sql security definer
set search_path = assessment, hub, pg_temp as $$ select hub.erase_in('assessment', which) $$;
create function assessment.correct(which uuid, wrong jsonb) returns integer language sql security definer
set search_path = assessment, hub, pg_temp as $$ select hub.correct_in('assessment', which, wrong) $$;
revoke execute on function assessment.erase(uuid), assessment.correct(uuid, jsonb) from public;
grant execute on function assessment.erase(uuid), assessment.correct(uuid, jsonb) to {ROLE}
"""


def upgrade() -> None:
    """Lay what was said before, and the two ways of the data protection officer."""
    run(EARLIER)
    run("; ".join(protect("assessment", "earlier_version", ROLE)))
    run(f"revoke insert, update on assessment.earlier_version from {ROLE}")
    run(RIGHTS)
    run("select hub.reach('assessment')")


def downgrade() -> None:
    """Nothing erased comes back."""
    raise NotImplementedError("what is erased is gone")
