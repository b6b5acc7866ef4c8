"""The life of a referral: submit, acknowledge, triage, step up, step down, close, withdraw.

Whoever moves one holds its household first and reads afterwards: nothing is decided on what was so before.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from hub import sharing
from hub.caller import AgencyId
from hub.database import Tx
from hub.line import Row
from hub.problem import PayloadNotValid
from hub.sharing import Category
from hub.trace import record
from services.referral.models import Move, Referral, Triage
from services.referral.rules import moves
from services.referral.rules.clock import decide_by
from services.referral.rules.moves import Rag, Status
from services.referral.schemas.referrals import (
    EndHeard,
    LevelHeard,
    PassingOn,
    ReferralHeard,
    SharingHeard,
    TriageHeard,
)
from services.referral.store import households, referrals


async def submit(tx: Tx, heard: ReferralHeard) -> UUID:
    """Send a request for help, and record on which basis the receiver may see it. Returns its id.

    The receiver has one working day. Raises NotFound for a household the caller may not see,
    PayloadNotValid for a child who is not in it, FamilyNotInformedNeedsAReason, and what
    `hub.sharing.decide` raises.
    """
    moves.check_family_told(heard.family_aware, heard.not_informed_reason)
    await tx.run("select hub.hold(:household)", household=heard.household)
    there = await households.members(tx, heard.household)
    await households.require_open(tx, heard.household)  # afterwards: what is closed meanwhile is not there
    if not set(heard.children) <= there:
        raise PayloadNotValid(errors=[{"pointer": "/children", "detail": "not all are of this household"}])
    now = datetime.now(UTC)
    referral = Referral(
        id=uuid4(),
        subject=heard.household,
        decide_by=decide_by(now),
        submitted_at=now,
        **heard.model_dump(exclude={"household", "sharing"}),
    )
    tx.session.add(referral)
    await tx.session.flush()
    made = Move(
        subject=heard.household,
        referral=referral.id,
        number=1,
        status=Status.SUBMITTED,
        referrer=tx.known_caller.agency,
    )
    await _append(tx, made)
    await _share(tx, heard.receiver, [heard.household, *heard.children], heard.sharing)
    await _tell(tx, made)
    return referral.id


async def acknowledge(tx: Tx, referral: UUID) -> None:
    """Tell the referrer that it arrived. Raises MoveNotAllowed, OnlyTheReceiverDecides."""
    await _decide(tx, referral, Status.ACKNOWLEDGED)


async def triage(tx: Tx, referral: UUID, heard: TriageHeard) -> None:
    """Decide, in the MASH's own colours, and say why; the referrer learns the outcome.

    Where it is passed on, the next agency's sharing decision is recorded in the same transaction, and that
    agency decides from then on.
    Raises MoveNotAllowed, OnlyTheReceiverDecides, RedMeansProtection, ReturnNeedsAReason.
    """
    outcome = Status(heard.outcome)
    moves.check_triage(Rag(heard.rag), outcome, heard.return_reason, heard.feedback)
    facts = await _decide(tx, referral, outcome, heard.return_reason, heard.feedback, heard)
    tx.session.add(
        Triage(
            subject=facts["subject"],
            referral=referral,
            rag=heard.rag,
            level_of_need=heard.level_of_need,
            rationale=heard.rationale,
        )
    )
    await tx.session.flush()


async def step(tx: Tx, referral: UUID, there: Status, heard: LevelHeard) -> None:
    """Step up to social care or down to early help, and pass it on where the help moves with it.

    The referrer learns of it. Raises MoveNotAllowed, OnlyTheReceiverDecides.
    """
    await _decide(tx, referral, there, None, heard.feedback, heard)


async def close(tx: Tx, referral: UUID, heard: EndHeard) -> None:
    """The help it asked for was given. Raises MoveNotAllowed, OnlyTheReceiverDecides."""
    await _decide(tx, referral, Status.CLOSED, None, heard.feedback)


async def withdraw(tx: Tx, referral: UUID, heard: EndHeard) -> None:
    """Take a referral back before it is decided. Only the agency that made it (OnlyTheReferrerWithdraws)."""
    await referrals.hold(tx, referral)
    facts = await referrals.fetch(tx, referral)
    if facts["referrer"] != tx.known_caller.agency:
        raise moves.OnlyTheReferrerWithdraws
    made = _next(facts, Status.WITHDRAWN, None, heard.feedback)
    await _append(tx, made)
    await _tell(tx, made)


async def _decide(
    tx: Tx,
    referral: UUID,
    there: Status,
    return_reason: str | None = None,
    feedback: str | None = None,
    on: PassingOn | None = None,
) -> Row:
    """Make a step that is for whoever the referral is with."""
    await referrals.hold(tx, referral)
    facts = await referrals.fetch(tx, referral)
    caller = tx.known_caller.agency
    moves.check_decider(there, caller, facts["receiver"], facts["passed_to"])
    made = _next(facts, there, return_reason, feedback)
    if on and on.passed_to and on.sharing:
        made.passed_to = on.passed_to
        await _append(tx, made)
        await _share(tx, on.passed_to, [facts["subject"], *facts["children"]], on.sharing)
    else:
        made.passed_to = moves.taken_back(caller, facts["passed_to"])
        await _append(tx, made)
    await _tell(tx, made)
    return facts


def _next(facts: Row, there: Status, return_reason: str | None, feedback: str | None) -> Move:
    moves.check_move(Status(facts["status"]), there)
    return Move(
        subject=facts["subject"],
        referral=facts["id"],
        number=facts["number"] + 1,
        status=there,
        return_reason=return_reason,
        feedback=feedback,
        referrer=facts["referrer"],
    )


async def _append(tx: Tx, made: Move) -> None:
    tx.session.add(made)
    await tx.session.flush()


async def _tell(tx: Tx, made: Move) -> None:
    """Last of all: it takes the rows of caseloads, which a sharing decision takes after its own locks."""
    await record(tx, f"referral.{made.status}", made.subject, Category.REQUEST_FOR_HELP, made.referral)


async def _share(tx: Tx, agency: AgencyId, subjects: Sequence[UUID], heard: SharingHeard) -> None:
    await sharing.decide(
        tx,
        sharing.Decision(
            agency=agency,
            subjects=list(subjects),
            purpose=tx.purpose,
            share=True,
            **heard.model_dump(),
        ),
    )
