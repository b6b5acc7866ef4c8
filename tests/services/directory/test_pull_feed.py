"""Pull a feed over HTTP: upsert, hide what vanished, and let no bad record stop the rest."""

import json

import pytest
from fastapi import Response

from hub.caller import Scope
from services.directory.jobs.pull import Errand, pull
from services.directory.jobs.turns import within
from tests.services.directory.conftest import COUNCIL, OTHER, Directory, Serve, caller
from tests.services.directory.feeds import a_feed, a_place, a_service, an_id


async def test_a_first_pull_adds_and_a_second_leaves_alone(directory: Directory, serve: Serve) -> None:
    _, url = await a_feed(serve, *(a_service(f"first {n}") for n in range(7)), per_page=3)
    first = await directory.pull(url)
    assert first["complete"] is True
    assert first["counts"]["added"] == 7
    before = await directory.get("/services", minimal="true")
    second = await directory.pull(url)
    assert {name: count for name, count in second["counts"].items() if count} == {"read": 7, "unchanged": 7}
    assert (second["state"], second["shape"]) == ("done", "open_referral_uk_3")
    assert await directory.get("/services", minimal="true") == before


async def test_a_list_of_summaries_is_completed_from_the_full_records(
    directory: Directory, serve: Serve
) -> None:
    place = a_place("summary", "BS5 6LA")
    feed, url = await a_feed(serve, a_service("summary", service_at_locations=[place]), full=False)
    await directory.pull(url)
    assert f"/services/{an_id('summary')}" in feed.asked
    service = await directory.get(f"/services/{an_id('summary')}")
    assert service["service_at_locations"][0]["location"]["id"] == an_id("summary place")
    assert "Example summary" in await directory.names(postcode="BS5 6LA", proximity=10)


async def test_a_change_is_told_and_shown(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, a_service("change"), a_service("same"))
    await directory.pull(url)
    before = await directory.get(f"/services/{an_id('change')}")
    feed.services[0] = a_service("change", alert="Closed this week.", schedules=[])
    report = await directory.pull(url)
    assert (report["counts"]["changed"], report["counts"]["unchanged"]) == (1, 1)
    [change] = report["changes"]
    assert (change["what"], change["id"], change["name"]) == ("changed", an_id("change"), "Example change")
    assert change["fields"] == ["alert", "schedule"]
    after = await directory.get(f"/services/{an_id('change')}")
    assert after["alert"] == "Closed this week."
    assert "schedules" not in after
    assert after["last_modified"] > before["last_modified"]


async def test_what_vanished_is_hidden_and_what_comes_back_is_shown(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(
        serve, a_service("stays"), a_service("goes", organization={"id": "g", "name": "G"})
    )
    await directory.pull(url)
    gone = feed.services.pop()
    report = await directory.pull(url)
    assert report["counts"]["hidden"] == 1
    [change] = report["changes"]
    assert (change["what"], change["id"], change["name"]) == ("hidden", an_id("goes"), "Example goes")
    assert (await directory.http.get(f"/services/{an_id('goes')}")).status_code == 404
    assert "Example goes" not in await directory.names(per_page=100)
    assert "G" not in [o["name"] for o in (await directory.get("/organizations"))["contents"]]
    feed.services.append(gone)
    report = await directory.pull(url)
    assert (report["counts"]["changed"], report["counts"]["unchanged"]) == (1, 1)
    assert (await directory.get(f"/services/{an_id('goes')}"))["organization"]["name"] == "G"


async def test_an_empty_feed_hides_nothing(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, a_service("careful"))
    await directory.pull(url)
    feed.services.clear()
    assert (await directory.pull(url))["counts"]["hidden"] == 0
    assert "Example careful" in await directory.names(per_page=100)


async def test_a_feed_that_breaks_off_keeps_what_was_read_and_hides_nothing(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(serve, *(a_service(f"page {n}") for n in range(4)), per_page=2)
    await directory.pull(url)
    feed.services[0] = a_service("page 0", alert="New.")
    feed.answers["/services?page=2"] = lambda: Response("<html>", media_type="text/html")
    report = await directory.pull(url)
    assert report["complete"] is False
    assert report["stopped"].endswith("/services: The answer is not JSON.")
    assert (report["counts"]["changed"], report["counts"]["hidden"]) == (1, 0)


async def test_a_feed_without_an_end_is_left(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, a_service("endless"))
    page = {**feed.page(1), "total_pages": 10**6, "last_page": False}
    for number in range(1, 10):
        feed.answers[f"/services?page={number}"] = lambda: Response(json.dumps(page))
    report = await directory.pull(url)
    assert (report["complete"], report["counts"]["added"], report["counts"]["repeated"]) == (False, 1, 1)


async def test_two_feeds_may_use_the_same_ids(directory: Directory, serve: Serve) -> None:
    place = a_place("twin", "BS5 6LA")
    _, one = await a_feed(serve, a_service("twin", name="Example twin A", service_at_locations=[place]))
    _, two = await a_feed(serve, a_service("twin", name="Example twin B", service_at_locations=[place]))
    await directory.pull(one)
    await directory.pull(two)
    assert (await directory.pull(two))["counts"]["unchanged"] == 1
    twins = (await directory.get("/services", search='"example twin"', full="true"))["contents"]
    assert sorted(twin["name"] for twin in twins) == ["Example twin A", "Example twin B"]
    assert len({twin["id"] for twin in twins}) == 2
    assert {twin["source"]["id"] for twin in twins} == {an_id("twin")}


async def test_a_feed_belongs_to_the_agency_that_named_it_first(directory: Directory, serve: Serve) -> None:
    _, url = await a_feed(serve, a_service("owned"))
    await directory.pull(url, caller(COUNCIL))
    answer = await directory.post("/feeds", {"url": url, "publisher": "Me now"}, caller(OTHER))
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/feed-of-another"


async def test_writing_needs_its_scope(directory: Directory) -> None:
    feed = {"url": "http://127.0.0.1:9/", "publisher": "Somebody"}
    assert (await directory.http.post("/feeds", json=feed)).status_code == 401
    answer = await directory.post("/feeds", feed, caller(OTHER, Scope.CASES_READ))
    assert answer.status_code == 403


async def test_a_repeated_request_is_answered_and_not_pulled_again(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(serve, a_service("once"))
    body = {"url": url, "publisher": "A council"}
    first = await directory.post("/feeds", body, key="the-same-key")
    met = len(feed.asked)
    again = await directory.post("/feeds", body, key="the-same-key")
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(feed.asked) == met


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "not a url", "publisher": "A council"}, "/url"),
        ({"url": "file:///etc/passwd", "publisher": "A council"}, "/url"),
        ({"url": "http://example.org", "publisher": ""}, "/publisher"),
        ({"url": "http://example.org"}, "/publisher"),
        ({"url": "http://example.org", "publisher": "A council", "agency": "other"}, "/agency"),
    ],
)
async def test_a_feed_that_is_not_one_is_refused_by_field(
    directory: Directory, body: dict[str, str], pointer: str
) -> None:
    answer = await directory.post("/feeds", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_pull_that_takes_too_long_stops_and_says_so(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, *(a_service(f"slow {n}") for n in range(30)))
    await directory.pull(url)
    feed.services.pop()
    async with directory.transaction(caller()) as tx:
        errand = Errand(url, "A council", longest=0, inside=frozenset({"127.0.0.1"}))
        report = await pull(within(tx), errand)
    assert report.complete is False
    assert report.stopped == "/services: not at its end in time, on page 1."
    assert report.counts.hidden == 0


async def test_one_service_seals_a_place_for_all_whichever_is_read_last(
    directory: Directory, serve: Serve
) -> None:
    sealed = a_place("shared", "BS5 9LE", visibility="internal")
    plain = a_place("shared", "BS5 9LE")
    refuge = a_service("shared refuge", visibility="internal", service_at_locations=[sealed])
    feed, url = await a_feed(serve, refuge, a_service("shared club", service_at_locations=[plain]))
    for round_ in ("first", "changed later", "and again"):
        feed.services[1] = a_service("shared club", service_at_locations=[plain], alert=round_)
        await directory.pull(url)
        club = await directory.get(f"/services/{an_id('shared club')}")
        assert club["alert"] == round_
        assert "service_at_locations" not in club
        assert await directory.names(postcode="BS5 9LE", proximity=10) == []


async def test_a_file_at_an_address_is_a_feed_too(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve)
    whole = [a_service("in a file"), a_service("in a file too")]
    feed.answers["/offer.ndjson"] = lambda: Response("\n".join(json.dumps(service) for service in whole))
    report = await directory.pull(f"{url}/offer.ndjson")
    assert (report["state"], report["counts"]["added"]) == ("done", 2)
    feed.answers["/offer.ndjson"] = lambda: Response("<html>")
    answer = await directory.post("/feeds", {"url": f"{url}/offer.ndjson", "publisher": "A council"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/feed-not-readable")
    assert len(await directory.names(search="Example in a file", per_page=100)) >= 2
