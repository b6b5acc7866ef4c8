"""From need to service: what is asked, the facts a service is judged by, and what is said of it."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.directory.schemas.documented import Omitting
from services.directory.schemas.hours import Day
from services.directory.schemas.services import ServiceShown

Said = Annotated[str, Field(min_length=1, max_length=60)]


class Barrier(StrEnum):
    """What keeps a family from a service, even from one that is for everybody."""

    TRANSPORT = "transport"
    LANGUAGE = "language"
    COST = "cost"
    STIGMA = "stigma"
    DIGITAL = "digital"
    HOURS = "hours"
    SEND_ACCESS = "send_access"
    CHILDCARE = "childcare"


class TimeAsked(BaseModel):
    """A time of the week at which somebody can come."""

    model_config = ConfigDict(extra="forbid")

    day: Day = Field(description="a day of the week in any way people write it", examples=["saturday"])
    starts: time = Field(time(0), description="from when")
    ends: time = Field(time(23, 59), description="until when")

    @model_validator(mode="after")
    def _in_order(self) -> "TimeAsked":
        if self.starts >= self.ends:
            raise ValueError("a time ends after it starts")
        return self


class MatchAsked(BaseModel):
    """What a family needs. Nothing says who they are, and none of it is kept."""

    model_config = ConfigDict(extra="forbid")

    needs: list[Said] = Field(min_length=1, max_length=12, description="in the words of `GET /needs`")
    barriers: list[Barrier] = Field(default=[], max_length=8)
    ages: list[Annotated[int, Field(ge=0, le=120)]] = Field(default=[], max_length=12)
    postcode: Annotated[str, Field(max_length=10)] | None = Field(None, description="where they live")
    within_metres: int = Field(10_000, ge=100, le=100_000)
    times: list[TimeAsked] = Field(default=[], max_length=14, description="when they can come")
    languages: list[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]] = Field(
        default=[], max_length=5, description="ISO 639 codes"
    )
    first: int = Field(20, ge=1, le=100, description="how many services to name")


class AreaAsked(BaseModel):
    """A local authority by its GSS code."""

    area: Annotated[str, Field(pattern=r"^[EWSN]\d{8}$")]


class FirstContactsAsked(BaseModel):
    """Where somebody lives: a postcode, or the GSS code of their local authority."""

    model_config = ConfigDict(extra="forbid")

    postcode: Annotated[str, Field(max_length=10)] | None = None
    area: Annotated[str, Field(pattern=r"^[EWSN]\d{8}$")] | None = None

    @model_validator(mode="after")
    def _one(self) -> "FirstContactsAsked":
        if (self.postcode is None) == (self.area is None):
            raise ValueError("give a postcode or an area")
        return self


class Opening(NamedTuple):
    """When a service is open on a day of the week."""

    day: str
    opens: time | None
    closes: time | None


class Facts(NamedTuple):
    """What is known of a service that may fit. None is "it does not say"."""

    id: UUID
    name: str
    named_for: frozenset[str]
    mentions: frozenset[str] = frozenset()
    low: float | None = None
    high: float | None = None
    metres: float | None = None
    has_place: bool = False
    everywhere: bool = False
    openings: tuple[Opening, ...] = ()
    free: int | None = None
    counted: date | None = None
    costs: Literal["free", "paid", "unknown"] = "unknown"
    languages: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    access: str = ""
    says: str = ""
    telephone: bool = False


class FitReason(BaseModel):
    """One thing that was asked for, and how a service stands to it, in plain words."""

    about: str
    verdict: Literal["fits", "partly", "unknown", "does_not_fit"]
    says: str


class Match(BaseModel):
    """A service and why it fits: a score out of 100, and what makes it up."""

    score: int
    has_room: bool | None
    why: list[FitReason]
    why_not: list[FitReason]


class NeedNamed(BaseModel):
    """A need, and what it is called."""

    need: str
    label: str


class NeedShown(NeedNamed):
    """A need the directory knows."""

    said: list[str] = Field(description="how people put it")


class NeedsShown(BaseModel):
    """The needs the directory knows."""

    needs: list[NeedShown]


class MatchShown(Omitting, Match):
    """A service, how well it fits, and why."""

    metres: int | None = Field(None, description="from the postcode to its nearest place")
    service: ServiceShown


class MatchesShown(BaseModel):
    """The services that fit best, the best first."""

    needs: list[NeedNamed] = Field(description="what was understood")
    considered: int = Field(description="how many services were judged")
    matches: list[MatchShown]


class FirstContact(Omitting):
    """A family hub or a first point of contact."""

    national: bool = Field(description="for everybody in the country, without a place")
    metres: int | None = Field(None, description="from the postcode to its nearest place")
    service: ServiceShown


class FirstContactsShown(BaseModel):
    """Family hubs and first points of contact, the nearest first."""

    first_contacts: list[FirstContact]
