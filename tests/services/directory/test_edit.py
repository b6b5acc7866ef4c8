"""Edit a listing: proposed by its provider, approved by its keeper, kept when its feed is pulled again."""

from typing import Any

import pytest

from tests.services.directory import judge
from tests.services.directory.conftest import COUNCIL, OTHER, Directory, Serve
from tests.services.directory.feeds import Feed, an_id
from tests.services.directory.upkeep import (
    OFFICER,
    OUTSIDER,
    PHONE,
    PROVIDER,
    a_listing,
    appoint,
    ask,
    done,
    problem,
    rows,
    secret_for,
)

KEYS = ["plain", "lists", "feed", "conflict", "settled", "moved", "linked", "history", "both", "staff"]


@pytest.fixture(scope="module", autouse=True)
async def feed(directory: Directory, serve: Serve) -> tuple[Feed, str]:
    """Listings of a charity that the council keeps."""
    served = Feed([a_listing(key) for key in KEYS])
    url = await serve(served.app())
    await directory.pull(url)
    await appoint(directory)
    return served, url


def service(key: str, *more: str) -> str:
    return "/".join((f"/services/{an_id(key)}", *more))


async def propose(directory: Directory, key: str, **changes: Any) -> str:
    proposed = await done(directory, "POST", service(key, "edits"), {"changes": changes}, PROVIDER)
    return proposed["review"]


async def decide(directory: Directory, review: str, outcome: str = "accepted") -> Any:
    decision = {"outcome": outcome, "reason": "We rang them."}
    return await done(directory, "POST", f"/reviews/{review}/decide", decision)


async def edit(directory: Directory, key: str, **changes: Any) -> None:
    await decide(directory, await propose(directory, key, **changes))


async def pull(directory: Directory, feed: tuple[Feed, str], key: str, **more: Any) -> None:
    """The source says something else about one listing, and is pulled."""
    served, url = feed
    served.services[KEYS.index(key)] = a_listing(key, **more)
    await directory.pull(url)


async def conflicts(directory: Directory, key: str) -> list[dict[str, Any]]:
    return (await done(directory, "GET", f"/reviews?kind=conflict&service={an_id(key)}"))["reviews"]


async def test_a_proposal_changes_nothing_until_it_is_approved(directory: Directory) -> None:
    before = await directory.get(service("plain"))
    review = await propose(directory, "plain", description="New words.", maximum_age=11)
    assert await directory.get(service("plain")) == before
    [waiting] = (await done(directory, "GET", f"/reviews?service={an_id('plain')}"))["reviews"]
    assert waiting["changes"] == {
        "description": {"was": None, "becomes": "New words."},
        "maximum_age": {"was": None, "becomes": 11.0},
    }
    assert (waiting["via"], waiting["raised_by"]) == ("provider_client", OTHER)
    await decide(directory, review)
    after = await directory.get(service("plain"))
    assert (after["description"], after["maximum_age"]) == ("New words.", 11)
    assert after["assured_how"] == "provider_client"
    assert after["last_modified"] > before["last_modified"]
    assert judge.faults("service", after) == []
    assert await directory.names(search="New words") == ["Example plain"]


async def test_a_refused_proposal_changes_nothing_and_says_why(directory: Directory) -> None:
    before = await directory.get(service("both"))
    review = await propose(directory, "both", name="Nicer name")
    refused = await decide(directory, review, "refused")
    assert (refused["state"], refused["reason"]) == ("refused", "We rang them.")
    assert await directory.get(service("both")) == before


async def test_telephones_and_times_are_edited_whole(directory: Directory) -> None:
    times = [{"freq": "WEEKLY", "byday": "Tuesday, thu", "opens_at": "09:30", "closes_at": "12:00"}]
    phones = [{"number": "0117 496 0002", "description": "Mornings"}, {"number": "0117 496 0003"}]
    await edit(directory, "lists", phones=phones, schedules=times)
    after = await directory.get(service("lists"))
    assert [(p["number"], p.get("description")) for p in after["phones"]] == [
        ("0117 496 0002", "Mornings"),
        ("0117 496 0003", None),
    ]
    [schedule] = after["schedules"]
    assert (schedule["byday"], schedule["opens_at"]) == ("TU,TH", "09:30:00")
    assert judge.faults("service", after) == []
    await edit(directory, "lists", schedules=[{"freq": "MONTHLY", "byday": "1sa, -1Sunday"}])
    assert [s["byday"] for s in (await directory.get(service("lists")))["schedules"]] == ["1SA,-1SU"]
    await edit(directory, "lists", phones=[])
    assert "phones" not in await directory.get(service("lists"))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, (422, "nothing-changes")),
        ({"name": "Example plain two"}, None),
        ({"name": None}, (422, "name-missing")),
        ({"minimum_age": 12, "maximum_age": 11}, (422, "ages-out-of-order")),
        ({"url": "javascript:alert(1)"}, (422, "payload-not-valid")),
        ({"email": "nobody"}, (422, "payload-not-valid")),
        ({"agency": COUNCIL}, (422, "payload-not-valid")),
        ({"visibility": "public"}, (422, "payload-not-valid")),
        ({"schedules": [{"byday": "Someday"}]}, (422, "payload-not-valid")),
        ({"schedules": [{"byday": "6SA"}]}, (422, "payload-not-valid")),
        ({"schedules": [{"byday": " , "}]}, (422, "payload-not-valid")),
    ],
)
async def test_what_may_not_be_is_refused_with_its_reason(
    directory: Directory, changes: dict[str, Any], refusal: tuple[int, str] | None
) -> None:
    answer = await ask(directory, "POST", service("both", "edits"), {"changes": changes}, PROVIDER)
    assert (problem(answer) if refusal else answer.status_code) == (refusal or 201)


async def test_only_those_it_belongs_to_propose(directory: Directory) -> None:
    body = {"changes": {"name": "Mine now"}}
    assert problem(await ask(directory, "POST", service("both", "edits"), body, OUTSIDER)) == (
        403,
        "not-your-listing",
    )
    assert (await ask(directory, "POST", service("both", "edits"), body, None)).status_code == 401
    own = await done(directory, "POST", service("both", "edits"), body, OFFICER)
    assert (await done(directory, "GET", f"/reviews/{own['review']}"))["via"] == "officer"


async def test_a_pull_does_not_overwrite_an_edit(directory: Directory, feed: tuple[Feed, str]) -> None:
    await edit(directory, "feed", phones=[{"number": "0117 496 0004"}], description="Ours.")
    await pull(directory, feed, "feed", email="new@example.org")
    kept = await directory.get(service("feed"))
    assert (kept["description"], kept["email"]) == ("Ours.", "new@example.org")
    assert [phone["number"] for phone in kept["phones"]] == ["0117 496 0004"]
    assert await conflicts(directory, "feed") == []


async def test_where_the_source_says_something_new_the_edit_stands_and_a_person_is_asked_once(
    directory: Directory, feed: tuple[Feed, str]
) -> None:
    await edit(directory, "conflict", description="Ours.")
    for words in ("Theirs.", "Theirs, later."):
        await pull(directory, feed, "conflict", description=words)
    assert (await directory.get(service("conflict")))["description"] == "Ours."
    [conflict] = await conflicts(directory, "conflict")
    assert conflict["changes"] == {"description": {"was": "Ours.", "becomes": "Theirs, later."}}
    await decide(directory, conflict["id"], "refused")
    await pull(directory, feed, "conflict", description="Theirs, later.", email="x@example.org")
    assert (await directory.get(service("conflict")))["description"] == "Ours."
    assert await conflicts(directory, "conflict") == []
    await pull(directory, feed, "conflict", description="Theirs at last.")
    [again] = await conflicts(directory, "conflict")
    await decide(directory, again["id"])
    assert (await directory.get(service("conflict")))["description"] == "Theirs at last."
    await pull(directory, feed, "conflict", description="Theirs for good.")
    assert (await directory.get(service("conflict")))["description"] == "Theirs for good."


async def test_an_edit_is_over_once_its_source_says_the_same(
    directory: Directory, feed: tuple[Feed, str]
) -> None:
    await edit(directory, "settled", phones=[{"number": "0117 496 0005"}])
    phones = [{"id": an_id("another id"), "number": "0117 496 0005"}]
    await pull(directory, feed, "settled", phones=phones)
    held = await rows(directory, "select * from directory.local_edit where service_id = $1", an_id("settled"))
    assert held == []
    await pull(directory, feed, "settled", phones=[{"id": an_id("another id"), "number": PHONE}])
    assert [p["number"] for p in (await directory.get(service("settled")))["phones"]] == [PHONE]


async def test_a_proposal_about_what_the_listing_no_longer_says_is_not_approved(directory: Directory) -> None:
    first = await propose(directory, "moved", description="First.")
    second = await propose(directory, "moved", description="Second.")
    await decide(directory, first)
    decision = {"outcome": "accepted", "reason": "Both."}
    answer = await ask(directory, "POST", f"/reviews/{second}/decide", decision)
    assert problem(answer) == (409, "listing-has-moved-on")
    assert (await directory.get(service("moved")))["description"] == "First."


async def test_what_a_provider_says_by_its_link_waits_and_then_counts_as_its_word(
    directory: Directory,
) -> None:
    secret = await secret_for(directory, "linked")
    body = {"changes": {"phones": [{"number": "0117 496 0006"}]}, "note": "Open on Tuesdays now."}
    await done(directory, "POST", f"/verification-links/{secret}/changes", body, None)
    [waiting] = (await done(directory, "GET", f"/reviews?service={an_id('linked')}"))["reviews"]
    assert (waiting["via"], waiting["said"]) == ("provider_link", "Open on Tuesdays now.")
    assert "assured_date" not in await directory.get(service("linked"))
    await decide(directory, waiting["id"])
    after = await directory.get(service("linked"))
    assert (after["assured_how"], after["phones"][0]["number"]) == ("provider_link", "0117 496 0006")


async def test_a_link_that_says_nothing_is_not_used_up(directory: Directory) -> None:
    secret = await secret_for(directory, "linked")
    empty = await ask(directory, "POST", f"/verification-links/{secret}/changes", {}, None)
    assert problem(empty) == (422, "nothing-changes")
    await done(directory, "POST", f"/verification-links/{secret}/changes", {"note": "All new."}, None)


async def test_every_version_is_kept_with_who_and_what_and_can_be_gone_back_to(
    directory: Directory, feed: tuple[Feed, str]
) -> None:
    await edit(directory, "history", description="Second.")
    await pull(directory, feed, "history", email="third@example.org")
    found = await done(directory, "GET", service("history", "versions?limit=2"), by=PROVIDER)
    assert [(v["number"], v["cause"], v["by_agency"], list(v["changes"])) for v in found["versions"]] == [
        (3, "feed", COUNCIL, ["email"]),
        (2, "edit", COUNCIL, ["description"]),
    ]
    older = await done(directory, "GET", service("history", f"versions?before={found['next']}"))
    assert [(v["number"], v["cause"]) for v in older["versions"]] == [(1, "feed")]
    assert older["next"] is None
    restored = await done(directory, "POST", service("history", "versions/1/restore"), by=PROVIDER)
    assert set(restored["changes"]) == {"description", "email"}
    await decide(directory, restored["review"])
    after = await directory.get(service("history"))
    assert not {"description", "email"} & after.keys()
    same_again = await ask(directory, "POST", service("history", "versions/1/restore"))
    assert problem(same_again) == (422, "nothing-changes")
    assert problem(await ask(directory, "POST", service("history", "versions/99/restore")))[0] == 404
    outside = await done(directory, "GET", service("history", "versions"), by=OUTSIDER)
    assert outside["versions"] == []


async def test_a_member_of_staffs_own_mailbox_does_not_reach_the_public(
    directory: Directory, feed: tuple[Feed, str]
) -> None:
    contacts = [
        {"id": an_id("office"), "name": "Sky Synthetic", "email": "office@example.org"},
        {"id": an_id("person"), "name": "Sky Synthetic", "email": "sky.synthetic@example.org"},
    ]
    await pull(directory, feed, "staff", contacts=contacts)
    shown = await directory.get(service("staff"))
    assert [contact["email"] for contact in shown["contacts"]] == ["office@example.org"]
    inside = await done(directory, "GET", service("staff"), by=OUTSIDER)
    assert len(inside["contacts"]) == 2
