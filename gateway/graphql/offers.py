"""The local offer: services near a postcode, as the directory lists them, and those that fit a plan."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from graphql import GraphQLError
from pydantic import ValidationError

from gateway.graphql.asking import Asking, PartMissing
from gateway.graphql.directory import WHOLE
from gateway.graphql.matches import PlanHasNoNeeds, PlanMatchHeard, match, match_plan
from hub.problem import TemporarilyUnavailable

MOST = 100


async def search(
    asking: Asking,
    wanted: frozenset[str],
    near: str | None,
    within_metres: int | None,
    search: str | None,
    first: int,
) -> list[dict[str, Any]]:
    """The first services that match, the nearest first where a postcode is given.

    Raises PartMissing where the directory is away, or does not understand the question.
    """
    asked = {
        "postcode": near,
        "proximity": within_metres,
        "search": search,
        "per_page": max(1, min(first, MOST)),
        "full": "true" if wanted & WHOLE else None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    found = await asking.get("directory", f"/services?{urlencode(given)}")
    if isinstance(found, PartMissing):
        raise found
    return found["contents"] if found else []


async def matches(
    asking: Asking, plan: str | None, question: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Services that fit a plan, or a question by itself; None where the caller may see no such plan.

    Raises PartMissing where the directory refuses the question, GraphQLError where there is none.
    """
    said = _said(question or {})
    if plan is None:
        found = await match(asking, said) if said.get("needs") else _refused("NEEDS_MISSING", NEEDS)
    else:
        found = await _for_plan(asking, plan, said)
    if isinstance(found, GraphQLError):
        raise found
    return found


async def _for_plan(
    asking: Asking, plan: str, said: Mapping[str, Any]
) -> Mapping[str, Any] | GraphQLError | None:
    try:
        return await match_plan(asking, UUID(plan), PlanMatchHeard.model_validate(said))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = "/".join(map(str, first["loc"]))
        return _refused("PAYLOAD_NOT_VALID", f"{place or 'question'}: {first['msg']}")
    except ValueError:
        return None
    except (PlanHasNoNeeds, TemporarilyUnavailable) as problem:
        code = problem.slug().replace("-", "_").upper()
        return _refused(code, problem.detail or problem.title())


async def first_contacts(asking: Asking, postcode: str | None, area: str | None) -> list[dict[str, Any]]:
    """Family hubs and first points of contact for a postcode or an area. Raises PartMissing."""
    asked = {name: said for name, said in (("postcode", postcode), ("area", area)) if said is not None}
    found = await asking.ask_openly("/first_contacts", asked)
    if isinstance(found, PartMissing):
        raise found
    return found["first_contacts"]


NEEDS = "Give a plan, or a question with needs."


def _refused(code: str, words: str) -> GraphQLError:
    return GraphQLError(words, extensions={"code": code})


def _said(question: Mapping[str, Any]) -> dict[str, Any]:
    """The question as the directory hears it: what was left out is not said."""
    names = {"withinMetres": "within_metres"}
    given = {names.get(name, name): said for name, said in question.items() if said is not None}
    if "times" in given:
        given["times"] = [
            {name: said for name, said in time.items() if said is not None} for time in given["times"]
        ]
    return given
