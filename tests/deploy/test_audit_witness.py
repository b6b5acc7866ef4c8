"""`hub audit witness`: another agency cosigns a log that grew, and names one that did not."""

import asyncio
import json
import signal
import stat
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from joserfc.jwk import OKPKey

from deploy import local
from deploy.demo.partnership import OAKFIELD, PARTNERSHIP, POLICE
from gateway.audit import signer_of
from hub.proof import Signer, Tree, cosigned, verify
from tests.deploy.conftest import HUB, ROOT, Command, Said, environment, new_database
from tests.gateway.logged import all_sequenced, looked_at
from tests.people import KEYS, Partner, Room, introduce


@pytest.fixture(scope="module")
async def watched(
    server: dict[str, Any], worker_id: str, fresh_keys: dict[str, str]
) -> AsyncIterator[local.Running]:
    """A hub whose log is tampered with by nobody but this file."""
    url = await new_database(server, f"hub_watched_{worker_id}", "template_hub")
    async with local.in_one_process(url, fresh_keys, secrets_of_roles=server["roles"]) as running:
        await introduce(running.settings["gateway"])
        yield running


@pytest.fixture
async def superuser(watched: local.Running) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who can write the whole database."""
    connection = await asyncpg.connect(watched.database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def grown(watched: local.Running, superuser: asyncpg.Connection) -> int:
    """The log with something more in it; its size."""
    async with httpx.AsyncClient(base_url=watched.url, timeout=30) as http:
        await looked_at(Room({a.id: Partner(a, KEYS[a.client], http, watched.url) for a in PARTNERSHIP}))
    await all_sequenced(superuser)
    return await superuser.fetchval("select max(size) from hub.checkpoint")


@pytest.fixture
def words(watched: local.Running, tmp_path: Path) -> list[str]:
    """How the police call the command: with their key, and a file for what they cosigned."""
    (tmp_path / "police.key").write_text(KEYS[POLICE.client].written())
    options = {"client": POLICE.client, "key": tmp_path / "police.key", "state": tmp_path / "witness.json"}
    given = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return ["audit", "witness", watched.url, *given, "--name", "northshire-police.example/witness"]


async def _witnessed(command: Command, words: list[str]) -> dict[str, Any]:
    said = await command(*words, "--json")
    assert said.code == 0, said.err
    return json.loads(said.out)


def _wrong(said: Said) -> str:
    """What a machine is told is wrong, once a person is told the same."""
    assert said.code == 1
    found = json.loads(said.out)
    assert said.err.startswith(f"{found['wrong']}: {found['words']}")
    return found["wrong"]


async def test_cosigns_the_checkpoint_and_later_what_grew_out_of_it(
    command: Command, words: list[str], watched: local.Running, grown: int, superuser: asyncpg.Connection
) -> None:
    first = await _witnessed(command, words)
    assert (first["size"], first["before"]) == (grown, None)
    async with httpx.AsyncClient(base_url=watched.url) as http:
        served = (await http.get("/audit/checkpoint", params={"witnessed": "true"})).text
        [named] = (await http.get("/audit/witnesses")).json()
    assert verify(served, first["log_key"]).size == grown
    assert cosigned(served, named["key"])[1] == first["at"]
    again = await command(*words)
    assert (again.code, again.err) == (0, "")
    assert again.out.endswith(f"{grown} leaves cosigned, 0 more than before.\n")


async def test_keeps_what_it_cosigned_for_its_owner_alone(
    command: Command, words: list[str], grown: int, tmp_path: Path
) -> None:
    await _witnessed(command, words)
    file = tmp_path / "witness.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = json.loads(file.read_text())
    assert verify(kept["note"], kept["log_key"]).size == grown


async def test_names_a_log_that_went_back(
    command: Command, words: list[str], grown: int, superuser: asyncpg.Connection
) -> None:
    await _witnessed(command, words)
    gone = await superuser.fetch("delete from hub.checkpoint where size = $1 returning *", grown)
    try:
        assert _wrong(await command(*words, "--json")) == "LogRolledBack"
    finally:
        await superuser.executemany(
            "insert into hub.checkpoint (size, root, frontier, note, at) values ($1, $2, $3, $4, $5)",
            [tuple(row[name] for name in ("size", "root", "frontier", "note", "at")) for row in gone],
        )
    assert (await _witnessed(command, words))["before"] == grown


async def test_names_a_log_that_is_another_signed_with_the_same_key(
    command: Command, words: list[str], grown: int, superuser: asyncpg.Connection, watched: local.Running
) -> None:
    await _witnessed(command, words)
    fork, signer = Tree(), signer_of(watched.settings["gateway"])
    nodes = fork.grow(bytes(32) for _ in range(grown + 7))
    async with _instead(superuser, fork, signer):
        await superuser.execute("create temp table kept as select * from hub.tree_node")
        await superuser.execute("delete from hub.tree_node")
        await superuser.executemany(
            "insert into hub.tree_node (level, index, hash) values ($1, $2, $3)",
            [(place.level, place.number, each) for place, each in nodes],
        )
        try:
            assert _wrong(await command(*words, "--json")) == "LogForked"
        finally:
            await superuser.execute("delete from hub.tree_node")
            await superuser.execute("insert into hub.tree_node select * from kept")
    assert (await _witnessed(command, words))["before"] == grown


async def test_names_a_checkpoint_that_another_key_signed(
    command: Command, words: list[str], grown: int, superuser: asyncpg.Connection, watched: local.Running
) -> None:
    await _witnessed(command, words)
    tree, real = Tree(), signer_of(watched.settings["gateway"])
    tree.extend(bytes(32) for _ in range(grown + 9))
    async with _instead(superuser, tree, Signer(real.origin, OKPKey.generate_key("Ed25519"))):
        assert _wrong(await command(*words, "--json")) == "SignatureWrong"


async def test_believes_no_hub_whose_key_is_not_the_one_it_was_told(
    command: Command, words: list[str], grown: int, tmp_path: Path
) -> None:
    other = Signer("hub.example/audit", OKPKey.generate_key("Ed25519")).verifier_key()
    assert _wrong(await command(*words, "--json", "--log-key", other)) == "SignatureWrong"
    assert json.loads((tmp_path / "witness.json").read_text())["note"] is None


async def test_says_that_a_hub_does_not_answer_and_which_file_is_not_its_own(
    command: Command, words: list[str], grown: int, tmp_path: Path
) -> None:
    away = [*words[:2], "http://127.0.0.1:9", *words[3:]]
    assert _wrong(await command(*away, "--json")) == "HubDoesNotAnswer"
    (tmp_path / "witness.json").write_text("{}")
    said = await command(*words)
    assert (said.code, said.err.partition(":")[0]) == (1, "WitnessFileNotUsable")


async def test_an_agency_that_may_not_witness_is_told(
    command: Command, words: list[str], grown: int, tmp_path: Path
) -> None:
    (tmp_path / "police.key").write_text(KEYS[OAKFIELD.client].written())
    words[words.index("--client") + 1] = OAKFIELD.client
    said = await command(*words)
    assert (said.code, said.err.partition(":")[0]) == (1, "TokenRefused")


async def test_goes_on_until_it_is_stopped(words: list[str], grown: int) -> None:
    running = await asyncio.create_subprocess_exec(
        *(*HUB, *words, "--every", "0.1", "--json"),
        cwd=ROOT,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        # Whatever runs in a shell's background is deaf to it, and so are its children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert running.stdout is not None
    said = [json.loads(await asyncio.wait_for(running.stdout.readline(), 30)) for _ in range(3)]
    running.send_signal(signal.SIGINT)
    await asyncio.wait_for(running.communicate(), 30)
    assert running.returncode == 0
    assert [one["before"] for one in said] == [None, grown, grown]


@asynccontextmanager
async def _instead(superuser: asyncpg.Connection, tree: Tree, signer: Signer) -> AsyncGenerator[None]:
    """The newest checkpoint is this one, for as long as one is inside."""
    sql = "insert into hub.checkpoint (size, root, frontier, note) values ($1, $2, $3, $4)"
    await superuser.execute(sql, tree.size, tree.root(), tree.frontier, signer.sign(tree))
    try:
        yield
    finally:
        await superuser.execute("delete from hub.checkpoint where size = $1", tree.size)
