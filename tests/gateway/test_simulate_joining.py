"""If housing joined, what would it see? What is answered is what then happens, and asking leaves nothing."""

from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, OAKFIELD, POLICE, Agency
from deploy.local import Running
from hub.caller import Caller, Purpose
from hub.database import Database
from hub.simulate import Question, Supposed, would_see
from tests.people import Family, Room, a_family, a_team, share

LEFT = (
    "decision_event",
    "share",
    "event",
    "notice",
    "agreement",
    "agreement_event",
    "caseload",
    "restriction",
)


async def family_of(room: Room) -> Family:
    """A school's family, which the early help team may know of and pass on."""
    family = await a_family(room)
    subjects = [family.household, family.child]
    await share(room[OAKFIELD], EARLY_HELP, subjects, ["existence", "family_household", "identity_contact"])
    return family


def a_decision(**more: Any) -> dict[str, Any]:
    """What early help supposes: that housing may see who is in the household."""
    return {
        "agency": HOUSING.id,
        "categories": ["family_household", "identity_contact"],
        "basis": "agreement",
        **more,
    }


async def simulated(room: Room, family: Family, by: Agency = EARLY_HELP, **more: Any) -> dict[str, Any]:
    """What housing would see, as early help is told."""
    asked = {"agency": HOUSING.id, "subjects": [str(family.household), str(family.child)], **more}
    answer = await room[by].post("/sharing/simulate/joining", asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def of(said: dict[str, Any], category: str) -> dict[str, Any]:
    """What is said of one category, where one agency was asked about."""
    [agency] = said["would_see"]
    return next(one for one in agency["categories"] if one["category"] == category)


async def test_says_what_a_decision_would_show_before_it_is_recorded(room: Room) -> None:
    family = await family_of(room)
    before = of(await simulated(room, family), "family_household")
    assert (before["sees"], before["records"], before["records_hidden"] > 0) == (False, 0, True)
    assert before["why"] == [f"Nothing that your agency may know of lets {HOUSING.name} see this now."]
    then = of(await simulated(room, family, decisions=[a_decision()]), "family_household")
    assert (then["sees"], then["records_now"], then["records"]) == (True, 0, before["records_hidden"])
    assert "with the family's agreement" in then["why"][0]
    path = f"/referral/households/{family.household}/case"
    assert (await room[HOUSING].get(path)).status_code == 404
    await share(room[EARLY_HELP], HOUSING, [family.household, family.child], a_decision()["categories"])
    now = of(await simulated(room, family), "family_household")
    assert (now["records_now"], now["records"]) == (then["records"], then["records"])
    shown = await room[HOUSING].get(f"/referral/records/counts?subject={family.household}")
    assert sum(one["records"] for one in shown.json()["counts"]) == now["records"]


async def test_leaves_nothing_but_the_disclosure_of_having_asked(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await family_of(room)

    async def counted() -> list[int]:
        return [await administrator.fetchval(f"select count(*) from hub.{table}") for table in LEFT]

    async def raised() -> Any:
        return await administrator.fetch(
            "select agency, purpose, updated_at from hub.caseload where subject = $1 order by 1, 2",
            family.child,
        )

    before = await counted(), await raised()
    everything: dict[str, Any] = {
        "decisions": [a_decision(), a_decision(agency="type:police", basis="statutory_duty")],
        "agreement": {
            "parties": [EARLY_HELP.id, HOUSING.id],
            "categories": ["identity_contact"],
            "purposes": ["early_help"],
        },
    }
    await simulated(room, family, **everything)
    assert (await counted(), await raised()) == before
    page = await room[EARLY_HELP].get("/disclosures", params={"subject": str(family.child)})
    operations = [one["operation"] for one in page.json()["disclosures"]]
    assert "gateway POST /sharing/simulate/joining" in operations


async def test_says_which_decision_the_hub_would_refuse(room: Room) -> None:
    family = await family_of(room)
    wrong = [a_decision(agency=EARLY_HELP.id), a_decision(subjects=[str(uuid4())]), a_decision()]
    said = await simulated(room, family, decisions=wrong)
    assert [(one["number"], one["type"]) for one in said["not_recorded"]] == [
        (0, "decision-in-own-favour"),
        (1, "not-involved"),
    ]
    assert of(said, "identity_contact")["sees"]


async def test_answers_for_every_agency_of_a_type_and_for_a_team(room: Room, hub: Running) -> None:
    family = await family_of(room)
    schools = await simulated(room, family, agency="type:school")
    assert {OAKFIELD.id} < {one["agency"] for one in schools["would_see"]}
    duty = await a_team(hub.settings["gateway"], HOUSING, "duty")
    team = await simulated(room, family, agency=duty, decisions=[a_decision(agency=duty)])
    assert (team["would_see"][0]["team"], of(team, "identity_contact")["sees"]) == ("duty", True)
    whole = await simulated(room, family, decisions=[a_decision(agency=duty)])
    assert not of(whole, "identity_contact")["sees"]


async def test_nobody_made_up_is_told_from_nobody_known(room: Room) -> None:
    family = await a_family(room)
    answers = list[httpx.Response]()
    for subject in (family.child, uuid4()):
        asked = {"agency": HOUSING.id, "subjects": [str(subject)]}
        answers.append(await room[EARLY_HELP].post("/sharing/simulate/joining", asked))
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    unknown_plan = {"agency": HOUSING.id, "plan": str(uuid4())}
    assert (await room[EARLY_HELP].post("/sharing/simulate/joining", unknown_plan)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"subjects": []}, "payload-not-valid"),
        ({"agency": "nobody"}, "agency-unknown"),
        ({"agency": f"{HOUSING.id}/made-up"}, "agency-unknown"),
        ({"agency": "type:nothing"}, "agency-unknown"),
        ({"decisions": [{"agency": "x"}]}, "payload-not-valid"),
    ],
)
async def test_refuses_what_is_no_question(room: Room, wrong: dict[str, Any], problem: str) -> None:
    family = await family_of(room)
    asked = {"agency": HOUSING.id, "subjects": [str(family.child)], **wrong}
    answer = await room[EARLY_HELP].post("/sharing/simulate/joining", asked)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{problem}")


async def test_holds_no_lock_once_it_has_answered(room: Room, hub: Running) -> None:
    """Whoever withdraws does not wait for a question, even while its answer is on its way."""
    family = await family_of(room)
    database = Database(hub.settings["gateway"].need("database_url"), 1)
    asker = Caller(EARLY_HELP.id, EARLY_HELP.client, frozenset(), Purpose.EARLY_HELP)
    supposed = Supposed.model_validate(a_decision())
    question = Question(HOUSING.id, [family.child], Purpose.EARLY_HELP, decisions=[supposed])
    async with database.transaction(asker, "simulate", uuid4()) as tx:
        [seen], refused = await would_see(tx, question, [])
        held = await tx.value(
            "select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory'"
        )
        timeout = await tx.value("select current_setting('lock_timeout')")
    await database.close()
    assert (held, timeout, refused) == (0, "0", [])
    assert next(one for one in seen.categories if one.category == "identity_contact").sees


async def test_needs_the_scope_to_explain(room: Room) -> None:
    family = await family_of(room)
    asked = {"agency": MASH.id, "subjects": [str(family.child)]}
    assert (await room[POLICE].post("/sharing/simulate/joining", asked)).status_code == 403
