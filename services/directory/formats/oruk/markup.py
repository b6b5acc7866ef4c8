"""HTML in a description as the plain words it stands for: what is published is text, on any page."""

import re
from html.parser import HTMLParser

from typing_extensions import override

LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
)
UNSPOKEN = frozenset({"script", "style"})


def has_markup(words: str) -> bool:
    """Whether there is a tag or an entity in a text."""
    return LOOKS_LIKE_HTML.search(words) is not None


def plain(words: str) -> str:
    """The words without their markup: a line for every block, a dash before a list's item."""
    reader = _Words()
    reader.feed(words)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.said).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """Collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unspoken = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unspoken += tag in UNSPOKEN
        if tag in BLOCKS:
            self.said.append("\n- " if tag == "li" else "\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._unspoken -= tag in UNSPOKEN and self._unspoken > 0
        if tag in BLOCKS and tag != "br":
            self.said.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._unspoken:
            self.said.append(data)
