"""Answers a question: by its plan once it has one, by Strawberry the first time and wherever a plan fails.

Strawberry alone checks a document against the schema and the limits. A plan is made only of a document
that passed, and the differential test holds the two answers equal.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from graphql import GraphQLError, get_argument_values, get_variable_values, parse
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError

from gateway.graphql import cases, offers
from gateway.graphql.asking import Asking
from gateway.graphql.plan import TYPES, NotPlanned, Plan, Step, planned, read_field
from gateway.graphql.schema import BROKE, SCHEMA

REMEMBERED = 256

log = structlog.get_logger("hub.graphql")


@dataclass(frozen=True, slots=True)
class Question:
    """A GraphQL request."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL response. `data` is None where the document could not be run at all."""

    data: Any
    errors: list[GraphQLError]


@dataclass
class Answering:
    """Remembers the plans of the documents that come again."""

    _plans: OrderedDict[tuple[str, str | None], Plan] = field(
        default_factory=OrderedDict[tuple[str, str | None], Plan]
    )

    async def answer(self, question: Question, asking: Asking) -> Answer:
        """What the question is answered."""
        plan = self._plans.get((question.query, question.operation))
        if plan is not None:
            arguments = _arguments(plan, question.variables)
            if arguments is not None:
                return await _carried_out(plan, arguments, asking)
        answer = await by_strawberry(question, asking)
        if answer.data is not None and plan is None:
            self._remember(question)
        return answer

    def _remember(self, question: Question) -> None:
        try:
            plan = planned(parse(question.query), question.operation)
        except NotPlanned:
            return
        self._plans[question.query, question.operation] = plan
        if len(self._plans) > REMEMBERED:
            self._plans.popitem(last=False)


async def by_strawberry(question: Question, asking: Asking) -> Answer:
    """The answer as Strawberry executes it."""
    try:
        result = await SCHEMA.execute(
            question.query,
            variable_values=dict(question.variables or {}),
            operation_name=question.operation,
            context_value=asking,
        )
    except (CannotGetOperationTypeError, MissingQueryError):
        return Answer(None, [GraphQLError("Name one operation that is in the document.")])
    return Answer(result.data, result.errors or [])


def _arguments(plan: Plan, variables: Mapping[str, Any] | None) -> list[dict[str, Any]] | None:
    """Every root's arguments, or None where Strawberry has to say what is wrong with them."""
    coerced = get_variable_values(TYPES, plan.operation.variable_definitions or (), dict(variables or {}))
    if isinstance(coerced, list) or TYPES.query_type is None:
        return None
    fields = TYPES.query_type.fields
    try:
        return [
            {} if root.typename else get_argument_values(fields[node.name.value], node, coerced)
            for root in plan.roots
            for node in root.nodes[:1]
        ]
    except GraphQLError:
        return None


async def _carried_out(plan: Plan, arguments: list[dict[str, Any]], asking: Asking) -> Answer:
    """Every root at once, each read off what the services showed."""
    found = await asyncio.gather(*map(_asked, plan.roots, arguments, [asking] * len(arguments)))
    data, errors = dict[str, Any](), list[GraphQLError]()
    for root, one in zip(plan.roots, found, strict=True):
        data[root.key] = read_field(root, one, [], errors)
    return Answer(data, errors)


async def _case(asking: Asking, wanted: frozenset[str], said: Mapping[str, Any]) -> Any:
    return await cases.find(asking, wanted, said["id"])


async def _services(asking: Asking, wanted: frozenset[str], said: Mapping[str, Any]) -> Any:
    near = (said["near"], said["withinMetres"])
    return await offers.search(asking, wanted, *near, said["search"], said["first"])


async def _matches(asking: Asking, _: frozenset[str], said: Mapping[str, Any]) -> Any:
    return await offers.matches(asking, said["plan"], said["question"])


async def _first_contacts(asking: Asking, _: frozenset[str], said: Mapping[str, Any]) -> Any:
    return await offers.first_contacts(asking, said["postcode"], said["area"])


ROOTS = {"case": _case, "services": _services, "matches": _matches, "first_contacts": _first_contacts}


async def _asked(root: Step, said: Mapping[str, Any], asking: Asking) -> Any:
    wanted = frozenset(step.nodes[0].name.value for step in root.steps or ())
    try:
        if root.typename:
            return None
        return await ROOTS[root.name](asking, wanted, said)
    except GraphQLError as error:
        return error
    except Exception as reason:  # noqa: BLE001  # masked, as Strawberry masks it
        log.error("query failed", kind=type(reason).__name__)  # noqa: TRY400  # its words may name people
        return GraphQLError(BROKE)
