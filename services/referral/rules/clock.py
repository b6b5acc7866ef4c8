"""The statutory clock: a decision within one working day (Working Together to Safeguard Children 2023)."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")


@lru_cache
def _bank_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG", years=year)


def decide_by(submitted: datetime) -> datetime:
    """One working day after `submitted` (any zone), at the same time of day in London. Returns UTC."""
    due = submitted.astimezone(LONDON) + timedelta(days=1)
    while due.weekday() >= 5 or due.date() in _bank_holidays(due.year):
        due += timedelta(days=1)
    return due.astimezone(UTC)
