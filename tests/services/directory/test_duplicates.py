"""Propose services of different feeds as one, and let a person say whether they are."""

from typing import Any

from hub.caller import Scope
from tests.services.directory import judge
from tests.services.directory.conftest import COUNCIL, OTHER, Directory, Serve, caller
from tests.services.directory.feeds import a_feed, a_place, a_service, an_id


async def pairs(directory: Directory, agency: Any = COUNCIL, **params: Any) -> list[dict[str, Any]]:
    token = directory.signer.sign(caller(agency), "directory")
    answer = await directory.http.get(
        "/duplicates", params=params, headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["duplicates"]


def about(key: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [pair for pair in found if any(key in service["name"] for service in pair["services"])]


async def two_feeds(
    directory: Directory,
    serve: Serve,
    key: str,
    one: dict[str, Any],
    other: dict[str, Any],
    by: Any = COUNCIL,
) -> tuple[dict[str, Any], Any, Any, str, str]:
    """Two feeds with a service each; what the second pull reported, and the feeds."""
    first, first_url = await a_feed(serve, a_service(f"{key} one", **one), a_service(f"{key} plain"))
    second, second_url = await a_feed(serve, a_service(f"{key} other", **other))
    await directory.pull(first_url)
    report = await directory.pull(second_url, caller(by))
    return report, first, second, first_url, second_url


async def a_pair(directory: Directory, serve: Serve, key: str, by: Any = COUNCIL) -> tuple[Any, ...]:
    more = {"name": f"{key} {key} {key}", "url": f"https://www.example.org/{key}/"}
    less = {"name": f"{key} {key} {key} too", "url": f"http://example.org/{key}"}
    found = await two_feeds(directory, serve, key, more, less, by)
    [pair] = about(key, await pairs(directory))
    return pair, *found


async def test_two_that_look_alike_are_proposed_with_the_reasons_and_both_stay(
    directory: Directory, serve: Serve
) -> None:
    pair, report, *_ = await a_pair(directory, serve, "alike")
    assert report["counts"]["alike"] == 1
    assert pair["state"] == "proposed"
    assert pair["reasons"][0].startswith("The names are alike: ")
    assert "Both have the web address example.org/alike." in pair["reasons"]
    assert 0.5 < pair["score"] <= 1
    names = await directory.names(search="alike", per_page=100)
    assert {"alike alike alike", "alike alike alike too"} <= set(names)


async def test_what_only_shares_a_postcode_or_only_a_name_in_part_is_not(
    directory: Directory, serve: Serve
) -> None:
    here = {"service_at_locations": [a_place("hall", "BS5 9LE")]}
    there = {"service_at_locations": [a_place("hall two", "BS5 9LE")]}
    one = {"name": "Judo for beginners unlike", **here, "organization": {"id": "j", "name": "Judo"}}
    other = {"name": "Baby massage unlike", **there, "organization": {"id": "b", "name": "Babies"}}
    report, *_ = await two_feeds(directory, serve, "unlike", one, other)
    assert report["counts"]["alike"] == 0
    assert about("unlike", await pairs(directory)) == []


async def test_an_address_or_a_number_that_is_not_public_is_no_reason(
    directory: Directory, serve: Serve
) -> None:
    number = {"phones": [{"number": "0117 496 0456"}]}
    worker = {"name": "Sam Example", "email": "sam.example@council.example"} | number
    guess = {"name": "Guessed House", "service_at_locations": [a_place("guess", "BS5 9LE")], **number}
    secret = {"description": "Our address is confidential.", "contacts": [worker]}
    hidden = {"name": "Guessed House", "service_at_locations": [a_place("hidden", "BS5 9LE")], **secret}
    theirs, theirs_url = await a_feed(
        serve, a_service("guess", organization={"id": "g", "name": "G"}, **guess)
    )
    await directory.pull(theirs_url, caller(OTHER))
    ours, url = await a_feed(serve, a_service("hidden", organization={"id": "h", "name": "H"}, **hidden))
    await directory.pull(url)
    for agency in (OTHER, COUNCIL):
        assert about("Guessed", await pairs(directory, agency)) == []
    for feed, again, by in ((theirs, theirs_url, OTHER), (ours, url, COUNCIL)):
        feed.services = [feed.services[0] | {"fees": "Now free"}]
        await directory.pull(again, caller(by))
        assert about("Guessed", await pairs(directory)) == []


async def test_a_telephone_number_written_otherwise_is_the_same(directory: Directory, serve: Serve) -> None:
    one = {"name": "phoneful helpline", "contacts": [{"phones": [{"number": "0117 496 0123"}]}]}
    other = {"name": "Phoneful help line", "contacts": [{"phones": [{"number": "+44 (0)117 4960123"}]}]}
    await two_feeds(directory, serve, "phone", one, other)
    [pair] = about("phoneful", await pairs(directory))
    assert "Both have the telephone number 1174960123." in pair["reasons"]


async def test_said_to_be_the_same_one_stays_and_the_other_points_to_it(
    directory: Directory, serve: Serve
) -> None:
    pair, _, _, _, _, second_url = await a_pair(directory, serve, "same")
    body = {"listed": an_id("same one"), "reason": "Rang both: it is one."}
    answer = await directory.post(f"/duplicates/{pair['id']}/same", body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["listed"]) == ("same", an_id("same one"))
    assert (await directory.http.get(f"/services/{an_id('same one')}")).status_code == 200
    for _ in range(2):
        other = await directory.http.get(f"/services/{an_id('same other')}")
        assert (other.status_code, other.content) == (301, b"")
        assert other.headers["location"] == f"/services/{an_id('same one')}"
        assert other.headers["cache-control"] == "public, no-cache"
        await directory.pull(second_url)
    followed = await directory.http.get(f"/services/{an_id('same other')}", follow_redirects=True)
    assert (followed.json()["id"], judge.faults("service", followed.json())) == (an_id("same one"), [])
    listed = await directory.names(search="same", per_page=100)
    assert "same same same too" not in listed
    officer = caller(COUNCIL, Scope.DIRECTORY_REVIEW)
    gone = {"rule": "provider_asked", "reason": "They asked."}
    assert (await directory.post(f"/services/{an_id('same one')}/unlist", gone, officer)).status_code == 204
    assert (await directory.http.get(f"/services/{an_id('same other')}")).status_code == 404
    again = await directory.post(f"/duplicates/{pair['id']}/different", {"reason": "No."})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-decided")


async def test_when_the_one_that_stayed_is_gone_the_other_is_listed_again(
    directory: Directory, serve: Serve
) -> None:
    pair, _, first, _, first_url, _ = await a_pair(directory, serve, "widow")
    body = {"listed": an_id("widow one"), "reason": "It is one."}
    await directory.post(f"/duplicates/{pair['id']}/same", body)
    assert (await directory.http.get(f"/services/{an_id('widow other')}")).status_code == 301
    first.services.pop(0)
    await directory.pull(first_url)
    assert (await directory.http.get(f"/services/{an_id('widow other')}")).status_code == 200
    assert (await directory.http.get(f"/services/{an_id('widow one')}")).status_code == 404


async def test_said_to_be_different_they_are_not_proposed_again(directory: Directory, serve: Serve) -> None:
    pair, _, _, second, _, second_url = await a_pair(directory, serve, "differ")
    answer = await directory.post(f"/duplicates/{pair['id']}/different", {"reason": "Two sites."})
    assert answer.json()["state"] == "different"
    second.services[0] = {**second.services[0], "description": "Changed."}
    await directory.pull(second_url)
    assert about("differ", await pairs(directory)) == []
    assert len(about("differ", await pairs(directory, state="different"))) == 1


async def test_only_a_listing_of_ones_own_is_taken_off(directory: Directory, serve: Serve) -> None:
    pair, *_ = await a_pair(directory, serve, "foreign", OTHER)
    body = {"listed": an_id("foreign one"), "reason": "Ours is better."}
    refused = await directory.post(f"/duplicates/{pair['id']}/same", body)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-your-listing")
    neither = await directory.post(f"/duplicates/{pair['id']}/same", {**body, "listed": an_id("third")})
    assert neither.json()["errors"][0]["pointer"] == "/listed"
    theirs = await directory.post(f"/duplicates/{pair['id']}/same", body, caller(OTHER))
    assert theirs.status_code == 200


async def test_a_pair_of_others_does_not_exist(directory: Directory, serve: Serve) -> None:
    pair, *_ = await a_pair(directory, serve, "private")
    assert about("private", await pairs(directory, OTHER)) == []
    path = "/duplicates/{}/different"
    one = await directory.post(path.format(pair["id"]), {"reason": "Mine."}, caller(OTHER))
    made_up = await directory.post(path.format(an_id("none")), {"reason": "Mine."}, caller(OTHER))
    assert (one.status_code, one.content) == (404, made_up.content)


async def test_an_item_says_where_it_came_from_to_whoever_keeps_feeds_and_stays_valid(
    directory: Directory, serve: Serve
) -> None:
    _, url = await a_feed(serve, a_service("provenance"))
    await directory.pull(url)
    path = f"/services/{an_id('provenance')}"
    anybody = await directory.get(path)
    assert anybody["source"]["publisher"] == "A council"
    assert "provenance" not in anybody
    token = directory.signer.sign(caller(), "directory")
    ours = (await directory.http.get(path, headers={"authorization": f"Bearer {token}"})).json()
    assert (ours["provenance"]["url"], ours["provenance"]["source_id"]) == (url, an_id("provenance"))
    assert {name: said for name, said in ours.items() if name != "provenance"} == anybody
    assert (judge.faults("service", ours), judge.faults("service", anybody)) == ([], [])
    token = directory.signer.sign(caller(OTHER, Scope.DIRECTORY_PROPOSE), "directory")
    theirs = (await directory.http.get(path, headers={"authorization": f"Bearer {token}"})).json()
    assert theirs == anybody


async def test_duplicates_come_in_pages(directory: Directory) -> None:
    every = await pairs(directory, state="proposed", limit=100)
    token = directory.signer.sign(caller(), "directory")
    headers, seen, cursor = {"authorization": f"Bearer {token}"}, list[str](), None
    while True:
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = (await directory.http.get("/duplicates", params=params, headers=headers)).json()
        seen += [pair["id"] for pair in page["duplicates"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [pair["id"] for pair in every]
    assert len(seen) > 1
