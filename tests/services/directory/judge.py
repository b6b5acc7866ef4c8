"""Judges answers against the published Open Referral UK 3.0 schemas, without the network."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PUBLISHED = Path(__file__).parent / "open_referral_uk"
BASE = "https://openreferraluk.org/specifications/3.0/schema/"


def read(path: str) -> Any:
    """A published file, parsed."""
    return json.loads((PUBLISHED / path).read_text(encoding="utf-8"))


def files(*folders: str) -> list[str]:
    """The published files of some folders."""
    found = [path for folder in folders for path in (PUBLISHED / folder).glob("*.json")]
    return sorted(str(path.relative_to(PUBLISHED)) for path in found)


@cache
def _registry() -> Registry[Any]:
    named = [(BASE + Path(file).name, read(file)) for file in files("schema")]
    whole: Registry[Any] = Registry()
    return whole.with_resources(
        (name, Resource(contents=schema, specification=DRAFT202012)) for name, schema in named
    )


@cache
def _judge(url: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": url}, registry=_registry(), format_checker=FormatChecker())


def faults(schema: str, body: Any) -> list[str]:
    """What is wrong with a body by a schema, by its URL or its name; empty if nothing is."""
    url = schema if schema.startswith("http") else f"{BASE}{schema}.json"
    return [f"{error.json_path}: {error.message[:200]}" for error in _judge(url).iter_errors(body)]


def blanks(body: Any, place: str = "$") -> Iterator[str]:
    """Where a body has a null or an empty array: "omitted rather than included with null or empty".

    The contents of a page may be empty: the envelope says so.
    """
    if body is None or (body == [] and not place.endswith("contents")):
        yield place
    inside: Iterable[tuple[Any, Any]] = ()
    if isinstance(body, dict):
        inside = cast("dict[Any, Any]", body).items()
    elif isinstance(body, list):
        inside = enumerate(cast("list[Any]", body))
    for name, value in inside:
        yield from blanks(value, f"{place}/{name}")


def paths() -> dict[str, tuple[str, bool]]:
    """Every path of the standard: its schema, and whether it comes in pages."""
    described: dict[str, tuple[str, bool]] = {}
    for path, item in read("openapi.json")["paths"].items():
        get = item["get"]
        content = get["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        paged = any(p.get("$ref", "").endswith("/page") for p in get.get("parameters", []))
        described[path] = (content, paged)
    return described
