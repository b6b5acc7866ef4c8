"""Who looked at my family, and why; and the proof that nobody has touched the answer."""

from collections.abc import AsyncGenerator
from typing import Any

from deploy.demo.partnership import EARLY_HELP
from deploy.demo.stage import Stage


async def who_looked(stage: Stage) -> None:
    """The family's own question, answered from the disclosures."""
    stage.teller.chapter("Who looked at my family, and why")
    looked: dict[tuple[str, str, str], tuple[int, set[str]]] = {}
    for name in ("household", "mina"):
        async for row in _disclosures(stage, stage.ids[name]):
            key = (row["agency_name"], row["purpose"], row["outcome"])
            times, what = looked.get(key, (0, set()))
            looked[key] = (times + 1, what | set(row["categories"]))
    stage.teller.table(
        "Everybody who asked about the household or about Mina",
        [
            {"agency": agency, "for": purpose, "": outcome, "times": str(n), "what": ", ".join(sorted(what))}
            for (agency, purpose, outcome), (n, what) in sorted(looked.items())
        ],
    )


async def _disclosures(stage: Stage, subject: str) -> AsyncGenerator[dict[str, Any]]:
    """Every page of what was shown and refused about one subject, newest first."""
    cursor = None
    while True:
        params = {"subject": subject, "limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = (await stage[EARLY_HELP].get("/disclosures", params=params)).json()
        for row in page["disclosures"]:
            yield row
        cursor = page["next"]
        if not cursor:
            return
