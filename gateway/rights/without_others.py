"""Takes out of a copy's corrections what says who somebody else is: as of records, but nobody proposes it.

Who the others are is read off the records that the request gathered, also those that are withheld.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from gateway.rights.gathering import Gathered, asked_of
from gateway.rights.proposals import Asked, Record, clean
from hub.copies import keys_of, opened
from hub.database import Tx

GATHERED = """
select r.subject, i.part, i.category, i.about, i.content::text as content
from hub.rights_item i join hub.rights_request r on r.id = i.request
where i.request = :request and hub.counts(i) order by i.number"""
WORDS = ("disputed", "correction")


async def corrections_alone(
    tx: Tx, access_request: UUID, corrections: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """These corrections, without the sentences that name somebody else of the family."""
    asked = await _asked(tx, access_request)
    return [{**one, **{name: clean(asked, one[name]) for name in WORDS}} for one in corrections]


async def _asked(tx: Tx, access_request: UUID) -> Asked:
    rows = await tx.rows(GATHERED, request=access_request)
    keys = await keys_of(tx, {row["about"] for row in rows})
    copies = [opened(keys.get(row["about"]), row["about"], json.loads(row["content"])) for row in rows]
    records = [
        Record(row["part"], row["category"], cast("Mapping[str, Any]", said))
        for row, said in zip(rows, copies, strict=True)
        if isinstance(said, dict)
    ]
    homes = {UUID(one.content["household"]) for one in records if one.part == "household"}
    return asked_of(rows[0]["subject"], Gathered(records, sorted(homes)), for_a_child=False, sealed=())
