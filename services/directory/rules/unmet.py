"""What counts as a need that was not met, where and when. Nothing here can hold what anybody wrote."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from hub.small_numbers import quarter_of
from services.directory.rules import needs, postcodes
from services.directory.rules.fit.barriers import barriers
from services.directory.schemas import Facts, MatchAsked, Unmet, UnmetKind

NOT_TOLD = "not told"


def sector(postcode: str | None) -> str:
    """The sector of a postcode (BS5 6AA is in BS5 6): some 3,000 addresses, about as many as a ward."""
    tidy = postcodes.written(postcode or "")
    return tidy[:-2] if tidy else NOT_TOLD


def from_search(words: str, postcode: str | None, today: date, met: Collection[str] = ()) -> list[Unmet]:
    """A search that nothing answers: the needs we recognise in it and are not `met`, and no word more."""
    place = sector(postcode)
    return [
        Unmet(quarter_of(today), UnmetKind.NOTHING_FOUND, place, need)
        for need in needs.looked_for(words)
        if need not in met
    ]


def from_match(asked: MatchAsked, keys: Sequence[str], found: Sequence[Facts], today: date) -> list[Unmet]:
    """For each need: nothing is there, all that is there is full, or none of it removes a barrier."""
    place, quarter = sector(asked.postcode), quarter_of(today)
    unmet: list[Unmet] = []
    for need in keys:
        there = [one for one in found if need in one.named_for]
        if not there:
            unmet.append(Unmet(quarter, UnmetKind.NOTHING_FOUND, place, need))
            continue
        if all(one.free == 0 for one in there):
            unmet.append(Unmet(quarter, UnmetKind.FULL, place, need))
        unmet += [
            Unmet(quarter, UnmetKind.BARRIER, place, need, barrier) for barrier in _not_removed(asked, there)
        ]
    return unmet


def _not_removed(asked: MatchAsked, there: Iterable[Facts]) -> list[str]:
    """The barriers that none of these services removes."""
    removed = {
        one.about
        for facts in there
        for one in barriers(asked.barriers, asked.languages, facts)
        if one.verdict in ("fits", "partly")
    }
    return [barrier for barrier in asked.barriers if barrier not in removed]
