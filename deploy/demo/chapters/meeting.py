"""The network meets over one case view, each agency seeing its own; then an agreement is withdrawn."""

from datetime import UTC, datetime, timedelta

from deploy.demo.partnership import EARLY_HELP, HILLTOP, HOUSING, NURSING, OAKFIELD, POLICE, Agency
from deploy.demo.stage import SEEN, UNSEEN, Stage

ROOM = (EARLY_HELP, OAKFIELD, HILLTOP, NURSING, HOUSING)

CASE = """query Case($id: ID!) {
  case(id: $id) {
    household { name }
    identities { givenName familyName }
    concerns { kind }
    sections { category }
    plans { status }
    actions { text owner }
  }
}"""


async def the_network_meets(stage: Stage) -> None:
    """A meeting pulls the shared case view; one shared screen shows only what all in the room may see."""
    stage.teller.chapter("The network meets over one shared case view")
    answer = await stage[EARLY_HELP].made(
        "/assessment/meetings",
        {
            "household": stage.ids["household"],
            "starts_at": (datetime.now(UTC) + timedelta(days=14)).isoformat(),
            "venue": "Oakfield Primary School, family room",
            "private_room": True,
            "agencies": [agency.id for agency in ROOM],
        },
    )
    rows = [await _pulls(stage, agency) for agency in ROOM]
    room = ",".join(agency.id for agency in ROOM)
    rows.append({**await _pulls(stage, EARLY_HELP, audience=room), "on whose screen": "shared, in the room"})
    stage.teller.table("case(id) on GraphQL, asked by each agency in the meeting", rows)
    await stage[EARLY_HELP].made(
        f"/assessment/meetings/{answer['meeting']['meeting']}/minutes",
        {"text": "Everybody had read the plan.", "decision": "Review after half term."},
    )
    stage.teller.tell(EARLY_HELP.name, "writes the minutes and the decision.")


async def an_agreement_is_withdrawn(stage: Stage) -> None:
    """Housing's agreement ends with one call; the next read no longer has it; a duty stands."""
    stage.teller.chapter("Housing's agreement is withdrawn")
    decision = stage.ids[f"decision:{HOUSING.id}"]
    await stage[EARLY_HELP].made(
        f"/sharing/decisions/{decision}/withdraw", {"reason": "The mother no longer wants housing involved."}
    )
    stage.teller.tell(
        "Priya Sample", "withdraws what housing may see. One call, in force when it is answered."
    )
    status, _, assessed = await stage.case(HOUSING)
    own = [section["category"] for section in assessed["sections"]]
    stage.teller.tell(
        HOUSING.name,
        f"asks at once: {status}, as if there were no such family. It keeps its own words: {', '.join(own)}.",
        status=status,
    )
    status, register, _ = await stage.case(POLICE)
    stage.teller.tell(
        POLICE.name,
        f"still sees what the statutory duty lets it: {status}, {len(register['concerns'])} concerns.",
        status=status,
    )
    answer = await stage[EARLY_HELP].get(
        "/sharing/explain",
        params={"agency": HOUSING.id, "subject": stage.ids["household"], "category": "plan_and_actions"},
    )
    stage.teller.tell(EARLY_HELP.name, "asks why housing no longer sees the plan:")
    for reason in answer.json()["reasons"]:
        stage.teller.quote(reason["words"])
    await stage.who_sees_what("Who sees what, after the withdrawal")


async def _pulls(stage: Stage, agency: Agency, audience: str = "") -> dict[str, str]:
    headers = {"audience": audience} if audience else {}
    answer = await stage[agency].post(
        "/graphql", {"query": CASE, "variables": {"id": stage.ids["household"]}}, headers=headers
    )
    case = answer.json()["data"]["case"]
    return {
        "on whose screen": agency.name,
        "people": str(len({who["givenName"] for who in case["identities"]})) if case else "0",
        "concerns": str(len(case["concerns"])) if case else "0",
        "sections": ", ".join(sorted({s["category"] for s in case["sections"]})) if case else "",
        "plan": SEEN if case and case["plans"] else UNSEEN,
    }
