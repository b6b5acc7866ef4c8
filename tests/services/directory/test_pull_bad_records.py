"""Pull a feed that gets things wrong: no bad record stops the rest, and what can be mended is."""

import json
from typing import Any

import pytest
from fastapi import Response

from tests.services.directory import judge
from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import a_feed, a_service, an_id

BAD: list[Any] = [
    a_service("nameless", name=None),
    a_service("idless", id=None),
    a_service("statusless", status="open-ish"),
    "not an object",
    None,
    [],
    17,
]


async def test_a_bad_record_is_reported_and_stops_nothing(directory: Directory, serve: Serve) -> None:
    _, url = await a_feed(serve, a_service("good 1"), *BAD, a_service("good 2"))
    report = await directory.pull(url)
    assert report["complete"] is True
    assert (report["counts"]["added"], report["counts"]["failed"]) == (2, len(BAD))
    reasons = {f["record"]: f["reasons"] for f in report["failures"]}
    assert reasons[an_id("nameless")] == ["name: missing"]
    assert "active, inactive, defunct, temporarily closed" in reasons[an_id("statusless")][0]


async def test_a_record_that_turns_bad_is_not_hidden(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, a_service("turns"), a_service("other"))
    await directory.pull(url)
    feed.services[0] = a_service("turns", name="")
    report = await directory.pull(url)
    assert (report["counts"]["failed"], report["counts"]["hidden"]) == (1, 0)
    assert "Example turns" in await directory.names(per_page=100)


async def test_a_full_record_that_cannot_be_had_is_reported_and_not_hidden(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(serve, a_service("away"), a_service("here"), full=False)
    await directory.pull(url)
    feed.answers[f"/services/{an_id('away')}"] = lambda: Response(status_code=500)
    report = await directory.pull(url)
    assert (report["counts"]["failed"], report["counts"]["hidden"], report["counts"]["unchanged"]) == (
        1,
        0,
        1,
    )
    assert report["failures"][0]["record"] == an_id("away")
    assert "500" in report["failures"][0]["reasons"][0]
    feed.answers[f"/services/{an_id('away')}"] = lambda: Response(json.dumps(a_service("an impostor")))
    assert (await directory.pull(url))["failures"][0]["reasons"] == ["the full record is another one's"]


async def test_other_spellings_of_the_envelope_and_the_fields_are_read(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(serve)
    first: dict[str, Any] = {
        "totalelements": 2, "totalpages": 2, "number": 1, "size": 1, "first": True, "last": False,
        "content": [{"id": an_id("lower"), "Name": "Example lower", "STATUS": "Active", "minimumAge": "5",
                     "serviceAtLocations": [], "organisation": {"id": "o", "name": "O"}}],
    }  # fmt: skip
    second = [a_service("bare list")]
    feed.answers["/services?page=1"] = lambda: Response(json.dumps(first))
    feed.answers["/services?page=2"] = lambda: Response(json.dumps(second))
    assert (await directory.pull(url))["counts"]["added"] == 2
    lower = await directory.get(f"/services/{an_id('lower')}")
    assert (lower["status"], lower["minimum_age"], lower["organization"]["name"]) == ("active", 5, "O")


async def test_what_a_real_feed_gets_wrong_comes_out_right(directory: Directory, serve: Serve) -> None:
    messy = a_service(
        "messy",
        email="enquiries at example.org",
        url="www.example.org/a page",
        minimum_age=-1,
        maximum_age=None,
        assured_date="2025-09-02T00:00:00",
        assurer_email="somebody@example.org",
        last_modified="2025-09-02T12:06:15.654",
        description="Odd\x00 characters \ud800 and <b>markup</b> " + "long " * 20_000,
        contacts=[{"phones": [{"number": "0117 496 0002"}, {"number": "Line: 0117 496 0003"}]}],
        service_areas=[{"id": 12, "name": "Bristol", "serviceId": "x", "uri": ""}],
        schedules=[{"freq": "daily", "opens_at": "9am", "closes_at": "17:00"}, None, "Mondays"],
        cost_options=[{"amount": "4.50", "valid_from": "soon"}],
        languages=[{"language": "Welsh"}],
        attributes=[{"taxonomy_term": {"id": 7, "name": "Seven"}}, {"taxonomy_term_id": "x"}],
    )
    _, url = await a_feed(serve, messy)
    report = await directory.pull(url)
    assert report["counts"]["added"] == 1
    [note] = report["notes"]
    assert "email: not an e-mail address, left out" in note["what"]
    service = await directory.get(f"/services/{an_id('messy')}")
    assert judge.faults("service", service) == []
    assert list(judge.blanks(service)) == []
    assert service["url"] == "https://www.example.org/a%20page"
    assert "assurer_email" not in service
    assert service["assured_date"] == "2025-09-02"
    assert service["source"]["last_modified"] == "2025-09-02T11:06:15.654Z"
    assert len(service["contacts"][0]["phones"]) == 2
    assert "minimum_age" not in service


@pytest.mark.parametrize("odd", ["../../admin", "a b?c#d", "line\nbreak", "é", "%2e", "//", "x" * 600])
async def test_an_odd_id_stays_within_its_place_in_the_path(
    directory: Directory, serve: Serve, odd: str
) -> None:
    feed, url = await a_feed(serve, a_service("odd", id=odd), a_service("even"), full=False)
    report = await directory.pull(url)
    assert report["counts"]["read"] == 2
    assert report["counts"]["added"] >= 1
    assert all(path.startswith(("/services", "/taxonom")) for path in feed.asked)
