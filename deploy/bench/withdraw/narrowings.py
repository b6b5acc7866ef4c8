"""What takes sight away: what is in force before, what is done, and the ways out that it must close."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from deploy.bench.withdraw import ways
from deploy.bench.withdraw.families import SHARED, Family, a_family, remembered, shared
from deploy.bench.withdraw.scene import Scene
from deploy.bench.withdraw.ways import BY_ITS_CLIENT, EVERY_WAY, OF_RECORDS, SERGEANT, Way
from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD, POLICE
from gateway.oauth import clients
from hub.caller import ClientId

Step = Callable[[Scene, int, Family], Awaitable[None]]
PAST_THE_PARTNERSHIPS = timedelta(days=2_500)


@dataclass(frozen=True)
class Narrowing:
    """One way of taking sight away. `grace` is the time it is given, where it is given any."""

    name: str
    ways: tuple[Way, ...]
    before: Step
    carry_out: Step
    grace: float = 0.0


async def _share(scene: Scene, door: int, family: Family) -> None:
    newer = await a_family(scene, door)
    await shared(scene, door, family, EARLY_HELP)
    family.decision = await shared(scene, door, family, HOUSING)
    await remembered(scene, door, family, newer)


async def _withdraw(scene: Scene, door: int, family: Family) -> None:
    path = f"/sharing/decisions/{family.decision}/withdraw"
    await scene.done(door, OAKFIELD, path, {"reason": "The family changed its mind."})


async def _pass_on(scene: Scene, door: int, family: Family) -> None:
    newer = await a_family(scene, door)
    await shared(scene, door, family, EARLY_HELP)
    family.decision = await shared(scene, door, family, HOUSING, by=EARLY_HELP)
    await remembered(scene, door, family, newer)


async def _decline(scene: Scene, door: int, family: Family) -> None:
    path = f"/sharing/decisions/{family.decision}/decline"
    await scene.done(door, OAKFIELD, path, {"reason": "It was not theirs to pass on."})


async def _restrict(scene: Scene, door: int, family: Family) -> None:
    body = {
        "hidden_from": HOUSING.id,
        "subjects": family.subjects,
        "categories": SHARED,
        "reason": "It would not be safe.",
    }
    await scene.done(door, OAKFIELD, "/sharing/restrictions", body)


async def _break_glass(scene: Scene, door: int, family: Family) -> None:
    body = {
        "subject": str(family.child),
        "categories": ["identity_contact"],
        "purpose": "safeguarding",
        "reason_code": "missing_child",
        "words": "Missing from home since last night.",
        "second_person": "insp-2",
    }
    asked = {"purpose": "safeguarding", "headers": SERGEANT}
    opened = await scene.done(door, POLICE, "/sharing/overrides", body, **asked)
    family.override = json.loads(opened.text)["override"]


async def _end_override(scene: Scene, door: int, family: Family) -> None:
    path, body = f"/sharing/overrides/{family.override}/end", {"words": "Found safe and well."}
    await scene.done(door, POLICE, path, body, purpose="safeguarding", headers=SERGEANT)


async def _agree(scene: Scene, door: int, family: Family) -> None:
    """An agreement that ends after every other there is: what is decided now rests on it."""
    now, family.purpose = datetime.now(UTC), "safeguarding"
    body = {
        "title": "A synthetic agreement",
        "dpia_reference": "DPIA-7",
        "parties": [OAKFIELD.id, HOUSING.id],
        "categories": SHARED,
        "purposes": [family.purpose],
        "expires": (now + PAST_THE_PARTNERSHIPS).isoformat(),
    }
    drafted = await scene.done(door, OAKFIELD, "/sharing/agreements", body)
    family.agreement = json.loads(drafted.text)["agreement"]
    signature = {"signatory": "Sam Synthetic, head teacher", "signed_on": now.date().isoformat()}
    for party in (OAKFIELD, HOUSING):
        await scene.done(door, party, f"/sharing/agreements/{family.agreement}/sign", signature)
    family.decision = await shared(scene, door, family, HOUSING)


async def _end_agreement(scene: Scene, door: int, family: Family) -> None:
    path = f"/sharing/agreements/{family.agreement}/end"
    await scene.done(door, OAKFIELD, path, {"reason": "We merge with another."})


async def _let_in(scene: Scene, door: int, family: Family) -> None:
    family.client = f"housing-{uuid4().hex[:12]}"
    await scene.let_in(family.client, HOUSING)
    await shared(scene, door, family, HOUSING)


async def _shut_out(scene: Scene, _: int, family: Family) -> None:
    async with scene.outbox.transaction(None, "bench", uuid4()) as tx:
        await clients.suspend(tx, ClientId(family.client))
        await tx.commit()


WITHDRAWAL = Narrowing("withdrawal", EVERY_WAY, _share, _withdraw)
DECLINED = Narrowing("author declined", OF_RECORDS, _pass_on, _decline)
RESTRICTION = Narrowing("restriction", EVERY_WAY, _share, _restrict)
OVERRIDE = Narrowing("override ended", (ways.glass,), _break_glass, _end_override)
AGREEMENT = Narrowing("agreement ended", BY_ITS_CLIENT, _agree, _end_agreement)
CLIENT = Narrowing("client suspended", BY_ITS_CLIENT, _let_in, _shut_out, grace=1.0)
NARROWINGS = (WITHDRAWAL, DECLINED, RESTRICTION, WITHDRAWAL, OVERRIDE, WITHDRAWAL, AGREEMENT, CLIENT)
