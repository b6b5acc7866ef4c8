"""Services out of a JSON or NDJSON text of any length, one at a time.

A text is a page of a feed, a list, one document, or a document a line. Of a page only the list is
streamed: what is around it is small.
"""

import io
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, NoReturn

from services.directory.formats.oruk import NotAFeed
from services.directory.formats.oruk.envelope import all_services, read_page

PIECE = 256 * 1024
LONGEST = 64 * 1024 * 1024  # one document
LISTS = frozenset({"contents", "content", "services", "data"})
SPACE = " \t\r\n\ufeff"


def documents(source: io.TextIOBase) -> Iterator[object]:
    """Every service in a text. Raises NotAFeed, at once or where the text stops being JSON."""
    text = _Text(source)
    start = text.next_character()
    if start == "[":
        return chain.from_iterable(all_services([one]) for one in text.elements())
    if start != "{":
        raise NotAFeed("The file is neither JSON nor a data package.")
    return _of_objects(text)


def _of_objects(text: "_Text") -> Iterator[object]:
    """The list in the first object; or that object, and every other that follows it on a line."""
    around: dict[str, Any] = {}
    for name in text.members():
        if name.lower() in LISTS and "id" not in around and text.next_character() == "[":
            yield from chain.from_iterable(all_services([one]) for one in text.elements())
            return
        around[name] = text.value()
    yield from read_page(around).services
    while text.next_character():
        yield from all_services([text.line()])


class _Text:
    """A text read a piece at a time."""

    def __init__(self, source: io.TextIOBase) -> None:
        self._source = source
        self._decoder = json.JSONDecoder(parse_constant=_refuse)
        self._held = ""
        self._at = 0
        self._ended = False

    def next_character(self) -> str:
        """The next character that is not space; "" at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in SPACE:
                    return self._held[self._at]
                self._at += 1
            if not self._more():
                return ""

    def elements(self) -> Iterator[object]:
        """The elements of the array that is next."""
        yield from (self.value() for _ in self._listed("[", "]"))

    def members(self) -> Iterator[str]:
        """The names of the object that is next; whoever asks reads the value of each."""
        for _ in self._listed("{", "}"):
            name = self.value()
            self._expect(":")
            yield str(name)

    def value(self) -> Any:
        """The value that is next."""
        self.next_character()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._held, self._at)
            except (ValueError, RecursionError) as reason:
                if isinstance(reason, RecursionError) or not self._more():
                    raise NotAFeed("The file stops being JSON.") from reason
                continue
            if end < len(self._held) or not self._more():
                self._at = end
                return found

    def line(self) -> object:
        """The rest of the line as a document; as text, to be refused in its place, if it is none."""
        while "\n" not in self._held[self._at :] and self._more():
            pass
        words, _, rest = self._held[self._at :].partition("\n")
        self._held, self._at = rest, 0
        try:
            return self._decoder.decode(words)
        except (ValueError, RecursionError):
            return words[:200]

    def _listed(self, opens: str, closes: str) -> Iterator[None]:
        self._expect(opens)
        if self.next_character() == closes:
            self._expect(closes)
            return
        while True:
            yield
            if self.next_character() == closes:
                self._expect(closes)
                return
            self._expect(",")

    def _expect(self, character: str) -> None:
        if self.next_character() != character:
            raise NotAFeed("The file stops being JSON.")
        self._at += 1

    def _more(self) -> bool:
        if self._ended:
            return False
        self._held, self._at = self._held[self._at :], 0
        if len(self._held) > LONGEST:
            raise NotAFeed("One document of the file is larger than the hub reads.")
        # As much again as is held: a long document is not read over and over.
        piece = self._source.read(max(PIECE, len(self._held)))
        self._held += piece
        self._ended = not piece
        return not self._ended


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
