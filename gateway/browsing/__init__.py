"""Reading beyond one's work, noticed within a minute: asking in vain again and again, or many new people.

`limits` how much is too much, and why | `watching` the round that counts | `alarms` what oversight is told.
"""

from gateway.browsing.alarms import router
from gateway.browsing.watching import watching

__all__ = ["router", "watching"]
