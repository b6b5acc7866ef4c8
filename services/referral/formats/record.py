"""One foreign record: its fields, or everything that is wrong with them and where.

A record is read to its end before it is given up, so that a school mends it in one go. What a
field said is never repeated: a fault may be read by people who may not read the record.
"""

import re
from collections.abc import Callable
from typing import TypeVar, cast

from hub.problem import Problem
from services.referral.schemas.files import FieldFault

T = TypeVar("T")


class NotReadable(ValueError):
    """What is wrong with a field, as a sentence without the field's content."""


class Record:
    """Reads fields by name and keeps the `faults`. A record with faults must not be used.

    `text` looks a field up; `place` is the JSON Pointer of the record in its surroundings.
    """

    def __init__(
        self, text: Callable[[str], str | None], place: str = "", faults: list[FieldFault] | None = None
    ) -> None:
        self._text = text
        self._place = place
        self.faults: list[FieldFault] = [] if faults is None else faults

    def need(self, field: str, how: Callable[[str], T]) -> T:
        """The field as `how` reads it; a fault where it is missing or wrong."""
        text = self._text(field)
        if text is None or not text.strip():
            self.fault(field, "This is needed.")
            return cast("T", None)  # stands in for a value: a record with faults is never used
        return self._read(field, text, how)

    def may(self, field: str, how: Callable[[str], T]) -> T | None:
        """As `need`, but None where there is nothing to read."""
        text = self._text(field)
        return None if text is None or not text.strip() else self._read(field, text, how)

    def fault(self, field: str, detail: str) -> None:
        """Note what is wrong with a field."""
        self.faults.append({"pointer": f"{self._place}/{field}", "detail": detail})

    def _read(self, field: str, text: str, how: Callable[[str], T]) -> T:
        try:
            return how(text)
        except Problem as problem:
            self.fault(field, problem.detail or f"{problem.title()}.")
        except NotReadable as reason:
            self.fault(field, str(reason))
        return cast("T", None)


def words(most: int) -> Callable[[str], str]:
    """A reader of text as it was typed, at most so many characters, that can be stored and sent."""

    def read(text: str) -> str:
        if len(text) > most:
            raise NotReadable(f"This is longer than {most:,} characters.")
        if "\x00" in text:
            raise NotReadable("A NUL character cannot be stored.")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise NotReadable("This is not text: it has half a character or a stray byte.") from None
        return text

    return read


def one_of(*codes: str) -> Callable[[str], str]:
    """A reader of a code from a list, whatever its case."""
    known = {code.casefold(): code for code in codes}

    def read(text: str) -> str:
        found = known.get(text.strip().casefold())
        if found is None:
            raise NotReadable(f"This is one of: {', '.join(codes)}.")
        return found

    return read


def matching(pattern: str, example: str) -> Callable[[str], str]:
    """A reader of what fits a pattern; the fault gives an example."""
    shape = re.compile(pattern)

    def read(text: str) -> str:
        if not shape.fullmatch(text.strip()):
            raise NotReadable(f"This looks like {example}.")
        return text.strip()

    return read
