"""Verify a listing: who vouches for it, for how long that holds, and the one-tap link to its provider."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules.freshness import Days, freshness, has_gone_off
from services.directory.schemas import Freshness
from tests.services.directory import judge
from tests.services.directory.conftest import COUNCIL, OTHER, Directory, Serve
from tests.services.directory.feeds import Feed, an_id
from tests.services.directory.upkeep import (
    OFFICER,
    OUTSIDER,
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

KEYS = ("one", "two", "three", "four", "five", "six", "linked", "raced", "often", "scanned")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
async def feed(directory: Directory, serve: Serve) -> tuple[Feed, str]:
    """Listings of a charity, pulled by the council, and two that are not for everybody."""
    listings = [a_listing(key) for key in KEYS]
    listings += [a_listing("hidden", visibility="internal"), a_listing("checked", assured_date="2026-11-20")]
    served = Feed(listings)
    url = await serve(served.app())
    await directory.pull(url)
    await appoint(directory)
    return served, url


def service(key: str, *more: str) -> str:
    return "/".join((f"/services/{an_id(key)}", *more))


@pytest.mark.parametrize(
    ("verified", "changed", "expected"),
    [
        (0, 900, "fresh"),
        (179, 900, "fresh"),
        (181, 0, "ageing"),
        (364, 0, "ageing"),
        (366, 0, "stale"),
        (None, 0, "ageing"),
        (None, 364, "ageing"),
        (None, 366, "stale"),
    ],
)
def test_a_check_holds_for_a_while_and_no_check_is_ageing_at_best(
    verified: int | None, changed: int, expected: str
) -> None:
    ago = None if verified is None else NOW - timedelta(days=verified)
    assert freshness(Days(), ago, NOW - timedelta(days=changed), NOW) == expected


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 400))
def test_what_has_gone_off_is_stale_and_no_listing_grows_fresher_by_waiting(
    verified: int, changed: int, later: int
) -> None:
    days, order = Days(), list(Freshness)
    at, since = NOW - timedelta(days=verified), NOW - timedelta(days=changed)
    first, second = (freshness(days, at, since, NOW + timedelta(days=d)) for d in (0, later))
    assert order.index(first) <= order.index(second)
    if has_gone_off(days, at, since, NOW):
        assert first == "stale"


async def test_the_database_and_the_rule_agree_on_every_day(directory: Directory) -> None:
    """At every boundary, a day before and after it, checked or not."""
    edges = [day + step for day in (0, 180, 365) for step in (-1, 1)]
    for verified in [None, *edges]:
        for changed in edges:
            [[said]] = await rows(
                directory,
                "select directory.freshness(now() - make_interval(days => $1),"
                " now() - make_interval(days => $2), null, null)",
                verified,
                changed,
            )
            ago = None if verified is None else NOW - timedelta(days=verified)
            assert said == freshness(Days(), ago, NOW - timedelta(days=changed), NOW)


async def test_an_officers_check_is_shown_apart_from_when_it_changed(directory: Directory) -> None:
    before = await directory.get(service("one"))
    assert "assured_date" not in before
    assert before["freshness"] == "ageing"
    await done(directory, "POST", service("one", "verifications"), {"how": "phone"})
    after = await directory.get(service("one"))
    assert after["assured_date"] == datetime.now(UTC).date().isoformat()
    assert (after["freshness"], after["assured_how"]) == ("fresh", "phone")
    assert after["last_modified"] == before["last_modified"]
    assert judge.faults("service", after) == []
    history = await done(directory, "GET", service("one", "verifications"))
    [only] = history["verifications"]
    assert (only["how"], only["by_agency"], only["still_right"]) == ("phone", COUNCIL, True)


async def test_a_check_that_found_it_wrong_takes_the_word_back(directory: Directory) -> None:
    await done(directory, "POST", service("two", "verifications"), {"how": "council_officer"})
    wrong = {"how": "council_officer", "still_right": False}
    await done(directory, "POST", service("two", "verifications"), wrong)
    after = await directory.get(service("two"))
    assert "assured_date" not in after
    assert after["freshness"] == "ageing"


async def test_the_providers_own_system_says_that_it_is_right(directory: Directory) -> None:
    await done(directory, "POST", service("three", "still-right"), {}, PROVIDER)
    assert (await directory.get(service("three")))["assured_how"] == "provider_client"
    seen = await done(directory, "GET", service("three", "verifications"), by=PROVIDER)
    assert [check["by_agency"] for check in seen["verifications"]] == [OTHER]
    for path, body, by in (
        ("still-right", {}, OUTSIDER),
        ("still-right", {}, OFFICER),
        ("verifications", {"how": "phone"}, OUTSIDER),
    ):
        assert problem(await ask(directory, "POST", service("three", path), body, by)) == (
            403,
            "not-your-listing",
        )
    unseen = await done(directory, "GET", service("three", "verifications"), by=OUTSIDER)
    assert unseen["verifications"] == []


async def test_a_pull_takes_no_check_back_and_a_newer_one_of_the_source_counts(
    directory: Directory, feed: tuple[Feed, str]
) -> None:
    served, url = feed
    await done(directory, "POST", service("four", "verifications"), {"how": "phone"})
    place = KEYS.index("four")
    served.services[place] = a_listing("four", description="Changed.", assured_date="2026-01-01")
    await directory.pull(url)
    kept = await directory.get(service("four"))
    assert (kept["description"], kept["assured_how"]) == ("Changed.", "phone")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    served.services[place] = a_listing("four", description="Checked.", assured_date=tomorrow)
    await directory.pull(url)
    newer = await directory.get(service("four"))
    assert (newer["assured_date"], "assured_how" in newer) == (tomorrow, False)


async def test_the_assurer_is_named_only_by_an_office(directory: Directory, feed: tuple[Feed, str]) -> None:
    served, url = feed
    for place, (key, email) in enumerate((("one", "sky.synthetic@x.example"), ("two", "fis@x.example"))):
        served.services[place] = a_listing(key, assured_date="2030-01-01", assurer_email=email)
    await directory.pull(url)
    assert "assurer_email" not in await directory.get(service("one"))
    assert (await directory.get(service("two")))["assurer_email"] == "fis@x.example"


async def test_who_is_due_comes_in_pages_oldest_first_and_as_a_table(directory: Directory) -> None:
    for days, key in ((500, "five"), (400, "six"), (200, "checked")):
        await backdate(directory, key, days)
    first = await done(directory, "GET", "/freshness/due?limit=2")
    assert [row["name"] for row in first["due"]] == ["Example five", "Example six"]
    assert [row["freshness"] for row in first["due"]] == ["stale", "stale"]
    rest = await done(directory, "GET", f"/freshness/due?limit=100&cursor={first['next']}")
    assert rest["due"][0]["name"] == "Example checked"
    assert rest["due"][0]["days"] == 200
    assert rest["next"] is None
    stale = await done(directory, "GET", "/freshness/due?freshness=stale")
    assert {row["name"] for row in stale["due"]} == {"Example five", "Example six"}
    table = await ask(directory, "GET", "/freshness/due?format=csv&freshness=stale")
    assert table.headers["content-type"].startswith("text/csv")
    assert [row["name"] for row in csv.DictReader(io.StringIO(table.text))] == ["Example five", "Example six"]
    assert (await done(directory, "GET", "/freshness/due", by=OUTSIDER))["due"] == []


async def test_an_agency_decides_how_long_a_check_holds(directory: Directory) -> None:
    assert (await directory.get(service("five")))["freshness"] == "stale"
    decided: dict[str, Any] = {"ageing_after": 300, "stale_after": 600, "unlist_after": 700, "unlist_for": []}
    await done(directory, "PUT", "/freshness/rules", decided)
    assert (await directory.get(service("five")))["freshness"] == "ageing"
    assert (await done(directory, "GET", "/freshness/rules"))["stale_after"] == 600
    answer = await ask(directory, "PUT", "/freshness/rules", decided | {"stale_after": 300})
    assert problem(answer) == (422, "days-out-of-order")
    await done(directory, "PUT", "/freshness/rules", {})


async def test_a_link_shows_the_listing_and_one_post_vouches_for_it_once(directory: Directory) -> None:
    secret = await secret_for(directory, "linked")
    path = f"/verification-links/{secret}"
    shown = await done(directory, "GET", path, by=None)
    assert shown["document"]["name"] == "Example linked"
    assert shown["document"]["phones"] == [{"number": "0117 496 0001"}]
    await done(directory, "POST", f"{path}/still-right", by=None)
    assert (await directory.get(service("linked")))["assured_how"] == "provider_link"
    for method, there in (("GET", path), ("POST", f"{path}/still-right"), ("POST", f"{path}/changes")):
        used = await ask(directory, method, there, {"note": "x"} if "changes" in there else None, by=None)
        assert problem(used) == (404, "link-not-good")


async def test_opening_a_link_changes_nothing_however_often(directory: Directory) -> None:
    secret = await secret_for(directory, "scanned")
    before = await rows(directory, "select * from directory.service where id = $1", an_id("scanned"))
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        await ask(directory, method, f"/verification-links/{secret}", by=None)
        await ask(directory, method, f"/verification-links/{secret}/still-right", by=None)
    assert await rows(directory, "select * from directory.service where id = $1", an_id("scanned")) == before
    assert (await ask(directory, "GET", f"/verification-links/{secret}", by=None)).status_code == 200


async def test_a_link_used_expired_or_forged_answers_alike(directory: Directory) -> None:
    secret = await secret_for(directory, "scanned")
    await rows(
        directory,
        "update directory.verification_link set expires_at = now() where service_id = $1",
        an_id("scanned"),
    )
    answers: list[httpx.Response] = []
    for one in (secret, "A" * 43, "x", "%00", secret[:-1]):
        answers += [await ask(directory, "GET", f"/verification-links/{one}", by=None)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


async def test_two_taps_at_once_count_once(directory: Directory) -> None:
    secret = await secret_for(directory, "raced")
    path = f"/verification-links/{secret}/still-right"
    answers = await asyncio.gather(*(ask(directory, "POST", path, by=None) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404, 404, 404]
    [[count]] = await rows(
        directory, "select count(*) from directory.verification where service_id = $1", an_id("raced")
    )
    assert count == 1


async def test_the_secret_of_a_link_is_kept_nowhere(directory: Directory) -> None:
    secret = await secret_for(directory, "five")
    for table in ("directory.verification_link", "hub.idempotency"):
        assert secret not in str(await rows(directory, f"select t::text, * from {table} t"))


async def test_links_are_for_what_an_agency_keeps_and_publishes(directory: Directory) -> None:
    asked = {"services": [an_id("hidden"), an_id("nowhere"), an_id("six")]}
    issued = await done(directory, "POST", "/verification-links", asked)
    assert [link["name"] for link in issued["links"]] == ["Example six"]
    assert {no["service"] for no in issued["not_asked"]} == {an_id("hidden"), an_id("nowhere")}
    assert issued["links"][0]["url"].startswith("https://hub.example.org/listing/")
    other = await done(directory, "POST", "/verification-links", asked, OUTSIDER)
    assert other["links"] == []
    lacking = await ask(directory, "POST", "/verification-links", asked, PROVIDER)
    assert problem(lacking) == (403, "scope-missing")


async def test_a_provider_is_not_asked_without_end(directory: Directory) -> None:
    for _ in range(5):
        await secret_for(directory, "often")
    again = await ask(directory, "POST", "/verification-links", {"services": [an_id("often")]})
    assert problem(again) == (429, "too-many-links")
    both = {"services": [an_id("often"), an_id("three")]}
    issued = await done(directory, "POST", "/verification-links", both)
    assert [no["why"] for no in issued["not_asked"]] == ["asked_often"]
    assert len(issued["links"]) == 1
