"""One household's case, composed of what each service showed the caller.

A service that does not answer leaves an error on each of its fields, never an empty list: "no concerns"
must not be said by a service that was away.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from gateway.graphql.asking import Asking, PartMissing
from gateway.graphql.household import FromReferral
from gateway.graphql.shape import shape
from gateway.graphql.support import FromAssessment


@shape
class MissingPart:
    """A part of the hub that did not answer: what it would have shown is not in this answer."""

    part: str
    code: str
    reason: str


@shape
class Case(FromReferral, FromAssessment):
    """What the caller may see of one household: every list as its service showed it."""

    id: strawberry.ID
    missing: list[MissingPart]


FIELDS = {
    "referral": frozenset(FromReferral.__annotations__),
    "assessment": frozenset(FromAssessment.__annotations__),
}
# The rows of one list, put under the rows of another that they name: (over, its id, under).
NESTED = (
    ("members", "person", "identities"),
    ("members", "person", "addresses"),
    ("members", "person", "attendance"),
    ("members", "person", "concerns"),
    ("referrals", "referral", "moves"),
    ("referrals", "referral", "triage"),
    ("assessments", "assessment", "sections"),
    ("plans", "plan", "goals"),
    ("plans", "plan", "offers"),
    ("goals", "goal", "actions"),
    ("meetings", "meeting", "minutes"),
)


async def find(asking: Asking, wanted: frozenset[str], id: str) -> dict[str, Any] | None:  # noqa: A002
    """The case with the fields that are wanted, or None where no service shows anything of it.

    Whether there is a case is the referral service's to say, so it is always asked.
    """
    household = _household(id)
    if household is None:
        return None
    parts = [part for part in FIELDS if part == "referral" or wanted & FIELDS[part]]
    answers = await asyncio.gather(*(asking.get(part, f"/households/{household}/case") for part in parts))
    shown = dict(zip(parts, answers, strict=True))
    if shown["referral"] is None and not any(map(_has_something, answers)):
        return None
    return _composed(household, shown)


def _household(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _has_something(answer: Mapping[str, Any] | PartMissing | None) -> bool:
    """Something is shown, or may be: a part that is missing might have shown something."""
    return isinstance(answer, PartMissing) or any((answer or {}).values())


def _composed(household: UUID, shown: Mapping[str, Any]) -> dict[str, Any]:
    case: dict[str, Any] = {"id": str(household), "missing": []}
    for part, answer in shown.items():
        if isinstance(answer, PartMissing):
            case.update(dict.fromkeys(FIELDS[part], answer))
            case["missing"].append({"part": part, "code": answer.code, "reason": answer.reason})
        elif answer is None:
            case.update({name: [] for name in FIELDS[part] - {"household"}})
        else:
            case.update(answer)
            _nest(answer)
    return case


def _nest(answer: Mapping[str, Any]) -> None:
    """Put rows under the rows they belong to. The flat lists stay: a row's parent may not be visible."""
    for over, key, under in NESTED:
        if over in answer and under in answer:
            groups = defaultdict[str, list[Any]](list)
            for row in answer[under]:
                groups[row[key]].append(row)
            for row in answer[over]:
                row[under] = groups.get(row[key], [])
