"""What somebody typed: whether it asks for anything, and as what text it is taken.

Nothing but spaces asks for nothing: forms send every field, filled in or not. What is there and cannot be
read is refused: left out, it would leave a question that everything answers.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, Field, field_validator, model_validator

from hub.heard import of_our_times

HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


def is_blank(said: object) -> bool:
    """Whether nothing was said, or only nothings."""
    if isinstance(said, list):
        several = cast("list[object]", said)
        return bool(several) and all(is_blank(one) for one in several)
    return isinstance(said, str) and not said.strip()


def readable(said: object) -> object:
    """Text without what cannot be printed, its lines in one. ValueError where nothing would be left of it."""
    if not isinstance(said, str):
        return said
    shown = "".join(letter for letter in " ".join(said.split()) if letter.isprintable()).strip()
    if HALF_A_CHARACTER.search(said) or (not shown and not is_blank(said)):
        raise ValueError("must be text")
    return shown


Asked = Annotated[str, BeforeValidator(readable), Field(max_length=200)]
Word = Annotated[str, BeforeValidator(readable), Field(max_length=60)]


class Question(BaseModel):
    """Something asked for in parameters or as a JSON body, of which any may be left blank."""

    _dates = field_validator("*")(of_our_times)

    @model_validator(mode="before")
    @classmethod
    def _unsaid(cls, said: Any) -> Any:
        """What is no object is no question, and refused as such."""
        if not isinstance(said, Mapping):
            return said
        asked = cast("Mapping[str, Any]", said)
        return {
            name: _filled_in(value)
            for name, value in asked.items()
            if name not in cls.model_fields or not is_blank(value)
        }


def _filled_in(value: object) -> object:
    return (
        [one for one in cast("list[object]", value) if not is_blank(one)]
        if isinstance(value, list)
        else value
    )
