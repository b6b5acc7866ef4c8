"""The page on which a family says what was wrong: two languages, no script, no name."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.partnership import EARLY_HELP
from deploy.local import listen, served
from tests.gateway.test_confirm_a_listing import Page
from tests.people import Room
from tests.services.directory.feeds import Feed, a_place, an_id
from tests.services.directory.upkeep import a_listing

KEYS = ("family page", "family tells", "family often")
NAME = "Stay & <Play> for families"


@pytest.fixture(scope="module", autouse=True)
async def listing(room: Room) -> AsyncIterator[None]:
    """A listing for each test, pulled."""
    places = {key: [a_place(key, "BS5 6LA", name="Example Hall")] for key in KEYS}
    feed = Feed([a_listing(key, name=NAME, service_at_locations=places[key]) for key in KEYS])
    listener = listen(0)
    async with served(feed.app(), listener):
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        await room[EARLY_HELP].made("/directory/feeds", {"url": url, "publisher": "A council"})
        yield


def path(key: str) -> str:
    return f"/listing/wrong/{an_id(key)}"


async def reviews(room: Room, key: str) -> list[dict[str, Any]]:
    found = await room[EARLY_HELP].get(f"/directory/reviews?service={an_id(key)}")
    return found.json()["reviews"]


@pytest.mark.parametrize(("language", "code"), [("en", "en-GB"), ("cy", "cy")])
@pytest.mark.parametrize("sent", [None, {"said": "x" * 1001}])
async def test_it_is_a_page_for_everybody(
    http: httpx.AsyncClient, language: str, code: str, sent: dict[str, str] | None
) -> None:
    params, place = {"lang": language}, path("family page")
    answer = await (http.post(place, params=params, data=sent) if sent else http.get(place, params=params))
    page = Page(answer.text)
    assert (answer.status_code, page.language) == (422 if sent else 200, code)
    assert "Stay &amp; &lt;Play&gt;" in answer.text
    assert (page.headings[0], page.headings.count("h1")) == ("h2" if sent else "h1", 1)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.fields) == set(page.labels)
    assert not {"script", "style", "iframe"} & set(page.tags)
    assert "$" not in answer.text
    assert "script" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    if sent:
        assert {"fault-fault", "said-fault", "summary"} <= set(page.ids)


async def test_looking_tells_nothing_and_telling_waits_for_whoever_keeps_it(
    http: httpx.AsyncClient, room: Room
) -> None:
    place = path("family tells")
    for method in ("GET", "HEAD", "OPTIONS"):
        await http.request(method, place)
    assert await reviews(room, "family tells") == []
    body = {"fault": "wrong_phone", "said": "It rang\r\nat 0117 496 0123 for ever."}
    answer = await http.post(f"{place}?lang=cy", data=body)
    assert (answer.status_code, answer.headers["location"]) == (303, "/listing/reported?lang=cy")
    assert "Diolch" in (await http.get(answer.headers["location"])).text
    [waiting] = await reviews(room, "family tells")
    assert (waiting["kind"], waiting["via"], waiting["fault"]) == ("report", "family", "wrong_phone")
    assert waiting["said"] == "It rang\nat [number] for ever."


async def test_enough_is_enough_and_what_is_not_there_is_not_there(http: httpx.AsyncClient) -> None:
    place = path("family often")
    answers = [(await http.post(place, data={"fault": "closed"})).status_code for _ in range(21)]
    assert answers == [303] * 20 + [429]
    gone = await http.get(f"/listing/wrong/{uuid4()}")
    assert (gone.status_code, "no such listing" in gone.text) == (404, True)
