"""Asks every operation in every role and situation, over real HTTP, and keeps what was answered."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

import aiohttp

from tests.policy.matrix.operations import Operation
from tests.policy.matrix.situations import Prepared, Role, Situation
from tests.policy.matrix.values import Records
from tests.policy.matrix.wanted import Request, Wanted, records_in, unknown

# These differ between any two answers; the last tell a caller how much of its own hour is left.
OF_THE_MOMENT = {"date", "x-request-id", "ratelimit", "ratelimit-policy"}
IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[\d.:+Z]*")
# What ends something is asked after what goes on with it; then what opens or hides all the rest; last of all,
# what erases it.
ENDS = re.compile(r"/(end|lift|withdraw|close|drop|complete|supersede|release|agree|show|refuse|vary)$")
SETTLES = re.compile(r"/review-with-family$")
TAKES_PART_NO_MORE = re.compile(r"^POST /assessment/engagements/.*/end$")
LAST = re.compile(
    r"^POST /(referral/(people|households|concerns|concerns/batch|pupil-files)|sharing/(overrides|seals)|"
    r"rights/restrictions)$"
)
ERASES = re.compile(r"^POST /(retention/disposals|rights/erasure-requests/.*/(approve|carry-out))$")


@dataclass(frozen=True)
class Answer:
    """What was answered, without what differs between any two answers."""

    status: int
    headers: Mapping[str, str]
    body: str
    request: str

    def alike(self, asked: Records) -> str:
        """The body with what was asked for under its name, and every other id and moment called new."""
        names = {value: name for name, value in asked.items() if value in self.request}
        body = IDENTITY.sub(lambda found: "{" + names.get(found[0], "new") + "}", self.body)
        return MOMENT.sub("{moment}", body.replace(asked["upn"], "{upn}"))

    def put_alike(self, asked: Records) -> tuple[int, Mapping[str, str], str]:
        """The whole answer, to be held against another one."""
        headers = {**self.headers, "content-length": ""} if self.status < 300 else self.headers
        return self.status, headers, self.alike(asked)


@dataclass
class Asked:
    """Every answer, by operation, role and situation."""

    prepared: Prepared
    operations: list[Operation]
    answers: dict[tuple[str, str, Situation], Answer] = field(
        default_factory=dict[tuple[str, str, Situation], Answer]
    )
    records: dict[tuple[str, str, Situation], Records] = field(
        default_factory=dict[tuple[str, str, Situation], Records]
    )


def can_be_asked(operations: Sequence[Operation]) -> list[Operation]:
    """Those whose every parameter is known; a test names the others."""
    return [one for one in operations if unknown(one) is None]


def connected(url: str) -> aiohttp.ClientSession:
    """A way to a hub. It hangs up long before the hub does, which hangs up on who is silent for 5 seconds."""
    return aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(keepalive_timeout=0.5))


async def ask_everything(prepared: Prepared, operations: Sequence[Operation]) -> Asked:
    """Reads first, by everybody; then what changes a family's records; then what changes the hub."""
    asked = Asked(prepared, can_be_asked(operations))
    reads = [one for one in asked.operations if one.reads]
    changes = in_order([one for one in asked.operations if not one.reads])
    async with connected(prepared.hub.running.url) as wire:
        for turn in (reads, [one for one in changes if records_in(one)]):
            await asyncio.gather(*(_in_role(wire, asked, role, turn) for role in prepared.roles))
        for operation in (one for one in changes if not records_in(one)):
            for role in prepared.roles:
                await _in_role(wire, asked, role, [operation])
    return asked


def in_order(operations: Sequence[Operation]) -> list[Operation]:
    """Such that what an operation needs is still there when its turn comes."""
    last = (ERASES, LAST, TAKES_PART_NO_MORE, ENDS, SETTLES)
    return sorted(operations, key=lambda one: [bool(each.search(one.name)) for each in last])


async def _in_role(
    wire: aiohttp.ClientSession, asked: Asked, role: Role, operations: Sequence[Operation]
) -> None:
    """One role's questions, one after the other: what it changes, it changes in this order."""
    for operation in operations:
        for situation in _situations(operation, role):
            records = asked.prepared.records(role, situation)
            if records is None:
                continue
            asked.records[operation.name, role.name, situation] = records
            answer = await _every_page(wire, role, operation, Wanted(operation, records).request())
            asked.answers[operation.name, role.name, situation] = answer


def _situations(operation: Operation, role: Role) -> Sequence[Situation]:
    """Who lacks the scope asks about what is shared with it alone: it hears what all hear (test_matrix)."""
    if not records_in(operation) or role.lacks(operation.scopes):
        return (Situation.SHARED,)
    return (Situation.SHARED, Situation.MADE_UP) if role.stranger else tuple(Situation)


async def _every_page(
    wire: aiohttp.ClientSession, role: Role, operation: Operation, request: Request
) -> Answer:
    """The answer; of a list, with all that comes after its first page."""
    answer = await send(wire, role, request)
    bodies, following = [answer.body], _next(operation, answer)
    while following:
        page = await send(wire, role, replace(request, params={**request.params, "cursor": following}))
        bodies.append(page.body)
        following = _next(operation, page)
    return replace(answer, body="\n".join(bodies))


def _next(operation: Operation, answer: Answer) -> str | None:
    return json.loads(answer.body)["next"] if "cursor" in operation.query and answer.status == 200 else None


async def send(wire: aiohttp.ClientSession, role: Role, request: Request) -> Answer:
    """One request in a role."""
    headers = {**role.headers}
    if request.method != "GET":
        headers["idempotency-key"] = str(uuid4())
    if request.text is not None and request.media_type:
        headers["content-type"] = request.media_type
    async with wire.request(
        request.method,
        request.path,
        params=request.params,
        headers=headers,
        json=request.json if request.text is None else None,
        data=request.text,
    ) as answer:
        kept = {name.lower(): said for name, said in answer.headers.items()}
        body = await answer.read()
        headers = {name: said for name, said in kept.items() if name not in OF_THE_MOMENT}
        return Answer(answer.status, headers, body.decode(errors="replace"), str(request))
