"""Asks both directories the same questions in turns."""

from collections.abc import Callable, Sequence
from typing import Any

from deploy.bench import machine
from deploy.bench.cases import checked, in_turn
from deploy.bench.directory.lines import streamed
from deploy.bench.directory.questions import items, searches
from deploy.bench.directory.stage import Offer, Offers, staged
from deploy.bench.doors import Question, through
from deploy.bench.turns import Measured, Pace, Target, take_turns
from deploy.place import Place

SHOWN = 50
LISTS = {
    "first_page": b"/directory/services",
    "middle_page": b"/directory/services?page=%d",
    "full_page": b"/directory/services?full=true&per_page=10",
    "places": b"/directory/service_at_locations",
    "organizations": b"/directory/organizations",
    "terms": b"/directory/taxonomy_terms",
}


async def measured(
    place: Place, services: int, pace: Pace, *, keep: bool, progress: Callable[[int], None]
) -> dict[str, Any]:
    """The figures of a directory with so many services and of one with a tenth. Raises WrongAnswer."""
    async with staged(place, services, keep=keep, progress=progress) as offers:
        about = machine.described(await offers.many.administrator.fetchval("show server_version"))
        return {"name": "directory", "figures": await _figures(offers, pace), "machine": about}


async def _figures(offers: Offers, pace: Pace) -> dict[str, Any]:
    asked = [search.path() for search in await searches(offers)]
    kinds: dict[str, tuple[Sequence[bytes], Sequence[bytes]]] = {
        "search": (asked, asked),
        "item": (await items(offers.few), await items(offers.many)),
        **{name: (_page(path, offers.few), _page(path, offers.many)) for name, path in LISTS.items()},
    }
    found: dict[str, Any] = {"services": offers.many.services, "searches": len(asked)}
    meter = await offers.meter()
    for name, paths in kinds.items():
        targets = [await _target(offer, own) for offer, own in zip(offers.both(), paths, strict=True)]
        seen = await take_turns(targets, 1, pace, meter, _settled)
        found[name] = _compared(seen, offers)
    found["ndjson"] = {_name(offer): await streamed(offer) for offer in offers.both()}
    return found


def _page(path: bytes, offer: Offer) -> list[bytes]:
    """A list's page; the middle one depends on how many there are."""
    return [path % max(1, offer.services // (2 * SHOWN)) if b"%d" in path else path]


async def _target(offer: Offer, paths: Sequence[bytes]) -> Target:
    """One directory as a target: every answer is held to what it was when it was checked."""
    door = offer.door()
    questions = await checked(door, [Question(b"GET", path) for path in paths])
    return through(_name(offer), door, lambda number: in_turn(questions, number), _settled)


def _compared(seen: dict[str, Measured], offers: Offers) -> dict[str, Any]:
    """Both rows, and how much slower the median is than among a tenth of the services."""
    rows = {name: one.figures() for name, one in seen.items()}
    tenth = rows[_name(offers.few)]["p50_ms"]
    return {name: row | {"of_a_tenth": round(row["p50_ms"] / tenth, 3)} for name, row in rows.items()}


def _name(offer: Offer) -> str:
    return f"among_{offer.services}"


async def _settled() -> None:
    """Reading the directory leaves no work behind, and there is nothing in it to refuse."""
