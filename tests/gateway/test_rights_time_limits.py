"""By when a request is answered: its clock stops and starts, it is extended once, and who asks is checked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy import local
from deploy.demo.partnership import DPO, EARLY_HELP
from gateway.rights.overdue import tell_once
from hub.database import Database
from hub.heard import today
from tests.people import Room, a_family

COPIES, ERASURES = "/rights/access-requests", "/rights/erasure-requests"
BOTH = pytest.mark.parametrize("kind", [COPIES, ERASURES])
SECOND = {"practitioner": "p-2"}
RECEIVED = "2026-09-10"  # due on 10 October
WHO = {"waits_for": "identity", "on": "2026-09-12", "reason": "We do not know you."}
SCOPE = {"waits_for": "scope", "on": "2026-09-12", "reason": "All of it, or the meetings?"}
CAME = {"on": "2026-09-20", "reason": "She told us."}
LONGER = {"months": 2, "told_on": "2026-10-01", "reason": "There are four schools' files to read."}


async def asked(room: Room, kind: str, received_on: str = RECEIVED) -> str:
    """The mother asks about herself; the path of her request."""
    family = await a_family(room)
    body = {"subject": str(family.parent), "asked_by": "Robin Synthetic", "capacity": "self"}
    made = await room[DPO].made(kind, {**body, "received_on": received_on})
    return f"{kind}/{made['request']['request']}"


async def noted(room: Room, path: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
    """What is noted of a time limit, and the request then."""
    return (await room[DPO].made(f"{path}/{what}", body))["request"]


async def refusal(room: Room, path: str, body: dict[str, Any]) -> tuple[int, str]:
    """Why it is not noted."""
    answer = await room[DPO].post(path, body)
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@BOTH
async def test_the_month_begins_anew_when_they_show_who_they_are(room: Room, kind: str) -> None:
    path = await asked(room, kind)
    waiting = await noted(room, path, "clock/stop", WHO)
    assert (waiting["due_on"], waiting["status"]) == (None, "open")
    assert (await noted(room, path, "clock/start", CAME))["due_on"] == "2026-10-20"
    checked = await noted(room, path, "identity", {"on": "2026-09-20", "how": "I saw her passport."})
    assert checked["due_on"] == "2026-10-20"
    told = [(one["event"], one["on"], one["waits_for"], one["reason"]) for one in checked["history"]]
    assert told == [
        ("gathered", None, None, told[0][3]),
        ("clock_stopped", "2026-09-12", "identity", "We do not know you."),
        ("clock_started", "2026-09-20", None, "She told us."),
        ("identity_checked", "2026-09-20", None, "I saw her passport."),
    ]
    assert {one["by"] for one in checked["history"]} == {"p-1"}
    assert (await room[DPO].get(path)).json()["request"] == checked


async def test_the_days_from_asking_what_they_mean_to_hearing_it_do_not_count(room: Room) -> None:
    path = await asked(room, COPIES)
    await noted(room, path, "clock/stop", SCOPE)
    assert (await noted(room, path, "clock/start", CAME))["due_on"] == "2026-10-19"


async def test_only_who_asks_stops_the_clock_of_an_erasure(
    room: Room, administrator: asyncpg.Connection
) -> None:
    path = await asked(room, ERASURES)
    assert (await room[DPO].post(f"{path}/clock/stop", SCOPE)).status_code == 422
    await _walled(administrator, path, "clock_stopped", "2026-09-12", waits_for="scope")


@BOTH
async def test_it_is_extended_once_and_told_within_the_first_month(
    room: Room, administrator: asyncpg.Connection, kind: str
) -> None:
    path = await asked(room, kind)
    late = {**LONGER, "told_on": "2026-10-11"}
    assert await refusal(room, f"{path}/extend", late) == (409, "time-is-over")
    await _walled(administrator, path, "extended", "2026-10-11", months=2)
    assert await refusal(room, f"{path}/extend", {**LONGER, "told_on": "2026-09-09"}) == (
        *(422, "days-run-backwards"),
    )
    assert (await room[DPO].post(f"{path}/extend", {**LONGER, "months": 3})).status_code == 422
    longer = await noted(room, path, "extend", {**LONGER, "told_on": "2026-10-10"})
    assert (longer["due_on"], longer["history"][-1]["months"]) == ("2026-12-10", 2)
    assert await refusal(room, f"{path}/extend", LONGER) == (409, "extended-already")
    with pytest.raises(asyncpg.UniqueViolationError):
        await _insert(administrator, path, "extended", "2026-10-01", months=1)


@BOTH
async def test_a_clock_stops_while_it_runs_and_starts_while_it_is_stopped(
    room: Room, administrator: asyncpg.Connection, kind: str
) -> None:
    path = await asked(room, kind)
    assert await refusal(room, f"{path}/clock/start", CAME) == (409, "clock-not-so")
    await _walled(administrator, path, "clock_started", "2026-09-20")
    early = {**WHO, "on": "2026-09-09"}
    assert await refusal(room, f"{path}/clock/stop", early) == (422, "days-run-backwards")
    late = {**WHO, "on": "2026-10-11"}
    assert await refusal(room, f"{path}/clock/stop", late) == (409, "time-is-over")
    await noted(room, path, "clock/stop", WHO)
    assert await refusal(room, f"{path}/clock/stop", WHO) == (409, "clock-not-so")
    await _walled(administrator, path, "clock_stopped", "2026-09-13", waits_for="identity")
    before = {**CAME, "on": "2026-09-11"}
    assert await refusal(room, f"{path}/clock/start", before) == (422, "days-run-backwards")
    await _walled(administrator, path, "clock_started", "2026-09-11")


@BOTH
async def test_what_is_answered_has_no_clock_any_more(
    room: Room, administrator: asyncpg.Connection, kind: str
) -> None:
    path = await asked(room, kind)
    await room[DPO].made(f"{path}/items")
    done = "release" if kind == COPIES else "approve"
    await room[DPO].made(f"{path}/{done}", {"reason": "Read."}, headers=SECOND)
    for what, body in (
        ("clock/stop", WHO),
        ("extend", LONGER),
        ("identity", {"on": RECEIVED, "how": "Seen."}),
    ):
        assert await refusal(room, f"{path}/{what}", body) == (409, "request-moved-on")
    await _walled(administrator, path, "extended", "2026-10-01", months=2)


async def test_a_request_that_waits_is_listed_after_those_that_are_due(room: Room) -> None:
    path = await asked(room, COPIES, "1999-01-04")
    which = path.rpartition("/")[2]
    first = (await room[DPO].get(COPIES, params={"limit": 1})).json()["requests"]
    assert first[0]["request"] == which
    await noted(room, path, "clock/stop", {**WHO, "on": "1999-01-05"})
    first = (await room[DPO].get(COPIES, params={"limit": 1})).json()["requests"]
    assert first[0]["request"] != which or first[0]["due_on"] is None


@BOTH
async def test_only_oversight_notes_it_and_as_a_person(room: Room, kind: str) -> None:
    path = await asked(room, kind)
    partner = await room[EARLY_HELP].post(f"{path}/clock/stop", WHO)
    assert (partner.status_code, partner.json()["type"]) == (403, "/problems/scope-missing")
    made_up = f"{kind}/00000000-0000-4000-8000-000000000000/identity"
    assert (await room[DPO].post(made_up, {"on": RECEIVED, "how": "Seen."})).status_code == 404


@BOTH
async def test_oversight_is_told_once_of_a_request_that_is_overdue(
    room: Room, hub: local.Running, kind: str
) -> None:
    day = str(today())
    overdue, waits, answered, longer = [await asked(room, kind, day) for _ in range(4)]
    await noted(room, waits, "clock/stop", {**WHO, "on": day})
    await noted(room, longer, "extend", {**LONGER, "told_on": day})
    refused = {"outcome": "refuse", "reason": "It is not hers."}
    if kind == ERASURES:
        await room[DPO].made(f"{answered}/decision", refused)
    else:
        await room[DPO].made(f"{answered}/items")
        await room[DPO].made(f"{answered}/release", {"reason": "Read."}, headers=SECOND)
    database = Database(hub.settings["gateway"].need("database_url"), 1)
    await tell_once(database, today() + timedelta(40))
    assert await tell_once(database, today() + timedelta(40)) == 0
    await database.close()
    what = "access_request.overdue" if kind == COPIES else "erasure_request.overdue"
    assert await _told(room, overdue) == [what]
    for path in (waits, answered, longer):
        assert await _told(room, path) == []


async def _told(room: Room, path: str) -> list[str]:
    page = (await room[DPO].get("/notices", params={"limit": 100})).json()["notices"]
    return [one["kind"] for one in page if one["about"] == path.rpartition("/")[2]]


async def _walled(administrator: asyncpg.Connection, path: str, event: str, day: str, **more: Any) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _insert(administrator, path, event, day, **more)


async def _insert(administrator: asyncpg.Connection, path: str, event: str, day: str, **more: Any) -> None:
    """As whoever has the gateway's own connection would."""
    await administrator.execute(
        "insert into hub.time_limit_event"
        " (request, event, day, waits_for, months, reason, agency, practitioner)"
        " values ($1, $2, $3::text::date, $4, $5, 'x', 'northshire-dpo', 'p-1')",
        UUID(path.rpartition("/")[2]),
        event,
        day,
        more.get("waits_for"),
        more.get("months"),
    )
