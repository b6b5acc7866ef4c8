"""Who may hide something about a person: an agency that sees something of them at this very moment."""

from collections.abc import Sequence
from uuid import UUID

from hub.database import Tx
from hub.policy import AGENCY, AUDIENCE, OPENED, OPENED_ALL_THE_SAME, VERDICT
from hub.problem import NotFound

# It registered them itself, or something is shared with it now, for this purpose, and not hidden from it.
IN_SIGHT = f"""exists (select from hub.sight o, unnest(string_to_array({AUDIENCE}, ',')) us(name)
  where o.subject = c.subject and o.effect in ({OPENED}, {OPENED_ALL_THE_SAME})
    and o.agency = any(string_to_array(us.name, '+')) and split_part(us.name, '+', 1) = {AGENCY}
    and {
    VERDICT.format(
        subject="o.subject",
        category="o.category",
        seer="us.name",
        of="s.author in ('', o.author)",
        author="false",
    )
})"""
RESTRICTED = """exists (select from hub.restriction r where r.subject = c.subject and r.agency = '*'
  and r.category = 'existence' and now() < r.ends)"""
SEEN = f"""
select count(distinct c.subject) from hub.caseload c where c.agency = {AGENCY}
  and c.subject = any(:subjects) and (c.own or {IN_SIGHT}) and not {RESTRICTED}"""

# Oversight works with nobody, and knows of everybody about whom anything was ever recorded.
RECORDED = "select count(distinct e.subject) from hub.event e where e.subject = any(:subjects)"


async def require_insight(tx: Tx, subjects: Sequence[UUID]) -> None:
    """NotFound unless the caller's agency sees something of each of these people now, or oversees.

    The same answer as for an id that nobody has.
    """
    about = list(dict.fromkeys(subjects))
    tx.asked.extend(about)
    known = await tx.value(RECORDED if tx.known_caller.oversees else SEEN, subjects=about)
    if known != len(about):
        raise NotFound
