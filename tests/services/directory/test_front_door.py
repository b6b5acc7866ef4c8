"""The directory through the front door: open to all to read, with a scope to write."""

import httpx

from deploy.demo.partnership import EARLY_HELP, OAKFIELD
from tests.people import Room
from tests.services.directory import judge


async def test_anybody_reads_it_and_any_web_page_too(http: httpx.AsyncClient) -> None:
    for path in ("/directory/", "/directory/services", "/directory/services?format=ndjson"):
        answer = await http.get(path)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_the_base_url_is_an_open_referral_feed(http: httpx.AsyncClient) -> None:
    about = (await http.get("/directory")).json()
    assert judge.faults("api_details", about) == []
    assert (await http.get(about["openapi_url"])).json()["openapi"].startswith("3.1")


async def test_a_problem_reaches_the_reader(http: httpx.AsyncClient) -> None:
    answer = await http.get("/directory/services", params={"postcode": "nowhere"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/postcode-unknown")
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_writing_is_for_those_with_the_scope(room: Room) -> None:
    feed = {"url": "http://feed.invalid/", "publisher": "A council"}
    assert (await room[OAKFIELD].post("/directory/feeds", feed)).status_code == 403
    assert (await room[EARLY_HELP].post("/directory/feeds", feed)).status_code == 422
