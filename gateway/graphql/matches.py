"""From a plan to services near the family: the plan is read in the caller's name, the directory hears needs.

What reaches the directory names nobody: needs, ages in years, a postcode in the body, times and barriers,
and a mark by which one family's unmet need counts once a day (gateway.marks). It keeps nothing of it, nor
does the log.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from gateway.graphql.asking import Asking, PartMissing
from hub.heard import Heard, Line, today
from hub.problem import Problem, TemporarilyUnavailable

NOT_A_NEED = "other"
REFUSED = 403


class PlanHasNoNeeds(Problem):
    """The plan has no goal that says what a service should help with."""

    status = 422


class TimeHeard(Heard):
    """A time of the week at which the family can come."""

    day: Line = Field(max_length=20, description="as the directory reads it", examples=["saturday", "SA"])
    starts: time = time(0)
    ends: time = time(23, 59)


class PlanMatchHeard(Heard):
    """What the plan does not say. What is left out is taken from the plan and the family's case."""

    needs: list[Line] = Field([], max_length=12, description="instead of the areas of the plan's goals")
    ages: list[Annotated[int, Field(ge=0, le=120)]] = Field(
        [], max_length=12, description="instead of the ages of the plan's people"
    )
    barriers: list[Line] = Field([], max_length=8)
    times: list[TimeHeard] = Field([], max_length=14)
    languages: list[Line] = Field([], max_length=5)
    postcode: Annotated[str, Field(max_length=10)] | None = None
    within_metres: int = Field(10_000, ge=100, le=100_000)
    first: int = Field(20, ge=1, le=100)


async def match_plan(
    asking: Asking, plan: UUID, heard: PlanMatchHeard
) -> Mapping[str, Any] | PartMissing | None:
    """What the directory has for a plan, with what was asked; None where the caller may see no such plan.

    A PartMissing where the caller may read no plans, or the directory refuses the question. Raises
    PlanHasNoNeeds, TemporarilyUnavailable.
    """
    whole = await _read(asking, "assessment", f"/plans/{plan}")
    if not whole or isinstance(whole, PartMissing):
        return whole or None
    household = whole["plan"]["household"]
    family = await _read(asking, "referral", f"/households/{household}/case")
    seen: Mapping[str, Any] = {} if isinstance(family, PartMissing) else family
    return await match(asking, _question(heard, whole, seen, today()), UUID(household))


async def match(
    asking: Asking, question: Mapping[str, Any], about: UUID | None = None
) -> Mapping[str, Any] | PartMissing:
    """What the directory has for a question, with the question, but for where the family lives."""
    answer = await asking.ask_openly("/matches", question, about)
    if isinstance(answer, PartMissing):
        return _where(answer)
    asked = {name: said for name, said in question.items() if name != "postcode"}
    return {"asked": {**asked, "near_home": "postcode" in question}, **answer}


def _where(refused: PartMissing) -> PartMissing:
    """The same refusal, saying what of the question it is about."""
    wrong = refused.problem.get("errors", ())
    said = "; ".join(f"{one['pointer'].lstrip('/')}: {one['detail']}" for one in wrong)
    return PartMissing(refused.part, refused.code, said or refused.reason, refused.problem)


async def _read(asking: Asking, part: str, path: str) -> Mapping[str, Any] | PartMissing:
    """What the caller may see there; a PartMissing that says which scope they lack for it."""
    found = await asking.get(part, path)
    if isinstance(found, PartMissing) and found.problem["status"] != REFUSED:
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
    said = heard.model_dump(mode="json", exclude={"needs", "postcode", "ages"})
    ages = heard.ages or _ages(family.get("identities", ()), people, day)
    question = {**said, "needs": needs, "ages": ages}
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
