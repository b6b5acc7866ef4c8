"""A council's feed is pulled; what fits the plan is found; a family puts a listing right, and a provider."""

from typing import Any

from deploy.demo.partner import AnswerUnexpected
from deploy.demo.partnership import EARLY_HELP, OAKFIELD
from deploy.demo.stage import Stage

MATCHED = """
query ($plan: ID!) {
  matches(plan: $plan, question: {barriers: ["cost"], first: 3}) {
    asked { needs nearHome } considered
    matches { score metres why { says } service { id name } }
  }
}"""


async def a_local_service_joins_the_plan(stage: Stage) -> None:
    """Pull the feed over HTTP, match it against the plan's own needs, offer what fits best."""
    stage.teller.chapter("A local service near the family joins the plan")
    feed = stage.ids["feed"]
    report = await stage[EARLY_HELP].made("/directory/feeds", {"url": feed, "publisher": EARLY_HELP.id})
    counts = report["counts"]
    stage.teller.tell(
        EARLY_HELP.name,
        f"pulls a council's Open Referral UK 3.0 feed over HTTP: {counts['added']} services added.",
        **counts,
    )
    best = await _matched(stage)
    await stage[EARLY_HELP].made(
        f"/assessment/plans/{stage.ids['plan']}/offers",
        {
            "subject": stage.ids["household"],
            "service": best["service"]["id"],
            "name": best["service"]["name"],
            "source": feed,
            "why": best["why"][0]["says"],
        },
    )
    stage.teller.tell(EARLY_HELP.name, f"puts {best['service']['name']} on the plan.")


async def _matched(stage: Stage) -> dict[str, Any]:
    """What fits the plan best."""
    asked = {"query": MATCHED, "variables": {"plan": stage.ids["plan"]}}
    found = (await stage[EARLY_HELP].made("/graphql", asked))["data"]["matches"]
    needs = ", ".join(found["asked"]["needs"])
    best = found["matches"][0]
    stage.teller.tell(
        EARLY_HELP.name,
        f"asks the directory what fits the plan ({needs}) near home. It hears no name:"
        f" {found['considered']} services looked at, {best['service']['name']} first.",
        near_home=found["asked"]["nearHome"],
        score=best["score"],
    )
    stage.teller.quote(" ".join(reason["says"] for reason in best["why"]))
    stage.ids["service"] = best["service"]["id"]
    return best


async def a_listing_is_put_right(stage: Stage) -> None:
    """A family reports a fault without saying who they are; the provider confirms by a link."""
    stage.teller.chapter("A listing is put right by those who use it and those who run it")
    service = stage.ids["service"]
    told = {"fault": "wrong_times", "said": "It was shut at four. Ring me on 0117 496 0123."}
    answer = await stage.http.post(f"/listing/wrong/{service}", data=told)
    _expect(answer.status_code, 303)
    [waiting, *_] = (await stage[EARLY_HELP].get(f"/directory/reviews?service={service}")).json()["reviews"]
    stage.teller.tell(
        "A family",
        "says on a page what was wrong with it, with no name and no sign-in.",
        said=waiting["said"],
    )
    stage.teller.quote(waiting["said"])
    links = {"services": [service], "language": "cy"}
    [link] = (await stage[EARLY_HELP].made("/directory/verification-links", links))["links"]
    stage.teller.tell(EARLY_HELP.name, "sends the provider a link, in Welsh, that works once.")
    place = "/listing/" + link["url"].rpartition("/")[2]
    looked = await stage.http.get(place)
    _expect(looked.status_code, 200)
    before = await _shown(stage)
    _expect((await stage.http.post(f"{place}/right")).status_code, 303)
    after = await _shown(stage)
    decided = {"outcome": "refused", "reason": "The provider says the times are right."}
    await stage[EARLY_HELP].made(f"/directory/reviews/{waiting['id']}/decide", decided)
    again = await stage.http.post(f"{place}/right")
    stage.teller.tell(
        "The provider",
        f"taps once. The listing was last checked on {before['assured_date']}; families now see"
        f" {after['assured_date']}. The link is used up.",
        how=after["assured_how"],
        fresh=after["freshness"],
        again=again.status_code,
    )
    refused = await stage[OAKFIELD].get("/insight/unmet")
    shown = await stage[EARLY_HELP].get("/insight/unmet")
    _expect(shown.status_code, 200)
    stage.teller.tell(
        EARLY_HELP.name,
        f"may read what was not there, for {shown.json()['quarter']} and once it is over: counts of five and"
        " more by area and need, nobody's question.",
        school=refused.status_code,
    )


async def _shown(stage: Stage) -> dict[str, Any]:
    """The listing as anybody sees it."""
    return (await stage.http.get(f"/directory/services/{stage.ids['service']}")).json()


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise AnswerUnexpected(f"{status} where the story needs {wanted}")
