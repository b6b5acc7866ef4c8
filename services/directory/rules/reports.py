"""What families may tell us of a listing: what is wrong, and nothing about themselves."""

import re

from hub.problem import Problem

REPORTS_A_DAY = 20


class TooManyReports(Problem):
    """This listing was reported often enough today: somebody is looking at it."""

    status = 429


EMAIL = re.compile(r"[^\s@<>()]+\s?@\s?[^\s@<>()]+(?:\s?\.\s?[^\s@<>().,;]+)+", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Also what only looks like one: what is masked by mistake costs a word, what is kept by mistake is a person.
POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?:GIR\s?0AA|[A-Z]{1,2}[0-9][A-Z0-9]?\s{0,3}[0-9][A-Z]{2})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
# Seven digits or more, however they are grouped: telephone, NHS and case numbers, dates of birth.
NUMBER = re.compile(r"(?<![A-Za-z0-9])\+?\(?[0-9](?:[\s().,/-]{0,3}[0-9]){6,}(?![0-9])")
MASKS = ((ADDRESS, "[web address]"), (EMAIL, "[email]"), (POSTCODE, "[postcode]"), (NUMBER, "[number]"))


def without_people(said: str) -> str:
    """The words with everything masked by which somebody could be reached or found."""
    for pattern, mask in MASKS:
        said = pattern.sub(mask, said)
    return said


def check_rate(reported_today: int) -> None:
    """Refuse to hear of one listing without end (TooManyReports)."""
    if reported_today >= REPORTS_A_DAY:
        raise TooManyReports(headers={"retry-after": "86400"})
