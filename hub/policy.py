"""The row policy, once: what a caller may see, as the SQL that every table with a sharing category carries.

A row is shown when every agency in the audience wrote it, or is allowed its category about its subject for
the caller's purpose, on a decision in force, and no restriction hides it. Scalar subqueries, not EXISTS:
PostgreSQL would hash an agency's whole caseload for every page (docs/decisions/0005).
"""

from collections.abc import Sequence

SERVICE_ROLES = {
    "gateway": "hub_gateway",
    "referral": "hub_referral",
    "assessment": "hub_assessment",
    "directory": "hub_directory",
}

MAY_SEE = """(
  select coalesce(bool_and(
    {authors}
    or (
      coalesce((
        select true from hub.share s
        where s.subject = {table}.subject and s.category = {table}.category and s.agency = seer.agency
          and s.purpose = current_setting('hub.purpose', true) and s.starts <= now() and now() < s.ends
        limit 1), false)
      and not coalesce((
        select true from hub.restriction r
        where r.subject = {table}.subject and r.category = {table}.category and r.agency = seer.agency
          and now() < r.ends
        limit 1), false)
    )
  ), false)
  from unnest(string_to_array(nullif(current_setting('hub.audience', true), ''), ',')) seer(agency)
)"""

IS_OURS = "{table}.agency = nullif(current_setting('hub.agency', true), '')"


def may_see(table: str, authors: Sequence[str] = ("agency",)) -> str:
    """The condition under which a row is shown. `authors` are the columns naming agencies it belongs to."""
    owned = " or ".join(f"{table}.{column} = seer.agency" for column in authors)
    return MAY_SEE.format(table=table, authors=owned)


def protect(schema: str, table: str, role: str, authors: Sequence[str] = ("agency",)) -> list[str]:
    """The statements that put a table under row security for its service's role.

    Reading is `may_see`. Writing is only ever in the caller's own name. The table's owner is bound too.
    """
    place = f"{schema}.{table}"
    ours = IS_OURS.format(table=table)
    return [
        f"alter table {place} enable row level security",
        f"alter table {place} force row level security",
        f"create policy shown on {place} for select to {role} using ({may_see(table, authors)})",
        f"create policy written on {place} for insert to {role} with check ({ours})",
        f"create policy changed on {place} for update to {role} using ({ours}) with check ({ours})",
        f"grant select, insert, update on {place} to {role}",
    ]
