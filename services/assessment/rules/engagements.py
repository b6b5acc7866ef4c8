"""Early help is voluntary: nothing starts before the family agreed, nor after its last word was no."""

from datetime import date, datetime

from hub.problem import Problem


class FamilyHasNotAgreed(Problem):
    """The family has not agreed to take part in early help, or no longer does."""

    status = 409


class EngagementAlreadyEnded(Problem):
    """This agreement to take part has ended before."""

    status = 409


class EndsBeforeItBegins(Problem):
    """The end is not after the beginning."""

    status = 422


def check_agreed(agreed: datetime | None, ended: datetime | None) -> None:
    """Refuse to start without a yes that is newer than every no (FamilyHasNotAgreed).

    `agreed` and `ended` are when the newest yes and the newest no were recorded, as far as the
    caller may see them. A second yes recorded earlier does not outlive a later no.
    """
    if agreed is None or (ended is not None and ended >= agreed):
        raise FamilyHasNotAgreed("Record the family's agreement with POST /engagements first.")


def check_end(given_on: date, ended_on: date, *, ended_before: bool) -> None:
    """Refuse a second end (EngagementAlreadyEnded) or one before the agreement (EndsBeforeItBegins)."""
    if ended_before:
        raise EngagementAlreadyEnded
    if ended_on < given_on:
        raise EndsBeforeItBegins(
            errors=[{"pointer": "/ended_on", "detail": "is before the agreement was given"}]
        )
