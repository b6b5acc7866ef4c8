"""What is sent: the id of a real record for every parameter that names one, and plain words for the rest.

An operation that takes something nobody has named in tests/policy/matrix/values.py raises NoValue, which says
what to add.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tests.policy.matrix.operations import Operation, Schema
from tests.policy.matrix.values import (
    EXACT,
    EXACT_PERSONAL,
    GIVEN,
    IN_PATH,
    PERSONAL,
    PLAIN,
    TEXTS,
    WORDS,
    Records,
    Value,
)


def records_in(operation: Operation) -> set[str]:
    """What an operation must be told that names a person, or a record about one."""
    if operation.name in TEXTS:
        return {"upn"} if "upn" in TEXTS[operation.name](EACH_BY_NAME) else set()
    given = GIVEN.get(operation.name, frozenset())
    told = {*operation.needed, *given, *_names(operation.body or {})}
    named = {*operation.in_path, *(name for name in told if (operation.name, name) not in EXACT)}
    return {name for name in named if name in PERSONAL or (operation.name, name) in EXACT_PERSONAL}


def _names(schema: Schema) -> Iterator[str]:
    below = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    for branch in (*below, *([schema["items"]] if "items" in schema else [])):
        yield from _names(branch)
    for name, value in schema.get("properties", {}).items():
        yield name
        yield from _names(value)


class _ByName(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


EACH_BY_NAME = _ByName()


class NoValue(Exception):
    """An operation takes something that tests/policy/matrix/values.py does not know."""


def unknown(operation: Operation) -> str | None:
    """What an operation takes that nobody has named here, and what to do; None where all is known."""
    try:
        Wanted(operation, EACH_BY_NAME).request()
    except NoValue as reason:
        return str(reason)
    return None


@dataclass(frozen=True)
class Request:
    """One request, but for who sends it."""

    method: str
    path: str
    params: Mapping[str, str | list[str]]
    json: Any = None
    text: str | None = None
    media_type: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What an operation is asked with. `also` are optional parameters that are given too."""

    operation: Operation
    records: Records
    also: frozenset[str] = field(default_factory=frozenset[str])

    def request(self) -> Request:
        """The request."""
        op, path = self.operation, self.operation.path
        for name in op.in_path:
            path = path.replace("{" + name + "}", str(self._named(name, "/")))
        if op.document:
            variables = {
                name: self._value(schema, name) for name, schema in self._chosen(op.query, op.needed)
            }
            return Request("POST", path, {}, {"query": op.document, "variables": variables})
        query = {n: _in_query(self._value(schema, n)) for n, schema in self._chosen(op.query, op.needed)}
        if op.media_type and op.media_type != "application/json":
            return Request(op.method, path, query, text=self._text(), media_type=op.media_type)
        return Request(op.method, path, query, self._value(op.body, "") if op.body else None)

    def _chosen(self, named: Mapping[str, Schema], needed: frozenset[str]) -> list[tuple[str, Schema]]:
        given = needed | self.also | {"limit"} | GIVEN.get(self.operation.name, frozenset())
        return [(name, schema) for name, schema in named.items() if name in given]

    def _text(self) -> str:
        if self.operation.name not in TEXTS:
            raise NoValue(f"{self.operation.name} takes {self.operation.media_type}: write one in TEXTS")
        return TEXTS[self.operation.name](self.records)

    def _named(self, name: str, place: str) -> Any:
        exactly = (self.operation.name, name)
        second = (IN_PATH, name) if place == "/" else (EXACT, exactly)
        tables = ((EXACT_PERSONAL, exactly), (IN_PATH, exactly), second, (PERSONAL, name), (PLAIN, name))
        for known, key in tables:
            if key in known:
                found = cast("dict[Any, Value]", known)[key]
                return found(self.records) if callable(found) else found
        if place == "/":
            raise NoValue(f"{self.operation.name} takes `{name}`: name its record in PERSONAL or PLAIN")
        return None

    def _value(self, schema: Schema, name: str) -> Any:
        known = self._named(name, "") if name else None
        if known is not None:
            several = schema.get("type") == "array" and not isinstance(known, list)
            return [known] if several else cast("Any", known)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self._value(next(one for one in schema[key] if one.get("type") != "null"), name)
        if schema.get("type") == "object" or "properties" in schema:
            required = frozenset(schema.get("required", []))
            return {k: self._value(v, k) for k, v in self._chosen(schema.get("properties", {}), required)}
        if schema.get("type") == "array":
            return [self._value(schema["items"], name)]
        return self._plain(schema, name)

    def _plain(self, schema: Schema, name: str) -> Any:
        if "const" in schema or "enum" in schema:
            return schema.get("const") or schema["enum"][0]
        kind, form = schema.get("type"), schema.get("format")
        if kind == "string" and form in {"date", "date-time"}:
            return "2026-03-03" if form == "date" else "2026-03-03T10:00:00Z"
        if kind == "string" and not form and "pattern" not in schema:
            return WORDS[: schema.get("maxLength", len(WORDS))]
        if kind in {"integer", "number", "boolean"}:
            return schema.get("default", schema.get("minimum", True if kind == "boolean" else 1))
        raise NoValue(
            f"{self.operation.name} takes `{name}` ({form or kind}): say which in PERSONAL or PLAIN"
        )


def _in_query(value: Any) -> str | list[str]:
    """As a query says it: a list is the same name several times."""
    return [str(one) for one in cast("list[Any]", value)] if isinstance(value, list) else str(value)
