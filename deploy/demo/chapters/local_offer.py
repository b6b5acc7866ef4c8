"""A council's Open Referral UK feed is pulled, and a service near the family joins the plan."""

from deploy.demo.partnership import EARLY_HELP
from deploy.demo.stage import Stage

WITHIN = 3000


async def a_local_service_joins_the_plan(stage: Stage) -> None:
    """Pull the feed over HTTP, search near the family's own postcode, offer what fits."""
    stage.teller.chapter("A local service near the family joins the plan")
    feed = stage.ids["feed"]
    report = await stage[EARLY_HELP].made("/directory/feeds", {"url": feed, "publisher": EARLY_HELP.id})
    counts = report["counts"]
    stage.teller.tell(
        EARLY_HELP.name,
        f"pulls a council's Open Referral UK 3.0 feed over HTTP: {counts['added']} services added.",
        **counts,
    )
    _, register, _ = await stage.case(EARLY_HELP)
    postcode = register["addresses"][0]["postcode"]
    answer = await stage.http.get(
        "/directory/services", params={"postcode": postcode, "proximity": WITHIN, "search": "debt"}
    )
    services = answer.json()["contents"]
    stage.teller.tell(
        "Anybody", f"may search the directory: {len(services)} about debt within {WITHIN // 1000} km of home."
    )
    nearest = services[0]
    await stage[EARLY_HELP].made(
        f"/assessment/plans/{stage.ids['plan']}/offers",
        {
            "subject": stage.ids["household"],
            "service": nearest["id"],
            "name": nearest["name"],
            "source": feed,
            "why": "Advice on the rent owed, close to home.",
        },
    )
    stage.teller.tell(EARLY_HELP.name, f"puts {nearest['name']} on the plan.")
