"""The row policy, once: what a caller may see, as the SQL that every table with a sharing category carries.

For every agency in the audience: what is restricted is hidden, unless an override names the restriction;
what it wrote itself is shown; what is shared with it of this author's records about this subject, in this
category, for this purpose and now, is shown; so is what an override opens to the very person asking, whoever
wrote it. Oversight (the hub's data protection officer) sees all.

Shares, restrictions and overrides in force stand side by side in `hub.sight`, so that one look in one index
answers for a row (docs/decisions/0022). A scalar subquery, not EXISTS: PostgreSQL would hash an agency's
whole caseload for every page (docs/decisions/0005).
"""

from collections.abc import Sequence

SERVICE_ROLES = {
    "gateway": "hub_gateway",
    "referral": "hub_referral",
    "assessment": "hub_assessment",
    "directory": "hub_directory",
}

# What a row of hub.sight says. The highest that applies decides.
OPENED, HIDDEN_FROM_OTHERS, HIDDEN, OPENED_ALL_THE_SAME = 1, 2, 3, 4

AGENCY = "current_setting('hub.agency', true)"
OURS = f"nullif({AGENCY}, '')"
OVERSIGHT = "coalesce(current_setting('hub.oversight', true), '') = 'on'"
AUDIENCE = "current_setting('hub.audience', true)"
PERSON = "coalesce(current_setting('hub.practitioner', true), '')"

# `seer` is an agency of the audience: `agency` or `agency+team`. `of` says whether what hub.sight says is of
# this row's author; a restriction and an override are of everybody's (''). What names a person is asked for
# apart: it is rare, and every word of this is made ready anew for every table of a statement.
VERDICT = f"""case (
      select max(s.effect) from hub.sight s
      where s.subject = {{subject}} and s.category = {{category}}
        and s.agency = any(string_to_array({{seer}}, '+') || '*'::text)
        and s.purpose in ('', current_setting('hub.purpose', true)) and {{of}}
        and s.starts <= now() and now() < s.ends
        and (s.practitioner = '' or hub.is_about_who_asks(s.agency, s.practitioner, s.effect)))
    when {OPENED_ALL_THE_SAME} then true when {HIDDEN} then false when {OPENED} then true
    else {{author}} end"""

# A restriction that names a person also holds while we do not know which person of the agency is asking;
# an override opens to the person it names, and to nobody else.
ABOUT_WHO_ASKS = f"""
create function hub.is_about_who_asks(agency text, person text, effect smallint) returns boolean
language plpgsql stable parallel safe as $$
begin
  return (agency = {AGENCY} and person = {PERSON})
    or (effect = {HIDDEN} and ({PERSON} = '' or agency is distinct from {AGENCY}));
end $$"""

# Nearly every audience is one agency. The screen of a meeting is seen by several: each must be allowed.
MAY_SEE = """(
  case when strpos({audience}, ',') > 0
    then hub.everyone_may_see({{table}}.subject, {{table}}.category, array_remove(array[{{authors}}], null))
    else {alone} end
  or {oversight}
)""".format(
    oversight=OVERSIGHT,
    audience=AUDIENCE,
    alone=VERDICT.format(
        subject="{table}.subject",
        category="{table}.category",
        seer=AUDIENCE,
        of="s.author in ('', {authors})",
        author="{author}",
    ),
)

EVERYONE_MAY_SEE = """
create function hub.everyone_may_see(about uuid, what text, authors text[]) returns boolean
language sql stable parallel safe begin atomic
  select coalesce(bool_and(coalesce({verdict}, false)), false)
  from unnest(string_to_array(nullif({audience}, ''), ',')) seer(name);
end""".format(
    audience=AUDIENCE,
    verdict=VERDICT.format(
        subject="about",
        category="what",
        seer="seer.name",
        of="(s.author = '' or s.author = any(authors))",
        author="split_part(seer.name, '+', 1) = any(authors)",
    ),
)

STORING = "coalesce(current_setting('hub.storing', true), '') = 'on'"
IS_OURS = f"{{table}}.agency = {OURS}"


def may_see(table: str, authors: Sequence[str] = ("agency",)) -> str:
    """The condition under which a row is shown. `authors` are the columns naming agencies it belongs to.

    Each of these sees it, and what opens its records opens it.
    """
    columns = [f"{table}.{column}" for column in authors]
    seer = f"split_part({AUDIENCE}, '+', 1)"
    return MAY_SEE.format(
        table=table,
        authors=", ".join(columns),
        author=f"{seer} in ({', '.join(columns)})",
    )


def knows(caseload: str) -> str:
    """The condition under which a row of a caseload stands for anything.

    The agency knows them itself, or that they are known at all is not hidden from it: what was shared opens
    nothing while it is.
    """
    return (
        f"({caseload}.own or not coalesce((select true from hub.sight s"
        f" where s.subject = {caseload}.subject and s.category = 'existence'"
        f" and s.agency in ({caseload}.agency, '*') and s.effect in ({HIDDEN_FROM_OTHERS}, {HIDDEN})"
        " and now() < s.ends and (s.practitioner = ''"
        " or hub.is_about_who_asks(s.agency, s.practitioner, s.effect)) limit 1), false))"
    )


def for_its_author(agency: str, value: str) -> str:
    """A value that only its author, alone in the room, and oversight read; null for all others."""
    alone = f"strpos({AUDIENCE}, ',') = 0 and split_part({AUDIENCE}, '+', 1) = {agency}"
    return f"case when {alone} or {OVERSIGHT} then {value} end"


def hidden_from_us(subject: str, category: str) -> str:
    """The condition under which something of the ledger is not told: what it is about is hidden from us."""
    return (
        f"exists (select from hub.sight s where s.subject = {subject} and s.category = {category}"
        " and s.agency in (current_setting('hub.agency'), '*')"
        f" and s.effect in ({HIDDEN_FROM_OTHERS}, {HIDDEN}) and now() < s.ends"
        " and (s.practitioner = '' or hub.is_about_who_asks(s.agency, s.practitioner, s.effect)))"
    )


def hidden_from_some_of(agency: str, subject: str, category: str, least: int = HIDDEN_FROM_OTHERS) -> str:
    """The condition under which something is hidden from an agency, or from anybody who works there.

    What all of them see must not tell of it. An author's own is hidden from it by `HIDDEN` at `least`.
    """
    return (
        f"exists (select from hub.sight h where h.subject = {subject} and h.category = {category}"
        f" and h.agency in ({agency}, '*') and h.purpose = '' and h.author = ''"
        f" and h.effect between {least} and {HIDDEN} and now() < h.ends)"
    )


def protect(schema: str, table: str, role: str, authors: Sequence[str] = ("agency",)) -> list[str]:
    """The statements that put a table under row security for its service's role.

    Reading is `may_see`; what an agency sends about people it knows is laid beside what it sent before,
    also while that is hidden from the agency itself (`storing` in hub.access). Writing is only ever in the
    caller's own name. The table's owner is bound too.
    """
    place = f"{schema}.{table}"
    ours = IS_OURS.format(table=table)
    return [
        f"alter table {place} enable row level security",
        f"alter table {place} force row level security",
        f"create policy shown on {place} for select to {role} using ({may_see(table, authors)})",
        f"create policy stored on {place} for select to {role} using ({STORING} and {ours})",
        f"create policy written on {place} for insert to {role} with check ({ours})",
        f"create policy changed on {place} for update to {role} using ({ours}) with check ({ours})",
        f"grant select, insert, update on {place} to {role}",
    ]
