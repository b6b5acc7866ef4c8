"""What a run amounts to: how much was seen, how much of it too late, and how near it came."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deploy.bench.withdraw.watching import Look, Watch


class NeverShown(Exception):
    """A way out never showed what was shared: that it shows nothing afterwards would prove nothing."""


def figures(watches: Sequence[Watch]) -> dict[str, Any]:
    """Counts by narrowing and by way out. Raises NeverShown. `violations` is what must be 0."""
    kinds, ways = defaultdict[str, list[Watch]](list), defaultdict[str, list[Watch]](list)
    for watch in watches:
        kinds[watch.narrowing].append(watch)
        for way in {look.way for look in watch.looks}:
            ways[way].append(watch)
    by_narrowing = {name: _row(kind, None) for name, kind in sorted(kinds.items())}
    by_way = {name: _row(one, name) for name, one in sorted(ways.items())}
    _require_shown("by narrowing", by_narrowing)
    _require_shown("by way out", by_way)
    return {
        "narrowings": len(watches),
        "looks": sum(len(watch.looks) for watch in watches),
        "begun_after": sum(len(watch.begun_after()) for watch in watches),
        "violations": sum(len(watch.shown_after()) for watch in watches),
        "worst_overlap_ms": _milliseconds(watch.overlap() for watch in watches),
        "by_narrowing": by_narrowing,
        "by_way": by_way,
    }


def _row(watches: Sequence[Watch], way: str | None) -> dict[str, Any]:
    looks = [look for watch in watches for look in _of(watch.looks, way)]
    return {
        "narrowings": len(watches),
        "looks": len(looks),
        "shown": sum(look.shown for look in looks),
        "begun_after": sum(len(_of(watch.begun_after(), way)) for watch in watches),
        "shown_after": sum(len(_of(watch.shown_after(), way)) for watch in watches),
        "overlap_ms": _milliseconds(watch.overlap() for watch in watches) if way is None else None,
        "last_begun_ms": _milliseconds(watch.took_effect() for watch in watches) if way is None else None,
    }


def _of(looks: Iterable[Look], way: str | None) -> list[Look]:
    return [look for look in looks if way in (None, look.way)]


def _require_shown(by: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """That each showed something before. A repeated answer is refused once any sharing was narrowed."""
    for name, row in rows.items():
        if not row["shown"]:
            raise NeverShown(f"Nothing was ever shown before, {by}: {name}.")


def _milliseconds(seconds: Iterable[float]) -> float:
    return round(max((0.0, *seconds)) * 1000, 1)
