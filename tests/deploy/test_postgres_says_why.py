"""What keeps the embedded PostgreSQL from starting, each by its name."""

import socket
from pathlib import Path

import pytest

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
    account,
    binaries,
    running,
)
from tests.deploy.embedded import ask


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


def test_every_reason_can_be_caught_as_one() -> None:
    assert issubclass(DataFolderInUse, CannotStart)
