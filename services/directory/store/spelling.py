"""The words there are to search for, as far as the caller may see services that have them."""

from collections.abc import Sequence

from hub.database import Tx

# Fewer shared trigrams than usual will do: how many slips there are is decided afterwards (rules/spelling).
_ALIKE = "select set_config('pg_trgm.similarity_threshold', '0.2', true)"
_SAID = """
select said, exists (
    select from directory.findable f where f.words @@ plainto_tsquery('directory.words', said)) as known
from unnest(cast(:words as text[])) said
"""
_CANDIDATES = """
select said, w.word, w.services
from unnest(cast(:words as text[])) said
cross join lateral (
  select word, services from directory.findable_word w
  where w.word operator(public.%) said and length(w.word) between length(said) - 2 and length(said) + 2
  order by public.similarity(w.word, said) desc, word limit 60) w
"""


async def unknown(tx: Tx, words: Sequence[str]) -> list[str]:
    """Which of these words no service has."""
    return [row["said"] for row in await tx.rows(_SAID, words=list(words)) if not row["known"]]


async def candidates(tx: Tx, words: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """For every word those a little like it, with how many services have them."""
    await tx.run(_ALIKE)
    found: dict[str, list[tuple[str, int]]] = {word: [] for word in words}
    for row in await tx.rows(_CANDIDATES, words=list(words)):
        found[row["said"]].append((row["word"], row["services"]))
    return found
