"""From a plan to services near the family: the plan is read in the caller's name, the directory hears needs.

What reaches the directory names nobody: needs, ages in years, a postcode in the body, times and barriers. It
keeps nothing of it, and the log has neither.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from gateway.graphql.asking import Asking, PartMissing
from gateway.rights import Services
from hub.access import HubRoute, allow_if_authenticated
from hub.caller import Caller
from hub.heard import Heard, Line, today
from hub.problem import NotFound, Problem, TemporarilyUnavailable

router = APIRouter(route_class=HubRoute, tags=["from need to service"])
Known = Annotated[Caller, allow_if_authenticated()]
NOT_A_NEED = "other"


class PlanHasNoNeeds(Problem):
    """The plan has no goal that says what a service should help with."""

    status = 422


class TimeHeard(Heard):
    """A time of the week at which the family can come."""

    day: Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    starts: time = time(0)
    ends: time = time(23, 59)


class PlanMatchHeard(Heard):
    """What the plan does not say. What is left out is taken from the plan and the family's case."""

    needs: list[Line] = Field([], max_length=12, description="instead of the areas of the plan's goals")
    barriers: list[Line] = Field([], max_length=8)
    times: list[TimeHeard] = Field([], max_length=14)
    languages: list[Line] = Field([], max_length=5)
    postcode: Annotated[str, Field(max_length=10)] | None = None
    within_metres: int = Field(10_000, ge=100, le=100_000)
    first: int = Field(20, ge=1, le=100)


@router.post("/plans/{plan}/matches")
async def match_services_to_a_plan(
    request: Request, caller: Known, plan: UUID, heard: PlanMatchHeard
) -> Response:
    """Rank services for a plan's needs, its children's ages and the family's home, and say why each fits.

    It changes nothing and needs no Idempotency-Key. Where you may not see a birthday or an address, that
    is not used: `asked` says what was.
    """
    services: Services = request.app.state.services
    asking = Asking(caller, request.state.request_id, services.hops, services.signer)
    whole = await _read(asking, "assessment", f"/plans/{plan}")
    if not whole:
        raise NotFound
    family = await _read(asking, "referral", f"/households/{whole['plan']['household']}/case")
    question = _question(heard, whole, family, today())
    headers = {"content-type": "application/json", "x-request-id": str(request.state.request_id)}
    answer = await services.hops["directory"].call("POST", "/matches", headers, json.dumps(question).encode())
    if answer.status != 200:
        return Response(answer.body, answer.status, media_type=answer.headers.get("content-type"))
    asked = {name: said for name, said in question.items() if name != "postcode"}
    told = {"asked": {**asked, "near_home": "postcode" in question}, **json.loads(answer.body)}
    return Response(json.dumps(told), media_type="application/json")


async def _read(asking: Asking, part: str, path: str) -> Mapping[str, Any]:
    """What the caller may see there. Without the scope for it, or without a right, nothing."""
    found = await asking.get(part, path)
    if isinstance(found, PartMissing):
        if found.code == "SCOPE_MISSING" and part == "referral":
            return {}
        raise TemporarilyUnavailable(f"The {part} part of the hub did not answer: {found.reason}")
    return found or {}


def _question(
    heard: PlanMatchHeard, plan: Mapping[str, Any], family: Mapping[str, Any], day: date
) -> dict[str, Any]:
    """What the directory is asked. Raises PlanHasNoNeeds."""
    areas = dict.fromkeys(goal["area"] for goal in plan["goals"] if goal["area"] != NOT_A_NEED)
    needs = heard.needs or list(areas)
    if not needs:
        raise PlanHasNoNeeds("Give `needs`, or a goal with an area.")
    people = {*plan["plan"]["children"], *plan["plan"]["adults"]}
    postcode = heard.postcode or _postcode(family.get("addresses", ()), people)
    said = heard.model_dump(mode="json", exclude={"needs", "postcode"})
    question = {**said, "needs": needs, "ages": _ages(family.get("identities", ()), people, day)}
    return question | ({"postcode": postcode} if postcode else {})


def _ages(identities: Iterable[Mapping[str, Any]], people: set[str], day: date) -> list[int]:
    """The ages in years of the plan's people, as far as the caller may see their birthdays."""
    born = {
        date.fromisoformat(one["date_of_birth"])
        for one in identities
        if one["person"] in people and one.get("date_of_birth")
    }
    return sorted(
        {max(0, day.year - one.year - ((day.month, day.day) < (one.month, one.day))) for one in born}
    )


def _postcode(addresses: Sequence[Mapping[str, Any]], people: set[str]) -> str | None:
    return next(
        (one["postcode"] for one in addresses if one["person"] in people and one.get("postcode")), None
    )
