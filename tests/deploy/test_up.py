"""`hub up`: a whole hub that a newcomer can ask within a minute, and that leaves nothing behind."""

import json
import signal
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy import place, postgres
from deploy.many import free_port
from tests.deploy.conftest import HUB, ROOT, Command, environment, shell

CLIENT = "northshire-early-help"


@dataclass(frozen=True)
class Up:
    """A hub that is up, in a process of its own."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]
    variables: dict[str, str]

    def stopped_by(self, number: int) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def _up(cache: Path, *words: str, **more: str) -> Generator[Up]:
    places = ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "TMPDIR")
    variables = {**dict.fromkeys(places, str(cache)), **more}
    with (
        (cache / "said").open("w") as said,
        subprocess.Popen(  # noqa: S603  # the command is ours
            [*HUB, "up", "--json", *words],
            cwd=ROOT,
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            printed = _object(process.stdout)
            assert printed, (cache / "said").read_text()
            yield Up(process, json.loads(printed), variables)
        finally:
            process.terminate()


def _object(lines: Any) -> str:
    """One JSON object from a stream that stays open."""
    text = ""
    for line in lines:
        text += line
        if line == "}\n":
            break
    return text


@pytest.fixture(scope="module")
def cache() -> Iterator[Path]:
    """Where this file's hubs keep everything. Not pytest's: PostgreSQL runs as another user under root."""
    with tempfile.TemporaryDirectory(prefix="early-help-hub-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def up(cache: Path) -> Iterator[Up]:
    """A hub that keeps its data and knows the story."""
    with _up(cache, "--port", str(free_port()), "--data", str(cache / "data")) as hub:
        yield hub


def test_what_the_banner_says_to_try_works_in_a_second_shell(up: Up) -> None:
    token, question, by_office = up.facts["commands"]
    asked = shell("bash", "-euc", f"{token}\n{question} --fail --silent", **up.variables)
    assert asked.returncode == 0, asked.stderr
    assert up.facts["household"] in asked.stdout
    assert "Practitioner: " in question
    overseen = shell("bash", "-euc", f"{by_office}\n{question} --fail --silent", **up.variables)
    assert up.facts["household"] in overseen.stdout, overseen.stderr
    assert httpx.get(up.facts["documentation"]).is_success


def test_a_token_is_all_that_is_printed(up: Up) -> None:
    said = shell(*HUB, "token", CLIENT, **up.variables)
    assert said.stderr == "It lasts 5 minutes, then ask again.\n"
    assert (
        httpx.get(f"{up.facts['url']}/disclosures", headers=_bearer(said.stdout.strip())).is_success is False
    )
    households = httpx.get(f"{up.facts['url']}/referral/households", headers=_bearer(said.stdout.strip()))
    assert households.status_code == 200


async def test_a_token_may_be_for_less(up: Up, command: Command) -> None:
    words = ("--scope", "plans:read", "--purpose", "safeguarding", "--json")
    said = await command("token", CLIENT, *words, **up.variables)
    assert json.loads(said.out)["scope"] == "plans:read purpose:safeguarding"


async def test_an_unknown_client_is_told_which_there_are(up: Up, command: Command) -> None:
    said = await command("token", "nobody", **up.variables)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("ClientUnknown: There is no client nobody.")
    assert "oakfield-primary" in said.err


async def test_a_scope_it_may_not_have_is_refused(up: Up, command: Command) -> None:
    said = await command("token", "harbour-family-charity", "--scope", "referrals:triage", **up.variables)
    assert said.code == 1
    assert said.err.startswith("TokenRefused: ")
    assert "Traceback" not in said.err


async def test_its_log_is_exported_verified_and_witnessed_twice(
    up: Up, command: Command, tmp_path: Path
) -> None:
    log, state = str(tmp_path / "log.jsonl"), str(tmp_path / "witness.json")
    for more in ([], ["--data", up.facts["data"]]):
        exported = await command("audit", "export", log, *more, **up.variables)
        assert exported.code == 0, exported.err
    assert (await command("audit", "verify", log)).code == 0
    for hub in ([], [up.facts["url"]]):
        words = ("audit", "witness", *hub, "--client", "northshire-police", "--state", state)
        watched = await command(*words, **up.variables)
        assert watched.code == 0, watched.err
    stranger = ("audit", "witness", "http://127.0.0.1:1", "--client", "a", "--state", state)
    assert (await command(*stranger, **up.variables)).err.startswith("KeyNeeded: ")


async def test_the_register_is_that_of_the_hub_that_is_up(up: Up, command: Command) -> None:
    ours = ("--data", up.facts["data"])
    for words in (("agency", "list"), ("client", "list", *ours)):
        assert "oakfield-primary" in (await command(*words, **up.variables)).out
    for words in (("suspend", "school-nursing"), ("restore", "school-nursing")):
        assert (await command("client", *words, *ours, **up.variables)).code == 0
    nowhere = await command("client", "list", "--data", "/nowhere", **up.variables)
    assert nowhere.err.startswith("NoHubRunning: No hub of yours is running on /nowhere.")


async def test_a_second_hub_on_the_same_data_is_refused(up: Up, command: Command) -> None:
    again = ("up", "--port", str(free_port()), "--data", up.facts["data"])
    said = await command(*again, **up.variables)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("HubAlreadyUp: A hub is already up on")
    assert up.facts["url"] in said.err


async def test_a_taken_port_is_named(up: Up, command: Command) -> None:
    port = up.facts["url"].rpartition(":")[2]
    said = await command("up", "--port", port, **up.variables)
    assert said.code == 1
    assert said.err.startswith(f"PortTaken: Port {port} on 127.0.0.1 is taken.")


def test_its_secrets_are_for_its_owner_alone(up: Up) -> None:
    for name in ("keys.json", "clients.json", "password"):
        assert (Path(up.facts["data"]) / name).stat().st_mode & 0o077 == 0


def test_stopped_it_ends_with_0_and_started_again_it_still_knows_the_family(up: Up, cache: Path) -> None:
    assert up.stopped_by(signal.SIGTERM) == 0
    assert "Traceback" not in (cache / "said").read_text()
    said = shell(*HUB, "token", CLIENT, **up.variables)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("NoHubRunning: ")
    with _up(cache, "--port", str(free_port()), "--data", up.facts["data"]) as again:
        assert again.facts["household"] == up.facts["household"]
        token = shell(*HUB, "token", CLIENT, **up.variables).stdout.strip()
        case = f"{again.facts['url']}/referral/households/{again.facts['household']}/case"
        assert httpx.get(case, headers=_bearer(token)).status_code == 200
        assert again.stopped_by(signal.SIGINT) == 0


async def test_on_a_server_of_ones_own_nothing_starts_that_would_shut_out_a_hub_at_work(
    cache: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "FAREWELL", 0)
    with postgres.running(durable=False) as server:
        given = {"HUB_DATABASE_URL": server.url}
        with _up(cache, "--empty", "--port", str(free_port()), **given) as hub:
            assert hub.facts["household"] is None
            said = await command("seed", "--families", "1", **hub.variables)
            assert said.code == 1
            assert said.err.startswith("HubAtWork: Another hub works on this server")
            assert hub.stopped_by(signal.SIGTERM) == 0


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
