"""Correct a listing: families say what is wrong, an officer decides, and that has its effect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules.reports import without_people
from tests.services.directory.conftest import OTHER, Directory, Serve
from tests.services.directory.feeds import Feed, an_id
from tests.services.directory.upkeep import (
    OFFICER,
    OUTSIDER,
    PROVIDER,
    a_listing,
    appoint,
    ask,
    done,
    problem,
    rows,
)

KEYS = ("closed", "phone", "times", "fine", "often", "told", "taken")


@pytest.fixture(scope="module", autouse=True)
async def listings(directory: Directory, serve: Serve) -> None:
    """Listings of a charity that the council keeps, and one for partners only."""
    served = Feed([*(a_listing(key) for key in KEYS), a_listing("partners", visibility="partner")])
    await directory.pull(await serve(served.app()))
    await appoint(directory)


def service(key: str, *more: str) -> str:
    return "/".join((f"/services/{an_id(key)}", *more))


async def report(directory: Directory, key: str, fault: str = "wrong_phone", said: str | None = None) -> str:
    """Somebody reports a listing; the id of what waits."""
    await done(directory, "POST", service(key, "reports"), {"fault": fault, "said": said}, None)
    [waiting, *_] = (await done(directory, "GET", f"/reviews?service={an_id(key)}"))["reviews"][::-1]
    return waiting["id"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Ring 0117 496 0123 instead", "Ring [number] instead"),
        ("Ring +44 (0)117-496 0123.", "Ring [number]."),
        ("My NHS number is 943 476 5919", "My NHS number is [number]"),
        ("born 04/05/2016", "born [number]"),
        ("write to sky.synthetic@example.org please", "write to [email] please"),
        ("sky @ example . org", "[email]"),
        ("we live at BS5 6AA", "we live at [postcode]"),
        ("we live at bs56aa", "we live at [postcode]"),
        ("see https://example.org/me?x=1 or www.example.org", "see [web address] or [web address]"),
        ("It opens at 10 not 9.30, on 3 days, for £2.50", "It opens at 10 not 9.30, on 3 days, for £2.50"),
        ("Nobody came on 14 November", "Nobody came on 14 November"),
        ("Room A1 was locked", "Room A1 was locked"),
    ],
)
def test_what_could_tell_who_somebody_is_is_masked(said: str, kept: str) -> None:
    assert without_people(said) == kept


@given(st.text(), st.integers(10**9, 10**11 - 1), st.text())
def test_no_long_number_is_kept_whatever_stands_around_it(before: str, number: int, after: str) -> None:
    assert str(number) not in without_people(f"{before} {number} {after}")


@given(st.text(max_size=200))
def test_what_was_masked_once_stays_as_it_is(said: str) -> None:
    masked = without_people(said)
    assert without_people(masked) == masked


async def test_anybody_may_say_so_and_nothing_of_them_is_kept(directory: Directory) -> None:
    answer = await directory.http.post(
        service("phone", "reports"),
        json={"fault": "wrong_phone", "said": "It is 0117 496 0999. Sky, BS5 6AA"},
        headers={"user-agent": "Sky's telephone", "x-forwarded-for": "192.0.2.7", "cookie": "who=sky"},
    )
    assert (answer.status_code, answer.json()) == (202, {"said": "It is [number]. Sky, [postcode]"})
    held = str(await rows(directory, "select * from directory.review where service_id = $1", an_id("phone")))
    for trace in ("0999", "BS5", "192.0.2.7", "telephone'", "who=sky"):
        assert trace not in held


async def test_only_what_anybody_may_read_can_be_reported(directory: Directory) -> None:
    for key in ("partners", "nowhere"):
        answer = await ask(directory, "POST", service(key, "reports"), {"fault": "other"}, None)
        assert problem(answer) == (404, "not-found")
    for body in ({"fault": "rude"}, {"fault": "other", "email": "x@example.org"}, {"said": "x"}):
        assert problem(await ask(directory, "POST", service("fine", "reports"), body, None))[0] == 422


async def test_one_listing_is_not_reported_without_end(directory: Directory) -> None:
    for _ in range(20):
        await done(directory, "POST", service("often", "reports"), {"fault": "other"}, None)
    answer = await ask(directory, "POST", service("often", "reports"), {"fault": "other"}, None)
    assert problem(answer) == (429, "too-many-reports")
    assert answer.headers["retry-after"] == "86400"
    other = await ask(directory, "POST", service("fine", "reports"), {"fault": "other"}, None)
    assert other.status_code == 202


async def test_the_queue_comes_in_pages_oldest_first(directory: Directory) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(100):
        page = await done(directory, "GET", f"/reviews?limit=7{cursor}")
        seen += [entry["id"] for entry in page["reviews"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    whole = (await done(directory, "GET", "/reviews?limit=100"))["reviews"]
    assert seen == [entry["id"] for entry in whole]
    assert len(seen) == len(set(seen)) >= 20
    assert [entry["raised_at"] for entry in whole] == sorted(entry["raised_at"] for entry in whole)
    assert (await done(directory, "GET", "/reviews?freshness=stale"))["reviews"] == []
    assert (await done(directory, "GET", "/reviews?kind=conflict"))["reviews"] == []


async def test_the_queue_is_for_those_the_listing_belongs_to(directory: Directory) -> None:
    review = await report(directory, "fine")
    for by, status in ((OFFICER, 200), (PROVIDER, 200), (OUTSIDER, 404)):
        assert (await ask(directory, "GET", f"/reviews/{review}", by=by)).status_code == status
    assert (await done(directory, "GET", "/reviews", by=OUTSIDER))["reviews"] == []
    assert (await ask(directory, "GET", "/reviews", by=None)).status_code == 401
    for verb, body in (("take", None), ("decide", {"outcome": "refused", "reason": "No."})):
        assert problem(await ask(directory, "POST", f"/reviews/{review}/{verb}", body, PROVIDER)) == (
            403,
            "scope-missing",
        )
        assert problem(await ask(directory, "POST", f"/reviews/{review}/{verb}", body, OUTSIDER)) == (
            404,
            "not-found",
        )


async def test_it_is_taken_then_decided_once_with_a_reason(directory: Directory) -> None:
    review = await report(directory, "taken")
    assert (await done(directory, "POST", f"/reviews/{review}/take"))["state"] == "taken"
    decision = {"outcome": "refused", "reason": "We rang: it is right."}
    decided = await done(directory, "POST", f"/reviews/{review}/decide", decision)
    assert (decided["state"], decided["reason"]) == ("refused", "We rang: it is right.")
    again = await ask(directory, "POST", f"/reviews/{review}/decide", decision)
    assert problem(again) == (409, "review-already-decided")
    assert problem(await ask(directory, "POST", f"/reviews/{review}/take"))[0] == 409
    no_reason = await ask(directory, "POST", f"/reviews/{review}/decide", {"outcome": "refused"})
    assert problem(no_reason) == (422, "payload-not-valid")


async def test_a_service_confirmed_closed_is_unlisted_at_once(directory: Directory) -> None:
    review = await report(directory, "closed", "closed")
    decision = {"outcome": "accepted", "reason": "We went there: the door is bricked up."}
    await done(directory, "POST", f"/reviews/{review}/decide", decision)
    assert (await directory.http.get(service("closed"))).status_code == 404
    [unlisted] = (await done(directory, "GET", "/unlisted"))["unlisted"]
    assert (unlisted["rule"], unlisted["reason"]) == ("confirmed_closed", decision["reason"])


async def test_a_listing_found_wrong_loses_its_check_and_is_due(directory: Directory) -> None:
    await done(directory, "POST", service("times", "verifications"), {"how": "phone"})
    assert (await directory.get(service("times")))["freshness"] == "fresh"
    review = await report(directory, "times", "wrong_times")
    await done(directory, "POST", f"/reviews/{review}/decide", {"outcome": "accepted", "reason": "Quite so."})
    assert (await directory.get(service("times")))["freshness"] == "ageing"
    due = await done(directory, "GET", "/freshness/due?limit=100")
    assert an_id("times") in {row["service"] for row in due["due"]}


async def test_the_provider_is_told_in_ids_what_became_of_it(directory: Directory) -> None:
    review = await report(directory, "told")
    await done(directory, "POST", f"/reviews/{review}/decide", {"outcome": "accepted", "reason": "Wrong."})
    told = await rows(directory, "select agency, kind from hub.notice where about = $1", review)
    assert [tuple(notice) for notice in told] == [(OTHER, "listing.report_accepted")]
    assert (await done(directory, "GET", f"/reviews/{review}", by=PROVIDER))["reason"] == "Wrong."
