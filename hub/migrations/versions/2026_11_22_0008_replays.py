"""A stored answer that showed something is repeated only while nothing has been narrowed since."""

from hub.migrations import run
from hub.policy import SERVICE_ROLES

revision = "hub_0008"
down_revision = "hub_0007b"

ALL = ", ".join(SERVICE_ROLES.values())

# Asked of the whole hub, not of one agency: the answer tells nobody that something was hidden from them.
# `shows` is what was disclosed, to be disclosed again; `seen` is what its transaction could see. The
# clock is asked too: in a hub restored from a dump, transactions count anew.
NARROWED = f"""
alter table hub.idempotency
  add column shows jsonb,
  add column seen text,
  add check (shows is null or seen is not null);
create function hub.narrowed_since(moment timestamptz, seen text) returns boolean language sql
stable security definer set search_path = hub, pg_temp as $$
  select exists (
      select from hub.narrowing n where n.xid >= pg_snapshot_xmin(seen::pg_snapshot)::text::bigint
        and not pg_visible_in_snapshot(n.xid::text::xid8, seen::pg_snapshot))
    or exists (select from hub.narrowing n where n.at > moment)
    or exists (select from hub.share where ends > moment and ends <= now())
    or exists (select from hub.override_grant where ends > moment and ends <= now())
$$;
revoke execute on function hub.narrowed_since(timestamptz, text) from public;
grant execute on function hub.narrowed_since(timestamptz, text) to {ALL}
"""


def upgrade() -> None:
    """Remember what an answer showed, and what its transaction could see."""
    run(NARROWED)


def downgrade() -> None:
    """The ledger has no way back."""
    raise NotImplementedError("the ledger is append-only; it has no way back")
