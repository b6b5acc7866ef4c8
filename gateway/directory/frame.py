"""The frame of every page for people: one language, a way to the other, no script, kept nowhere."""

from functools import cache
from html import escape
from string import Template
from typing import Literal

from fastapi.responses import HTMLResponse

from gateway.directory.words import WORDS
from gateway.pages import PAGE_HEADERS, STATIC

HEADERS = PAGE_HEADERS | {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}
Language = Literal["en", "cy"]


def page(
    language: str, title: str, body: str, place: str, status: int = 200, before: str = ""
) -> HTMLResponse:
    """A page in one language, with a way to it in the other."""
    words, other = WORDS[language], "cy" if language == "en" else "en"
    page = _template().substitute(
        lang=words["code"],
        title=escape(before + words[title]),
        home=escape(words["home"]),
        skip=escape(words["skip"]),
        there=f"{place}?lang={other}",
        other=WORDS[other]["name"],
        other_lang=WORDS[other]["code"],
        body=body,
    )
    return HTMLResponse(page, status, headers=HEADERS)


@cache
def _template() -> Template:
    return Template((STATIC / "listing.html").read_text("utf-8"))
