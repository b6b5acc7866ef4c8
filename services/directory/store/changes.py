"""Which state of the directory anybody may see, so that an answer they have need not be sent again."""

from datetime import datetime

from hub.database import Tx

_STATE = """
select coalesce(md5(string_agg(transaction::text, ',' order by transaction)), '') as state,
  greatest(max(at), current_date) as at, current_date::text as day,
  now() - max(at) > interval '2 seconds' as settled
from directory.public_change
"""


async def state(tx: Tx) -> tuple[str, datetime | None]:
    """What names the state, and when it came about; a day is part of it, for some questions ask for one.

    No time while it is so fresh that another change could still bear the same.
    """
    [row] = await tx.rows(_STATE)
    return f"{row['state']}{row['day']}", row["at"] if row["settled"] else None
