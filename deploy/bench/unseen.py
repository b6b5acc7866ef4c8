"""Is what may not be seen told in time from what does not exist? Asked in pairs, each first in turn.

Both get the same bytes (tests/policy holds that); a longer wait for one of them would tell it from the other.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

from deploy.bench.cases import made_up_id
from deploy.bench.doors import Door, Question
from deploy.bench.stage import Stage
from deploy.bench.turns import Pace, WrongAnswer
from deploy.bench.wire import Reply, Wire
from deploy.demo.partnership import CHARITY, HOUSING, Agency

LIMIT_MS = 1.0
CANDIDATES = "select id from {} order by md5(id::text) limit 150"
MOST, FEWEST, WARM_UP, PAIRS = 60, 5, 10, 200
RESAMPLES = 400
TOKEN_TURN = 5.0


@dataclass(frozen=True)
class Line:
    """One operation, asked by an agency for records it may not see. `{}` in path or body is the record."""

    name: str
    agency: Agency
    records: str
    method: bytes
    path: str
    body: str = ""

    def question(self, record: UUID) -> Question:
        """The request, a write under an Idempotency-Key of its own."""
        headers = b"content-type: application/json\r\nidempotency-key: %b\r\n" % str(uuid4()).encode()
        body = self.body.replace("{}", str(record)).encode()
        return Question(
            self.method, self.path.replace("{}", str(record)).encode(), headers if body else b"", body
        )


LINES = (
    Line("case view", CHARITY, "referral.household", b"GET", "/referral/households/{}/case"),
    Line("person", CHARITY, "referral.person", b"GET", "/referral/people/{}"),
    Line("referral", CHARITY, "referral.referral", b"GET", "/referral/referrals/{}"),
    Line("assessment", CHARITY, "assessment.assessment", b"GET", "/assessment/assessments/{}"),
    Line("plan", CHARITY, "assessment.plan", b"GET", "/assessment/plans/{}"),
    Line(
        "case in GraphQL",
        CHARITY,
        "referral.household",
        b"POST",
        "/graphql",
        '{"query": "query($id: ID!) { case(id: $id) { household { name } plans { status } } }",'
        ' "variables": {"id": "{}"}}',
    ),
    Line(
        "withdraw a referral",
        CHARITY,
        "referral.referral",
        b"POST",
        "/referral/referrals/{}/withdraw",
        '{"feedback": "No longer needed."}',
    ),
    Line(
        "begin an involvement",
        CHARITY,
        "referral.person",
        b"POST",
        "/referral/people/{}/involvement",
        '{"role": "Family support worker"}',
    ),
    Line(
        "complete an assessment",
        HOUSING,
        "assessment.assessment",
        b"POST",
        "/assessment/assessments/{}/complete",
        '{"decision": "plan"}',
    ),
)


async def run(stage: Stage, pace: Pace) -> dict[str, Any]:
    """Every line's medians, their difference and its 95 % interval; `violations` are lines told apart.

    `medians_over_limit` are the lines whose plain medians are further apart than the limit, chance or not.
    """
    seconds = pace.rounds * pace.seconds
    least = PAIRS if seconds >= 1 else 2  # a glance is for a test
    rows = {line.name: await _line(stage, line, seconds, least) for line in LINES}
    over = [name for name, row in rows.items() if _told_apart(row)]
    apart = {name: abs(row["apart_ms"]) for name, row in rows.items()}
    return {
        "limit_ms": LIMIT_MS,
        "violations": len(over),
        "medians_over_limit": sum(each > LIMIT_MS for each in apart.values()),
        "furthest_apart": max(apart, key=apart.__getitem__),
        "furthest_apart_ms": max(apart.values()),
        "median_unseen_ms": round(median(row["unseen_ms"] for row in rows.values()), 3),
        "median_made_up_ms": round(median(row["made_up_ms"] for row in rows.values()), 3),
        "unseen_against_made_up": rows,
    }


async def _line(stage: Stage, line: Line, seconds: float, least: int) -> dict[str, Any]:
    door = stage.gateway(line.agency)
    unseen = await _unseen(stage, door, line)
    pairs = list[tuple[float, float]]()
    end, wire, renewed = time.perf_counter() + seconds, await door.connected(), time.perf_counter()
    try:
        while time.perf_counter() < end or len(pairs) < WARM_UP + least:
            if time.perf_counter() - renewed > TOKEN_TURN:
                await door.refresh()
                renewed = time.perf_counter()
            pairs.append(await _pair(door, wire, line, unseen[len(pairs) % len(unseen)], len(pairs) % 2 == 0))
    finally:
        wire.close()
    return _figures(pairs[WARM_UP:])


async def _unseen(stage: Stage, door: Door, line: Line) -> Sequence[UUID]:
    """Records of which this agency hears byte for byte what it hears of none. Raises WrongAnswer."""
    nothing, found = await door.ask(line.question(made_up_id())), list[UUID]()
    if b'"errors"' in nothing.body or nothing.status not in (200, 404):
        raise WrongAnswer(f"{line.name} was answered {nothing.status}: it must be asked by who may ask it.")
    for row in await stage.administrator.fetch(CANDIDATES.format(line.records)):
        if len(found) < MOST and await door.ask(line.question(row["id"])) == nothing:
            found.append(row["id"])
    if len(found) < FEWEST:
        raise WrongAnswer(f"{line.name}: too few records are kept from {line.agency.id}. Seed more families.")
    return found


async def _pair(door: Door, wire: Wire, line: Line, record: UUID, first: bool) -> tuple[float, float]:
    """How long one unseen record took and one made up, now the one first and now the other."""
    asked = [line.question(record), line.question(made_up_id())]
    took, replies = [0.0, 0.0], list[Reply]()
    for number in (0, 1) if first else (1, 0):
        written = asked[number].written(door.authorization)
        began = time.perf_counter()
        replies.append(await wire.ask(written))
        took[number] = time.perf_counter() - began
    if replies[0] != replies[1]:
        raise WrongAnswer(f"{line.name}: an unseen record is answered otherwise than one made up.")
    return took[0] * 1000, took[1] * 1000


def _figures(pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """The medians, and between which values their difference lies in 95 of 100 samples drawn from these."""
    chance = random.Random(len(pairs))  # noqa: S311  # the same interval for the same figures
    drawn = [_difference(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES)]
    ends = quantiles(drawn, n=40, method="inclusive")
    return {
        "pairs": len(pairs),
        "unseen_ms": round(median(unseen for unseen, _ in pairs), 3),
        "made_up_ms": round(median(made_up for _, made_up in pairs), 3),
        "apart_ms": round(_difference(pairs), 3),
        "from_ms": round(ends[0], 3),
        "to_ms": round(ends[-1], 3),
    }


def _told_apart(row: dict[str, Any]) -> bool:
    """More than the limit apart, and not by chance: the interval does not hold nought."""
    return abs(row["apart_ms"]) > LIMIT_MS and not row["from_ms"] <= 0 <= row["to_ms"]


def _difference(pairs: Sequence[tuple[float, float]]) -> float:
    return median(unseen for unseen, _ in pairs) - median(made_up for _, made_up in pairs)
