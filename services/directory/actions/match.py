"""From need to service: rank what fits and say why; name the first points of contact of an area."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from hub.database import Tx
from hub.heard import today
from services.directory.rules import needs, places, postcodes, unmet
from services.directory.rules.fit import judge
from services.directory.schemas import Facts, FirstContactsAsked, Match, MatchAsked, Near, Unmet
from services.directory.store import fitting

FIRST_CONTACTS = 30

Note = Callable[[Iterable[Unmet]], None]


async def match(tx: Tx, asked: MatchAsked, note: Note) -> dict[str, Any]:
    """The services that fit best, the best first, each with why and why not.

    `note` is told of needs that nothing meets, without a word of who asked; what is asked is not kept.
    Raises NeedUnknown and PostcodeUnknown.
    """
    wanted = needs.recognise(asked.needs)
    near = await _near(asked.postcode)
    day = today()
    found = await fitting.candidates(tx, asked, wanted, near)
    note(unmet.from_match(asked, [need.key for need in wanted], found, day))
    judged = [(facts, judge(asked, wanted, facts, day)) for facts in found]
    judged.sort(key=_best_first)
    best = judged[: asked.first]
    shown = await fitting.shown(tx, [facts.id for facts, _ in best])
    return {
        "needs": [{"need": need.key, "label": need.label} for need in wanted],
        "considered": len(found),
        "matches": [_answer(shown[facts.id], facts.metres, fit) for facts, fit in best if facts.id in shown],
    }


async def first_contacts(tx: Tx, asked: FirstContactsAsked) -> list[dict[str, Any]]:
    """Family hubs and first points of contact for an area, the nearest first, then what is for everybody."""
    near = await _near(asked.postcode)
    areas = near.areas if near else places.areas_around(asked.area)
    rows = await fitting.first_contacts(tx, near, areas, FIRST_CONTACTS)
    shown = await fitting.shown(tx, [row["id"] for row in rows])
    return [
        {"national": row["national"], **_metres(row["metres"]), "service": shown[row["id"]]}
        for row in rows
        if row["id"] in shown
    ]


async def _near(postcode: str | None) -> Near | None:
    if postcode is None:
        return None
    # The first postcode of a letter reads a file, which is not for the event loop.
    home = await asyncio.to_thread(postcodes.locate, postcode)
    return Near(*home.place, places.areas_around(home.authority))


def _best_first(judged: tuple[Facts, Match]) -> tuple[int, int, bool, float, str]:
    """Of two that fit alike the one that meets more needs, then the nearer; what has no place comes last."""
    facts, fit = judged
    meets = len(facts.named_for | facts.mentions)
    return -fit.score, -meets, facts.metres is None, facts.metres or 0.0, facts.name


def _answer(service: Any, metres: float | None, fit: Match) -> dict[str, Any]:
    return {**fit.model_dump(), **_metres(metres), "service": service}


def _metres(metres: float | None) -> dict[str, int]:
    return {} if metres is None else {"metres": round(metres)}
