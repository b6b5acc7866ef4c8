"""The pages for people: what this is, the two interfaces to try, and what each problem means.

Everything comes from our own files: the content security policy lets a page load nothing else, so
they work offline and tell no one that they were read.
"""

import mimetypes
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from gateway.markdown import to_html
from hub.access import HubRoute
from hub.problem import NotFound

STATIC = Path(__file__).parent / "static"
PROBLEMS = Path(__file__).parent.parent / "docs" / "problems"
PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}
FILE_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "public, max-age=3600"}

router = APIRouter(route_class=HubRoute, include_in_schema=False)


@router.get("/")
async def home() -> HTMLResponse:
    """What this is, and where to go."""
    return _page("home.html")


@router.get("/docs")
async def docs() -> HTMLResponse:
    """Swagger UI over the merged OpenAPI description."""
    return _page("docs.html")


@router.get("/graphiql")
async def graphiql() -> HTMLResponse:
    """GraphiQL over `POST /graphql`."""
    return _page("graphiql.html")


@router.get("/problems")
async def problems() -> HTMLResponse:
    """Every problem that has a page."""
    links = "\n".join(
        f'<li><a href="/problems/{slug}">{escape(title)}</a></li>' for slug, title in _titles().items()
    )
    return _text_page("Problems", f"<h1>Problems</h1>\n<ul>\n{links}\n</ul>")


@router.get("/problems/{slug}")
async def problem(slug: str) -> HTMLResponse:
    """What one problem means and what a client does about it: the `type` of a problem document."""
    title = _titles().get(slug)
    if title is None:
        raise NotFound
    return _text_page(title, to_html((PROBLEMS / f"{slug}.md").read_text("utf-8")))


@router.get("/static/{path:path}")
async def static(path: str) -> FileResponse:
    """A file of ours. Only what was there at start-up can be named, so no path leads elsewhere."""
    file = _files().get(path)
    if file is None:
        raise NotFound
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return FileResponse(file, headers=FILE_HEADERS, media_type=media_type)


def _page(name: str) -> HTMLResponse:
    return HTMLResponse((STATIC / name).read_text("utf-8"), headers=PAGE_HEADERS)


def _text_page(title: str, body: str) -> HTMLResponse:
    template = Template((STATIC / "page.html").read_text("utf-8"))
    page = template.substitute(title=escape(title), body=body)
    return HTMLResponse(page, headers=PAGE_HEADERS)


@cache
def _files() -> Mapping[str, Path]:
    kinds = (".js", ".css", ".svg")
    return {file.relative_to(STATIC).as_posix(): file for file in STATIC.rglob("*") if file.suffix in kinds}


@cache
def _titles() -> Mapping[str, str]:
    """Each problem's slug and the heading of its page."""
    return {
        file.stem: file.read_text("utf-8").partition("\n")[0].lstrip("# ")
        for file in sorted(PROBLEMS.glob("*.md"))
    }
