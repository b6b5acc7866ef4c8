"""What was answered, in words a person who governs information can read."""

import json
from collections.abc import Iterator
from typing import Any, cast

from tests.policy.matrix.asking import Answer, Asked
from tests.policy.matrix.operations import Operation
from tests.policy.matrix.situations import Role, Situation
from tests.policy.matrix.values import BESIDES, OF_RIGHT, PERSONAL, Records
from tests.policy.matrix.wanted import records_in

NO_SUCH_RECORD = "-"
NO_SCOPE, UNKNOWN = "403 no scope", "401"
SAID = {"scope-missing": NO_SCOPE, "unauthenticated": UNKNOWN, "not-found": "404"}
MASK = "[sealed]"


def cell(asked: Asked, operation: Operation, role: Role, situation: Situation) -> str:
    """What one role was answered about a record that stands like this."""
    answer = asked.answers.get((operation.name, role.name, situation))
    if answer is None:
        return NO_SUCH_RECORD
    if answer.status >= 400:
        return refusal(answer)
    alike = as_for_nobody(asked, operation, role, situation)
    sealed = ", sealed" if MASK in answer.body else ""
    if operation.reads:
        return _unscoped(answer) or ("empty" if alike else f"shown{sealed}")
    return "taken, unseen" if alike else f"done{sealed}"


def as_for_nobody(asked: Asked, operation: Operation, role: Role, situation: Situation) -> bool:
    """Whether this answer is the one for a record that is not there, byte for byte."""
    keys = [(operation.name, role.name, each) for each in (situation, Situation.MADE_UP)]
    if any(key not in asked.answers for key in keys):
        return False
    one, other = (asked.answers[key].put_alike(asked.records[key]) for key in keys)
    return one == other


def refusal(answer: Answer) -> str:
    """The status, and the problem's name."""
    said = _json(answer.body)
    name = str(said.get("type", said.get("error", ""))).rpartition("/")[2]
    return SAID.get(name, f"{answer.status} {name}")


def _unscoped(answer: Answer) -> str | None:
    """A GraphQL answer says in `errors` that a part refused; here, that all did and nothing was shown."""
    if '"code":"SCOPE_MISSING"' not in answer.body:
        return None
    case = cast("dict[str, Any]", (_json(answer.body)["data"] or {}).get("case") or {})
    nothing = all(value is None for name, value in case.items() if name not in ("id", "missing"))
    return NO_SCOPE if nothing else None


def is_a_list_of_people(asked: Asked, operation: Operation) -> bool:
    """Whether an operation that is told of nobody answers about somebody all the same."""
    if records_in(operation):
        return False
    known = {text for records in asked.prepared.families.values() for text in telling(records)}
    bodies = (answer.body for (name, _, _), answer in asked.answers.items() if name == operation.name)
    return any(text in body for body in bodies for text in known)


def telling(records: Records) -> set[str]:
    """What gives a family away: the ids of its records, its address, its pupil number."""
    return {text for name, text in records.items() if name in {*PERSONAL, *BESIDES, *OF_RIGHT, "address"}}


def listed(asked: Asked, operation: Operation, role: Role, situation: Situation) -> str:
    """Whether a list showed anything of the family that stands like this."""
    records = asked.prepared.records(role, situation)
    answer = asked.answers[operation.name, role.name, Situation.SHARED]
    if records is None:
        return NO_SUCH_RECORD
    if answer.status >= 400:
        return refusal(answer)
    family = telling(records)
    items = [item for item in _items(answer.body) if any(text in item for text in family)]
    sealed = ", sealed" if any(MASK in item for item in items) else ""
    return f"listed{sealed}" if items else "not listed"


def _items(body: str) -> Iterator[str]:
    """Every element of every list of every page."""
    for page in body.split("\n"):
        for value in cast("dict[str, Any]", json.loads(page)).values():
            if isinstance(value, list):
                yield from (json.dumps(item) for item in cast("list[Any]", value))


def _json(body: str) -> dict[str, Any]:
    try:
        return json.loads(body)
    except ValueError:
        return {}
