"""Ask before much is hidden: a pull that would hide a large share of a feed waits for a person."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules import feeds as rules
from tests.services.directory.conftest import COUNCIL, OTHER, Directory, Serve, caller
from tests.services.directory.feeds import Feed, a_feed, a_service, an_id

DECIDED = {"reason": "Checked with the publisher."}


async def asked(directory: Directory, path: str, agency: Any = COUNCIL, **params: Any) -> Any:
    token = directory.signer.sign(caller(agency), "directory")
    answer = await directory.http.get(path, params=params, headers={"authorization": f"Bearer {token}"})
    return answer.json() if answer.status_code == 200 else answer


async def half_gone(directory: Directory, serve: Serve, key: str) -> tuple[Feed, str, dict[str, Any]]:
    """A feed of twelve that has lost six, and the report that waits."""
    feed, url = await a_feed(serve, *(a_service(f"{key} {n:02}") for n in range(12)), per_page=5)
    await directory.pull(url)
    del feed.services[:6]
    return feed, url, await directory.pull(url)


async def listed(directory: Directory, key: str) -> int:
    names = await directory.names(per_page=1000)
    return sum(name.startswith(f"Example {key}") for name in names)


async def test_what_would_hide_much_waits_and_hides_nothing(directory: Directory, serve: Serve) -> None:
    feed, _, report = await half_gone(directory, serve, "waits")
    assert (report["state"], report["counts"]["hidden"], report["counts"]["to_hide"]) == ("waiting", 0, 6)
    assert await listed(directory, "waits") == 12
    [pull] = [
        p for p in (await asked(directory, "/pulls", state="waiting"))["pulls"] if p["id"] == report["pull"]
    ]
    assert pull["url"] == report["url"]
    first = await asked(directory, f"/pulls/{report['pull']}/lines", what="to_hide", limit=4)
    rest = await asked(
        directory, f"/pulls/{report['pull']}/lines", what="to_hide", limit=4, after=first["next"]
    )
    told = [line["name"] for line in (*first["lines"], *rest["lines"])]
    assert told == [f"Example waits {n:02}" for n in range(6)]
    assert (len(first["lines"]), rest["next"]) == (4, None)
    assert len(feed.services) == 6


async def test_approved_it_hides_them(directory: Directory, serve: Serve) -> None:
    _, url, report = await half_gone(directory, serve, "approved")
    answer = await directory.post(f"/pulls/{report['pull']}/approve", DECIDED)
    decided = answer.json()
    assert (decided["state"], decided["counts"]["hidden"], decided["counts"]["to_hide"]) == ("approved", 6, 0)
    assert (decided["decided_by"], decided["reason"]) == (COUNCIL, DECIDED["reason"])
    assert await listed(directory, "approved") == 6
    again = await directory.pull(url)
    assert (again["state"], again["counts"]["unchanged"]) == ("done", 6)


async def test_rejected_it_leaves_them_and_asks_again(directory: Directory, serve: Serve) -> None:
    _, url, report = await half_gone(directory, serve, "rejected")
    answer = await directory.post(f"/pulls/{report['pull']}/reject", DECIDED)
    assert answer.json()["state"] == "rejected"
    assert await listed(directory, "rejected") == 12
    assert (await directory.pull(url))["state"] == "waiting"


async def test_what_came_back_before_the_decision_stays(directory: Directory, serve: Serve) -> None:
    feed, url, report = await half_gone(directory, serve, "back")
    feed.services.insert(0, a_service("back 00"))
    second = await directory.pull(url)
    assert (second["state"], second["counts"]["to_hide"]) == ("waiting", 5)
    refused = await directory.post(f"/pulls/{report['pull']}/approve", DECIDED)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/pull-not-waiting")
    assert (await asked(directory, f"/pulls/{report['pull']}"))["state"] == "superseded"
    await directory.post(f"/pulls/{second['pull']}/approve", DECIDED)
    assert await listed(directory, "back") == 7


async def test_how_much_may_go_unasked_is_for_its_keeper_to_say(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, *(a_service(f"limit {n}") for n in range(12)))
    body = {"url": url, "publisher": "A council", "hide_limit": 0.5}
    await directory.post("/feeds", body)
    del feed.services[:6]
    report = await directory.pull(url)
    assert (report["state"], report["counts"]["hidden"]) == ("done", 6)


@pytest.mark.parametrize("path", ["", "/lines", "/approve", "/reject"])
async def test_another_agency_does_not_learn_that_there_is_a_pull(
    directory: Directory, serve: Serve, path: str
) -> None:
    _, _, report = await half_gone(directory, serve, f"others{path}")
    made_up = f"/pulls/{an_id('made up')}{path}"
    real = f"/pulls/{report['pull']}{path}"
    if path in {"/approve", "/reject"}:
        one, other = [await directory.post(p, DECIDED, caller(OTHER)) for p in (real, made_up)]
    else:
        one, other = [await asked(directory, p, OTHER) for p in (real, made_up)]
    assert (one.status_code, one.content) == (404, other.content)
    assert await listed(directory, f"others{path}") == 12


async def test_everything_a_pull_did_is_a_line_of_its_report(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(
        serve, a_service("line a"), a_service("line b", email="none"), a_service("x", name="")
    )
    first = await directory.pull(url)
    lines = (await asked(directory, f"/pulls/{first['pull']}/lines"))["lines"]
    assert sorted(line["what"] for line in lines) == ["added", "added", "failed", "noted"]
    assert [line["number"] for line in lines] == [1, 2, 3, 4]
    feed.services[0] = a_service("line a", description="Other words.")
    second = await directory.pull(url)
    [changed] = (await asked(directory, f"/pulls/{second['pull']}/lines", what="changed"))["lines"]
    assert (changed["name"], changed["said"]) == ("Example line a", ["description"])


async def test_a_record_knows_where_it_came_from(directory: Directory, serve: Serve) -> None:
    _, url = await a_feed(serve, a_service("origin", last_modified="2026-01-02T03:04:05", email="none"))
    report = await directory.pull(url)
    found = await asked(directory, f"/services/{an_id('origin')}/provenance")
    assert (found["feed"], found["url"], found["shape"]) == (report["feed"], url, "open_referral_uk_3")
    assert (found["source_id"], found["source_modified"]) == (an_id("origin"), "2026-01-02T03:04:05Z")
    assert {said["what"] for said in found["pulls"]} == {"added", "noted"}
    assert found["pulled_at"] is not None
    public = await directory.get(f"/services/{an_id('origin')}")
    assert public["source"]["publisher"] == "A council"
    assert (await directory.http.get(f"/services/{an_id('origin')}/provenance")).status_code == 401


@given(vanished=st.integers(0, 10_000), listed=st.integers(0, 10_000), share=st.decimals(0, 1, places=2))
def test_what_waits_is_more_than_a_few_and_more_than_the_share(
    vanished: int, listed: int, share: Decimal
) -> None:
    waits = rules.needs_approval(vanished=vanished, listed=listed, limit=share, met_again=1)
    assert waits == (vanished > 3 and vanished > share * listed)
    anothers = rules.needs_approval(vanished=vanished, listed=listed, limit=share, met_again=0)
    assert anothers == (vanished > 0)
