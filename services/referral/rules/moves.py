"""The life of a referral: which step may follow which, and what each step must say."""

from enum import StrEnum

from hub.problem import Problem
from hub.sharing.recipients import agency_of
from services.referral.schemas.referrals import Rag
from services.referral.schemas.referrals import ReferralStatus as Status


class ReturnReason(StrEnum):
    """Why a referral came back without action. A referrer is always told which."""

    THRESHOLD_NOT_MET = "threshold_not_met"
    INCOMPLETE_INFORMATION = "incomplete_information"
    NO_AGREEMENT = "no_agreement"
    ALREADY_OPEN = "already_open"
    WRONG_AREA = "wrong_area"
    SINGLE_AGENCY_CAN_MEET = "single_agency_can_meet"
    FAMILY_DECLINED = "family_declined"
    DUPLICATE = "duplicate"


MOVES: dict[Status, frozenset[Status]] = {
    Status.SUBMITTED: frozenset(
        {Status.ACKNOWLEDGED, Status.EARLY_HELP, Status.SOCIAL_CARE, Status.RETURNED}
        | {Status.SIGNPOSTED, Status.WITHDRAWN}
    ),
    Status.ACKNOWLEDGED: frozenset(
        {
            Status.EARLY_HELP,
            Status.SOCIAL_CARE,
            Status.RETURNED,
            Status.SIGNPOSTED,
            Status.WITHDRAWN,
        }
    ),
    Status.EARLY_HELP: frozenset({Status.SOCIAL_CARE, Status.CLOSED}),
    Status.SOCIAL_CARE: frozenset({Status.EARLY_HELP, Status.CLOSED}),
    Status.RETURNED: frozenset(),
    Status.SIGNPOSTED: frozenset(),
    Status.CLOSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}


class MoveNotAllowed(Problem):
    """A referral cannot make this step from where it stands."""

    status = 409


class OnlyTheReferrerWithdraws(Problem):
    """A referral is withdrawn by the agency that made it."""

    status = 403


class OnlyTheReceiverDecides(Problem):
    """A referral is decided by the agency that received it, or by the one to which it was passed on."""

    status = 403


class ReturnNeedsAReason(Problem):
    """A referral that comes back says why, and what to do next."""

    status = 422


class RedMeansProtection(Problem):
    """A red referral goes to social care. It is never queued as early help."""

    status = 422


class FamilyNotInformedNeedsAReason(Problem):
    """A referral made without telling the family says why telling them was not safe."""

    status = 422


def check_move(here: Status, there: Status) -> None:
    """Refuse a step the life of a referral does not have (MoveNotAllowed)."""
    if there not in MOVES[here]:
        raise MoveNotAllowed(f"It stands at {here} and cannot go to {there}.")


def check_decider(there: Status, caller: str, receiver: str, passed_to: str | None) -> None:
    """Refuse everybody but the agency it is with: the last to which it was passed on, or its receiver.

    The receiver goes on being able to step it up: what it learns of a risk waits for nobody
    (`referral.may_move` says the same). Raises OnlyTheReceiverDecides.
    """
    holder = agency_of(passed_to) if passed_to else receiver
    if caller != holder and not (there is Status.SOCIAL_CARE and caller == receiver):
        raise OnlyTheReceiverDecides(f"It is with {holder}.")


def taken_back(caller: str, passed_to: str | None) -> str | None:
    """The agency it is with after a step that passes it to nobody, where that is another than before."""
    return caller if passed_to and agency_of(passed_to) != caller else None


def check_triage(rag: Rag, outcome: Status, return_reason: str | None, feedback: str | None) -> None:
    """Refuse a triage that would lose a child or leave a referrer without an answer.

    Raises RedMeansProtection and ReturnNeedsAReason (Working Together 2023: the referrer learns the
    decision and what to do next).
    """
    if rag is Rag.RED and outcome is not Status.SOCIAL_CARE:
        raise RedMeansProtection
    if outcome in (Status.RETURNED, Status.SIGNPOSTED) and not (return_reason and feedback):
        raise ReturnNeedsAReason("Give `return_reason` and `feedback`.")


def check_family_told(family_aware: bool, not_informed_reason: str | None) -> None:
    """Refuse silence about silence (DfE information sharing advice, rule 2)."""
    if not family_aware and not not_informed_reason:
        raise FamilyNotInformedNeedsAReason("Give `not_informed_reason`.")
