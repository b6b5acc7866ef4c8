"""The row policy, once: what a caller may see, as the SQL that every table with a sharing category carries.

For every agency in the audience: what is restricted is hidden, unless an override names the restriction;
what it wrote itself is shown; what is shared with it about this subject, in this category, for this purpose
and now, is shown; so is what an override opens to the very person asking. Oversight (the hub's data
protection officer) sees all. Scalar subqueries, not EXISTS: PostgreSQL would hash an agency's whole caseload
for every page (docs/decisions/0005).
"""

from collections.abc import Sequence

SERVICE_ROLES = {
    "gateway": "hub_gateway",
    "referral": "hub_referral",
    "assessment": "hub_assessment",
    "directory": "hub_directory",
}

MAY_SEE = """(
  coalesce(current_setting('hub.oversight', true), '') = 'on'
  or (
    select coalesce(bool_and(case
      when {restricted} then {over_a_restriction}
      when {author} then true
      when {share} then true
      else {override}
    end), false)
    from unnest(string_to_array(nullif(current_setting('hub.audience', true), ''), ',')) seer(name)
  )
)"""

SEER = "split_part(seer.name, '+', 1)"  # `agency` or `agency+team`
PERSON = "coalesce(current_setting('hub.practitioner', true), '')"

ABOUT = "{row}.subject = {table}.subject and {row}.category = {table}.category"
PURPOSE = "{row}.purpose = current_setting('hub.purpose', true)"

SHARE = f"""coalesce((
        select true from hub.share s
        where {ABOUT.replace("{row}", "s")} and s.agency = any(string_to_array(seer.name, '+'))
          and {PURPOSE.replace("{row}", "s")} and s.starts <= now() and now() < s.ends
        limit 1), false)"""

# A restriction that names a person also holds while we do not know which person of the agency is asking.
RESTRICTED = f"""coalesce((
        select true from hub.restriction r
        where {ABOUT.replace("{row}", "r")} and r.agency in ({SEER}, '*') and now() < r.ends
          and (r.agency = '*' or (r.practitioner = '' and not ({{author}}))
            or (r.practitioner <> '' and (r.practitioner = {PERSON} or {PERSON} = ''
              or {SEER} <> current_setting('hub.agency', true))))
        limit 1), false)"""

OVERRIDE = f"""coalesce((
        select true from hub.override_grant o
        where {ABOUT.replace("{row}", "o")} and o.agency = {SEER} and o.practitioner = {PERSON}
          and o.agency = current_setting('hub.agency', true) and {PURPOSE.replace("{row}", "o")}
          and o.starts <= now() and now() < o.ends and {{reach}}
        limit 1), false)"""

IS_OURS = "{table}.agency = nullif(current_setting('hub.agency', true), '')"


def may_see(table: str, authors: Sequence[str] = ("agency",)) -> str:
    """The condition under which a row is shown. `authors` are the columns naming agencies it belongs to."""
    author = " or ".join(f"{table}.{column} = {SEER}" for column in authors)
    return MAY_SEE.format(
        author=author,
        share=SHARE.format(table=table),
        restricted=RESTRICTED.format(table=table, author=author),
        override=OVERRIDE.format(table=table, reach="true"),
        over_a_restriction=OVERRIDE.format(table=table, reach="o.over_restriction"),
    )


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
