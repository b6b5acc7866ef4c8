"""From a plan to services over HTTP; GraphQL says the same as `matches` (gateway.graphql.matches)."""

import json
from datetime import date, datetime
from typing import Annotated, Literal, NotRequired
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from gateway.graphql.asking import Asking, PartMissing
from gateway.graphql.matches import PlanMatchHeard, match_plan
from gateway.hop import Services
from gateway.marks import Marks
from hub.access import ASKS, HubRoute, allow_if_authenticated
from hub.caller import Caller
from hub.problem import NotFound

router = APIRouter(route_class=HubRoute, tags=["from need to service"])
Known = Annotated[Caller, allow_if_authenticated()]
PROBLEM = "application/problem+json"


class WeeklyTime(BaseModel):
    """A time of the week at which the family can come."""

    day: str
    starts: str = Field(description="on a clock, such as `15:30:00`")
    ends: str


class PlanAsked(BaseModel):
    """What the directory was asked. Where the family lives is not repeated."""

    needs: list[str]
    ages: list[int] = Field(description="in years")
    barriers: list[str]
    times: list[WeeklyTime]
    languages: list[str] = Field(description="ISO 639 codes")
    within_metres: int
    first: int = Field(description="how many services at most")
    near_home: bool = Field(description="whether it was asked with a postcode")


class NeedNamed(BaseModel):
    """A need, and what it is called."""

    need: str
    label: str


class FitReason(BaseModel):
    """One thing that was asked for, and how a service stands to it, in plain words."""

    about: str
    verdict: Literal["fits", "partly", "unknown", "does_not_fit"]
    says: str


class MatchedOrganization(TypedDict):
    """Who offers it (Open Referral UK 3.0): what is not known is left out."""

    id: UUID
    name: str
    description: str
    email: NotRequired[str]
    website: NotRequired[str]
    logo: NotRequired[str]
    uri: NotRequired[str]
    parent_organization_id: NotRequired[UUID]


class MatchedPhone(TypedDict):
    """A number to ring."""

    id: UUID
    contact_id: NotRequired[UUID]
    number: str
    description: NotRequired[str]


class MatchedService(TypedDict):
    """A service of the directory (Open Referral UK 3.0): what is not known is left out."""

    id: UUID
    organization_id: UUID
    name: str
    description: NotRequired[str]
    url: NotRequired[str]
    email: NotRequired[str]
    status: str
    fees: NotRequired[str]
    accreditations: NotRequired[str]
    minimum_age: NotRequired[Annotated[float, Field(description="in years")]]
    maximum_age: NotRequired[Annotated[float, Field(description="in years")]]
    alert: NotRequired[str]
    assured_date: NotRequired[Annotated[date, Field(description="when somebody last vouched for it")]]
    assurer_email: NotRequired[str]
    assured_how: NotRequired[Literal["provider_link", "provider_client", "council_officer", "phone"]]
    freshness: Literal["fresh", "ageing", "stale"]
    last_modified: datetime
    organization: NotRequired[MatchedOrganization]
    phones: NotRequired[list[MatchedPhone]]


class PlanMatch(TypedDict):
    """A service, how well it fits out of 100, and why."""

    score: int
    has_room: Annotated[bool | None, Field(description="null where it does not say")]
    why: list[FitReason]
    why_not: list[FitReason]
    metres: NotRequired[Annotated[int, Field(description="from the postcode, as the crow flies")]]
    service: MatchedService


class PlanMatches(BaseModel):
    """Services that fit a plan, the best first."""

    asked: PlanAsked
    needs: list[NeedNamed]
    considered: int = Field(description="how many services were looked at")
    matches: list[PlanMatch]


@router.post("/plans/{plan}/matches", openapi_extra=ASKS, response_model=PlanMatches)
async def match_services_to_a_plan(
    request: Request, caller: Known, plan: UUID, heard: PlanMatchHeard
) -> Response:
    """Rank services for a plan's needs, its children's ages and the family's home, and say why each fits.

    It changes nothing and needs no Idempotency-Key. Where you may not see a birthday or an address, that
    is not used: `asked` says what was.
    """
    services: Services = request.app.state.services
    marks: Marks = request.app.state.marks
    asking = Asking(caller, request.state.request_id, services.hops, services.signer, marks)
    answer = await match_plan(asking, plan, heard)
    if answer is None:
        raise NotFound
    if isinstance(answer, PartMissing):
        return Response(json.dumps(answer.problem), answer.problem["status"], media_type=PROBLEM)
    return Response(json.dumps(answer), media_type="application/json")
