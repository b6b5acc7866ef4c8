"""How many different people one client may ask about in an hour, and how it is told so.

RateLimit headers: draft-ietf-httpapi-ratelimit-headers. Retry-After is never earlier than the reset.
"""

from dataclasses import dataclass
from datetime import timedelta

from hub.problem import Problem

WINDOW = timedelta(hours=1)


class TooManyLookUps(Problem):
    """Your client has asked about as many different people as it may in an hour."""

    status = 429


@dataclass(frozen=True)
class Quota:
    """What is left of a client's hour. `reset` is when the oldest look-up that counts no longer does."""

    limit: int
    used: int
    reset: timedelta

    @property
    def headers(self) -> dict[str, str]:
        """What every answer says, so that nobody needs to run into the limit."""
        seconds = int(WINDOW.total_seconds())
        left = max(0, self.limit - self.used)
        return {
            "ratelimit-policy": f'"look-ups";q={self.limit};w={seconds}',
            "ratelimit": f'"look-ups";r={left};t={self.wait}',
        }

    @property
    def wait(self) -> int:
        """Whole seconds until one more is possible, at least 1."""
        return max(1, -(-self.reset // timedelta(seconds=1)))

    def refusal(self) -> TooManyLookUps:
        """The 429 and when to come back."""
        return TooManyLookUps(
            f"Ask again in {self.wait} seconds."
            f" Whoever runs the hub can allow more than {self.limit} people an hour.",
            headers={**self.headers, "retry-after": str(self.wait)},
        )
