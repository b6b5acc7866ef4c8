"""Is anyone working with this child, and who leads? Asked, answered only to the entitled, and counted."""

import json
from uuid import UUID, uuid4

from hub.database import Tx
from hub.sharing import Category
from hub.trace import record
from services.referral.rules import identifiers, names
from services.referral.rules.fishing import Quota
from services.referral.schemas.existence import ExistenceAsked, InvolvementHeard
from services.referral.store import existence
from services.referral.store.people import digest

NOBODY = UUID(int=0)  # what an alarm about a client is about


async def ask(tx: Tx, asked: ExistenceAsked, matching_key: bytes, limit: int) -> tuple[bytes | None, Quota]:
    """The agencies involved, as JSON, and what is left of the client's hour; None where nothing is left.

    Nobody involved, hidden and unknown are one answer. A refusal is returned, not raised: its trace and its
    alarm belong to the transaction that counted. Raises what is wrong with an identifier, PurposeMissing.
    """
    assert tx.purpose, "the row policy needs one"
    scheme, value = _identifier(asked)
    key = digest(matching_key, value)
    quota, again, warned = await existence.count(tx, key, limit)
    if not again and quota.used >= limit:
        await _refuse(tx, key, warned=warned)
        return None, quota
    await existence.remember(tx, key, refused=False)
    body = await tx.show(existence.INVOLVED, scheme=scheme, digest=key)
    shown = len(json.loads(body)["involved"])
    await existence.trace(tx, key, "shown" if shown else "refused", shown)
    return body, quota if again else Quota(limit, quota.used + 1, quota.reset)


async def begin(tx: Tx, person: UUID, heard: InvolvementHeard) -> UUID:
    """Say that the caller's agency works with somebody; the id that ends it.

    Raises NotFound for somebody of whom the caller may see nothing.
    """
    await existence.require_known(tx, person)
    await tx.run("select hub.hold(:person)", person=person)
    involvement = uuid4()
    await existence.begin(tx, person, involvement, **heard.model_dump())
    await record(tx, "involvement.began", person, Category.EXISTENCE, about=involvement)
    return involvement


async def end(tx: Tx, person: UUID, involvement: UUID) -> None:
    """Say that it no longer does; twice is as good as once. NotFound for another agency's."""
    if await existence.running(tx, person, involvement):
        await tx.run("select hub.hold(:person)", person=person)
        await existence.end(tx, involvement)
        await record(tx, "involvement.ended", person, Category.EXISTENCE, about=involvement)


def _identifier(asked: ExistenceAsked) -> tuple[str, str]:
    if asked.upn:
        return "upn", identifiers.upn(asked.upn)
    if asked.nhs_number:
        return "nhs_number", identifiers.nhs_number(asked.nhs_number)
    assert asked.given_name, "one way of asking is always there"
    assert asked.family_name, "a name is whole"
    assert asked.date_of_birth, "a name comes with a birthday"
    return "name", names.key(asked.given_name, asked.family_name, asked.date_of_birth)


async def _refuse(tx: Tx, key: bytes, *, warned: bool) -> None:
    """Keep the refusal; the first of an hour raises the alarm, of which oversight is told."""
    await existence.remember(tx, key, refused=True)
    look = await existence.trace(tx, key, "refused")
    if not warned:
        await record(tx, "alarm.too_many_look_ups", NOBODY, Category.EXISTENCE, about=look)
