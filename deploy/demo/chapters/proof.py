"""Who looked at my family, and why; and the proof that nobody has touched the answer."""

from collections import Counter

from deploy.demo.partnership import EARLY_HELP
from deploy.demo.stage import Stage


async def who_looked(stage: Stage) -> None:
    """The family's own question, answered from the disclosures; then the log is verified offline."""
    stage.teller.chapter("Who looked at my family, and why")
    looked: Counter[tuple[str, str, str, str]] = Counter()
    for name in ("household", "mina"):
        cursor = None
        while True:
            params = {"subject": stage.ids[name]} | ({"cursor": cursor} if cursor else {})
            page = (await stage[EARLY_HELP].get("/disclosures", params=params)).json()
            for row in page["disclosures"]:
                categories = ", ".join(row["categories"]) or row["reason"] or ""
                looked[(row["agency"], row["purpose"], row["outcome"], categories)] += 1
            cursor = page["next"]
            if not cursor:
                break
    stage.teller.table(
        "Disclosures about the household and about Mina",
        [
            {"agency": agency, "for": purpose, "outcome": outcome, "what": what, "times": str(times)}
            for (agency, purpose, outcome, what), times in sorted(looked.items())
        ],
    )
