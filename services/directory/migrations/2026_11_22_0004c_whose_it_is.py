"""Who reads and writes what is kept of a listing: its checks, reviews, edits, versions, seals."""

from hub.migrations import run
from hub.policy import OURS, SERVICE_ROLES

revision = "directory_0004c"
down_revision = "directory_0004b"

ROLE = SERVICE_ROLES["directory"]
ONLY_US = "nullif(current_setting('hub.audience', true), '')"

# The directory refuses callers it knows (403, 404), and a refusal that leaves no trace is not answered.
REFUSES = f"""
create policy refused on hub.disclosure for insert to {ROLE}
  with check (agency = {OURS} and outcome = 'refused')"""

IS_OURS = f"agency = {OURS}"
READ_BY_US = f"agency = {ONLY_US}"
READ_BY_BOTH = f"agency = {ONLY_US} or provider = {ONLY_US}"
# One listing's history, of before its provider was named too.
READ_OF_ONE = f"agency = {ONLY_US} or directory.provider_of(service_id) = {ONLY_US}"
KEPT_BY = "agency = (select s.agency from directory.service s where s.id = {table}.service_id)"
# What others say about a listing is theirs to say, and goes to whoever keeps it.
SAID = f"{KEPT_BY} and raised_by = coalesce({OURS}, '')"
VOUCHED = (
    f"{KEPT_BY} and by_agency = {OURS} and by_agency in (agency, directory.provider_of({{table}}.service_id))"
)

# table: who reads, who may insert, who may update, who may delete
WALLS = {
    "upkeep": ("true", IS_OURS, IS_OURS, None),
    "provider": (READ_BY_BOTH, IS_OURS, IS_OURS, IS_OURS),
    "verification": (READ_OF_ONE, VOUCHED, None, None),
    "verification_link": (READ_BY_US, IS_OURS, IS_OURS, None),
    "review": (f"{READ_BY_BOTH} or raised_by = {ONLY_US}", SAID, IS_OURS, None),
    "local_edit": (READ_BY_US, IS_OURS, IS_OURS, IS_OURS),
    "version": (READ_OF_ONE, IS_OURS, None, None),
    "sealing": (
        READ_BY_US,
        (
            f"{IS_OURS} and agency = (select l.agency from directory.location l"
            " where l.id = sealing.location_id)"
        ),
        None,
        None,
    ),
    "unlisting": (READ_BY_BOTH, IS_OURS, IS_OURS, None),
}


def _walls(table: str, read: str, insert: str, update: str | None, delete: str | None) -> str:
    place = f"directory.{table}"
    said = [
        f"alter table {place} enable row level security, force row level security",
        f"create policy kept on {place} to hub_owner using (true) with check (true)",
        f"create policy shown on {place} for select to {ROLE} using ({read})",
        f"create policy written on {place} for insert to {ROLE} with check ({insert.format(table=table)})",
        f"grant select, insert on {place} to {ROLE}",
    ]
    if update:
        said += [
            f"create policy changed on {place} for update to {ROLE} using ({update}) with check ({update})",
            f"grant update on {place} to {ROLE}",
        ]
    if delete:
        said += [
            f"create policy removed on {place} for delete to {ROLE} using ({delete})",
            f"grant delete on {place} to {ROLE}",
        ]
    return ";\n".join(said)


def upgrade() -> None:
    """Put up the walls."""
    run(REFUSES)
    for table, wall in WALLS.items():
        run(_walls(table, *wall))


def downgrade() -> None:
    """Let nobody in: the tables stay behind forced row security without a policy for the directory."""
    run("drop policy refused on hub.disclosure")
    for table in WALLS:
        run(f"revoke all on directory.{table} from {ROLE}")
        policies = ("kept", "shown", "written", "changed", "removed")
        run(";".join(f"drop policy if exists {policy} on directory.{table}" for policy in policies))
