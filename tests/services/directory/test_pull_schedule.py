"""Pull feeds by themselves: when they are due, only what has changed, and no sooner than they ask."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import Response
from hypothesis import given
from hypothesis import strategies as st

from services.directory.jobs.keep import pull_due
from services.directory.rules import feeds as rules
from tests.services.directory.conftest import OTHER, Directory, Serve, caller
from tests.services.directory.feeds import a_feed, a_service, an_id

INSIDE = frozenset({"127.0.0.1"})


async def kept(directory: Directory, url: str, every: int = 60) -> str:
    """Pull a feed and have it pulled by itself from now on."""
    body = {"url": url, "publisher": "A council", "every_minutes": every}
    answer = await directory.post("/feeds", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["feed"]


async def make_due(directory: Directory, feed: str) -> None:
    async with directory.transaction(caller()) as tx:
        await tx.run(
            "update directory.feed set next_pull_at = now() where id = cast(:feed as uuid)", feed=feed
        )
        await tx.commit()


async def shown(directory: Directory, feed: str) -> Any:
    token = directory.signer.sign(caller(), "directory")
    answer = await directory.http.get(f"/feeds/{feed}", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return answer.json()


async def test_a_feed_is_pulled_when_it_is_due_and_not_before(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, a_service("due"))
    own = await kept(directory, url)
    feed.services.append(a_service("due later"))
    assert await pull_due(directory.database, INSIDE) == []
    await make_due(directory, own)
    [report] = await pull_due(directory.database, INSIDE)
    assert (report.counts.added, report.counts.unchanged) == (1, 1)
    again = datetime.fromisoformat((await shown(directory, own))["next_pull_at"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < again < timedelta(minutes=67)


async def test_a_page_that_has_not_changed_is_not_sent_again(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, *(a_service(f"page {n}") for n in range(4)), per_page=2)
    feed.etags = True
    own = await kept(directory, url)
    await make_due(directory, own)
    [same] = await pull_due(directory.database, INSIDE)
    assert (same.counts.read, same.counts.unchanged, same.counts.hidden) == (4, 4, 0)
    feed.services[3] = a_service("page 3", alert="New.")
    feed.answers["/services?page=1"] = lambda: Response(status_code=304)
    await make_due(directory, own)
    [changed] = await pull_due(directory.database, INSIDE)
    assert (changed.counts.changed, changed.counts.unchanged, changed.counts.hidden) == (1, 3, 0)
    assert "if-none-match" in feed.headers[-3]


async def test_a_feed_that_fails_is_tried_later_and_later(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, a_service("fails"))
    own = await kept(directory, url, every=10_000)
    feed.answers["/services?page=1"] = lambda: Response(status_code=500)
    waits: list[timedelta] = []
    for failures in (1, 2, 3):
        await make_due(directory, own)
        assert await pull_due(directory.database, INSIDE) == []
        known = await shown(directory, own)
        assert known["failures"] == failures
        assert known["last_error"].endswith("/services: the answer was 500.")
        waits.append(datetime.fromisoformat(known["next_pull_at"]) - datetime.now(UTC))
    assert waits[0] < waits[1] < waits[2] < timedelta(minutes=25)
    del feed.answers["/services?page=1"]
    await make_due(directory, own)
    assert len(await pull_due(directory.database, INSIDE)) == 1
    assert (await shown(directory, own))["failures"] == 0


@pytest.mark.parametrize("page", [1, 2])
async def test_a_feed_that_asks_for_patience_gets_it(directory: Directory, serve: Serve, page: int) -> None:
    feed, url = await a_feed(serve, *(a_service(f"busy {page} {n}") for n in range(4)), per_page=2)
    own = await kept(directory, url)
    feed.answers[f"/services?page={page}"] = lambda: Response(
        status_code=429, headers={"retry-after": "7200"}
    )
    await make_due(directory, own)
    await pull_due(directory.database, INSIDE)
    again = datetime.fromisoformat((await shown(directory, own))["next_pull_at"]) - datetime.now(UTC)
    assert timedelta(seconds=7190) < again <= timedelta(seconds=7210)


async def test_a_short_wait_is_waited(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, *(a_service(f"short {n}") for n in range(4)), per_page=2)
    answers = [Response(status_code=503, headers={"retry-after": "0"})]
    feed.answers["/services?page=2"] = lambda: answers.pop() if answers else feed.whole(2)
    assert (await directory.pull(url))["counts"]["added"] == 4


async def test_the_terms_of_a_feed_are_pulled_too_with_those_above_them(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(serve, a_service("with terms"))
    taxonomy = {"id": an_id("tax"), "name": "Example words", "description": "Words."}
    child = {
        "id": an_id("child"),
        "name": "Example child word",
        "taxonomy_id": an_id("tax"),
        "taxonomy": "Example words",
        "parent": {"id": an_id("parent"), "name": "Example parent word", "description": "Above."},
    }
    feed.listed["taxonomies"] = [taxonomy]
    feed.listed["taxonomy_terms"] = [child, {"id": an_id("nameless")}, None]
    await directory.pull(url)
    shown = await directory.get(f"/taxonomy_terms/{an_id('child')}")
    assert shown["parent_id"] == an_id("parent")
    assert (await directory.get(f"/taxonomy_terms/{an_id('parent')}"))["description"] == "Above."
    assert (await directory.get(f"/taxonomies/{an_id('tax')}"))["description"] == "Words."


async def test_only_its_keeper_changes_how_a_feed_is_kept(directory: Directory, serve: Serve) -> None:
    _, url = await a_feed(serve, a_service("settings"))
    own = await kept(directory, url)

    async def change(agency: Any, body: dict[str, Any]) -> Any:
        token = directory.signer.sign(caller(agency), "directory")
        headers = {"authorization": f"Bearer {token}", "idempotency-key": an_id(str(body) + agency)}
        return await directory.http.patch(f"/feeds/{own}", json=body, headers=headers)

    assert (await change(OTHER, {"every_minutes": 30})).json()["type"] == "/problems/feed-of-another"
    assert (await change(caller().agency, {"every_minutes": 1})).status_code == 422
    changed = (await change(caller().agency, {"every_minutes": None, "hide_limit": 0.5})).json()
    assert (changed["every_minutes"], changed["next_pull_at"], changed["hide_limit"]) == (None, None, 0.5)


@given(
    every=st.none() | st.timedeltas(timedelta(minutes=5), timedelta(days=31)),
    failures=st.integers(0, 10_000),
    asked=st.floats(0, 86_400),
    chance=st.floats(0, 1),
)
def test_a_feed_is_never_pulled_sooner_than_it_asks(
    every: timedelta | None, failures: int, asked: float, chance: float
) -> None:
    now = datetime.now(UTC)
    again = rules.next_pull(now, every, failures, asked, chance)
    if again is None:
        assert every is None
        assert not failures
        return
    assert again - now >= timedelta(seconds=asked)
    assert again - now >= min(every or timedelta(days=99), timedelta(minutes=5))
    longest = (every or timedelta(0)) if not failures else rules.LONGEST_WAIT
    assert again - now <= max(longest * 1.11, timedelta(seconds=asked), rules.FIRST_WAIT * 1.11)
