"""Every question the directory's own OpenAPI description allows: a new path is asked without being told."""

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

METHODS = ("get", "post", "put", "patch", "delete")
Spec = dict[str, Any]


class Asking:
    """Questions from one description. `ids` stand in paths, `words` where text is asked for."""

    def __init__(self, spec: Spec, ids: list[str], words: list[str], *, combinations: int) -> None:
        self._spec, self._ids, self._words, self._combinations = spec, ids, words, combinations

    def operations(self) -> Iterator[tuple[str, str, Spec]]:
        """Method, path and description of everything the directory does."""
        for path, operations in self._spec["paths"].items():
            if path.startswith("/directory"):
                for method in METHODS:
                    if method in operations:
                        yield method.upper(), path, operations[method]

    def questions(self, path: str, operation: Spec) -> Iterator[str]:
        """Addresses: every path with every id, and every parameter with every kind of value."""
        parameters = [self._resolved(p) for p in operation.get("parameters", [])]
        names = [p["name"] for p in parameters if p["in"] == "path"]
        places = [path]
        for name in names:
            places = [place.replace(f"{{{name}}}", one) for place in places for one in self._in_path(name)]
        queries = list(self._queries([p for p in parameters if p["in"] == "query"]))
        for number, place in enumerate(dict.fromkeys(places)):
            # Every id is asked plainly, and with everything there is; the first of them in every way.
            for query in queries if number == 0 else [queries[0], queries[-1]][: len(queries)]:
                yield place + (f"?{urlencode(query)}" if query else "")

    def _in_path(self, name: str) -> list[str]:
        return ["1", "2", "999"] if name == "number" else [*self._ids, "nothing"]

    def _queries(self, parameters: list[Spec]) -> Iterator[dict[str, str]]:
        choices = {p["name"]: self._choices(p["schema"]) for p in parameters}
        few = {name: values for name, values in choices.items() if values}
        combined = itertools.product(*([None, *values] for values in few.values()))
        plain = [
            {name: value for name, value in zip(few, values, strict=True) if value is not None}
            for values in itertools.islice(combined, self._combinations)
        ]
        # Each choice by itself too: there may be more combinations than are asked.
        plain += [{name: value} for name, values in few.items() for value in values]
        yield from (query for query in plain)
        for parameter in parameters:
            if not choices[parameter["name"]]:
                for value, query in itertools.product(
                    self._free(parameter), plain[: max(1, self._combinations // 4)]
                ):
                    yield {**query, parameter["name"]: value}

    def _choices(self, schema: Spec) -> list[str]:
        """The values of a parameter that has only a few."""
        for one in self._kinds(schema):
            if "enum" in one:
                return [str(value) for value in one["enum"]]
            if "const" in one:
                return [str(one["const"])]
            if one.get("type") == "boolean":
                return ["true"]
        return []

    def _free(self, parameter: Spec) -> list[str]:
        kinds = list(self._kinds(parameter["schema"]))
        said: list[str] = []
        for one in kinds:
            if one.get("format") == "uuid":
                said += self._ids[:3]
            elif one.get("type") in ("integer", "number"):
                said += ["1", "5000"]
            elif one.get("format") in ("date", "date-time"):
                said += ["2020-01-01T00:00:00Z"]
            elif one.get("type") == "string":
                said += self._words
        return list(dict.fromkeys(said)) or ["x"]

    def _kinds(self, schema: Spec) -> Iterator[Spec]:
        schema = self._resolved(schema)
        for many in ("anyOf", "oneOf", "allOf"):
            for one in schema.get(many, []):
                yield from self._kinds(one)
        if schema.get("type") == "array":
            yield from self._kinds(schema.get("items", {}))
        else:
            yield schema

    def bodies(self, operation: Spec) -> Iterator[Any]:
        """Bodies for a write or a question that is posted: the least, and one with everything in it."""
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            yield None
            return
        schema = content["application/json"]["schema"]
        yield self._example(schema, whole=False)
        for place in range(3):
            yield self._example(schema, whole=True, place=place)

    def _example(self, schema: Spec, *, whole: bool, place: int = 0, depth: int = 0) -> Any:
        one: Spec = next((kind for kind in self._kinds(schema) if kind.get("type") != "null"), schema)
        resolved = self._resolved(schema)
        if resolved.get("type") == "array":
            return [self._example(resolved.get("items", {}), whole=whole, place=place, depth=depth + 1)]
        if "enum" in one or "const" in one:
            values = one.get("enum", [one.get("const")])
            return values[place % len(values)]
        if one.get("type") == "object" or "properties" in one:
            parts: dict[str, Spec] = one.get("properties", {})
            required: list[str] = one.get("required", [])
            return {
                name: self._example(part, whole=whole, place=place, depth=depth + 1)
                for name, part in parts.items()
                if name in required or (whole and depth < 4)
            }
        if one.get("format") == "uuid":
            return self._ids[place % len(self._ids)]
        plain = {"integer": 100, "number": 100, "boolean": True}
        return plain.get(one.get("type", ""), self._words[place % len(self._words)])

    def _resolved(self, schema: Spec) -> Spec:
        while "$ref" in schema:
            found: Any = self._spec
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        return schema
