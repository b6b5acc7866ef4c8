"""One JSON object of a feed, asked field by field. What a field cannot mean is noted and left out."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from services.directory.formats.oruk.markup import has_markup, plain
from services.directory.formats.oruk.record import VISIBILITIES, RecordNotUsable

LINE, TEXT = 500, 50_000
MANY = 500
SHORTEST_NUMBER = 3  # 111, 999
TIMES = range(1900, 2200)
UK = ZoneInfo("Europe/London")  # a feed that gives no zone means the clock on its wall
EMAIL = re.compile(r"[^@\s<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
URL = re.compile(
    r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?"
    r"(/([\w\-.~:/@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
    r"(\?([\w\-.~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
    r"(#([\w\-.~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?",
    re.ASCII,
)
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Fields:
    """A JSON object of a feed. Spelling is forgiven: `serviceId`, `serviceid` and `service_id` are one."""

    def __init__(self, said: object, where: str, notes: list[str]) -> None:
        if not isinstance(said, Mapping):
            raise RecordNotUsable(f"{where or 'record'}: not an object")
        known = cast("Mapping[Any, Any]", said)
        self._said = {_key(str(k)): v for k, v in known.items() if v is not None}
        self._where = where
        self._notes = notes

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._said

    def raw(self, name: str) -> Any:
        """What was said, as it was said."""
        return self._said.get(_key(name))

    def all(self) -> dict[str, Any]:
        """Everything that was said, by its plainest spelling."""
        return dict(self._said)

    def note(self, name: str, what: str) -> None:
        """Remember that something was left out or changed."""
        self._notes.append(f"{self._where}{'/' if self._where else ''}{name}: {what}")

    def text(self, name: str, limit: int = LINE) -> str | None:
        """Words, without control characters; numbers count as words."""
        said = self.raw(name)
        if said is None:
            return None
        if isinstance(said, bool) or not isinstance(said, (str, int, float)):
            return self.note(name, "not text, left out")
        words = CONTROLS.sub("", str(said)).strip()
        if limit >= TEXT and has_markup(words):
            self.note(name, "markup taken out")
            words = plain(words)
        if len(words) > limit:
            self.note(name, f"cut to {limit} characters")
        return words[:limit] or None

    def needed(self, name: str, limit: int = LINE) -> str:
        """Words a record cannot be without."""
        words = self.text(name, limit)
        if words is None:
            raise RecordNotUsable(f"{self._where}{'/' if self._where else ''}{name}: missing")
        return words

    def email(self, name: str) -> str | None:
        """An e-mail address."""
        return self._matching(name, EMAIL, "not an e-mail address, left out")

    def link(self, name: str) -> str | None:
        """An http(s) address, mended where it is plain what is meant (`www.example.org`, a space)."""
        words = self.text(name, 2000)
        if words is None:
            return None
        if words.lower().startswith("www."):
            words = f"https://{words}"
        mended = quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", words), safe=":/?#@!$&'()*+,;=%~")
        return mended if URL.fullmatch(mended) else self.note(name, "not a web address, left out")

    def phone(self, name: str) -> str | None:
        """A telephone number as its source writes it; one without three digits cannot be rung."""
        words = self.text(name)
        if words is None:
            return None
        words = words.removeprefix("tel:").strip(" \"'")
        if sum(character.isdecimal() for character in words) < SHORTEST_NUMBER:
            return self.note(name, "not a telephone number, left out")
        return words

    def date(self, name: str) -> str | None:
        """A day of our times."""
        words = self.text(name)
        try:
            day = date.fromisoformat(words[:10]) if words else None
        except ValueError:
            return self.note(name, "not a date, left out")
        if day and day.year not in TIMES:
            return self.note(name, "out of range, left out")
        return day.isoformat() if day else None

    def moment(self, name: str) -> str | None:
        """A moment; without a zone, the clock in the United Kingdom."""
        words = self.text(name)
        try:
            at = words and datetime.fromisoformat(words)
        except ValueError:
            return self.note(name, "not a time, left out")
        if at and at.year not in TIMES:
            return self.note(name, "out of range, left out")
        return (at if at.tzinfo else at.replace(tzinfo=UK)).isoformat() if at else None

    def clock(self, name: str) -> str | None:
        """A time of day."""
        words = self.text(name)
        try:
            return words and time.fromisoformat(words).replace(tzinfo=None).isoformat()
        except ValueError:
            return self.note(name, "not a time of day, left out")

    def number(self, name: str, low: float, high: float) -> float | None:
        """A number between two bounds, both included."""
        words = self.text(name)
        try:
            value = None if words is None else float(words)
        except ValueError:
            return self.note(name, "not a number, left out")
        if value is None or not math.isfinite(value) or not low <= value <= high:
            return None if value is None else self.note(name, "out of range, left out")
        return int(value) if value.is_integer() else value

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number between two bounds."""
        value = self.number(name, low, high)
        if value is None or value == int(value):
            return None if value is None else int(value)
        return self.note(name, "not a whole number, left out")

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        """One of a list, whatever its case and with `_` for a space."""
        words = self.text(name)
        if words is None:
            return None
        for choice in choices:
            if words.lower().replace("_", " ") == choice.lower():
                return choice
        return self.note(name, f"not one of {', '.join(choices)}, left out")

    def visibility(self) -> str:
        """How widely a partner's feed lets this be seen: an extension; what says nothing is public.

        What says something we do not know is for nobody else: the mistake must not publish a refuge.
        """
        if "visibility" not in self:
            return "public"
        return self.choice("visibility", VISIBILITIES) or "internal"

    def part(self, name: str) -> "Fields | None":
        """A nested object."""
        said = self.raw(name)
        if said is None:
            return None
        if not is_object(said):
            return self.note(name, "not an object, left out")
        return Fields(said, self._place(name), self._notes)

    def parts(self, name: str) -> Iterator["Fields"]:
        """Nested objects, in order."""
        said = self.raw(name)
        listed = as_list(said)
        if len(listed) > MANY:
            self.note(name, f"only the first {MANY} are kept")
        for number, item in enumerate(listed[:MANY]):
            if is_object(item):
                yield Fields(item, self._place(f"{name}/{number}"), self._notes)
            else:
                self.note(f"{name}/{number}", "not an object, left out")

    def _place(self, name: str) -> str:
        return f"{self._where}/{name}" if self._where else name

    def _matching(self, name: str, pattern: re.Pattern[str], otherwise: str) -> str | None:
        words = self.text(name)
        if words is None or pattern.fullmatch(words):
            return words
        return self.note(name, otherwise)


def is_object(said: object) -> bool:
    """Whether this is a JSON object."""
    return isinstance(said, Mapping)


def is_list(said: object) -> bool:
    """Whether this is a JSON array."""
    return isinstance(said, list)


def as_list(said: object) -> list[object]:
    """A JSON array as what it is: anything. One thing alone is a list of one; nothing, of none."""
    if isinstance(said, list):
        return cast("list[object]", said)
    return [] if said is None else [said]


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    return name.lower().replace("_", "").replace("organis", "organiz")
