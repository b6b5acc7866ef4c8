"""The front door: machine clients, and the proofs of identity they have used."""

from hub.migrations import run

revision = "gateway_0001"
down_revision = None

CLIENTS = """
create table gateway.client (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
  agency text not null references hub.agency,
  name text not null,
  jwks jsonb not null check (jsonb_array_length(jwks -> 'keys') between 1 and 10),
  scopes text[] not null,
  active boolean not null default true,
  created_at timestamptz not null default now()
)
"""

# Shared by every process of the front door, so that a proof replayed at another one is refused too.
ASSERTIONS = """
create table gateway.assertion (
  client text not null,
  jti text not null,
  expires timestamptz not null,
  primary key (client, jti)
);
create index assertion_by_age on gateway.assertion (expires)
"""

GRANTS = """
grant usage on schema gateway to hub_gateway;
grant select, insert, update on gateway.client to hub_gateway;
grant select, insert, update, delete on gateway.assertion to hub_gateway
"""


def upgrade() -> None:
    """Lay the front door's tables."""
    for script in (CLIENTS, ASSERTIONS, GRANTS):
        run(script)


def downgrade() -> None:
    """Take the front door's tables away. Every client must be registered again."""
    run("drop table gateway.assertion; drop table gateway.client")
