"""Unlist a service: by rules after a dry run or by hand, gone from every path at once, and back."""

import asyncio
import csv
import io
from typing import Any

import pytest

from tests.services.directory.conftest import OTHER, Directory, Serve
from tests.services.directory.feeds import Feed, a_service, an_id
from tests.services.directory.upkeep import (
    OFFICER,
    OUTSIDER,
    PHONE,
    PROVIDER,
    a_listing,
    appoint,
    ask,
    backdate,
    done,
    problem,
    rows,
    secret_for,
)

LONELY = {"id": an_id("lonely org"), "name": "Lonely Club", "description": "A club."}


@pytest.fixture(scope="module", autouse=True)
async def feed(directory: Directory, serve: Serve) -> tuple[Feed, str]:
    """Listings that may be reached, one that may not, and one only colleagues can ring."""
    colleague = {
        "id": an_id("colleague"),
        "name": "Sky",
        "visibility": "partner",
        "phones": [{"number": PHONE}],
    }
    served = Feed(
        [
            *(a_listing(key) for key in ("closed", "asked", "stale", "fresh", "linked", "back", "at once")),
            a_service("lonely", organization=LONELY),
            a_service("inside", organization=LONELY, contacts=[colleague]),
            a_service("online", organization=LONELY, url="https://club.example/"),
            a_listing("internal", visibility="internal"),
        ]
    )
    url = await serve(served.app())
    await directory.pull(url)
    await appoint(directory)
    return served, url


def service(key: str, *more: str) -> str:
    return "/".join((f"/services/{an_id(key)}", *more))


async def unlist(directory: Directory, key: str, rule: str = "confirmed_closed") -> None:
    await done(directory, "POST", service(key, "unlist"), {"rule": rule, "reason": "We went there."})


async def everywhere(directory: Directory) -> str:
    """What every public list says."""
    questions = ("", "?full=true", "?full_service=true", "?format=ndjson", "?search=Example")
    paths = ("/services", "/service_at_locations", "/organizations")
    return "".join([(await directory.http.get(path + asked)).text for path in paths for asked in questions])


async def test_an_unlisted_service_is_gone_from_every_path_at_once(directory: Directory) -> None:
    assert an_id("closed") in await everywhere(directory)
    await unlist(directory, "closed")
    assert an_id("closed") not in await everywhere(directory)
    assert (await directory.http.get(service("closed"))).status_code == 404
    # Not even for those who may write to it: the reason is where they look.
    assert (await ask(directory, "GET", "/services", by=OFFICER)).text.count(an_id("closed")) == 0


async def test_the_reason_is_for_those_it_concerns(directory: Directory) -> None:
    for by in (OFFICER, PROVIDER):
        found = (await done(directory, "GET", "/unlisted", by=by))["unlisted"]
        own = [row for row in found if row["service"] == an_id("closed")]
        if by is OFFICER:
            assert [(row["rule"], row["reason"]) for row in own] == [("confirmed_closed", "We went there.")]
    assert (await done(directory, "GET", "/unlisted", by=OUTSIDER))["unlisted"] == []
    assert problem(await ask(directory, "GET", "/unlisted", by=None))[0] == 401


async def test_a_pull_does_not_bring_it_back_and_an_officer_does(
    directory: Directory, feed: tuple[Feed, str]
) -> None:
    served, url = feed
    await unlist(directory, "back", "provider_asked")
    served.services[5] = a_listing("back", description="Changed at its source.")
    await directory.pull(url)
    assert (await directory.http.get(service("back"))).status_code == 404
    await done(directory, "POST", service("back", "relist"), {"reason": "They changed their mind."})
    assert (await directory.get(service("back")))["description"] == "Changed at its source."


async def test_it_is_unlisted_once_and_brought_back_once(directory: Directory) -> None:
    await unlist(directory, "asked")
    twice = await ask(
        directory, "POST", service("asked", "unlist"), {"rule": "duplicate", "reason": "Twice."}
    )
    assert problem(twice) == (409, "already-unlisted")
    for by, said in ((OUTSIDER, (404, "not-found")), (OFFICER, None)):
        answer = await ask(directory, "POST", service("asked", "relist"), {"reason": "A slip."}, by)
        assert (problem(answer) if said else answer.status_code) == (said or 204)
    again = await ask(directory, "POST", service("asked", "relist"), {"reason": "A slip."})
    assert problem(again) == (409, "not-unlisted")
    other = await ask(
        directory, "POST", service("asked", "unlist"), {"rule": "duplicate", "reason": "Mine."}, OUTSIDER
    )
    assert problem(other) == (403, "not-your-listing")


async def test_asked_many_times_at_once_it_is_unlisted_once_and_brought_back_once(
    directory: Directory,
) -> None:
    said = {"rule": "duplicate", "reason": "Twice."}
    for verb, refusal in (("unlist", "already-unlisted"), ("relist", "not-unlisted")):
        path = service("at once", verb)
        answers = await asyncio.gather(
            *(
                ask(directory, "POST", path, said if verb == "unlist" else {"reason": "A slip."})
                for _ in range(4)
            )
        )
        assert [answer.status_code for answer in answers].count(204) == 1
        assert {problem(answer) for answer in answers if answer.content} == {(409, refusal)}


async def test_the_dry_run_says_what_would_go_and_why_and_nothing_goes(directory: Directory) -> None:
    await backdate(directory, "stale", 500)
    await backdate(directory, "linked", 460)
    before = await everywhere(directory)
    report = await done(directory, "GET", "/unlisting")
    assert report["done"] is False
    assert {(row["name"], row["rule"]) for row in report["services"]} == {
        ("Example stale", "stale"),
        ("Example linked", "stale"),
        ("Example lonely", "no_contact_route"),
        ("Example inside", "no_contact_route"),
    }
    assert report["count"] == 4
    [stale] = [row for row in report["services"] if row["name"] == "Example stale"]
    assert stale["reason"] == "Nobody has checked it for 500 days."
    table = await ask(directory, "GET", "/unlisting?format=csv")
    assert {row["rule"] for row in csv.DictReader(io.StringIO(table.text))} == {"stale", "no_contact_route"}
    assert await everywhere(directory) == before
    assert (await done(directory, "GET", "/unlisting", by=OUTSIDER))["services"] == []


async def test_the_rules_are_data_and_what_the_dry_run_named_goes(directory: Directory) -> None:
    only_stale = {"unlist_for": ["stale"]}
    await done(directory, "PUT", "/freshness/rules", only_stale)
    named = await done(directory, "GET", "/unlisting")
    applied = await done(directory, "POST", "/unlisting")
    assert applied["services"] == named["services"]
    assert {row["rule"] for row in applied["services"]} == {"stale"}
    said = await everywhere(directory)
    assert [key for key in ("stale", "linked", "lonely", "fresh") if an_id(key) in said] == [
        "lonely",
        "fresh",
    ]
    assert (await done(directory, "POST", "/unlisting"))["count"] == 0


async def test_an_organisation_without_a_listed_service_is_not_listed(directory: Directory) -> None:
    said = await everywhere(directory)
    assert LONELY["id"] in said
    for key in ("lonely", "inside", "online"):
        await unlist(directory, key, "duplicate")
    assert LONELY["id"] not in await everywhere(directory)
    await done(directory, "POST", service("online", "relist"), {"reason": "It is another one."})
    assert LONELY["id"] in await everywhere(directory)


async def test_a_check_brings_back_what_had_gone_stale_and_only_that(directory: Directory) -> None:
    await done(directory, "POST", service("stale", "verifications"), {"how": "phone"})
    assert (await directory.get(service("stale")))["freshness"] == "fresh"
    await done(directory, "POST", service("closed", "verifications"), {"how": "phone"})
    assert (await directory.http.get(service("closed"))).status_code == 404


async def test_a_provider_brings_its_stale_listing_back_by_its_link(directory: Directory) -> None:
    secret = await secret_for(directory, "linked")
    shown = await done(directory, "GET", f"/verification-links/{secret}", by=None)
    assert shown["document"]["name"] == "Example linked"
    await done(directory, "POST", f"/verification-links/{secret}/still-right", by=None)
    assert (await directory.get(service("linked")))["assured_how"] == "provider_link"


async def test_every_unlisting_is_kept_with_its_reasons(directory: Directory) -> None:
    found: list[Any] = await rows(
        directory,
        "select rule, provider, relisted_because from directory.unlisting where service_id = $1",
        an_id("linked"),
    )
    assert [tuple(row) for row in found] == [("stale", OTHER, "Its provider says that it is right.")]
