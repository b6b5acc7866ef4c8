"""Turns our own short pages under docs/ into HTML: headings, paragraphs, lists, code and links.

Everything is escaped first, so that a page can show markup but never be markup.
"""

import re
from collections.abc import Iterator
from html import escape

FENCE = "```"
BULLET = re.compile(r"[-*] ")
HEADING = re.compile(r"(#{1,4}) +(.*)")
CODE = re.compile(r"`([^`]+)`")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
LINK = re.compile(r"\[([^\]]+)\]\(((?:https://|/(?!/))[^()\s]*)\)")


def to_html(text: str) -> str:
    """The page as HTML, to stand inside `<main>`."""
    return "\n".join(_block(kind, lines) for kind, lines in _blocks(text))


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines of one kind: `code`, `list`, `heading` or `paragraph`."""
    kind, held = "", list[str]()
    for line in text.splitlines():
        if line.startswith(FENCE):
            if kind:
                yield kind, held
            kind, held = ("" if kind == "code" else "code"), []
            continue
        here = kind if kind == "code" else _kind(line, kind)
        if here != kind or here == "heading":
            if kind:
                yield kind, held
            kind, held = here, []
        held.append(line)
    if kind:
        yield kind, held


def _kind(line: str, before: str) -> str:
    if not line.strip():
        return ""
    if HEADING.match(line):
        return "heading"
    if BULLET.match(line) or (before == "list" and line.startswith(" ")):
        return "list"
    return "paragraph"


def _block(kind: str, lines: list[str]) -> str:
    if kind == "code":
        return f'<pre tabindex="0"><code>{escape(chr(10).join(lines))}</code></pre>'
    if kind == "list":
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in _items(lines)) + "</ul>"
    heading = HEADING.match(lines[0])
    if heading:
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _items(lines: list[str]) -> Iterator[str]:
    held = ""
    for line in lines:
        if BULLET.match(line):
            if held:
                yield held
            held = line[2:]
        else:
            held += " " + line.strip()
    yield held


def _inline(text: str) -> str:
    """Code is lifted out first: what stands between backquotes is shown as it is."""
    pieces = CODE.split(text)
    return "".join(
        f"<code>{escape(piece)}</code>" if place % 2 else _marked(piece) for place, piece in enumerate(pieces)
    )


def _marked(text: str) -> str:
    safe = BOLD.sub(r"<strong>\1</strong>", escape(text))
    return LINK.sub(r'<a href="\2">\1</a>', safe)
