"""Whether a family can get to a service: where it is, and when it is open."""

from collections.abc import Sequence
from datetime import time

from services.directory.rules.fit.weights import reason
from services.directory.schemas import Facts, FitReason, Opening, TimeAsked

A_WALK = 1_600
DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
EVENING = time(17)
WEEKEND = ("SA", "SU")


def place(located: bool, facts: Facts) -> FitReason | None:
    """In walking distance, further, or without a place to go to."""
    if not located:
        return None
    if facts.metres is not None:
        near = facts.metres <= A_WALK
        how = "about a walk away" if near else "too far to walk for most"
        return reason(
            "place", "fits" if near else "partly", f"It is {distance(facts.metres)} from home: {how}."
        )
    if facts.everywhere:
        return reason("place", "fits", "It helps people all over the country, by telephone, online or post.")
    return reason("place", "partly", "It serves the area where they live and names no place to go to.")


def when(times: Sequence[TimeAsked], facts: Facts) -> FitReason | None:
    """Open at one of the times asked for."""
    if not times:
        return None
    if not facts.openings:
        return reason("time", "unknown", "It does not say when it is open.")
    for asked in times:
        for opening in facts.openings:
            if _meets(asked, opening):
                return reason("time", "fits", f"It is open on {_said(opening)}.")
    return reason("time", "does_not_fit", "It is not open at the times asked for.")


def outside_hours(facts: Facts) -> FitReason:
    """Open in the evening or at the weekend, for those who work."""
    for opening in facts.openings:
        if opening.day in WEEKEND or (opening.closes and opening.closes > EVENING):
            return reason("hours", "fits", f"It is open on {_said(opening)}.")
    if facts.openings:
        return reason("hours", "does_not_fit", "It is open on weekdays before 17:00 only.")
    return reason("hours", "unknown", "It does not say when it is open.")


def distance(metres: float) -> str:
    """A distance as people say it."""
    return f"{round(metres, -1):.0f} metres" if metres < 995 else f"{metres / 1000:.1f} km"


def _meets(asked: TimeAsked, opening: Opening) -> bool:
    if asked.day != opening.day:
        return False
    opens, closes = opening.opens or time(0), opening.closes or time(23, 59)
    return opens < asked.ends and asked.starts < closes


def _said(opening: Opening) -> str:
    day = DAYS[opening.day]
    if opening.opens is None:
        return day
    until = f" to {opening.closes:%H:%M}" if opening.closes else ""
    return f"{day} from {opening.opens:%H:%M}{until}"
