"""A sender's own id of a concern: sent again it is the same concern, and another is never taken for it."""

from hub.problem import Problem
from services.referral.schemas.files import FieldFault

POINTER = "/external_id"
ADVICE = "This one was not stored: send it under an external_id of its own."


class ExternalIdReused(Problem):
    """Another concern was received under this external_id."""

    status = 409

    def fault(self) -> FieldFault:
        """The same words for a line of a file."""
        return {"pointer": POINTER, "detail": f"{self.title()}. {self.detail}"}


def check_repeat(*, alike: bool) -> None:
    """Raise ExternalIdReused for a concern that is not the one we have: acknowledged, it would be lost."""
    if not alike:
        raise ExternalIdReused(ADVICE)
