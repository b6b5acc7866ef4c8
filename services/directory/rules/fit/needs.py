"""Whether a service is for these needs and for people of these ages."""

from collections.abc import Sequence

from services.directory.rules.fit.weights import reason
from services.directory.rules.needs import Need
from services.directory.schemas import Facts, FitReason

OLDEST = 120


def need(wanted: Sequence[Need], facts: Facts) -> FitReason:
    """Its name or its terms say so; its description mentions it; or neither."""
    labels = {one.key: one.label for one in wanted}
    named = [labels[key] for key in labels if key in facts.named_for]
    mentioned = [labels[key] for key in labels if key in facts.mentions - facts.named_for]
    missing = [labels[key] for key in labels if key not in facts.named_for | facts.mentions]
    parts = [f"It is for {listed(named)}."] if named else []
    parts += [f"Its description mentions {listed(mentioned)}."] if mentioned else []
    parts += [f"It does not help with {listed(missing)}."] if missing else []
    verdict = "fits" if not mentioned and not missing else "partly" if named or mentioned else "does_not_fit"
    return reason("need", verdict, " ".join(parts))


def age(ages: Sequence[int], facts: Facts) -> FitReason | None:
    """For all of them, some of them or none of them."""
    if not ages:
        return None
    if facts.low is None and facts.high is None:
        return reason("age", "unknown", "It does not say for which ages it is.")
    low, high = facts.low or 0, OLDEST if facts.high is None else facts.high
    says = f"It is for {_ages(low, high)}"
    # Somebody of 11 is 11 until the day before the birthday: an upper limit of 11 includes them.
    out = sorted({one for one in ages if not low <= one < high + 1})
    if not out:
        return reason("age", "fits", f"{says}.")
    verdict = "partly" if len(out) < len(set(ages)) else "does_not_fit"
    return reason("age", verdict, f"{says}, not for somebody of {listed([str(one) for one in out])}.")


def _ages(low: float, high: float) -> str:
    if high >= OLDEST:
        return f"people of {low:g} and over" if low else "people of any age"
    return f"people of up to {high:g}" if not low else f"people of {low:g} to {high:g}"


def listed(words: Sequence[str]) -> str:
    """Words as a sentence has them: a, b and c."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
