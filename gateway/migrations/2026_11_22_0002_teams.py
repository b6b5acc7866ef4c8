"""A client may belong to one team of its agency: what is shared with that team is shown to it alone."""

from hub.migrations import run

revision = "gateway_0002"
down_revision = "gateway_0001"


def upgrade() -> None:
    """Let a client name its team."""
    run("alter table gateway.client add column team text check (team ~ '^[a-z0-9][a-z0-9-]{1,62}$')")


def downgrade() -> None:
    """Forget the teams: their clients see what is shared with the whole agency, and nothing more."""
    run("alter table gateway.client drop column team")
