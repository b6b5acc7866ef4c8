"""What somebody may ask about who sees what, and what they are answered."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from hub.caller import AgencyId
from hub.sharing.vocabulary import Category


class ExplanationWhy(StrEnum):
    """What the ledger has to say."""

    SHARED = "shared"
    OVERRIDDEN = "overridden"
    AUTHOR = "own_record"
    OVERSIGHT = "oversight"
    AUDIENCE = "somebody_else_in_the_room"
    RESTRICTED = "restricted"
    PROCESSING_RESTRICTED = "processing_restricted"
    DECIDED_NOT_TO = "decided_not_to_share"
    REFUSED = "refused"
    DISPUTED = "disputed"
    PROPOSED = "proposed"
    NOT_YET_BEGUN = "not_yet_begun"
    EXPIRED = "expired"
    AGREEMENT_ENDED = "agreement_ended"
    AGREEMENT_LACKING = "agreement_lacking"
    NOT_COUNTERSIGNED = "not_countersigned"
    OTHER_PURPOSE = "shared_for_another_purpose"
    OTHER_TEAM = "shared_with_a_team"
    NARROWED = "left_out_since"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    OVERRIDE_FOR_ANOTHER = "overridden_for_another"
    OVERRIDE_OVER = "override_over"
    NO_DECISION = "no_decision"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether an agency would see a category about a subject.

    `practitioner` is the person of that agency who would ask; "" where nobody says who they are. `team` is
    the team whose client asks. `room` are the other agencies that would see the same screen. `author` is
    who wrote the record; None asks of whatever anybody but they themselves wrote.
    """

    agency: AgencyId
    subject: UUID
    category: Category
    practitioner: str = ""
    team: str = ""
    room: tuple[AgencyId, ...] = ()
    author: AgencyId | None = None


class ExplanationReason(BaseModel):
    """One thing the ledger says, about which agency, and since or until when."""

    why: ExplanationWhy
    words: str
    agency: AgencyId
    decision: UUID | None = None
    basis: str | None = None
    purpose: str | None = None
    at: str | None = None
    agreement: UUID | None = None


class Explanation(BaseModel):
    """Whether the agency sees it, and every reason for it."""

    agency: AgencyId
    subject: UUID
    category: Category
    purpose: str
    practitioner: str
    team: str
    room: list[AgencyId]
    author: AgencyId | None
    visible: bool
    reasons: list[ExplanationReason]
