"""Receiving one concern, durable before it is answered, against its one statement in PostgreSQL alone."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from deploy.bench.doors import Door, Question, through
from deploy.bench.stage import Stage, caller_of
from deploy.bench.statements import Row, Statement, Values, alone, context_of
from deploy.bench.turns import Measured, Pace, Target, WrongAnswer, ratio, take_turns
from deploy.demo.partnership import CHARITY, OAKFIELD, Agency
from services.referral.store.concerns import RECEIVE_ONCE
from services.referral.store.people import digest

SENDER, STRANGER = OAKFIELD, CHARITY
OPERATION = "referral POST /concerns"
PUPILS = "select upn from referral.identity where agency = $1 and upn is not null order by upn limit 500"
DURABLE = "select current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off'"
RECEIVED = "select count(*) from referral.concern where agency = $1"
HAPPENED = "2026-01-12T08:55:00+00:00"
FACTS: dict[str, Any] = {
    "external_id": None,
    "kind": "welfare",
    "narrative": "Arrived late and without breakfast for the third time this fortnight. Synthetic.",
    "words_of_the_child": "I was hungry.",
    "immediate_action": "Offered breakfast club from tomorrow.",
    "reporter_role": "teacher",
    "school_rag": "amber",
    "occurred_at": HAPPENED,
    "recorded_at": None,
}
LENGTH = len('{"concern" : "", "person" : ""}') + 2 * len(str(uuid4()))


class NotDurable(Exception):
    """This PostgreSQL answers before it has written: a concern could be lost."""


async def run(stage: Stage, pace: Pace) -> dict[str, Any]:
    """Every way in turns, at 1 and at 16 connections, and that what was answered is there."""
    if not await stage.administrator.fetchval(DURABLE):
        raise NotDurable("fsync or synchronous_commit is off.")
    pupils = [row["upn"] for row in await stage.administrator.fetch(PUPILS, SENDER.id)]
    meter = await stage.meter()
    ways = [
        _statement(stage, pupils),
        _door("service", stage.service, b"/concerns", pupils),
        _door("gateway", stage.gateway, b"/referral/concerns", pupils),
        _door("gateway_apart", stage.gateway_apart, b"/referral/concerns", pupils),
    ]
    for to, path in ((stage.service, b"/concerns"), (stage.gateway, b"/referral/concerns")):
        await _check_door(stage, to(SENDER), path, pupils)
    before = await stage.administrator.fetchval(RECEIVED, SENDER.id)
    at_1 = await take_turns(ways, 1, pace, meter, stage.settle)
    at_16 = await take_turns(ways, 16, pace, meter, stage.settle)
    received = await stage.administrator.fetchval(RECEIVED, SENDER.id) - before
    answered = sum(len(one.latencies) for one in (*at_1.values(), *at_16.values()))
    if received < answered:
        raise WrongAnswer(f"{answered} concerns were answered and {received} are there.")
    return {"durable": True, "pupils": len(pupils), "at_1": _figures(at_1), "at_16": _figures(at_16)}


def _figures(measured: dict[str, Measured]) -> dict[str, Any]:
    return {
        name: one.figures() | {"of_statement": ratio(measured, name, "statement")}
        for name, one in measured.items()
    }


def _statement(stage: Stage, pupils: list[str]) -> Target:
    """The statement by itself, under row security, with the same commit."""
    url, context = stage.url_of("referral"), context_of(caller_of(SENDER), OPERATION)
    keyed = [digest(stage.matching_key, upn) for upn in pupils]
    facts = FACTS | {"occurred_at": datetime.fromisoformat(HAPPENED), "route": "POST /concerns"}

    def check(row: Row, _: Values) -> None:
        if row is None or len(row["body"]) != LENGTH:
            raise WrongAnswer("The statement received no concern.")

    def values(number: int) -> Iterator[Values]:
        for value in itertools.islice(itertools.cycle(keyed), number * 7 % len(keyed), None):
            fresh = {"concern": uuid4(), "person": uuid4(), "key": str(uuid4())}
            yield facts | fresh | {"digest": value, "fingerprint": value}

    async def nothing() -> None:
        """Who may send concerns is a scope, and scopes are checked above PostgreSQL."""

    return alone("statement", Statement(url, context, RECEIVE_ONCE), values, check, nothing)


def _door(name: str, to: Callable[[Agency], Door], path: bytes, pupils: list[str]) -> Target:
    """One door as a target."""
    strange = to(STRANGER)

    async def probe() -> None:
        reply = await strange.ask(_concern(path, pupils[0]))
        if reply.status != 403:
            raise WrongAnswer(f"{name}: an agency without the scope was answered {reply.status}.")

    def questions(number: int) -> Iterator[Question]:
        turns = itertools.islice(itertools.cycle(pupils), number * 7 % len(pupils), None)
        return (_concern(path, upn) for upn in turns)

    return through(name, to(SENDER), questions, probe)


async def _check_door(stage: Stage, door: Door, path: bytes, pupils: list[str]) -> None:
    """One concern is one row, and asked again under its key it is the same answer and still one row."""
    question, before = _concern(path, pupils[0]), await stage.administrator.fetchval(RECEIVED, SENDER.id)
    first, again = await door.ask(question), await door.ask(question)
    question.check(first)
    rows = await stage.administrator.fetchval(RECEIVED, SENDER.id) - before
    if first != again or rows != 1:
        raise WrongAnswer(f"{path.decode()}: one key made {rows} concerns.")


def _concern(path: bytes, upn: str) -> Question:
    body = json.dumps({"upn": upn, **FACTS}).encode()
    headers = b"content-type: application/json\r\nidempotency-key: %b\r\n" % str(uuid4()).encode()
    return Question(b"POST", path, headers, body, 201, LENGTH)
