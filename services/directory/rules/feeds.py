"""When a feed may be kept in step with, when it is pulled again, and what may be hidden because of it."""

from datetime import datetime, timedelta
from decimal import Decimal

from hub.problem import Problem

# So few are let go without asking: a small provider that stops one club is no fault of a feed.
A_FEW = 3
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)
# A pull that was cut off longer ago than this starts again: too much has changed behind it.
GOES_ON_FOR = timedelta(hours=6)
JITTER = 0.1


class FeedOfAnother(Problem):
    """Another agency keeps this feed in step."""

    status = 409


class FeedNotReadable(Problem):
    """The feed could not be read, so nothing was changed."""

    status = 422


class FeedAsksToWait(FeedNotReadable):
    """The feed asks to be left alone for a while."""

    status = 422

    def __init__(self, detail: str, seconds: float) -> None:
        super().__init__(detail)
        self.seconds = seconds


class FeedAddressNotAllowed(Problem):
    """The hub does not read from this address."""

    status = 422


class FeedBeingPulled(Problem):
    """This feed is being pulled just now."""

    status = 409


class PullNotWaiting(Problem):
    """This pull is not waiting for a decision."""

    status = 409


class AlreadyDecided(Problem):
    """Somebody has decided already whether these two services are one."""

    status = 409


def check_owner(owner: str, agency: str) -> None:
    """Refuse a feed that another agency pulls (FeedOfAnother)."""
    if owner != agency:
        raise FeedOfAnother


def check_waiting(state: str) -> None:
    """Refuse to decide about a pull that is not waiting (PullNotWaiting)."""
    if state != "waiting":
        raise PullNotWaiting


def check_proposed(state: str) -> None:
    """Refuse to decide twice about a likeness (AlreadyDecided)."""
    if state != "proposed":
        raise AlreadyDecided


def may_hide(*, complete: bool, read: int) -> bool:
    """Whether what a pull did not meet is gone. Half a feed, or an empty one, is more likely a fault."""
    return complete and read > 0


def needs_approval(*, vanished: int, listed: int, limit: Decimal, met_again: int) -> bool:
    """Whether a person has to agree before so many of what a feed has listed are hidden.

    A pull that met nothing again of what was there looks like another source's, however few it would hide.
    """
    return vanished > max(A_FEW, limit * listed) or (vanished > 0 and met_again == 0)


def goes_on(*, started: datetime, now: datetime) -> bool:
    """Whether a pull that was cut off is taken up where it was."""
    return now - started < GOES_ON_FOR


def next_pull(
    now: datetime, every: timedelta | None, failures: int, asked: float, chance: float
) -> datetime | None:
    """When a feed is pulled again: its interval, or ever longer after failures, never sooner than it asked.

    `chance` between 0 and 1 spreads feeds that are due together. None: only when somebody asks.
    """
    if every is None and not failures and not asked:
        return None
    wait = every if every is not None and not failures else _back_off(failures)
    if failures and every is not None:
        wait = min(wait, every)
    wait = max(wait * (1 + JITTER * chance), timedelta(seconds=asked))
    return now + wait


def _back_off(failures: int) -> timedelta:
    return min(FIRST_WAIT * 2 ** min(max(failures - 1, 0), 10), LONGEST_WAIT)
