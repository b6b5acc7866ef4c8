"""The page at the end of a provider's link: two languages, no script, and nothing changes on GET."""

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from deploy.demo.partnership import EARLY_HELP
from deploy.local import listen, served
from tests.people import Room
from tests.services.directory.feeds import Feed, a_place, an_id
from tests.services.directory.upkeep import a_listing

KEYS = ("page", "tap", "used", "wrong", "later", "report")
NAME = "Stay & <Play>"


class Page(HTMLParser):
    """What a page is made of: labels, fields, headings, language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.labels: list[str] = []
        self.fields: dict[str, dict[str, str | None]] = {}
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.tags: list[str] = []
        self.language: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        if tag == "html":
            self.language = given.get("lang")
        if tag == "label":
            self.labels.append(given.get("for") or "")
        if tag in ("input", "textarea"):
            self.fields[given.get("id") or ""] = given
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)


@pytest.fixture(scope="module", autouse=True)
async def listing(room: Room) -> AsyncIterator[None]:
    """A listing for each test, pulled."""
    more: dict[str, Any] = {"name": NAME, "email": "office@example.org", "minimum_age": 0, "maximum_age": 5}
    places = {key: [a_place(key, "BS5 6LA", name="Example Hall")] for key in KEYS}
    feed = Feed([a_listing(key, **more, service_at_locations=places[key]) for key in KEYS])
    listener = listen(0)
    async with served(feed.app(), listener):
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        await room[EARLY_HELP].made("/directory/feeds", {"url": url, "publisher": "A council"})
        yield


async def link(room: Room, key: str, language: str = "en") -> str:
    asked = {"services": [an_id(key)], "language": language}
    [issued] = (await room[EARLY_HELP].made("/directory/verification-links", asked))["links"]
    assert issued["email"] == "office@example.org"
    return "/listing/" + issued["url"].rpartition("/")[2]


async def reviews(room: Room, key: str) -> list[dict[str, Any]]:
    path = f"/directory/reviews?service={an_id(key)}"
    return (await room[EARLY_HELP].get(path)).json()["reviews"]


@pytest.mark.parametrize(("language", "code"), [("en", "en-GB"), ("cy", "cy")])
@pytest.mark.parametrize("rest", ["", "/changed"])
async def test_it_is_a_page_for_everybody(
    http: httpx.AsyncClient, room: Room, language: str, code: str, rest: str
) -> None:
    path = await link(room, "page", language)
    answer = await http.get(path + rest)
    page = Page(answer.text)
    assert (answer.status_code, page.language) == (200, code)
    assert "Stay &amp; &lt;Play&gt;" in answer.text
    assert page.headings[0] == "h1"
    assert page.headings.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert set(page.fields) == set(page.labels)
    described = re.findall(r'aria-describedby="([^"]+)"', answer.text)
    assert {name for names in described for name in names.split()} <= set(page.ids)
    assert not {"script", "style", "iframe"} & set(page.tags)
    assert "$" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    other = await http.get(path + rest, params={"lang": "cy" if language == "en" else "en"})
    assert Page(other.text).language != code


async def test_opening_it_changes_nothing_and_one_button_vouches(http: httpx.AsyncClient, room: Room) -> None:
    path = await link(room, "tap")
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        await http.request(method, path)
        await http.request(method, f"{path}/right")
    before = (await http.get(f"/directory/services/{an_id('tap')}")).json()
    assert "assured_date" not in before
    [action] = re.findall(r'method="post" action="([^"]+)"', (await http.get(path)).text)
    pressed = await http.post(action)
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/listing/thanks/right?lang=en")
    assert (await http.get(pressed.headers["location"])).status_code == 200
    after = (await http.get(f"/directory/services/{an_id('tap')}")).json()
    assert after["assured_how"] == "provider_link"


async def test_a_link_used_or_never_ours_gets_one_page(http: httpx.AsyncClient, room: Room) -> None:
    path = await link(room, "used")
    await http.post(f"{path}/right")
    made_up = "/listing/" + "A" * 43
    for rest in ("", "/changed"):
        used, never = await http.get(path + rest), await http.get(made_up + rest)
        assert used.status_code == never.status_code == 404
        assert used.text.replace(path, "") == never.text.replace(made_up, "")
    for rest in ("/right", "/changed"):
        answer = await http.post(path + rest, data={"else": "x"})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_what_is_wrong_is_said_at_the_top_and_at_the_field_and_nothing_is_lost(
    http: httpx.AsyncClient, room: Room
) -> None:
    path, before = await link(room, "wrong"), len(await reviews(room, "wrong"))
    sent = {
        "email": "nobody",
        "oldest": "x",
        "phone-1": "<ring me>",
        "else": "Kept words",
        "status": "active",
    }
    answer = await http.post(f"{path}/changed", data=sent)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "<title>Error: " in answer.text
    assert 'role="alert"' in answer.text
    for name in ("email", "oldest", "phone-1"):
        assert f'href="#{name}"' in answer.text
        assert page.fields[name]["aria-invalid"] == "true"
        assert f"{name}-fault" in (page.fields[name]["aria-describedby"] or "")
    assert page.fields["phone-1"]["value"] == "<ring me>"
    assert "Kept words" in answer.text
    untouched = await http.post(f"{path}/changed", data={})
    assert (untouched.status_code, 'href="#else"' in untouched.text) == (422, True)
    assert len(await reviews(room, "wrong")) == before
    assert (await http.get(path)).status_code == 200


async def test_what_has_changed_waits_for_an_officer(http: httpx.AsyncClient, room: Room) -> None:
    path = await link(room, "later")
    sent = {"phone-1": "0117 496 0009", "oldest": "7", "status": "temporarily closed", "times": "Fridays"}
    answer = await http.post(f"{path}/changed?lang=cy", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/listing/thanks/changed?lang=cy")
    waiting = (await reviews(room, "later"))[-1]
    assert (waiting["via"], waiting["said"]) == ("provider_link", "When: Fridays")
    assert {field: change["becomes"] for field, change in waiting["changes"].items()} == {
        "maximum_age": 7.0,
        "phones": [{"number": "0117 496 0009", "description": None}],
        "status": "temporarily closed",
    }
    shown = (await http.get(f"/directory/services/{an_id('later')}")).json()
    assert (shown["status"], shown["maximum_age"]) == ("active", 5)


async def test_anybody_reports_a_listing_through_the_front_door(http: httpx.AsyncClient, room: Room) -> None:
    path = f"/directory/services/{an_id('report')}"
    answer = await http.post(f"{path}/reports", json={"fault": "wrong_times"})
    assert answer.status_code == 202
    refused = await http.post(f"{path}/edits", json={"changes": {}})
    assert refused.status_code == 401
    assert "resource_metadata" in refused.headers["www-authenticate"]
    assert (await reviews(room, "report"))[-1]["kind"] == "report"
