"""A schema written out whole, for an answer's second media type: FastAPI names models of the first alone."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel

DEFINED = "#/$defs/"


def inline(model: type[BaseModel]) -> dict[str, Any]:
    """What the model says, with every schema it refers to in its place."""
    schema = model.model_json_schema(mode="serialization")
    return _inlined(schema, schema.pop("$defs", {}))


def _inlined(node: Any, defined: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(one, defined) for one in cast(list[Any], node)]
    if not isinstance(node, dict):
        return node
    said = cast(dict[str, Any], node)
    if reference := said.get("$ref"):
        meant = defined[reference.removeprefix(DEFINED)]
        return _inlined(meant | {name: value for name, value in said.items() if name != "$ref"}, defined)
    return {name: _inlined(value, defined) for name, value in said.items()}
