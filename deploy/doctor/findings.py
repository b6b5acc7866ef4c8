"""What a check has found."""

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("gateway", "referral", "assessment", "directory")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it says, and where it is wrong, a way out."""

    name: str
    ok: bool
    says: str
    way_out: str = ""

    def as_json(self) -> Mapping[str, str | bool]:
        """For a machine."""
        return {"name": self.name, "ok": self.ok, "says": self.says, "way_out": self.way_out}


def good(name: str, says: str) -> Finding:
    """It is as it should be."""
    return Finding(name, True, says)


def wrong(name: str, says: str, way_out: str) -> Finding:
    """It is not as it should be, and this is what to do."""
    return Finding(name, False, says, way_out)
