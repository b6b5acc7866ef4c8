"""Holds every answer of the hub to what its OpenAPI document says of it: no field more, none less."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
from jsonschema_rs import Draft202012Validator

DOCUMENT = "/openapi.json"
NO_CONTENT = 204
JSON = re.compile(r"application/(?:[a-z-]+\+)?json")


@dataclass
class Described:
    """The document, read from the hub when the first answer comes in."""

    operations: list[tuple[str, re.Pattern[str], dict[str, Any]]] = field(default_factory=list[Any])
    components: dict[str, Any] = field(default_factory=dict[str, Any])
    judges: dict[tuple[str, str, str], Draft202012Validator] = field(default_factory=dict[Any, Any])

    async def holds(self, answer: httpx.Response) -> None:
        """Fails where a JSON answer of success is not as described."""
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if answer.status_code == NO_CONTENT or not answer.is_success or not JSON.fullmatch(kind):
            return
        if answer.url.path == DOCUMENT:
            return
        if not self.operations:
            self._read(await _document(answer.url))
        if judge := self._judge(answer, kind):
            faults = [f"{one.instance_path}: {one.message}" for one in judge.iter_errors(await _body(answer))]
            assert not faults, f"{answer.request.method} {answer.url.path}: {faults[:5]}"

    def _read(self, document: dict[str, Any]) -> None:
        self.components = closed(document["components"])
        for path, item in document["paths"].items():
            pattern = re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)))
            for method, operation in item.items():
                self.operations.append((method.upper(), pattern, operation))
        # What is written out comes before what stands for anything.
        self.operations.sort(key=lambda one: one[1].pattern.count("[^/]+"))

    def _judge(self, answer: httpx.Response, kind: str) -> Draft202012Validator | None:
        method, status = answer.request.method, str(answer.status_code)
        for wanted, pattern, operation in self.operations:
            if wanted == method and pattern.fullmatch(answer.url.path):
                key = operation["operationId"], status, kind
                if key not in self.judges:
                    said = operation["responses"][status]["content"][kind]["schema"]
                    whole = closed(said) | {"components": self.components}
                    self.judges[key] = Draft202012Validator(whole, validate_formats=True)
                return self.judges[key]
        return None


async def _document(url: httpx.URL) -> dict[str, Any]:
    async with httpx.AsyncClient() as client:
        return (await client.get(url.join(DOCUMENT))).json()


async def _body(answer: httpx.Response) -> Any:
    await answer.aread()
    return answer.json()


def closed(node: Any) -> Any:
    """The same schema, in which an object has no property but those that are named."""
    if isinstance(node, list):
        return [closed(value) for value in cast(list[Any], node)]
    if not isinstance(node, Mapping):
        return node
    said = {name: closed(value) for name, value in cast(Mapping[str, Any], node).items()}
    if isinstance(said.get("properties"), dict) and said.get("type") == "object":
        said.setdefault("additionalProperties", False)
    return said


def silent(document: Mapping[str, Any], method: str, path: str) -> list[str]:
    """Where an operation's JSON answers of success say nothing of what is in them, as paths into them."""
    answers = document["paths"][path][method]["responses"]
    return [
        f"{status}{place}"
        for status, said in answers.items()
        if status.startswith("2")
        for kind, content in said.get("content", {}).items()
        if JSON.fullmatch(kind)
        for place in _silent(content.get("schema", {}), document, "", frozenset())
    ]


def _silent(
    schema: Mapping[str, Any], document: Mapping[str, Any], place: str, seen: frozenset[str]
) -> Iterator[str]:
    if reference := schema.get("$ref"):
        if reference not in seen:
            meant = document["components"]["schemas"][reference.rpartition("/")[2]]
            yield from _silent(meant, document, place, seen | {reference})
        return
    for other in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _silent(other, document, place, seen)
    if not schema.keys() & {"type", "enum", "const", "anyOf", "oneOf", "allOf"}:
        yield place or "/"
    if schema.get("type") == "array":
        yield from _silent(schema.get("items", {}), document, f"{place}/*", seen)
    if schema.get("type") == "object":
        more = schema.get("additionalProperties", "properties" not in schema)
        if more is True:
            yield f"{place}/?"
        elif more:
            yield from _silent(more, document, f"{place}/?", seen)
        for name, inner in schema.get("properties", {}).items():
            yield from _silent(inner, document, f"{place}/{name}", seen)
