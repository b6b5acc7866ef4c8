"""What became of requests for help, as counts."""

from typing import Literal

from pydantic import BaseModel, Field


class Returned(BaseModel):
    """How often a need went unanswered; `count` is null where it is small."""

    outcome: Literal["returned", "signposted"]
    area: str = Field(description="the postcode sector of the child's address, or `not told`")
    need: str = Field(description="a key of `GET /directory/needs`, `not_told` or `other`")
    reason: str = Field(description="such as `threshold_not_met`; `other` for what is no reason of ours")
    count: int | None


class ReturnedShown(BaseModel):
    """A quarter of referrals that came back or were signposted."""

    returned: list[Returned]
