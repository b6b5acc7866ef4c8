"""How much each thing counts, and what each verdict is worth: the one table, printed as a golden file.

A service is scored by what was asked for and nothing else: its points out of those it could have had.
"""

from typing import Literal

from services.directory.schemas import FitReason

Verdict = Literal["fits", "partly", "unknown", "does_not_fit"]

WEIGHTS = {
    "need": 40,
    "room": 20,
    "place": 15,
    "age": 15,
    "time": 10,
    "language": 10,
    "cost": 8,
    "send_access": 8,
    "transport": 6,
    "hours": 6,
    "childcare": 6,
    "stigma": 4,
    "digital": 4,
}
# In tenths. What nobody has said is worth less than half: a family should not be sent on a guess.
VALUES: dict[Verdict, int] = {"fits": 10, "partly": 6, "unknown": 4, "does_not_fit": 0}


def reason(about: str, verdict: Verdict, says: str) -> FitReason:
    """One reason."""
    return FitReason(about=about, verdict=verdict, says=says)


def score(reasons: list[FitReason]) -> int:
    """The points of these reasons, out of 100."""
    most = sum(WEIGHTS[one.about] for one in reasons)
    return round(10 * sum(WEIGHTS[one.about] * VALUES[one.verdict] for one in reasons) / most)


def table() -> str:
    """The weights as a table for people."""
    heads = f"{'':14}{'weight':>7}" + "".join(f"{verdict.replace('_', ' '):>14}" for verdict in VALUES)
    rows = (
        f"{about.replace('_', ' '):14}{weight:>7}"
        + "".join(f"{weight * value / 10:>14.1f}" for value in VALUES.values())
        for about, weight in WEIGHTS.items()
    )
    return "\n".join([heads, *rows]) + "\n"
