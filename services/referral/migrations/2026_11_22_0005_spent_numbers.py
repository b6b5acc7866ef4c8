"""The external_ids of erased concerns: what is sent under one again is neither stored nor acknowledged."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "referral_0005"
down_revision = "referral_0004"

ROLE = SERVICE_ROLES["referral"]

# Nothing of what was said, and of the number a digest: a school may have put a name in it.
SPENT = f"""
create table referral.spent_number (
  agency text not null,
  digest bytea not null,
  primary key (agency, digest)
);
alter table referral.spent_number enable row level security, force row level security;
create policy kept on referral.spent_number to hub_owner using (true) with check (true);
create policy ours on referral.spent_number for select to {ROLE}
  using (agency = {OURS});
grant select on referral.spent_number to {ROLE};
create function referral.spend_number() returns trigger language plpgsql
set search_path = referral, hub, pg_temp as $$
begin
  insert into referral.spent_number (agency, digest)
    values (old.agency, sha256(convert_to(old.external_id, 'UTF8'))) on conflict do nothing;
  return null;
end $$;
revoke execute on function referral.spend_number() from public;
create trigger spend_number after delete on referral.concern
  for each row when (old.external_id is not null) execute function referral.spend_number()
"""


def upgrade() -> None:
    """Lay the list, and let every erased concern leave its number there."""
    run(SPENT)


def downgrade() -> None:
    """What was erased stays erased: there is no way back."""
    raise NotImplementedError("rights have no way back")
