"""The note of a running hub: a second shell finds it, nobody else reads it, and no dead hub is found."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import whereabouts
from deploy.whereabouts import NoHubRunning, SeveralHubsRunning, Whereabouts
from tests.deploy.conftest import ROOT, environment

HERE = Whereabouts("http://127.0.0.1:8000", 8000, "/somewhere")
THERE = Whereabouts("http://127.0.0.1:8001", 8001, "/elsewhere")
NOTING = """
import sys, time
from deploy.whereabouts import Whereabouts, noted
with noted(Whereabouts("http://127.0.0.1:8000", 8000, "/somewhere")):
    print("noted", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder of this test's own, and no other place to look."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return tmp_path


def test_a_running_hub_is_found_and_gone_when_it_stops() -> None:
    with whereabouts.noted(HERE):
        assert whereabouts.find() == HERE
    with pytest.raises(NoHubRunning, match="hub up"):
        whereabouts.find()


def test_one_of_several_is_found_by_its_port() -> None:
    with whereabouts.noted(HERE), whereabouts.noted(THERE):
        assert whereabouts.find(8001) == THERE
        with pytest.raises(SeveralHubsRunning, match=r"`--port 8000` .*`--port 8001`"):
            whereabouts.find()
        with pytest.raises(NoHubRunning, match="port 9000"):
            whereabouts.find(9000)


def test_one_of_several_is_found_by_its_folder_which_whoever_asks_is_told() -> None:
    each = r"`--data /somewhere` \(.*:8000\), `--data /elsewhere` \(.*:8001\)"
    with whereabouts.noted(HERE), whereabouts.noted(THERE):
        with pytest.raises(SeveralHubsRunning, match=each):
            whereabouts.keeping(None)
        assert whereabouts.keeping(Path(THERE.folder)) == THERE


def test_nobody_else_can_read_it(cache: Path) -> None:
    with whereabouts.noted(HERE):
        [note] = cache.glob("early-help-hub/*")
        assert note.stat().st_mode & 0o777 == 0o600
        assert note.parent.stat().st_mode & 0o777 == 0o700


def test_a_hub_that_was_killed_is_not_found_and_its_note_swept_away(cache: Path) -> None:
    hub = subprocess.Popen(  # noqa: S603  # the command is ours
        [sys.executable, "-c", NOTING],
        cwd=ROOT,
        env=environment(XDG_CACHE_HOME=str(cache)),
        stdout=subprocess.PIPE,
    )
    assert hub.stdout is not None
    hub.stdout.readline()
    assert whereabouts.find() == HERE
    hub.send_signal(signal.SIGKILL)
    hub.wait()
    hub.stdout.close()
    assert whereabouts.running() == []
    assert list(cache.glob("early-help-hub/*.json")) == []


def test_a_folder_that_others_can_write_to_is_not_believed(cache: Path) -> None:
    place = cache / "early-help-hub"
    place.mkdir(mode=0o700)
    with whereabouts.noted(HERE):
        place.chmod(0o777)
        assert whereabouts.running() == []
        place.chmod(0o700)


def test_without_a_home_the_temporary_folder_serves(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    monkeypatch.setenv("HOME", "/proc/nowhere")
    with whereabouts.noted(HERE):
        assert whereabouts.find() == HERE
        [note] = cache.glob("tmp/early-help-hub-*/8000.json")
        assert json.loads(note.read_text())["port"] == 8000
