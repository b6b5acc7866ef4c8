"""What an author says of a decision that another agency recorded: it opens our records too, or it does not.

A decision opens what its recorder wrote and what it could itself see; nobody's word opens what somebody else
wrote but their own (docs/decisions/0029).
"""

from typing import Any

from pydantic import Field

from hub.caller import Purpose
from hub.database import Tx
from hub.heard import Heard
from hub.problem import Problem
from hub.sharing.agreements import require_cover
from hub.sharing.circumstances import Reason
from hub.sharing.history import append, check_follows, require_open, same, stand
from hub.sharing.ledger import require_involvement
from hub.sharing.recipients import ASK_ANOTHER, DecisionInOwnFavour, agency_of
from hub.sharing.vocabulary import Basis, Category, DecisionId, Event


class OpensYoursAlready(Problem):
    """Who recorded a decision stands behind it already; it varies or withdraws it."""

    status = 409


class CountersigningWord(Heard):
    """Why an agency opens its own records by a decision of another's, or does not."""

    reason: Reason = Field(description="in words a family could read")


async def countersign(tx: Tx, decision: DecisionId, heard: CountersigningWord) -> None:
    """From now on it opens what the caller's agency wrote too: as much as it covers now, and as long.

    It needs what a decision of the caller's own would need. Raises NotFound, OpensYoursAlready,
    DecisionInOwnFavour, NotInvolved, AgreementMissing, AgreementExpired, DecisionMoveNotAllowed.
    """
    now = await _stand(tx, decision, Event.COUNTERSIGNED)
    await require_open(tx, now)
    await require_involvement(tx, now["subjects"], with_all=False)
    categories = [Category(name) for name in now["categories"]]
    purpose, basis = Purpose(now["purpose"]), Basis(now["basis"])
    await require_cover(tx, now["agency"], categories, purpose, basis, now["starts"])
    terms = {"reason": heard.reason, "starts": now["starts"], "ends": now["ends"]}
    await append(tx, decision, Event.COUNTERSIGNED, same(now) | terms)


async def decline(tx: Tx, decision: DecisionId, heard: CountersigningWord) -> None:
    """It does not open what the caller's agency wrote, or no longer, whoever passed that on.

    Waits for writes that are fanning out about the same people, like a withdrawal. Raises NotFound,
    OpensYoursAlready, DecisionInOwnFavour, DecisionMoveNotAllowed.
    """
    await tx.run("select hub.hold_alone(:decision)", decision=decision)
    now = await _stand(tx, decision, Event.DECLINED)
    await append(tx, decision, Event.DECLINED, same(now) | {"reason": heard.reason})


async def _stand(tx: Tx, decision: DecisionId, event: Event) -> dict[str, Any]:
    now = await stand(tx, decision)
    if now["ours"]:
        raise OpensYoursAlready
    if agency_of(now["agency"]) == tx.known_caller.agency:
        raise DecisionInOwnFavour(ASK_ANOTHER)
    check_follows(Event(now["standing"]), event, now["successor"])
    return now
