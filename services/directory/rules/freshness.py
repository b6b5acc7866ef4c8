"""How long somebody's word on a listing holds: fresh, ageing, stale, and at last not listed any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.problem import Problem
from services.directory.schemas.freshness import Freshness


class DaysOutOfOrder(Problem):
    """A listing is ageing before it is stale, and stale before it is unlisted."""

    status = 422


class NotYourListing(Problem):
    """Your agency neither keeps this listing nor speaks for its provider."""

    status = 403


class AlreadyUnlisted(Problem):
    """This service is not listed already."""

    status = 409


class NotUnlisted(Problem):
    """This service is listed, so it cannot be brought back."""

    status = 409


@dataclass(frozen=True)
class Days:
    """After how many days a listing is ageing, stale, unlisted."""

    ageing_after: int = 180
    stale_after: int = 365
    unlist_after: int = 455


def check_days(days: Days) -> None:
    """Refuse days that are out of order (DaysOutOfOrder)."""
    if not 0 < days.ageing_after < days.stale_after < days.unlist_after:
        raise DaysOutOfOrder


def freshness(days: Days, verified: datetime | None, changed: datetime, moment: datetime) -> Freshness:
    """How fresh a listing is on a day: from its last check or, never checked, from its last change."""
    moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if (verified or changed) < moment - timedelta(days=days.stale_after):
        return Freshness.STALE
    if verified is None or verified < moment - timedelta(days=days.ageing_after):
        return Freshness.AGEING
    return Freshness.FRESH


def has_gone_off(days: Days, verified: datetime | None, changed: datetime, moment: datetime) -> bool:
    """Whether a listing has been stale for so long that it is unlisted."""
    return (verified or changed) < moment - timedelta(days=days.unlist_after)


def check_unlisted(*, unlisted: bool, wanted: bool) -> None:
    """Refuse to unlist twice (AlreadyUnlisted) and to bring back what is listed (NotUnlisted)."""
    if wanted and unlisted:
        raise AlreadyUnlisted
    if not wanted and not unlisted:
        raise NotUnlisted
