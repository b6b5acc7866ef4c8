"""The life of a referral: submit, acknowledge, triage, step up, step down, close, withdraw."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

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
from services.referral.rules.moves import MoveNotAllowed, Rag, Status
from services.referral.schemas import ReferralHeard, SharingHeard, StepHeard, TriageHeard
from services.referral.store import households, referrals


async def submit(tx: Tx, heard: ReferralHeard) -> UUID:
    """Send a request for help, and record on which basis the receiver may see it. Returns its id.

    The receiver has one working day. Raises NotFound for a household the caller may not see,
    PayloadNotValid for a child who is not in it, FamilyNotInformedNeedsAReason, and what
    `hub.sharing.decide` raises.
    """
    moves.check_family_told(heard.family_aware, heard.not_informed_reason)
    await tx.run("select hub.hold(:household)", household=heard.household)
    await households.require_open(tx, heard.household)
    if not set(heard.children) <= await households.members(tx, heard.household):
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
    await _append(tx, referral.id, heard.household, tx.known_caller.agency, 1, Status.SUBMITTED)
    await record(tx, "referral.submitted", heard.household, Category.REQUEST_FOR_HELP, referral.id)
    await _share(tx, heard.receiver, [heard.household, *heard.children], heard.sharing)
    return referral.id


async def acknowledge(tx: Tx, referral: UUID) -> None:
    """Tell the referrer that it arrived."""
    await _move(tx, referral, Status.ACKNOWLEDGED, None, None)


async def triage(tx: Tx, referral: UUID, heard: TriageHeard) -> None:
    """Decide, in the MASH's own colours, and say why; the referrer learns the outcome.

    Where it is passed on, the next agency's sharing decision is recorded in the same transaction.
    Raises MoveNotAllowed, OnlyTheReceiverDecides, RedMeansProtection, ReturnNeedsAReason.
    """
    outcome = Status(heard.outcome)
    moves.check_triage(Rag(heard.rag), outcome, heard.return_reason, heard.feedback)
    facts = await _move(tx, referral, outcome, heard.return_reason, heard.feedback)
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
    if heard.passed_to and heard.sharing:
        await _share(tx, heard.passed_to, [facts["subject"], *facts["children"]], heard.sharing)


async def step(tx: Tx, referral: UUID, there: Status, heard: StepHeard) -> None:
    """Step up to social care, down to early help, or close. The referrer learns of it."""
    await _move(tx, referral, there, None, heard.feedback)


async def withdraw(tx: Tx, referral: UUID, heard: StepHeard) -> None:
    """Take a referral back before it is decided. Only the agency that made it (OnlyTheReferrerWithdraws)."""
    facts = await referrals.fetch(tx, referral)
    if facts["referrer"] != tx.known_caller.agency:
        raise moves.OnlyTheReferrerWithdraws
    await _go(tx, facts, Status.WITHDRAWN, None, heard.feedback)


async def _move(
    tx: Tx, referral: UUID, there: Status, return_reason: str | None, feedback: str | None
) -> Row:
    facts = await referrals.fetch(tx, referral)
    moves.check_decider(facts["referrer"], tx.known_caller.agency)
    await _go(tx, facts, there, return_reason, feedback)
    return facts


async def _go(tx: Tx, facts: Row, there: Status, return_reason: str | None, feedback: str | None) -> None:
    moves.check_move(Status(facts["status"]), there)
    await tx.run("select hub.hold(:subject)", subject=facts["subject"])
    number = facts["number"] + 1
    await _append(
        tx, facts["id"], facts["subject"], facts["referrer"], number, there, return_reason, feedback
    )
    await record(tx, f"referral.{there}", facts["subject"], Category.REQUEST_FOR_HELP, facts["id"])


async def _append(
    tx: Tx,
    referral: UUID,
    subject: UUID,
    referrer: AgencyId,
    number: int,
    status: Status,
    return_reason: str | None = None,
    feedback: str | None = None,
) -> None:
    tx.session.add(
        Move(
            subject=subject,
            referral=referral,
            number=number,
            status=status,
            return_reason=return_reason,
            feedback=feedback,
            referrer=referrer,
        )
    )
    try:
        await tx.session.flush()
    except IntegrityError as reason:
        raise MoveNotAllowed("Somebody moved it at the same moment.") from reason


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
