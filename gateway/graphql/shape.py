"""Rows of a service's answer as GraphQL objects: the same words in both, read by name."""

from collections.abc import Mapping
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLError

T = TypeVar("T")


def shape(kind: type[T]) -> type[T]:
    """A GraphQL type, described by its docstring. Its fields are what a service shows, by their names."""
    return strawberry.type(kind, description=(kind.__doc__ or "").strip())


def shown(row: Mapping[str, Any], name: str) -> object:
    """One field of a row. What was not shown is null; what could not be fetched is its error."""
    value = row.get(name)
    if isinstance(value, GraphQLError):
        raise value
    return value
