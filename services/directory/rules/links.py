"""When a re-verify link is good: one purpose, one service, once, for a while. The secret is never kept."""

import hashlib
import re
import secrets

from hub.problem import Problem

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class LinkNotGood(Problem):
    """This link cannot be used.

    One answer for a link that was used, has run out, or was never ours.
    """

    status = 404


class TooManyLinks(Problem):
    """This listing was asked about often enough today."""

    status = 429


LINKS_A_DAY = 5


def fresh_secret() -> str:
    """256 random bits, as a link carries them."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret. Anything that is no secret of ours has a digest too, which nobody has."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_rate(issued_today: int) -> None:
    """Refuse to ask a provider too often (TooManyLinks)."""
    if issued_today >= LINKS_A_DAY:
        raise TooManyLinks(headers={"retry-after": "86400"})
