"""How answers are described that are not built by the model they are described by.

The directory's records leave PostgreSQL as the JSON they are sent as: a model of them is read by people and
by what generates clients, and by nothing when an answer is given.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

NULL = {"type": "null"}


class Omitting(BaseModel):
    """Something of which what has no value is left out: a field that defaults to None is never null."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema, in which a field that is left out has no other way of saying nothing."""
        schema = handler(core)
        said = handler.resolve_ref_schema(schema)
        left_out = {name for name, field in cls.model_fields.items() if field.default is None}
        said["properties"] |= {name: _never_null(said["properties"][name]) for name in left_out}
        said["required"] = [name for name in said.get("required", ()) if name not in left_out]
        return schema


@dataclass(frozen=True)
class Says:
    """Plain JSON that says what this type says: `Annotated[dict[str, Any], Says(Model)]`."""

    kind: Any

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema of what is said."""
        # Wrapped, so that a model is mentioned by its name and not written out.
        return handler(core_schema.definitions_schema(TypeAdapter(self.kind).core_schema, []))


def _never_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    said = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    ways = [way for way in schema.get("anyOf", ()) if way != NULL]
    return {**(ways[0] if len(ways) == 1 else {"anyOf": ways}), **said} if ways else said
