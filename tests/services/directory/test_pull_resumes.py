"""Go on with a pull that was cut off: by an error, for lack of time, or with the process that was at it."""

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from fastapi import Response

from services.directory.jobs.keep import pull_due
from services.directory.jobs.pull import Errand, pull
from services.directory.jobs.turns import each, within
from tests.services.directory.conftest import Directory, Serve, caller
from tests.services.directory.feeds import a_feed, a_service, an_id

INSIDE = frozenset({"127.0.0.1"})


def pages_asked(asked: list[str]) -> list[str]:
    return [path.rpartition("=")[2] for path in asked if path.startswith("/services?page")]


async def test_a_pull_that_broke_off_goes_on_at_the_page_it_had_reached(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(serve, *(a_service(f"broken {n}") for n in range(9)), per_page=3)
    feed.answers["/services?page=3"] = lambda: Response(status_code=500)
    first = await directory.pull(url)
    assert (first["state"], first["complete"], first["counts"]["read"]) == ("broken_off", False, 6)
    del feed.answers["/services?page=3"]
    feed.asked.clear()
    second = await directory.pull(url)
    assert pages_asked(feed.asked) == ["1", "3"]  # 1: is it there at all?
    assert (second["pull"], second["state"]) == (first["pull"], "done")
    assert (second["counts"]["read"], second["counts"]["added"], second["counts"]["hidden"]) == (9, 9, 0)


async def test_what_moved_to_a_page_already_read_is_not_taken_for_gone(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(serve, *(a_service(f"moved {n}") for n in range(6)), per_page=2)
    await directory.pull(url)
    feed.answers["/services?page=2"] = lambda: Response(status_code=500)
    await directory.pull(url)
    del feed.answers["/services?page=2"]
    feed.services.pop(0)  # everything behind it moves up: number 2 is on page 1 now
    report = await directory.pull(url)
    assert (report["state"], report["counts"]["hidden"]) == ("done", 0)
    assert f"/services/{an_id('moved 2')}" in feed.asked
    assert (await directory.pull(url))["counts"]["hidden"] == 1


async def test_a_pull_left_for_lack_of_time_is_finished_in_the_background(
    directory: Directory, serve: Serve
) -> None:
    _, url = await a_feed(serve, *(a_service(f"left {n}") for n in range(6)), per_page=2)
    turn = each(directory.database, caller(), "test")
    report = await pull(turn, Errand(url, "A council", longest=0, inside=INSIDE))
    assert (report.state, report.complete) == ("left", False)
    [finished] = await pull_due(directory.database, INSIDE)
    assert (finished.pull, finished.state, finished.counts.added) == (report.pull, "done", 6)
    assert await pull_due(directory.database, INSIDE) == []


async def test_an_old_pull_is_not_gone_on_with(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, *(a_service(f"old {n}") for n in range(4)), per_page=2)
    feed.answers["/services?page=2"] = lambda: Response(status_code=500)
    first = await directory.pull(url)
    async with directory.transaction(caller()) as tx:
        await tx.run(
            "update directory.pull set started_at = started_at - cast(:ago as interval)",
            ago=timedelta(days=1),
        )
        await tx.commit()
    del feed.answers["/services?page=2"]
    second = await directory.pull(url)
    assert second["pull"] != first["pull"]
    assert second["counts"]["read"] == 4


CHILD = """
import asyncio, sys, json
from hub.database import Database
from services.directory.jobs.pull import Errand, pull
from services.directory.jobs.turns import each, keeper
place, url = sys.argv[1:]
async def main():
    database = Database(place, 2)
    errand = Errand(url, "A council", inside=frozenset({"127.0.0.1"}), longest=60)
    await pull(each(database, keeper("northshire-early-help"), "test"), errand)
asyncio.run(main())
"""


async def test_a_pull_whose_process_is_killed_is_taken_up_by_the_next(
    directory: Directory, serve: Serve
) -> None:
    feed, url = await a_feed(serve, *(a_service(f"killed {n}") for n in range(8)), per_page=2)
    reached, go_on = asyncio.Event(), asyncio.Event()
    feed.holds["/services?page=3"] = (reached, go_on)
    place = directory.database.engine.url.render_as_string(hide_password=False)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, place.replace("+asyncpg", ""), url, cwd=Path(__file__).parents[3]
    )
    await asyncio.wait_for(reached.wait(), 60)
    os.kill(child.pid, signal.SIGKILL)
    assert await child.wait() == -signal.SIGKILL
    go_on.set()
    feed.holds.clear()
    feed.asked.clear()
    report = await directory.pull(url)
    assert pages_asked(feed.asked) == ["1", "3", "4"]
    assert (report["state"], report["counts"]["read"], report["counts"]["added"]) == ("done", 8, 8)
    assert (await directory.pull(url))["counts"]["unchanged"] == 8


async def test_two_pulls_of_one_feed_do_not_meet(directory: Directory, serve: Serve) -> None:
    feed, url = await a_feed(serve, a_service("twice"))
    reached, go_on = asyncio.Event(), asyncio.Event()
    feed.holds["/services?page=1"] = (reached, go_on)
    body = {"url": url, "publisher": "A council"}
    one = asyncio.create_task(directory.post("/feeds", body))
    await reached.wait()
    refused = await directory.post("/feeds", body)
    go_on.set()
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/feed-being-pulled")
    assert (await one).json()["state"] == "done"


async def test_a_dry_run_keeps_nothing(directory: Directory, serve: Serve) -> None:
    _, url = await a_feed(serve, a_service("dry"))
    async with directory.database.transaction(caller(), "test", uuid4()) as tx:
        report = await pull(within(tx), Errand(url, "A council", inside=INSIDE))
    assert json.loads(report.model_dump_json())["counts"]["added"] == 1
    assert (await directory.http.get(f"/services/{an_id('dry')}")).status_code == 404
