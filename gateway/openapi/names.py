"""Schema names: two services may each have a Place, and a reader must be able to tell them apart."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast

SCHEMAS = "#/components/schemas/"

Schemas: TypeAlias = Mapping[str, Any]


def clashing(parts: Mapping[str, Schemas]) -> set[str]:
    """The names that do not mean the same in every part that has them, by word or by reference."""
    shared = {
        name: [schemas[name] for schemas in parts.values() if name in schemas]
        for name in {name for schemas in parts.values() for name in schemas}
    }
    found = {
        name
        for name, meanings in shared.items()
        if len({json.dumps(meaning, sort_keys=True) for meaning in meanings}) > 1
    }
    while more := {
        name
        for name, meanings in shared.items()
        if name not in found and len(meanings) > 1 and found & set(_mentioned(meanings))
    }:
        found |= more
    return found


def own(part: str, names: set[str]) -> dict[str, str]:
    """What a part calls its clashing names: `Place` of `referral` is `ReferralPlace`."""
    return {name: f"{part.capitalize()}{name}" for name in names} if part else {}


def rewritten(node: Any, names: Mapping[str, str]) -> Any:
    """The same node, with every reference to a renamed schema following it."""
    if isinstance(node, dict):
        pairs = cast(dict[str, Any], node).items()
        return {key: rewritten(value, names) for key, value in pairs}
    if isinstance(node, list):
        return [rewritten(value, names) for value in cast(list[Any], node)]
    if isinstance(node, str) and node.startswith(SCHEMAS):
        name = node.removeprefix(SCHEMAS)
        return SCHEMAS + names.get(name, name)
    return node


def _mentioned(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in cast(dict[str, Any], node).values():
            yield from _mentioned(value)
    elif isinstance(node, list):
        for value in cast(list[Any], node):
            yield from _mentioned(value)
    elif isinstance(node, str) and node.startswith(SCHEMAS):
        yield node.removeprefix(SCHEMAS)
