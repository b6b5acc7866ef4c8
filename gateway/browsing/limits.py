"""How much that is new to somebody they may ask for, in an hour and in a day; here and nowhere else.

What counts is in gateway/migrations (`note_new_looks`). `most` is for an agency that works with few; one that
works with many may have `share` of its caseload (its people and households) where that is more. A partnership
multiplies them all by its `reading_limit_factor` (`PUT /partnership/rules`).
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["asked_in_vain", "many_new_people"]


@dataclass(frozen=True)
class Limit:
    """One limit of one practitioner, or of a whole client."""

    kind: Kind
    who: Literal["practitioner", "client"]
    hours: int
    most: int
    share: float = 0.0


LIMITS = (
    # Nobody types an id: it comes from the hub, and is still good or was. A handful a day is an old link or a
    # withdrawal; one after another, never shown here before, is a search for who else there is.
    Limit("asked_in_vain", "practitioner", 1, 20),
    Limit("asked_in_vain", "practitioner", 24, 60),
    # A system goes through its list once a night, withdrawals since then and all: the longer the list, the
    # more of it in vain. The hour is that of the existence register.
    Limit("asked_in_vain", "client", 1, 60, 0.01),
    Limit("asked_in_vain", "client", 24, 200, 0.04),
    # Fifty unrelated families opened in a sitting must be noticed. A triage worker has 10 to 20 new ones in a
    # day, each opened in a few requests; a large MASH shares out more.
    Limit("many_new_people", "practitioner", 1, 40, 0.01),
    Limit("many_new_people", "practitioner", 24, 120, 0.03),
    # A MASH takes in hundreds a day, parents and households counted. Who is shown half of its caseload for
    # the first time within a day is copying it; a new system does that once, and oversight knows of it.
    Limit("many_new_people", "client", 1, 200, 0.25),
    Limit("many_new_people", "client", 24, 400, 0.5),
)


def as_json() -> list[dict[str, Any]]:
    """The limits as `gateway.watch_browsing` reads them."""
    return [asdict(limit) for limit in LIMITS]
