"""The embedded PostgreSQL: it starts anywhere, keeps what it was given, and never outlives us."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

import deploy
from deploy.postgres import (
    DataFolderInUse,
    account,
    running,
)
from deploy.postgres.server import PATIENCE
from tests.deploy.embedded import ask

HUB = """
import sys, time
from pathlib import Path
from deploy.postgres import lifeline, running
lifeline.KERNEL_TELLS_CHILDREN = sys.argv[2] == "kernel"
with running(Path(sys.argv[1]), durable=False) as server:
    print(server.port, flush=True)
    time.sleep(600)
"""


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
