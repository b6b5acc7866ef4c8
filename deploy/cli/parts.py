"""The parts of a hub, as words on the command line."""

from enum import StrEnum


class Part(StrEnum):
    """One of the processes a hub is made of."""

    GATEWAY = "gateway"
    REFERRAL = "referral"
    ASSESSMENT = "assessment"
    DIRECTORY = "directory"

    @property
    def port(self) -> int:
        """Where it listens unless told otherwise: where the gateway looks for it."""
        return 8000 + list(Part).index(self)
