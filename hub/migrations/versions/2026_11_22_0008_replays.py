"""A stored answer that showed something is repeated only while nothing has been narrowed since."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES

revision = "hub_0008"
down_revision = "hub_0007"

ALL = ", ".join(SERVICE_ROLES.values())

# Asked of the whole hub, not of one agency: the answer tells nobody that something was hidden from them.
NARROWED = f"""
alter table hub.idempotency add column shows boolean not null default false;
create index decision_event_by_time on hub.decision_event (at);
create function hub.narrowed_since(moment timestamptz) returns boolean language sql stable security definer
set search_path = hub, pg_temp as $$
  select exists (select from hub.decision_event where at > moment
      and event in ('varied', 'refused', 'withdrawn', 'expired', 'superseded', 'restricted'))
    or exists (select from hub.share where ends > moment and ends <= now())
    or exists (select from hub.override_event where at > moment)
$$;
revoke execute on function hub.narrowed_since(timestamptz) from public;
grant execute on function hub.narrowed_since(timestamptz) to {ALL}
"""


def upgrade() -> None:
    """Remember whether an answer showed something, and since when anything was narrowed."""
    run(NARROWED)


def downgrade() -> None:
    """The ledger has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
