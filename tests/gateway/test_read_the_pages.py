"""The pages for people: from our own files, nothing from anywhere else, nothing that could be markup."""

import hashlib
import re
from html.parser import HTMLParser

import httpx
import pytest
from graphql import parse, validate
from hypothesis import given
from hypothesis import strategies as st

from gateway.graphql.plan import TYPES
from gateway.markdown import to_html
from gateway.pages import PROBLEMS, STATIC

PAGES = ["/", "/docs", "/graphiql", "/problems"]


class Page(HTMLParser):
    """What a page loads, links to and is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.inline = False
        self.language: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        given = dict(attrs)
        self.tags.append(tag)
        self.inline |= tag == "style" or (tag == "script" and "src" not in given) or "style" in given
        self.inline |= any(name.startswith("on") for name in given)
        if tag == "html":
            self.language = given.get("lang")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag in ("script", "link", "img") and (given.get("src") or given.get("href")):
            self.loads.append(given.get("src") or given.get("href") or "")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_loads_nothing_but_our_own_files(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 200
    page = Page(answer.text)
    assert page.loads
    for file in page.loads:
        assert file.startswith("/static/")
        assert (await http.get(file)).status_code == 200
    assert not page.inline
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_can_be_read_aloud(http: httpx.AsyncClient, path: str) -> None:
    page = Page((await http.get(path)).text)
    assert page.language == "en-GB"
    assert {"title", "h1", "main"} <= set(page.tags)
    assert page.tags.count("h1") == page.tags.count("main") == 1
    assert page.tags.count("input") == page.tags.count("label")


async def test_every_link_of_the_home_page_leads_somewhere(http: httpx.AsyncClient) -> None:
    links = [link for link in Page((await http.get("/")).text).links if link.startswith("/")]
    assert {"/docs", "/graphiql", "/problems", "/openapi.json", "/audit/checkpoint"} <= set(links)
    for link in links:
        assert (await http.get(link)).status_code == 200, link


async def test_shows_every_problem_that_has_a_page(http: httpx.AsyncClient) -> None:
    listed = [link for link in Page((await http.get("/problems")).text).links if link != "/problems"]
    assert {f"/problems/{file.stem}" for file in PROBLEMS.glob("*.md")} <= set(listed)
    for link in listed:
        answer = await http.get(link)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/problems/nothing", "/problems/..%2f..%2fREADME", "/static/../pages.py"])
async def test_has_nothing_else(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("path", ["home.html", "vendor/README.md", "vendor/..%2f..%2fpages.py", "nothing.js"])
async def test_serves_no_file_that_is_not_meant_to_be(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(f"/static/{path}")).status_code == 404


def test_other_people_s_files_are_the_ones_we_read_and_named() -> None:
    sums = (STATIC / "vendor" / "SHA256SUMS").read_text().split()
    named = dict(zip(sums[1::2], sums[::2], strict=True))
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "vendor").iterdir()
        if file.suffix in (".js", ".css")
    }
    assert found == named
    readme = (STATIC / "vendor" / "README.md").read_text()
    assert all(f"`{name}`" in readme for name in named)


def test_turns_our_short_pages_into_html() -> None:
    text = "# A `title`\n\nTwo\nlines, **bold** & <b>.\n\n- one\n  more\n- [two](/docs)\n\n"
    text += '```json\n{"a": "<"}\n```\n'
    assert to_html(text) == (
        "<h1>A <code>title</code></h1>\n"
        "<p>Two lines, <strong>bold</strong> &amp; &lt;b&gt;.</p>\n"
        '<ul><li>one more</li><li><a href="/docs">two</a></li></ul>\n'
        '<pre tabindex="0"><code>{&quot;a&quot;: &quot;&lt;&quot;}</code></pre>'
    )


def test_links_only_where_a_link_may_lead() -> None:
    assert "<a" not in to_html("[x](javascript:alert(1)) [y](//elsewhere) [z](data:text/html,x)")


OURS = {"h1", "h2", "h3", "h4", "p", "ul", "li", "pre", "code", "strong", "a"}
WORDS = st.text(st.sampled_from(list("#-*`[]()<>&\"'/ \nab=:")) | st.characters(codec="utf-8"), max_size=80)


@given(WORDS)
def test_shows_markup_and_never_is_it(text: str) -> None:
    page = Page(to_html(text))
    assert set(page.tags) <= OURS
    assert not page.inline
    assert all(re.match(r"https://|/(?!/)", link) for link in page.links)


def test_the_example_in_graphiql_is_a_query_of_our_schema() -> None:
    script = (STATIC / "graphiql.js").read_text()
    example = script.partition("const EXAMPLE = `")[2].partition("`;")[0]
    assert validate(TYPES, parse(example)) == []
