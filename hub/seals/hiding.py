"""Puts `[sealed]` where sealed text stood. JSON stays JSON: values and keys are read, never the bytes.

Where the school or the refuge is an agency of the hub, its name and its id are no secret by themselves. As
values of their own (`according_to`) they are hidden where the answer is about somebody whom the seal protects
and nowhere else: what is missing from the register would tell. In words they are hidden anywhere.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from hub.seals.finding import Closed, Hit, Index, Seal
from hub.seals.folding import PIECE, plain, readings

MASK = "[sealed]"
ID_LENGTH = 36
# A unique pupil number (DfE): seven of its digits are the school that first gave one.
NUMBER = r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]"


class Hiding:
    """Hides what is closed in one answer, and remembers which seals it met.

    `about` says of a subject whether the answer is about them.
    """

    def __init__(self, index: Index, closed: Closed, about: Callable[[UUID], bool]) -> None:
        self._index = index
        self._closed = closed
        self._places = {
            place: shut
            for place, seals in index.places.items()
            if (shut := [seal for seal in seals if closed(seal) and any(map(about, seal.subjects))])
        }
        self._named = self._naming() if self._places else None
        self.met: set[Seal] = set()

    def needed(self, text: str) -> bool:
        """Whether there is anything to hide; the quick look that nearly every answer passes."""
        return bool(self._index) and (
            self._index.touches(text, self._closed) or bool(self._named and self._named.search(text))
        )

    def in_json(self, body: str) -> str:
        """The same JSON without what is sealed; what only claims to be JSON is hidden as text."""
        try:
            said = json.loads(body)
        except ValueError:
            return self.in_text(body)
        return json.dumps(self._in_value(said), ensure_ascii=False, separators=(",", ":"))

    def in_text(self, text: str) -> str:
        """The text without what is sealed; wholly hidden where only undoing escapes reveals it."""
        if self._named:
            text = self._named.sub(self._place_hidden, text)
        hits = list(self._index.hits(text, self._closed))
        for first, last in _merged(hits, _spans(text) if hits else []):
            text = text[:first] + MASK + text[last:]
        self.met.update(hit.seal for hit in hits)
        for reading in readings(text):
            left = [hit.seal for hit in self._index.hits(reading, self._closed)]
            if left:
                self.met.update(left)
                return MASK
        return text

    def _naming(self) -> re.Pattern[str]:
        """What names a place that is hidden in this answer."""
        named = [re.escape(each) for each, place in self._index.called.items() if place in self._places]
        return re.compile(rf"(?<![\w-])(?:{'|'.join(named)}|{NUMBER})(?![\w-])")

    def _place_hidden(self, found: re.Match[str]) -> str:
        place = self._index.called.get(found[0])
        self.met.update(*([self._places[place]] if place else self._places.values()))
        return MASK

    def _in_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value if _is_id(value) or self._is_open(value) else self.in_text(value)
        if isinstance(value, dict):
            return self._in_object(cast("Mapping[str, Any]", value))
        if isinstance(value, list):
            return self._in_list(cast("Sequence[Any]", value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value if self.in_text(str(value)) == str(value) else MASK
        return value

    def _is_open(self, value: str) -> bool:
        """Whether this is an agency, or a team of one, that need not be hidden in this answer."""
        member = self._index.called.get(value) or self._index.called.get(value.partition("/")[0])
        return member is not None and member not in self._places

    def _in_object(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {self._in_value(key): self._in_value(one) for key, one in value.items()}

    def _in_list(self, value: Sequence[Any]) -> list[Any]:
        """Every element, and an address that stands in several lines."""
        hidden = [self._in_value(one) for one in value]
        texts = [one for one in hidden if isinstance(one, str) and not self._is_open(one)]
        if self._across(texts):
            return [MASK if isinstance(one, str) else one for one in hidden]
        return hidden

    def _across(self, texts: Sequence[str]) -> bool:
        """Whether neighbours together say what none says alone."""
        if len(texts) < 2:
            return False
        found = [hit.seal for hit in self._index.hits("\n".join(texts), self._closed)]
        self.met.update(found)
        return bool(found)


def _spans(text: str) -> list[tuple[int, int]]:
    """Where each piece stands in the text as it was written, accents and all."""
    letters = [(letter, place) for place, one in enumerate(text) for letter in plain(one)]
    run = "".join(letter for letter, _ in letters)
    return [(letters[found.start()][1], letters[found.end() - 1][1] + 1) for found in PIECE.finditer(run)]


def _merged(hits: Sequence[Hit], spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places to hide, from the last to the first, none overlapping another."""
    places = sorted((spans[hit.first][0], spans[hit.last - 1][1]) for hit in hits)
    merged: list[tuple[int, int]] = []
    for first, last in places:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged[::-1]


def _is_id(text: str) -> bool:
    if len(text) != ID_LENGTH:
        return False
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
