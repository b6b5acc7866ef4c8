"""Suggest, while somebody types, what they may be about to ask for."""

from collections.abc import Sequence

from hub.database import Tx
from services.directory.rules import spelling, wording
from services.directory.schemas.found import Suggestion, Suggestions
from services.directory.store import spelling as words_there_are
from services.directory.store import suggestions

SHORTEST = 2  # letters: with fewer, everything would do


async def suggest(tx: Tx, typed: str, most: int) -> Suggestions:
    """Words that complete the last one (or correct it), then terms, then services; at most so many."""
    *before, last = typed.split() or [""]
    if len(last) < SHORTEST:
        return Suggestions(suggestions=[])
    words = await _completions(tx, wording.plain(last), most)
    if not words:
        return Suggestions(suggestions=[])
    rows = await suggestions.suggested(tx, " ".join(before), words, most)
    named = [Suggestion(text=row["name"], kind=row["kind"], id=row["id"]) for row in rows]
    room = max(most - len(named), most // 2)
    completed = [Suggestion(text=" ".join((*before, word)), kind="words") for word in words[:room]]
    return Suggestions(suggestions=(completed + named)[:most])


async def _completions(tx: Tx, last: str, most: int) -> Sequence[str]:
    completed = [row["word"] for row in await suggestions.completed(tx, last, most)]
    if completed:
        return completed
    known = await words_there_are.candidates(tx, [last])
    return spelling.meant(last, known[last], most)
