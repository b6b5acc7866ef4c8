"""What would be seen, as far as the asker may know: what it may not know of counts for nothing.

`explain` speaks of what is recorded, and agrees with the row policy: it says "no" where somebody hides
something. Whoever supposes what nobody recorded would learn by that, unseen, that it is hidden. Here the
answer is the same whether it is or not.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from uuid import UUID

from hub.caller import AgencyId, Purpose
from hub.database import Tx
from hub.explain.asked import Asked, Explanation
from hub.explain.facts import FACTS, IN_FORCE, SHARES, Known, Looked, look, name
from hub.explain.verdict import Facts
from hub.sharing import Category
from hub.view import View

# With what a refusal keeps out of force that the asker may not know of.
SHARES_AS_TOLD = SHARES.replace(
    f"from {IN_FORCE} s", f"from (table {IN_FORCE} union all select * from hub.withheld_untold(:subjects)) s"
)
AS_TOLD = View({**FACTS.parts, "shares": SHARES_AS_TOLD}, anchor="known")


class Told:
    """One look at the ledger, and what follows from it for a purpose that may not be the asker's own.

    What is hidden from the asker itself stays hidden: there the rest of the hub says so too.
    """

    def __init__(self, found: Looked, purpose: Purpose) -> None:
        self._ours = replace(found, purpose=purpose)

    @cached_property
    def _others(self) -> Looked:
        return replace(self._ours, facts=_as_told(self._ours.facts))

    def explain(self, asked: Asked) -> Explanation:
        """Whether they would see it, and why (not), as far as the asker may know."""
        ours = asked.agency == self._ours.caller.agency
        return (self._ours if ours else self._others).answer(asked)

    def shows(self, asked: Asked) -> bool:
        """Whether they would see it. Nearly always nobody ever said anything about it."""
        if (str(asked.subject), asked.category) in self._ours.facts or self._ours.caller.oversees:
            return self.explain(asked).visible
        return asked.author == asked.agency


async def look_as_told(
    tx: Tx,
    subjects: Sequence[UUID],
    agencies: Sequence[AgencyId],
    authors: Sequence[AgencyId],
    purpose: Purpose,
) -> Told:
    """What the ledger has about these people for these agencies, under the asker's own row security.

    Raises what `explain` raises.
    """
    names = await name(tx, sorted({*agencies, *authors}))
    return Told(await look(tx, AS_TOLD, subjects, list(Category), agencies, names), purpose)


def _as_told(known: Known) -> Known:
    facts: dict[tuple[str, str], Facts] = defaultdict(Facts)
    for place, found in known.items():
        told = [restriction for restriction in found.restrictions if restriction["told"]]
        facts[place] = replace(found, restrictions=told)
    return facts
