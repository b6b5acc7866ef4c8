"""A sealed address gets out nowhere: abuse case 6 of the threat model, through the front door."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import asyncpg
import httpx
import pytest
import structlog

from deploy.demo.partnership import CHARITY, EARLY_HELP, HOUSING, NURSING, OAKFIELD, PARTNERSHIP
from tests.gateway.sealed_family import TELLS, Planted, planted, says, seal, secret
from tests.people import Partner, Room, a_family, share
from tests.policy.ledger import Asking, asking

OF = "ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }"
TYPES = "{ __schema { types { name fields { name type { kind name OF } } } } }".replace("OF", OF)


@pytest.fixture(scope="module")
async def known(room: Room) -> Planted:
    """One family, its address written down everywhere and sealed for all but early help and nursing."""
    family = await planted(room)
    before = await room[HOUSING].get(f"/referral/households/{family.ids['household']}/case")
    assert _tells(before), "this file proves nothing if there was nothing to hide"
    await seal(room, family, EARLY_HELP, NURSING)
    return family


def _tells(answer: httpx.Response) -> bool:
    said = answer.text + unquote(str(answer.headers))
    return re.search(TELLS, said, re.IGNORECASE) is not None


async def _every_get(http: httpx.AsyncClient, known: Planted) -> list[str]:
    paths = (await http.get("/openapi.json")).json()["paths"]
    ids = {**known.ids, "code": "assessment_triangle"}
    household = known.ids["household"]
    filled = [
        re.sub(r"{(\w+)}", lambda found: ids.get(found[1], household), path)
        for path, operations in paths.items()
        if "get" in operations and not path.startswith("/.well-known")
    ]
    asked = f"subject={household}&agency={HOUSING.id}&category=home_address&person={known.ids['person']}"
    return [f"{path}?{asked}" if path.startswith(("/sharing", "/disclosures")) else path for path in filled]


def _selection(types: Mapping[str, Any], name: str, depth: int = 5) -> str:
    """Every field of a type, and of what it leads to."""
    if depth == 0 or not types[name]["fields"]:
        return ""
    chosen: list[str] = []
    for each in types[name]["fields"]:
        kind = each["type"]
        while kind["name"] is None:
            kind = kind["ofType"]
        below = _selection(types, kind["name"], depth - 1)
        if below or kind["kind"] in ("SCALAR", "ENUM"):
            chosen.append(each["name"] + below)
    return " { " + " ".join(chosen) + " }"


async def _whole_case(partner: Partner, household: str) -> str:
    answer = await partner.post("/graphql", {"query": TYPES})
    types = {each["name"]: each for each in answer.json()["data"]["__schema"]["types"]}
    return f'{{ case(id: "{household}"){_selection(types, "Case")} }}'


async def _wrong_in_every_way(partner: Partner, known: Planted) -> list[httpx.Response]:
    """Refusals that could repeat what they were sent, or what is there."""
    household, secret = known.ids["household"], f"{46 + known.number} Zebedee Lane"
    return [
        await partner.post("/referral/referrals", {secret: secret}),
        await partner.post("/referral/people/find", {"upn": secret}),
        await partner.post("/assessment/plans", {"household": household, "tier": secret, secret: 1}),
        await partner.post("/sharing/decisions", {secret: [secret]}),
        await partner.post("/sharing/restrictions", {"categories": [secret], secret: {secret: 1}}),
        await partner.post("/graphql", {"query": f'{{ case(id: "{secret}") {{ id }} }}'}),
        await partner.post("/graphql", {"query": f'{{ case "{secret}" }}'}),
        await partner.post("/graphql", {"query": f'query Q($a: Int) {{ a(b: "{secret}") }}'}),
        await partner.post("/graphql", {"query": "query($n: Int!) { x }", "variables": {"n": secret}}),
        await partner.get(f"/assessment/frameworks/{secret}"),
        await partner.get("/referral/households", params={"cursor": secret}),
        await partner.get(
            "/sharing/explain", params={"agency": secret, "subject": household, "category": "x"}
        ),
        await partner.get(f"/no/such/{secret}"),
    ]


async def test_no_read_tells_it_to_an_agency_that_is_not_named(
    room: Room, http: httpx.AsyncClient, known: Planted
) -> None:
    told, seen, shown = list[str](), 0, 0
    with structlog.testing.capture_logs() as logs:
        for agency in PARTNERSHIP:
            if agency in (EARLY_HELP, NURSING):
                continue
            for path in await _every_get(http, known):
                answer = await room[agency].get(path)
                seen, shown = seen + 1, shown + (answer.status_code == 200)
                if _tells(answer):
                    told.append(f"{agency.id} {path}")
    assert told == []
    assert not re.search(TELLS, str(logs), re.IGNORECASE)
    assert seen > 200
    assert shown > 80


async def test_graphql_does_not_tell_it_either(room: Room, known: Planted) -> None:
    query = await _whole_case(room[HOUSING], known.ids["household"])
    for agency in PARTNERSHIP:
        answer = await room[agency].post("/graphql", {"query": query})
        assert answer.json()["data"]["case"], answer.text
        assert _tells(answer) == (agency in (EARLY_HELP, NURSING)), f"{agency.id} {answer.text}"


async def test_no_refusal_repeats_it(room: Room, known: Planted) -> None:
    with structlog.testing.capture_logs() as logs:
        for agency in (HOUSING, CHARITY, OAKFIELD):
            for answer in await _wrong_in_every_way(room[agency], known):
                assert not _tells(answer), f"{answer.request.url} {answer.text}"
    assert not re.search(TELLS, str(logs), re.IGNORECASE)


async def test_the_named_read_all_of_it(room: Room, known: Planted) -> None:
    for agency in (EARLY_HELP, NURSING):
        case = await room[agency].get(f"/referral/households/{known.ids['household']}/case")
        assert f"{46 + known.number} Zebedee" in case.text
        assert case.json()["addresses"]


async def test_the_records_are_hidden_and_not_only_their_words(room: Room, known: Planted) -> None:
    case = (await room[HOUSING].get(f"/referral/households/{known.ids['household']}/case")).json()
    assert (case["addresses"], bool(case["identities"])) == ([], True)


async def test_whoever_wrote_it_down_does_not_read_it_back_unless_named(room: Room, known: Planted) -> None:
    answer = await room[OAKFIELD].get(f"/referral/concerns/{known.ids['concern']}")
    assert answer.json()["concern"]["narrative"] == "They live at [sealed] now."


async def test_a_room_reads_it_only_if_everybody_in_it_is_named(room: Room, known: Planted) -> None:
    path = f"/assessment/meetings/{known.ids['meeting']}"
    named = await room[EARLY_HELP].get(path, headers={"audience": NURSING.id})
    mixed = await room[EARLY_HELP].get(path, headers={"audience": f"{NURSING.id},{HOUSING.id}"})
    assert (_tells(named), _tells(mixed), mixed.status_code) == (True, False, 200)


async def test_what_is_written_afterwards_is_stored_whole_and_sealed_on_the_way_out(
    room: Room, known: Planted, administrator: asyncpg.Connection
) -> None:
    body = {"text": says(known.number, 1), "decision": None}
    path = f"/assessment/meetings/{known.ids['meeting']}/minutes"
    answer = await room[EARLY_HELP].post(path, body, headers={"audience": HOUSING.id})
    assert answer.status_code == 201
    assert not _tells(answer)
    minute = answer.json()["minute"]["minute"]
    stored = await administrator.fetchval("select text from assessment.minute where id = $1", minute)
    assert stored == says(known.number, 1)


async def test_a_repeated_answer_does_not_outlive_the_seal(room: Room) -> None:
    known = await planted(room)
    path, key = f"/assessment/meetings/{known.ids['meeting']}/minutes", {"idempotency-key": str(uuid4())}
    body = {"text": says(known.number, 0), "decision": None}
    before = await room[EARLY_HELP].post(path, body, headers=key)
    await seal(room, known, NURSING)
    after = await room[EARLY_HELP].post(path, body, headers=key)
    assert (_tells(before), _tells(after), after.status_code) == (True, False, 409)
    assert after.json()["type"] == "/problems/answer-has-changed"


async def test_an_agency_that_joins_later_is_not_named_either(
    room: Room, administrator: asyncpg.Connection, known: Planted
) -> None:
    await administrator.execute(
        "insert into hub.agency (id, name, type) values ('late-comer', 'Late', 'school')"
    )
    hidden = await administrator.fetchval(
        "select count(*) from hub.restriction where agency = 'late-comer' and subject = $1 "
        "and category = 'home_address'",
        known.family.child,
    )
    assert hidden == 1


async def test_that_something_was_sealed_stands_in_the_trace(
    room: Room, known: Planted, administrator: asyncpg.Connection
) -> None:
    await room[CHARITY].get(f"/assessment/meetings/{known.ids['meeting']}")
    noted = await administrator.fetchval(
        "select count(*) from hub.disclosure where agency = $1 and reason = 'sealed' and subject = $2",
        CHARITY.id,
        known.family.household,
    )
    assert noted >= 1


async def test_a_seal_ends_when_it_is_lifted_and_its_text_is_kept_no_longer(
    room: Room, administrator: asyncpg.Connection
) -> None:
    known = await planted(room)
    path = f"/referral/households/{known.ids['household']}/case"
    assert _tells(await room[HOUSING].get(path))
    sealed = await seal(room, known)
    assert not _tells(await room[HOUSING].get(path))
    lifted = await room[EARLY_HELP].post(f"/sharing/seals/{sealed}/lift", {"reason": "They moved on."})
    assert lifted.status_code == 204
    assert await administrator.fetchval("select count(*) from hub.sealed_text where seal = $1", sealed) == 0
    assert _tells(await room[HOUSING].get(path))


async def test_a_seal_ends_by_itself(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact", "home_address"])
    ends = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    body = {
        "subjects": [str(family.child)],
        "named": [],
        "text": ["Sky Synthetic"],
        "reason": "test",
        "ends": ends,
    }
    await room[OAKFIELD].made("/sharing/seals", body | {"text": ["1 Quagmire Example Street"]})
    path = f"/referral/people/{family.child}"
    assert (await room[HOUSING].get(path)).json()["addresses"] == []
    await asyncio.sleep(3.1)
    assert (await room[HOUSING].get(path)).json()["addresses"]


async def test_text_that_stands_everywhere_is_not_sealed_and_not_repeated(room: Room) -> None:
    family = await a_family(room)
    body = {"subjects": [str(family.child)], "named": [], "text": [secret(8), "House"], "reason": "test"}
    answer = await room[OAKFIELD].post("/sharing/seals", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/text-too-common")
    assert answer.json()["errors"][0]["pointer"] == "/text/1"
    assert "House" not in answer.json()["errors"][0]["detail"]


async def test_only_an_agency_that_is_involved_seals_and_only_it_lifts(room: Room) -> None:
    family = await a_family(room)
    body = {"subjects": [str(family.child)], "named": [], "text": ["8 Vexatious Row"], "reason": "test"}
    assert (await room[HOUSING].post("/sharing/seals", body)).status_code == 404
    sealed = (await room[OAKFIELD].made("/sharing/seals", body))["seal"]
    answer = await room[HOUSING].post(f"/sharing/seals/{sealed}/lift", {"reason": "Because."})
    assert answer.status_code == 404


async def test_the_directory_may_note_that_it_sealed_and_nothing_else(
    room: Room, database_url: str, server: dict[str, Any]
) -> None:
    place = database_url.rpartition("@")[2]
    url = f"postgresql://hub_directory:{server['roles']['directory']}@{place}"
    note = "insert into hub.disclosure (outcome, reason) values ('shown', $1)"
    async with asking(url, Asking(HOUSING.id)) as connection:
        await connection.execute(note, "sealed")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(note, "looked")
