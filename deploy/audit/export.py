"""Writes the audit log to a file that can be verified anywhere: NDJSON, a header and a line per leaf.

The first line holds the newest checkpoint and the key it verifies with, and the newest checkpoint that
each witness cosigned. A leaf's line holds its number, its commitment, the hash that the tree keeps of it,
and the disclosure's canonical text and salt, or null where the disclosure is gone; the last leaf before
each earlier checkpoint also holds that checkpoint's root, so that damage can be placed. The leaf of a step
of the ledger says of which (`ledger`); its text is made of the row as it is now, and shows no more than its
digest. What never passed through the sequencer follows at the end.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TextIO

import asyncpg

from hub.proof.ledger import ENTERED, NOT_ENTERED

FORMAT = "early-help-hub-audit-1"
PREFETCH = 5_000

LEAVES = f"""
select json_build_object(
  'number', l.number, 'disclosure', l.disclosure, 'commitment', encode(l.commitment, 'hex'),
  'ledger', n.book || ' ' || n.event,
  'text', case when d.id is not null then hub.canonical(d) when n.id is not null then {ENTERED} end,
  'salt', case when n.id is null then encode(d.salt, 'hex') else '' end,
  'root', encode(c.root, 'hex'), 'node', encode(t.hash, 'hex'))::text as line
from hub.leaf l
left join hub.disclosure d on d.id = l.disclosure
left join hub.ledger_entry n on n.id = l.disclosure
left join hub.checkpoint c on c.size = l.number + 1
left join hub.tree_node t on t.level = 0 and t.index = l.number
order by l.number
"""
# Rows of the ledger that no entry stands for, and entries and disclosures that no leaf does.
UNPROVEN = f"""
select json_build_object('unproven', o.id, 'ledger', o.book)::text as line from (
  {NOT_ENTERED}
  union all
  select coalesce(made.event, made.id), made.book from (
    select id, null as event, null as book from hub.disclosure
    union all select id, event, book from hub.ledger_entry) made
  where not exists (select from hub.leaf l where l.disclosure = made.id)
    and not exists (select from hub.unsequenced u where u.disclosure = made.id)) o
order by o.book nulls first, o.id
"""
COSIGNED = """
select distinct on (s.agency) s.agency, s.key, c.note || s.line as note
from hub.cosignature s join hub.checkpoint c on c.size = s.size order by s.agency, s.size desc
"""


class NothingToExport(Exception):
    """There is no checkpoint yet: no gateway has run on this database."""


async def export(url: str, verifier_key: str, file: Path) -> int:
    """Write the log of the database at `url` (an administrator's) to `file`; how many leaves it has.

    `verifier_key` is what the gateway serves at /audit/key. Raises NothingToExport.
    """
    connection: Any = await asyncpg.connect(url)  # pyright: ignore[reportUnknownVariableType]  # untyped
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await write(connection, verifier_key, file)
    finally:
        await connection.close()


async def write(connection: Any, verifier_key: str, file: Path) -> int:
    """The same, as an administrator's transaction sees the log that is open on `connection`."""
    await connection.execute("set local role hub_owner; set local timezone to 'UTC'")
    note: str | None = await connection.fetchval("select note from hub.checkpoint order by size desc limit 1")
    if note is None:
        raise NothingToExport("There is no checkpoint yet. Start the gateway once.")
    cosigned = [dict(row) for row in await connection.fetch(COSIGNED)]
    header = {"format": FORMAT, "checkpoint": note, "key": verifier_key, "cosigned": cosigned}
    leaves = 0
    with _private(file) as out:
        out.write(json.dumps(header, ensure_ascii=False) + "\n")
        async for line in _lines(connection, LEAVES):
            out.write(line + "\n")
            leaves += 1
        async for line in _lines(connection, UNPROVEN):
            out.write(line + "\n")
    return leaves


def _private(file: Path) -> TextIO:
    file.touch(mode=0o600)
    return file.open("w", encoding="utf-8")


async def _lines(connection: Any, sql: str) -> AsyncIterator[str]:
    async for row in connection.cursor(sql, prefetch=PREFETCH):
        yield row["line"]
