"""What the referral service erases and corrects once that was decided, and what a record said before."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES, protect

revision = "referral_0003"
down_revision = "referral_0002"

ROLE = SERVICE_ROLES["referral"]

EARLIER = """
create table referral.earlier_version (
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
create index earlier_version_of on referral.earlier_version (record);
create index earlier_version_about on referral.earlier_version (subject, at desc, id desc);
create policy rights on referral.earlier_version to hub_owner using (true) with check (true)
"""

# A register's nightly file does not bring back what was put right.
KEPT = "; ".join(
    f"create trigger keep_corrected before update on referral.{table}"
    " for each row when (old.* is distinct from new.*) execute function hub.keep_corrected()"
    for table in ("identity", "address", "attendance")
)

# Whoever is erased is found by no identifier any more: the same number makes somebody new.
RIGHTS = f"""
create policy rights on referral.look_up to hub_owner using (true) with check (true);
create policy rights on referral.own_key to hub_owner using (true) with check (true);
create function referral.erase(which uuid) returns uuid[] language plpgsql security definer
set search_path = referral, hub, pg_temp as $$
declare gone uuid[];
begin
  gone := hub.erase_in('referral', which);
  delete from referral.look_up l where l.digest in (
    select digest from referral.person_key where person = any(gone)
    union select digest from referral.name_key where person = any(gone));
  delete from referral.person_key where person = any(gone);
  delete from referral.own_key where person = any(gone);
  delete from referral.name_key where person = any(gone);
  return gone;
end $$;
create function referral.correct(which uuid, wrong jsonb) returns integer language sql security definer
set search_path = referral, hub, pg_temp as $$ select hub.correct_in('referral', which, wrong) $$;
revoke execute on function referral.erase(uuid), referral.correct(uuid, jsonb) from public;
grant execute on function referral.erase(uuid), referral.correct(uuid, jsonb) to {ROLE}
"""


def upgrade() -> None:
    """Lay what was said before, and the two ways of the data protection officer."""
    run(EARLIER)
    run("; ".join(protect("referral", "earlier_version", ROLE)))
    run(f"revoke insert, update on referral.earlier_version from {ROLE}")
    run(KEPT)
    run(RIGHTS)
    run("select hub.reach('referral')")


def downgrade() -> None:
    """Nothing erased comes back."""
    raise NotImplementedError("what is erased is gone")
