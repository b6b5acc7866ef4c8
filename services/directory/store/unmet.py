"""Unmet need: added to and read through functions of the owner's; the directory has no right to the table."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date

from hub.database import Tx
from services.directory.schemas import Unmet, UnmetKind


async def add(tx: Tx, counted: Mapping[Unmet, int]) -> None:
    """Add what was counted."""
    rows = [
        {**one._asdict(), "quarter": one.quarter.isoformat(), "times": times}
        for one, times in counted.items()
    ]
    await tx.run("select directory.count_unmet(cast(:counted as jsonb))", counted=json.dumps(rows))


async def of_quarter(tx: Tx, quarter: date) -> Counter[Unmet]:
    """Everything counted in a quarter, small numbers too: for `publish`, and nobody else."""
    rows = await tx.rows("select * from directory.unmet_in(:quarter)", quarter=quarter)
    return Counter(
        {
            Unmet(quarter, UnmetKind(row["kind"]), row["area"], row["need"], row["barrier"]): row["times"]
            for row in rows
        }
    )
