"""Whether the caller knows the person whose word it is, and when they were born: asked in the caller's name.

Somebody hidden from the caller is nobody here, and a birthday that the caller may not see is not weighed.
"""

from dataclasses import replace
from datetime import date

from fastapi import Request

from gateway.graphql.asking import Asking, PartMissing
from gateway.retention.reaching import Services
from hub.caller import Scope
from hub.database import Tx
from hub.problem import TemporarilyUnavailable
from hub.sharing.givers import Acquaintance, Speaker

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
    person = await asking.get("referral", f"/people/{speaker.person}?only=identities")
    if isinstance(person, PartMissing):
        raise TemporarilyUnavailable("The referral part of the hub did not answer, so nothing was decided.")
    if person is None and not await tx.value(WORKED_WITH, person=speaker.person):
        tx.asked.append(speaker.person)
        return None
    accounts: list[dict[str, str]] = person["identities"] if person else []
    return Acquaintance(speaker.person, [date.fromisoformat(one["date_of_birth"]) for one in accounts])
