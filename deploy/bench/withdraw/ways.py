"""Every way out that a look can take. Each says whether it showed the child or the household."""

from collections.abc import Awaitable, Callable

from deploy.bench.withdraw.families import Family
from deploy.bench.withdraw.scene import Answered, Scene
from deploy.demo.partnership import EARLY_HELP, HOUSING, POLICE
from hub.caller import Caller, Purpose
from hub.delivery import NothingToSend, sending

Way = Callable[[Scene, int, Family], Awaitable[bool]]

SERGEANT = {"practitioner": "ps-1"}
QUERY = '{{ case(id: "{}") {{ members {{ person }} household {{ name }} }} }}'
# What else an answer may be: refused, hidden, answered before and not repeated, away for a moment.
EXPECTED = {200, 201, 401, 404, 409, 503}
RECEIVER = Caller(HOUSING.id, HOUSING.client, frozenset(), Purpose.EARLY_HELP)


class AnswerStrange(Exception):
    """A look was answered as no look should be."""


async def read(scene: Scene, door: int, family: Family) -> bool:
    """The person, over REST."""
    path = f"/referral/people/{family.child}"
    return _shows(await scene.ask(door, HOUSING, "GET", path, purpose=family.purpose), family)


async def page_continued(scene: Scene, door: int, family: Family) -> bool:
    """The caseload from a cursor that was given out before."""
    path = f"/referral/households?limit=50&cursor={family.cursor}"
    return _shows(await scene.ask(door, HOUSING, "GET", path), family)


async def graphql(scene: Scene, door: int, family: Family) -> bool:
    """The case, composed by the gateway."""
    body = {"query": QUERY.format(family.household)}
    return _shows(await scene.ask(door, HOUSING, "POST", "/graphql", body=body), family)


async def repeated(scene: Scene, door: int, family: Family) -> bool:
    """A write that was answered before, under the same Idempotency-Key."""
    key, body = {"idempotency-key": family.key}, family.referral()
    return _shows(
        await scene.ask(door, HOUSING, "POST", "/referral/referrals", body=body, headers=key), family
    )


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


async def by_client(scene: Scene, door: int, family: Family) -> bool:
    """The person, to another client of the agency."""
    path = f"/referral/people/{family.child}"
    return _shows(await scene.ask(door, HOUSING, "GET", path, client=family.client), family)


def _shows(answer: Answered, family: Family) -> bool:
    if answer.status not in EXPECTED:
        raise AnswerStrange(f"{answer.status} {answer.text[:300]}")
    told = str(family.child) in answer.text or str(family.household) in answer.text
    return told and answer.status < 400


EVERY_WAY: tuple[Way, ...] = (read, page_continued, graphql, repeated, delivery, shared_screen)
