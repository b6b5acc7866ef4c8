"""What the ledger answers about decisions and conflicts, to the last field. `shown` has PostgreSQL say it."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from hub.caller import AgencyId, PractitionerId, Purpose
from hub.page import Paged
from hub.sharing import Basis, Category, DecisionId, Event
from hub.sharing.circumstances import DetrimentTest, Method
from hub.sharing.givers import Competence, GiverCapacity
from hub.sharing.restrictions import RestrictionKind

For = Annotated[str, Field(description="who sees: an agency, `type:health_provider`, or `agency/team`")]
Open = Annotated[list[Category], Field(description="those of them that nobody hides from you")]
Ends = Annotated[datetime | None, Field(description="null where it has no end")]
Standing = Annotated[
    Event | Literal["disputed"],
    Field(description="the newest event that moved it, or `disputed` where there is a `dispute`"),
]


class DecisionEnded(BaseModel):
    """How a decision came to an end."""

    event: Literal["withdrawn", "lifted", "expired", "superseded"]
    reason: str
    recorded_by: AgencyId
    at: datetime


class Dispute(BaseModel):
    """What two who may decide differ about: it is not shared, and all else that was decided is."""

    categories: list[Category]
    since: datetime


Disputed = Annotated[
    Dispute | None, Field(description="as far as your agency may know of it: see `/sharing/conflicts`")
]


class DecisionListed(BaseModel):
    """A decision or a restriction in a list: how it began, and its terms as they stand."""

    decision: DecisionId
    event: Literal["proposed", "given", "refused", "not_shared", "restricted"]
    agency: str = Field(
        description="who sees: an agency, `type:health_provider`, or `agency/team`; of a restriction from"
        " whom it hides: an agency, `!` everybody but `except`, or `*` everybody"
    )
    subjects: list[UUID] = Field(description="persons and households, but whom everything hides from you")
    categories: Open
    purpose: Purpose | None = Field(description="null of a restriction, which is for every purpose")
    basis: Basis | None = Field(description="null of a restriction")
    reason: str
    given_by: str | None = Field(description="the name of who gave or refused an agreement")
    capacity: GiverCapacity | None = Field(description="by what right they did")
    detriment_test: str | None = Field(description="why sharing is, or is not, more detrimental to the child")
    starts: datetime
    ends: Ends
    kind: RestrictionKind | None = Field(description="of a restriction: why it hides")
    court_reference: str | None = Field(description="of a court's order: which one")
    exempt: list[AgencyId] | None = Field(
        alias="except", description="of a restriction from everybody: but these"
    )
    practitioner: PractitionerId | None = Field(description="of a restriction: from this person alone")
    recorded_by: AgencyId
    at: datetime
    standing: Standing
    dispute: Disputed
    ended: DecisionEnded | None


class DecisionsPage(Paged):
    """A page of decisions, newest first."""

    decisions: list[DecisionListed]


class StandingDecision(BaseModel):
    """A decision where it stands now."""

    decision: DecisionId
    standing: Standing
    dispute: Disputed
    agency: For
    subjects: list[UUID] = Field(description="persons and households, but whom everything hides from you")
    categories: Open
    purpose: Purpose
    basis: Basis
    starts: datetime
    ends: Ends
    countersigners: list[AgencyId] | None = Field(
        description="whom its recorder asked to countersign; null to everybody else"
    )
    opens_records_of: list[AgencyId] = Field(
        description="whose records it opens now: to its recorder all of them, to another only its own"
    )


class DecisionGiver(BaseModel):
    """Whose word it was."""

    name: str
    person: UUID | None = Field(description="the hub's id, where they have one")
    capacity: GiverCapacity | None = Field(description="by what right")


class CircumstancesShown(TypedDict):
    """How it came about, as far as anybody said: what was not said is left out."""

    method: NotRequired[Method]
    evidence: NotRequired[Annotated[str, Field(description="where the proof is kept")]]
    words_shown: NotRequired[Annotated[str, Field(description="the words the family was shown or read")]]
    language: NotRequired[Annotated[str, Field(description="of those words, such as `en` or `pa-Guru`")]]
    informed: NotRequired[Annotated[bool, Field(description="whether the family was told")]]
    not_informed_reason: NotRequired[str]
    advice_sought: NotRequired[str]
    age: NotRequired[Annotated[int, Field(description="of who gave it, at the time, in years")]]
    competence: NotRequired[Competence]
    detriment_test: NotRequired[DetrimentTest]


class DecisionEvent(BaseModel):
    """One entry of a decision's history, which only grows."""

    event: Event
    at: datetime
    recorded_by: AgencyId
    reason: str
    categories: Open
    starts: datetime
    ends: Ends
    giver: DecisionGiver | None
    detriment_test: str | None = Field(description="its reasons")
    successor: DecisionId | None = Field(description="the decision that took its place")
    practitioner: PractitionerId | None = Field(description="who recorded it, to their own agency alone")
    circumstances: CircumstancesShown | None = Field(description="null to all but who recorded it")


class WholeDecision(BaseModel):
    """A decision and its whole history, the oldest event first."""

    decision: StandingDecision
    history: list[DecisionEvent]


class ConflictSide(BaseModel):
    """One of two who may decide, and the decision that has their word."""

    decision: DecisionId
    recorded_by: AgencyId


class AgreedSide(ConflictSide):
    """Who agreed."""

    giver: str | None
    capacity: GiverCapacity | None


class RefusedSide(ConflictSide):
    """Who refused."""

    giver: str
    capacity: GiverCapacity


class ConflictResolved(BaseModel):
    """What a person decided after hearing both."""

    outcome: Literal["share", "do_not_share"]
    reason: str
    at: datetime
    recorded_by: AgencyId
    practitioner: PractitionerId


class ConflictShown(BaseModel):
    """Two who may decide say different things about these people, for this recipient and purpose."""

    conflict: UUID
    open: bool = Field(description="whether it waits for somebody to resolve it")
    subjects: list[UUID]
    categories: list[Category]
    agency: For
    purpose: Purpose
    at: datetime
    agreement: AgreedSide
    refusal: RefusedSide
    resolution: ConflictResolved | None


class ConflictsPage(Paged):
    """A page of conflicts, newest first."""

    conflicts: list[ConflictShown]
