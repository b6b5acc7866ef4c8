"""Measuring a hub. That it measures what it says, never how fast anything is."""

import asyncio
import itertools
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from deploy import postgres
from deploy.bench import directory, report, sharing, verify, withdraw
from deploy.bench.benchmarks import Name, measure
from deploy.bench.cases import refused
from deploy.bench.command import command
from deploy.bench.doors import Door, Question
from deploy.bench.meter import Meter, postmaster_of
from deploy.bench.stage import Stage, staged
from deploy.bench.turns import Measured, Open, Pace, Target, WrongAnswer, ratio, take_turns
from deploy.bench.wire import Reply, Wire, WireBroken
from deploy.bench.withdraw.measured import run as measure_withdrawals
from deploy.bench.withdraw.narrowings import NARROWINGS
from deploy.demo.partnership import CHARITY, EARLY_HELP
from deploy.place import Place

FAMILIES = 150
NO_METER = Meter((), None)
ROW = {"requests", "per_second", "p50_ms", "p99_ms", "server_us", "postgresql_us", "of_statement"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A PostgreSQL of its own: a benchmark gives the hub's roles other passwords, and wants it durable."""
    with postgres.running(durable=True) as server:
        yield Place(server.url, tmp_path_factory.mktemp("bench"), kept=False)


@pytest.fixture(scope="module")
async def stage(place: Place) -> AsyncIterator[Stage]:
    """A seeded hub in processes of its own.

    The directory and sharing give the hub's roles other passwords again: they come after what starts
    another process on this stage.
    """
    async with staged(place, FAMILIES, keep=False, progress=lambda _: None) as ready:
        yield ready


async def test_a_short_run_of_the_case_view_gives_every_figure(stage: Stage) -> None:
    result = await measure(Name.CASE, stage, FAMILIES, Pace(1, 0.01))
    rows = {group: set(result["figures"][group]) for group in ("at_1", "at_16", "statement_at_1")}
    ways = {"statement", "service", "gateway", "gateway_apart", "assessment", "graphql"}
    assert rows["at_1"] == rows["at_16"] == ways
    assert rows["statement_at_1"] == {"statement", "without_trace", "without_policy", "without_either"}
    check_shape(result)


async def test_a_short_run_of_receiving_concerns_gives_every_figure(stage: Stage) -> None:
    result = await measure(Name.CONCERN, stage, FAMILIES, Pace(1, 0.01))
    assert result["figures"]["durable"] is True
    assert set(result["figures"]["at_16"]) == {"statement", "service", "gateway", "gateway_apart"}
    check_shape(result)


async def test_a_short_run_of_the_proof_gives_every_figure_and_no_gap(stage: Stage) -> None:
    found = await verify.run(stage, Pace(1, 0.6), entries=2_000)
    assert found["entries_per_second"] > 0
    for load in (found["checkpoints"]["one_a_statement"], found["checkpoints"]["fifty_a_statement"]):
        assert load["disclosures"] > 0
        assert load["checkpoints"] > 0
        assert load["longest_gap_ms"] > 0
        assert load["most_waiting"] >= 0
    assert found["violations"] == sum(
        load["longest_gap_ms"] > 1_000 for load in found["checkpoints"].values()
    )


async def test_a_short_run_of_withdrawals_looks_every_way_and_sees_nothing_late(stage: Stage) -> None:
    told = list[float]()
    here = replace(stage, tell=told.append)
    found = await measure_withdrawals(here, Pace(1, 0.1), withdraw.Load(before=10, after=10, late=10))
    late = {
        name: row["shown_after"]
        for by in ("by_narrowing", "by_way")
        for name, row in found[by].items()
        if row["shown_after"]
    }
    assert (found["violations"], late) == (0, {})
    assert found["begun_after"] >= 10 * len(NARROWINGS)
    assert {row["shown"] > 0 for row in found["by_way"].values()} == {True}
    assert max(told) <= 0.1
    report.show("withdraw", found, {})


async def test_a_short_run_of_the_directory_checks_its_answers_and_gives_every_figure(place: Place) -> None:
    result = await directory.measured(place, 2000, Pace(1, 0.01), keep=False, progress=lambda _: None)
    figures = result["figures"]
    assert figures["searches"] > 0
    assert set(figures["search"]) == set(figures["ndjson"]) == {"among_200", "among_2000"}
    assert figures["ndjson"]["among_2000"]["lines"] > 9 * figures["ndjson"]["among_200"]["lines"]
    report.show(**result)


async def test_a_short_run_of_sharing_prices_the_policy_at_both_sizes(place: Place) -> None:
    result = await sharing.measured(
        place, 300, Pace(1, 0.01), keep=False, progress=lambda _: None, fewest=100
    )
    figures = result["figures"]
    assert (figures["small"], figures["large"]) == (100, 300)
    assert set(figures["readings"]) == {
        f"{what}{traced}" for what in ("case", "case_of_1,000", "page_of_50") for traced in ("", ",_traced")
    }
    assert {row["policy_costs_large"] > 0 for row in figures["readings"].values()} == {True}
    report.show(**result)


def check_shape(result: dict[str, Any]) -> None:
    """One JSON object: name, figures, machine; and a table can be made of it."""
    assert set(json.loads(json.dumps(result))) == {"name", "figures", "machine"}
    groups: list[dict[str, Any]] = [group for group in result["figures"].values() if isinstance(group, dict)]
    for row in itertools.chain.from_iterable(group.values() for group in groups):
        assert set(row) >= ROW
        assert row["requests"] > 0
        assert row["per_second"] > 0
    report.show(**result)


async def test_a_run_stops_where_a_stranger_is_shown_a_case(stage: Stage) -> None:
    household = await stage.administrator.fetchval(
        "select c.subject from hub.caseload c join referral.household h on h.id = c.subject"
        " where c.agency = $1 and not exists ("
        "select from hub.share s where s.subject = c.subject and s.agency = $2) limit 1",
        EARLY_HELP.id,
        CHARITY.id,
    )
    real, made_up = (
        Question(b"GET", f"/referral/households/{one}/case".encode())
        for one in (household, "00000000-0000-4000-8000-000000000000")
    )
    await refused(stage.gateway(CHARITY), real, made_up)
    with pytest.raises(WrongAnswer, match="stranger"):
        await refused(stage.gateway(EARLY_HELP), real, made_up)


def test_without_a_name_the_command_lists_what_there_is() -> None:
    alone = typer.Typer()
    alone.command()(command)
    assert set(json.loads(CliRunner().invoke(alone, ["--json"]).stdout)["benchmarks"]) >= {
        "case",
        "concern",
        "directory",
    }
    assert "case view" in CliRunner().invoke(alone, []).stdout


@asynccontextmanager
async def answering(*pieces: bytes) -> AsyncGenerator[Wire]:
    """A connection to a server that answers everything with these pieces, and then hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    wire = await Wire.to(*server.sockets[0].getsockname()[:2])
    yield wire
    wire.close()
    server.close()
    await server.wait_closed()


async def test_an_answer_without_a_body_leaves_the_connection_to_the_next() -> None:
    async with answering(b"HTTP/1.1 204 No Content\r\nserver: it\r\n\r\n") as wire:
        assert wire.idle
        assert await wire.ask(b"GET / HTTP/1.1\r\n\r\n") == Reply(204, b"")


async def test_an_answer_may_come_in_pieces() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\nContent-", b"Length: 5\r\n\r\nhe", b"llo") as wire:
        assert await wire.ask(b"GET / HTTP/1.1\r\n\r\n") == Reply(200, b"hello")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\ncut short",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello",
    ],
)
async def test_an_answer_it_cannot_read_is_an_error(answer: bytes) -> None:
    async with answering(answer) as wire:
        with pytest.raises(WireBroken):
            await wire.ask(b"GET / HTTP/1.1\r\n\r\n")


def test_a_question_says_its_body_and_its_authorization() -> None:
    written = Question(b"POST", b"/x", b"accept: */*\r\n", b"{}").written(b"t0k3n")
    assert written.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"\r\nauthorization: Bearer t0k3n\r\n" in written
    assert written.endswith(b"content-length: 2\r\n\r\n{}")


@pytest.mark.parametrize("reply", [Reply(404, b"12345"), Reply(200, b"1234")])
def test_another_status_or_length_is_a_wrong_answer(reply: Reply) -> None:
    with pytest.raises(WrongAnswer):
        Question(b"GET", b"/", length=5).check(reply)


async def test_targets_are_asked_in_turns_and_probed_before_each() -> None:
    heard: list[str] = []

    def target(name: str) -> Target:
        async def ask() -> None:
            await asyncio.sleep(0.001)
            heard.append(name)

        async def probe() -> None:
            heard.append(f"probe {name}")

        @asynccontextmanager
        async def opened(connections: int) -> AsyncGenerator[Open]:
            yield Open([ask] * connections, probe)

        return Target(name, opened)

    async def settled() -> None:
        heard.append("settled")

    measured = await take_turns([target("a"), target("b")], 2, Pace(2, 0.005), NO_METER, settled)
    turns = [one for one, before in zip(heard, ["", *heard], strict=False) if one != before]
    once = ["probe a", "a", "settled", "probe b", "b", "settled"]
    assert turns[-2 * len(once) :] == once * 2
    assert len(measured["a"].rates) == 2
    assert measured["a"].figures()["server_us"] is None


def test_a_ratio_is_taken_within_a_round() -> None:
    measured = {"one": Measured([50, 10, 200]), "other": Measured([100, 20, 100])}
    assert ratio(measured, "one", "other") == 0.5


def test_no_turn_is_long_enough_for_a_token_to_run_out() -> None:
    assert Pace.of(2).rounds == 3
    assert Pace.of(600).seconds <= 5


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells")
def test_the_meter_counts_what_children_used_and_have_ended() -> None:
    meter = Meter((os.getpid(),), os.getpid())
    before = meter.read()
    subprocess.run([sys.executable, "-c", "sum(range(8_000_000))"], check=True)
    after = meter.read()
    assert before
    assert after
    assert after.since(before).server >= 50_000
    assert postmaster_of(os.getpid()) is None


async def test_a_door_asks_with_a_fresh_authorization() -> None:
    given = iter(["first", "second"])

    async def renew() -> str:
        return next(given)

    door = Door("http://127.0.0.1:1", renew)
    await door.refresh()
    await door.refresh()
    assert door.authorization == b"second"
