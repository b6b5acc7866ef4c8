"""Whether the caller knows whose word it is, and when they and whom it is about were born: in its own name.

Somebody hidden from the caller is nobody here, and a birthday that the caller may not see is not weighed.
Of a speaker under 18 it is asked too whose parent they are known to be.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request

from gateway.graphql.asking import Asking, PartMissing
from gateway.hop import Services
from hub.caller import Scope
from hub.database import Tx
from hub.problem import TemporarilyUnavailable
from hub.sharing import DecisionId
from hub.sharing.givers import NOBODY, Acquaintance, Giver, Known, Speaker, may_be_a_minor

WORKED_WITH = """
select exists (select from hub.caseload
  where agency = current_setting('hub.agency') and subject = cast(:person as uuid))"""

ABOUT_WHOM = "select subjects from hub.decision_now(:decision) where ours"


async def acquainted(
    tx: Tx, request: Request, speaker: Speaker | None, about: Collection[UUID] = ()
) -> Known:
    """The speaker as the caller knows them, and when they and those it is `about` were born.

    No speaker where no id was given, or the caller knows nobody by it.
    TemporarilyUnavailable where the referral service does not answer: nothing is believed meanwhile.
    """
    if speaker is None:
        return NOBODY
    asking = _asking(tx, request)
    born = await _birthdays(asking, {*about, *([speaker.person] if speaker.person else [])})
    return Known(await _speaker(tx, asking, speaker, born), born)


async def acquainted_about(tx: Tx, request: Request, speaker: Speaker | None, decision: DecisionId) -> Known:
    """The same of whom a decision is about that the caller's agency recorded; of another, of nobody."""
    about = await tx.value(ABOUT_WHOM, decision=decision) if speaker else None
    return await acquainted(tx, request, speaker, about or ())


def _asking(tx: Tx, request: Request) -> Asking:
    services: Services = request.app.state.services
    caller = tx.known_caller
    caller = replace(caller, scopes=caller.scopes | {Scope.PEOPLE_READ})
    return Asking(caller, tx.request, services.hops, services.signer)


async def _speaker(
    tx: Tx, asking: Asking, speaker: Speaker, born: Mapping[UUID, list[date]]
) -> Acquaintance | None:
    if speaker.person is None:
        return None
    if speaker.person not in born and not await tx.value(WORKED_WITH, person=speaker.person):
        tx.asked.append(speaker.person)
        return None
    birthdays = born.get(speaker.person, [])
    if not may_be_a_minor(birthdays, speaker.age if isinstance(speaker, Giver) else None):
        return Acquaintance(speaker.person, birthdays)
    return Acquaintance(speaker.person, birthdays, await _children(asking, speaker.person))


async def _birthdays(asking: Asking, people: Collection[UUID]) -> Mapping[UUID, list[date]]:
    """When each of these was born by every account the caller may see; of nobody else."""
    born = defaultdict[UUID, list[date]](list)
    if not people:
        return born
    query = "&".join(f"person={one}" for one in people)
    found = await _answered(asking, f"/people/birthdays?{query}")
    for one in found["birthdays"] if found else ():
        born[UUID(one["person"])].append(date.fromisoformat(one["date_of_birth"]))
    return born


async def _children(asking: Asking, person: UUID) -> frozenset[UUID]:
    """The households in which they are known as a parent, and who lives there."""
    found = await _answered(asking, f"/people/{person}?only=roles")
    homes = [home for home in found["roles"] if home["role"] == "parent"] if found else []
    return frozenset(UUID(one) for home in homes for one in (home["household"], *home["members"]))


async def _answered(asking: Asking, path: str) -> Any:
    answer = await asking.get("referral", path)
    if isinstance(answer, PartMissing):
        raise TemporarilyUnavailable("The referral part of the hub did not answer, so nothing was decided.")
    return answer
