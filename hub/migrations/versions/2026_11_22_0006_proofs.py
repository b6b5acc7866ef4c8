"""Short proofs, witnesses, and oversight of the trace: the tree's nodes, cosignatures, who read what."""

from hub.migrations import run
from hub.policy import OURS, OVERSIGHT

revision = "hub_0006"
down_revision = "hub_0005b"


# A complete subtree never changes. Level 0 repeats the leaves' hashes: a leaf that was exchanged is named.
NODES = """
create table hub.tree_node (
  level smallint not null,
  index bigint not null,
  hash bytea not null,
  primary key (level, index)
);
insert into hub.tree_node select 0, number, sha256('\\x00'::bytea || commitment) from hub.leaf;
do $$
declare
  height smallint := 0;
begin
  loop
    insert into hub.tree_node
      select height + 1, l.index / 2, sha256('\\x01'::bytea || l.hash || r.hash)
      from hub.tree_node l join hub.tree_node r on r.level = height and r.index = l.index + 1
      where l.level = height and l.index % 2 = 0;
    exit when not found;
    height := height + 1;
  end loop;
end $$
"""

# A witness may change its key; what it signed before stays signed by the key of then.
WITNESSES = """
create table hub.witness (
  agency text not null default current_setting('hub.agency') references hub.agency,
  key text not null unique,
  at timestamptz not null default clock_timestamp(),
  primary key (agency, key)
);
create table hub.cosignature (
  agency text not null default current_setting('hub.agency'),
  size bigint not null,
  root bytea not null,
  key text not null,
  line text not null,
  signed_at timestamptz not null,
  at timestamptz not null default clock_timestamp(),
  primary key (size, agency),
  foreign key (agency, key) references hub.witness (agency, key)
);
create index cosignature_of on hub.cosignature (agency, size desc)
"""

# Named to come before `who_looked`: PostgreSQL tries policies in the order of their names, and asks for no
# caseload where oversight is looking.
OVERSEEN = f"""
create index disclosure_by_client on hub.disclosure (client, at desc);
create policy overseen on hub.disclosure for select to hub_gateway
  using ({OVERSIGHT})
"""

WALLS = f"""
alter table hub.witness enable row level security, force row level security;
alter table hub.cosignature enable row level security, force row level security;
create policy open on hub.witness for select to hub_gateway, hub_owner using (true);
create policy in_our_name on hub.witness for insert to hub_gateway with check (agency = {OURS});
create policy open on hub.cosignature for select to hub_gateway, hub_owner using (true);
create policy in_our_name on hub.cosignature for insert to hub_gateway with check (agency = {OURS});
grant select, insert on hub.tree_node, hub.witness, hub.cosignature to hub_gateway;
grant execute on function hub.canonical(hub.disclosure) to hub_gateway
"""


def upgrade() -> None:
    """Lay the nodes of the tree as it stands, the witnesses, and the way of oversight."""
    for script in (NODES, WITNESSES, OVERSEEN, WALLS):
        run(script)


def downgrade() -> None:
    """What was cosigned stays; there is no way back."""
    raise NotImplementedError("the proofs are append-only; they have no way back")
