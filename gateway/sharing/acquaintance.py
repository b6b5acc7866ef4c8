"""Whether the caller knows the person whose word it is, and when they were born: asked in the caller's name.

Somebody hidden from the caller is nobody here, and a birthday that the caller may not see is not weighed.
Of somebody under 18 it is asked too whose parent they are known to be.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request

from gateway.graphql.asking import Asking, PartMissing
from gateway.retention.reaching import Services
from hub.caller import Scope
from hub.database import Tx
from hub.problem import TemporarilyUnavailable
from hub.sharing.givers import Acquaintance, Giver, Speaker, may_be_a_minor

WORKED_WITH = """
select exists (select from hub.caseload
  where agency = current_setting('hub.agency') and subject = cast(:person as uuid))"""


async def acquainted(tx: Tx, request: Request, speaker: Speaker | None) -> Acquaintance | None:
    """The speaker as the caller knows them; None where no id was given, or the caller knows nobody by it.

    TemporarilyUnavailable where the referral service does not answer: nothing is believed meanwhile.
    """
    if speaker is None or speaker.person is None:
        return None
    services: Services = request.app.state.services
    caller = tx.known_caller
    asking = Asking(
        replace(caller, scopes=caller.scopes | {Scope.PEOPLE_READ}),
        tx.request,
        services.hops,
        services.signer,
    )
    person = await _answered(asking, f"/people/{speaker.person}?only=identities")
    if person is None and not await tx.value(WORKED_WITH, person=speaker.person):
        tx.asked.append(speaker.person)
        return None
    accounts: list[dict[str, str]] = person["identities"] if person else []
    born = [date.fromisoformat(one["date_of_birth"]) for one in accounts]
    if not may_be_a_minor(born, speaker.age if isinstance(speaker, Giver) else None):
        return Acquaintance(speaker.person, born)
    return Acquaintance(speaker.person, born, await _children(asking, speaker.person))


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
