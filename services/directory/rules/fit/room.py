"""Whether a service has room now, as far as anybody has said, and how long ago."""

from datetime import date

from services.directory.rules.fit.weights import reason
from services.directory.schemas import Facts, FitReason

OLD_AFTER = 30


def room(facts: Facts, today: date) -> FitReason:
    """Room that was counted lately, long ago, or never."""
    if facts.free is None:
        return reason("room", "unknown", "It does not say whether it has room.")
    told = f" on {facts.counted.day} {facts.counted:%B %Y}" if facts.counted else ""
    if facts.free == 0:
        return reason("room", "does_not_fit", f"It was full{told}." if told else "It is full.")
    places = "1 place" if facts.free == 1 else f"{facts.free} places"
    if facts.counted and (today - facts.counted).days <= OLD_AFTER:
        return reason("room", "fits", f"It had {places} free{told}.")
    since = told or ", some time ago"
    return reason("room", "partly", f"It had {places} free{since}: ask whether it still has.")


def has_room(facts: Facts) -> bool | None:
    """The same as an answer to yes or no; None where nobody has said."""
    return None if facts.free is None else facts.free > 0
