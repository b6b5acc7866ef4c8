"""Every way out that a look can take. Each says whether it showed the child or the household."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from deploy.bench.withdraw.families import Family
from deploy.bench.withdraw.scene import RECORDS, Answered, Scene
from deploy.demo.partnership import EARLY_HELP, HOUSING, POLICE
from hub.caller import Caller, Purpose
from hub.delivery import NothingToSend, sending

Way = Callable[[Scene, int, Family], Awaitable[bool]]

SERGEANT = {"practitioner": "ps-1"}
QUERY = '{{ case(id: "{}") {{ members {{ person }} household {{ name }} }} }}'
# What else an answer may be: refused (halfway through, too), hidden, not repeated, away for a moment.
EXPECTED = {200, 201, 401, 403, 404, 409, 503}
REFUSED = 400
RECEIVER = Caller(HOUSING.id, HOUSING.client, frozenset(), Purpose.EARLY_HELP)


class AnswerStrange(Exception):
    """A look was answered as no look should be."""


async def read(scene: Scene, door: int, family: Family) -> bool:
    """The person, over REST."""
    return _shows(await _housing(scene, door, family, "GET", f"/referral/people/{family.child}"), family)


async def page_continued(scene: Scene, door: int, family: Family) -> bool:
    """The caseload from a cursor that was given out before."""
    path = f"/referral/households?limit=50&cursor={family.cursor}"
    return _shows(await _housing(scene, door, family, "GET", path), family)


async def case_view(scene: Scene, door: int, family: Family) -> bool:
    """Everything about the household, in one answer."""
    path = f"/referral/households/{family.household}/case"
    return _shows(await _housing(scene, door, family, "GET", path), family)


async def graphql(scene: Scene, door: int, family: Family) -> bool:
    """The case, composed by the gateway."""
    body = {"query": QUERY.format(family.household)}
    return _shows(await _housing(scene, door, family, "POST", "/graphql", body), family)


async def who_looked(scene: Scene, door: int, family: Family) -> bool:
    """Who looked at the child: for those who work with it, and nobody else."""
    path = f"/disclosures?limit=5&subject={family.child}"
    return _shows(await scene.ask(door, RECORDS, "GET", path, client=scene.records), family)


async def referral_sent(scene: Scene, door: int, family: Family) -> bool:
    """A referral about the household; the latest that was taken is the one to repeat."""
    key = str(uuid4())
    taken = _taken(await _refer(scene, door, family, key))
    if taken:
        family.key = key
    return taken


async def repeated(scene: Scene, door: int, family: Family) -> bool:
    """A referral that was answered before, under the same Idempotency-Key."""
    return _shows(await _refer(scene, door, family, family.key), family)


async def engagement_recorded(scene: Scene, door: int, family: Family) -> bool:
    """A write to the assessment service, which asks the same ledger."""
    body = family.engagement()
    return _taken(await _housing(scene, door, family, "POST", "/assessment/engagements", body))


async def delivery(scene: Scene, _: int, family: Family) -> bool:
    """An event that was queued before, at the moment it is sent."""
    assert family.event is not None, "it was queued"
    try:
        async with sending(scene.outbox, scene.seals, RECEIVER, [family.child], "bench delivery") as outgoing:
            await outgoing.event(family.event)
    except NothingToSend:
        return False
    return True


async def shared_screen(scene: Scene, door: int, family: Family) -> bool:
    """The person, for a room in which housing sits too: asked by an agency that still may see it."""
    path, room = f"/referral/people/{family.child}", {"audience": HOUSING.id}
    return _shows(await scene.ask(door, EARLY_HELP, "GET", path, headers=room), family)


async def glass(scene: Scene, door: int, family: Family) -> bool:
    """The person, to the sergeant who broke the glass."""
    path = f"/referral/people/{family.child}"
    return _shows(
        await scene.ask(door, POLICE, "GET", path, purpose="safeguarding", headers=SERGEANT), family
    )


async def _housing(
    scene: Scene, door: int, family: Family, method: str, path: str, body: Any = None, **headers: str
) -> Answered:
    purpose, client = family.purpose, family.client or None
    return await scene.ask(
        door, HOUSING, method, path, body=body, purpose=purpose, client=client, headers=headers
    )


async def _refer(scene: Scene, door: int, family: Family, key: str) -> Answered:
    said = {"idempotency-key": key}
    return await _housing(scene, door, family, "POST", "/referral/referrals", family.referral(), **said)


def _shows(answer: Answered, family: Family) -> bool:
    told = str(family.child) in answer.text or str(family.household) in answer.text
    return _expected(answer).status < REFUSED and told


def _taken(answer: Answered) -> bool:
    return _expected(answer).status < REFUSED


def _expected(answer: Answered) -> Answered:
    if answer.status not in EXPECTED:
        raise AnswerStrange(f"{answer.status} {answer.text[:300]}")
    return answer


READS: tuple[Way, ...] = (read, page_continued, case_view, graphql, who_looked, shared_screen)
WRITES: tuple[Way, ...] = (referral_sent, repeated, engagement_recorded)
EVERY_WAY: tuple[Way, ...] = (*READS, delivery, *WRITES)
# Where the agency goes on working with the family: it may ask who looked, and write what it does itself.
OF_RECORDS: tuple[Way, ...] = tuple(way for way in EVERY_WAY if way not in (who_looked, engagement_recorded))
BY_ITS_CLIENT: tuple[Way, ...] = (read, case_view, graphql, *WRITES)
