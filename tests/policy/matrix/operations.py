"""Every operation, read off the merged OpenAPI document and the GraphQL schema: none can be missed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLObjectType, get_named_type, is_required_argument

from gateway.graphql.plan import TYPES
from gateway.graphql.schema import DEEPEST

METHODS = ("get", "post", "put", "patch", "delete")
NAMED = re.compile(r"{(\w+)}")

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One thing a client can ask: where, with which scope, and what it takes."""

    name: str
    method: str
    path: str
    scopes: tuple[str, ...]
    query: Mapping[str, Schema]
    body: Schema | None
    media_type: str | None
    needed: frozenset[str]
    document: str | None = None
    known: bool = True
    asks: bool = False

    @property
    def takes(self) -> str:
        """What a client needs to ask it."""
        return " ".join(self.scopes) or ("anyone known" if self.known else "anyone")

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET" or self.document is not None or self.asks

    @property
    def in_path(self) -> list[str]:
        """The names of its path parameters."""
        return NAMED.findall(self.path)

    @property
    def group(self) -> str:
        """Under which heading it is printed."""
        return "graphql" if self.document or self.path == "/graphql" else self.path.split("/")[1]


def of_rest(merged: Schema) -> Iterator[Operation]:
    """Every operation of the OpenAPI document that the gateway serves."""
    for path, methods in sorted(merged["paths"].items()):
        for method in METHODS:
            if method in methods:
                yield _of_rest(merged, path, method, methods[method])


def _of_rest(merged: Schema, path: str, method: str, said: Schema) -> Operation:
    scopes = tuple(s for rule in said.get("security", []) for s in rule.get("hub", []))
    asked = [_resolved(merged, one) for one in said.get("parameters", [])]
    query = {one["name"]: _whole(merged, one["schema"]) for one in asked if one["in"] == "query"}
    needed = frozenset(one["name"] for one in asked if one["in"] == "query" and one.get("required"))
    media_type, content = next(iter(said.get("requestBody", {}).get("content", {}).items()), (None, None))
    body = _whole(merged, content["schema"]) if content else None
    name = f"{method.upper()} {path}"
    known, asks = bool(said.get("security")), bool(said.get("x-asks"))
    return Operation(
        name, method.upper(), path, scopes, query, body, media_type, needed, known=known, asks=asks
    )


def _resolved(merged: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = merged
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = cast("Schema", found)
    return schema


def _whole(merged: Schema, schema: Schema) -> Schema:
    """The schema with every reference in it replaced by what it names."""
    whole = dict(_resolved(merged, schema))
    for key in ("anyOf", "oneOf", "allOf"):
        whole |= {key: [_whole(merged, one) for one in whole[key]]} if key in whole else {}
    if "items" in whole:
        whole["items"] = _whole(merged, whole["items"])
    if "properties" in whole:
        whole["properties"] = {k: _whole(merged, v) for k, v in whole["properties"].items()}
    return whole


def of_graphql() -> Iterator[Operation]:
    """Every field of the schema's roots, asked for everything below it."""
    for verb, root in (("query", TYPES.query_type), ("mutation", TYPES.mutation_type)):
        fields = cast("dict[str, Any]", root.fields if root else {})
        for name, field in fields.items():
            arguments = cast("dict[str, Any]", field.args)
            query: dict[str, Schema] = {key: {"type": "string"} for key in arguments}
            needed = frozenset(key for key, one in arguments.items() if is_required_argument(one))
            declared = ", ".join(f"${key}: {one.type}" for key, one in arguments.items())
            passed = ", ".join(f"{key}: ${key}" for key in arguments)
            below = _below(field.type, 1)
            document = f"{verb} Whole({declared}) {{ {name}({passed}) {below} }}"
            label = f"GraphQL {verb} {name}({', '.join(sorted(needed))})"
            yield Operation(label, "POST", "/graphql", (), query, None, None, needed, document)


def _below(kind: Any, depth: int) -> str:
    of: object = get_named_type(kind)  # pyright: ignore[reportUnknownVariableType]  # graphql-core's types
    if not isinstance(of, GraphQLObjectType):
        return ""
    fields = ((name, _below(field.type, depth + 1)) for name, field in of.fields.items())
    chosen = [f"{name} {rest}" for name, rest in fields if depth < DEEPEST or not rest]
    return "{ " + " ".join(chosen) + " }"
