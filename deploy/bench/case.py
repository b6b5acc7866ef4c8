"""The shared case view: through the front door, through the service, and the statement by itself."""

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from deploy.bench.cases import Case, body_of, checked, chosen, in_turn, made_up_id, refused
from deploy.bench.doors import Door, Question, through
from deploy.bench.stage import Stage, caller_of
from deploy.bench.statements import Row, Statement, Values, alone, context_of
from deploy.bench.turns import Measured, Pace, Target, WrongAnswer, ratio, take_turns
from deploy.demo.partnership import CHARITY, EARLY_HELP, Agency
from services.referral.store.households import CASE

READER, STRANGER = EARLY_HELP, CHARITY
OPERATION = "referral GET /households/{household}/case"
UNTRACED = "select from shown"
DOCUMENT = """
query Case($id: ID!) { case(id: $id) {
  household { name openedBy createdAt }
  members { role person
    identities { givenName familyName dateOfBirth yearGroup accordingTo }
    addresses { lines postcode accordingTo }
    attendance { year percentage persistentAbsence }
    concerns { kind narrative wordsOfTheChild schoolRag raisedBy occurredAt } }
  referrals { status reason needs referrer receiver submittedAt
    moves { number status feedback by at } triage { rag levelOfNeed rationale } }
  assessments { status framework started
    sections { category dimension strengths worries { text standing } wordsOfTheChild by } }
  plans { status tier starts goals { text baseline target actions { text owner due status } } }
  meetings { startsAt venue minutes { text decision by } }
  missing { part }
} }"""

Ask = Callable[[UUID], Question]


async def run(stage: Stage, pace: Pace) -> dict[str, Any]:
    """Every way to a case in turns, at 1 and at 16 connections, then what makes up the statement's price."""
    own = Statement(stage.url_of("referral"), context_of(caller_of(READER), OPERATION), CASE.statement)
    every = replace(own, url=stage.database_url)
    cases = await chosen(stage.administrator, READER, STRANGER, own, every)
    meter = await stage.meter()
    ways = [_statement("statement", own, cases), *[await way for way in _doors(stage, cases)]]
    parts = _parts(own, every, cases)
    at_1 = await take_turns(ways, 1, pace, meter, stage.settle)
    at_16 = await take_turns(ways, 16, pace, meter, stage.settle)
    priced = await take_turns(parts, 1, pace, meter, stage.settle)
    return {
        "cases": len(cases),
        "case_bytes": sum(len(case.body) for case in cases) // len(cases),
        "at_1": _figures(at_1, "statement"),
        "at_16": _figures(at_16, "statement"),
        "statement_at_1": _figures(priced, "statement"),
    }


def _figures(measured: dict[str, Measured], limit: str) -> dict[str, Any]:
    return {
        name: one.figures() | {f"of_{limit}": ratio(measured, name, limit)} for name, one in measured.items()
    }


def _parts(own: Statement, every: Statement, cases: Sequence[Case]) -> list[Target]:
    """The statement as it is, and without its trace, its row policy, both."""
    untraced = CASE.sql(UNTRACED)
    return [
        _statement("statement", own, cases),
        _statement("without_trace", replace(own, sql=untraced), cases),
        _statement("without_policy", every, cases, stranger=False),
        _statement("without_either", replace(every, sql=untraced), cases, stranger=False),
    ]


def _statement(name: str, statement: Statement, cases: Sequence[Case], *, stranger: bool = True) -> Target:
    """One statement as a target. `stranger=False`: nobody is a stranger to an administrator."""
    lengths = {case.household: len(case.body) for case in cases}
    values = [{"household": case.household} for case in cases]

    def check(row: Row, said: Values) -> None:
        body = body_of(row)
        if body is None or len(body) != lengths[said["household"]]:
            raise WrongAnswer(f"The statement {name} answered something else than before.")

    async def probe() -> None:
        context = context_of(caller_of(STRANGER), OPERATION)
        async with replace(statement, context=context).ready() as ask:
            if body_of(await ask(values[0])) is not None:
                raise WrongAnswer(f"The statement {name} showed a stranger a case.")

    async def nothing() -> None:
        """There is nothing to probe."""

    def each(number: int) -> Iterator[Values]:
        while True:
            yield from values[number * 7 % len(values) :]
            yield from values[: number * 7 % len(values)]

    return alone(name, statement, each, check, probe if stranger else nothing)


def _doors(stage: Stage, cases: Sequence[Case]) -> list[Awaitable[Target]]:
    """Every door behind which the case is, or a part of it."""
    rest, own, assessment = (
        _rest("/referral/households/{}/case"),
        _rest("/households/{}/case"),
        _rest("/assessment/households/{}/case"),
    )
    return [
        _door("service", stage.service, own, cases, same=True),
        _door("gateway", stage.gateway, rest, cases, same=True),
        _door("gateway_apart", stage.gateway_apart, rest, cases, same=True),
        _door("assessment", stage.gateway, assessment, cases),
        _door("graphql", stage.gateway, _graphql, cases),
    ]


async def _door(
    name: str, to: Callable[[Agency], Door], ask: Ask, cases: Sequence[Case], *, same: bool = False
) -> Target:
    """One door as a target; `same`: it must show what the statement shows, byte for byte."""
    door, strange = to(READER), to(STRANGER)
    questions = await checked(door, [ask(case.household) for case in cases])
    for question, case in zip(questions, cases, strict=True):
        if same and (await door.ask(question)).body != case.body:
            raise WrongAnswer(f"{name} does not show what the statement shows.")

    async def probe() -> None:
        await refused(strange, questions[0], ask(made_up_id()))

    return through(name, door, lambda number: in_turn(questions, number), probe)


def _rest(path: str) -> Ask:
    return lambda household: Question(b"GET", path.format(household).encode())


def _graphql(household: UUID) -> Question:
    body = json.dumps({"query": DOCUMENT, "variables": {"id": str(household)}}).encode()
    return Question(b"POST", b"/graphql", b"content-type: application/json\r\n", body)
