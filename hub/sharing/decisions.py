"""Deciding to share, or not to, and taking a decision out of force."""

from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from hub.caller import AgencyId, Purpose
from hub.database import Tx
from hub.problem import Problem
from hub.sharing.ledger import append, follow, require_involvement
from hub.sharing.vocabulary import Basis, Category, DecisionId, Event


class AgreementNeedsAGiver(Problem):
    """An agreement names who gave it."""

    status = 422


class DutyNeedsADetrimentTest(Problem):
    """Sharing without agreement records the detriment test."""

    status = 422


class DecisionInOwnFavour(Problem):
    """An agency does not decide what it may itself see: another involved agency does."""

    status = 403


class Decision(BaseModel):
    """One agency, some categories, some people, one purpose: to share, or not to share."""

    model_config = ConfigDict(extra="forbid")

    agency: AgencyId = Field(max_length=64, description="the agency that will see")
    subjects: list[UUID] = Field(min_length=1, max_length=50, description="persons and households")
    categories: list[Category] = Field(min_length=1, max_length=30)
    purpose: Purpose
    basis: Basis
    share: bool = Field(True, description="false records a decision not to share, with its reason")
    reason: str = Field(min_length=3, max_length=2000, description="in words a family could read")
    given_by: str | None = Field(
        None, max_length=200, description="agreement: who gave it, and in what capacity"
    )
    detriment_test: str | None = Field(
        None,
        max_length=2000,
        description="other bases: why sharing is not more detrimental to the child",
    )
    starts: AwareDatetime | None = Field(None, description="from when; now if left out")
    ends: AwareDatetime | None = Field(None, description="until when; a year from now if left out")

    @model_validator(mode="after")
    def _in_order(self) -> "Decision":
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValueError("ends must be after starts")
        return self


def check(decision: Decision) -> None:
    """Refuse a decision that does not say what its basis needs.

    Raises AgreementNeedsAGiver or DutyNeedsADetrimentTest (DfE information sharing advice, rules 3 and 7).
    """
    if decision.basis is Basis.AGREEMENT and not decision.given_by:
        raise AgreementNeedsAGiver("Say who gave the agreement in `given_by`.")
    if decision.basis is not Basis.AGREEMENT and not decision.detriment_test:
        raise DutyNeedsADetrimentTest("Say in `detriment_test` why sharing does not do more harm than good.")


async def decide(tx: Tx, decision: Decision) -> DecisionId:
    """Record one decision and put it in force. Returns its id, which a withdrawal names."""
    check(decision)
    if decision.agency == tx.known_caller.agency:
        raise DecisionInOwnFavour
    decision_id = DecisionId(uuid4())
    await require_involvement(tx, decision.subjects)
    await append(
        tx,
        decision_id,
        Event.GIVEN if decision.share else Event.NOT_SHARED,
        agency=decision.agency,
        purpose=decision.purpose,
        basis=decision.basis,
        categories=decision.categories,
        subjects=decision.subjects,
        reason=decision.reason,
        given_by=decision.given_by,
        detriment_test=decision.detriment_test,
        starts=decision.starts,
        ends=decision.ends,
    )
    return decision_id


async def withdraw(tx: Tx, decision_id: DecisionId, reason: str) -> None:
    """Take a decision out of force, for the next read, write and delivery. As easy as giving.

    Waits for writes that are fanning out about the same people. Raises NotFound for a decision that
    the caller's agency neither recorded nor benefits from.
    """
    await tx.run("select hub.hold_alone(:decision)", decision=decision_id)
    await follow(tx, decision_id, Event.WITHDRAWN, reason)
