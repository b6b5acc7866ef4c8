"""A document as a plan: which fields, under which names, to be read straight off the rows of an answer.

Strawberry resolves a case field by field in some 5 ms; by plan it takes a small fraction of that
(docs/decisions/0015). What a plan cannot say (a directive, introspection) Strawberry still answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    get_named_type,
    get_operation_ast,
)

from gateway.graphql.schema import SCHEMA, python_names

TYPES = build_schema(SCHEMA.as_str())
NAMES = python_names()
TYPENAME = "__typename"

Fragments = Mapping[str, FragmentDefinitionNode]


class NotPlanned(Exception):
    """This document says something that a plan cannot."""


@dataclass(frozen=True, slots=True)
class Step:
    """One field: its key in the answer, its name in the row, and the steps below an object."""

    key: str
    name: str
    steps: tuple["Step", ...] | None
    nodes: list[FieldNode]
    typename: str | None = None


@dataclass(frozen=True)
class Plan:
    """One operation, planned. `roots` are its top fields."""

    operation: OperationDefinitionNode
    roots: tuple[Step, ...]


def planned(document: DocumentNode, operation_name: str | None) -> Plan:
    """The plan of a document that was found valid. Raises NotPlanned."""
    operation = get_operation_ast(document, operation_name)
    if operation is None or TYPES.query_type is None:
        raise NotPlanned
    definitions = document.definitions
    fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
    return Plan(operation, _steps([operation.selection_set], TYPES.query_type, fragments))


def _steps(sets: Sequence[SelectionSetNode], of: GraphQLObjectType, fragments: Fragments) -> tuple[Step, ...]:
    found: dict[str, list[FieldNode]] = {}
    for selected in sets:
        _collect(selected, fragments, found)
    return tuple(_step(key, nodes, of, fragments) for key, nodes in found.items())


def _collect(selected: SelectionSetNode, fragments: Fragments, found: dict[str, list[FieldNode]]) -> None:
    """The fields of a selection by key. Every type here is an object, so every fragment applies."""
    for node in selected.selections:
        if node.directives:
            raise NotPlanned
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            found.setdefault(key, []).append(node)
        elif isinstance(node, FragmentSpreadNode):
            _collect(fragments[node.name.value].selection_set, fragments, found)
        elif isinstance(node, InlineFragmentNode):
            _collect(node.selection_set, fragments, found)


def _step(key: str, nodes: list[FieldNode], of: GraphQLObjectType, fragments: Fragments) -> Step:
    name = nodes[0].name.value
    if name == TYPENAME:
        return Step(key, name, None, nodes, of.name)
    if name.startswith("__"):
        raise NotPlanned
    kind: object = get_named_type(of.fields[name].type)  # pyright: ignore[reportUnknownVariableType]
    below = [node.selection_set for node in nodes if node.selection_set]
    steps = _steps(below, kind, fragments) if isinstance(kind, GraphQLObjectType) else None
    return Step(key, NAMES[of.name, name], steps, nodes)


def read_field(step: Step, value: Any, path: Sequence[str], errors: list[GraphQLError]) -> Any:
    """One field's value. One that could not be fetched is null, and its error is added."""
    if step.typename:
        return step.typename
    if isinstance(value, GraphQLError):
        errors.append(GraphQLError(value.message, step.nodes, path=[*path, step.key], original_error=value))
        return None
    if step.steps is None or value is None:
        return value
    place = [*path, step.key]
    if isinstance(value, list):
        rows = cast("list[Mapping[str, Any]]", value)
        return [_read_row(step.steps, row, place, errors) for row in rows]
    return _read_row(step.steps, value, place, errors)


def _read_row(
    steps: tuple[Step, ...], row: Mapping[str, Any], path: Sequence[str], errors: list[GraphQLError]
) -> dict[str, Any]:
    return {step.key: read_field(step, row.get(step.name), path, errors) for step in steps}
