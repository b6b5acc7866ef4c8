"""Another agency watches the log: it cosigns what grew, and nothing that was changed or rolled back."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from joserfc.jwk import OKPKey

from deploy.audit import verify_log
from deploy.audit.export import write
from deploy.demo.partnership import EARLY_HELP, POLICE
from deploy.local import Running
from gateway.audit import signer_of
from hub.proof import (
    Checkpoint,
    CheckpointNotConsistent,
    Signer,
    Tree,
    Witness,
    check,
    consistency,
    cosigned,
    proof,
    verify,
)
from tests.gateway.logged import all_sequenced, looked_at, read
from tests.people import Room

NOW = int(time.time())


@pytest.fixture
def signer(hub: Running) -> Signer:
    """Who signs this hub's checkpoints."""
    return signer_of(hub.settings["gateway"])


@pytest.fixture
async def watching(room: Room, administrator: asyncpg.Connection) -> AsyncIterator[Witness]:
    """The police as a witness with a fresh key, having seen nothing."""
    witness = Witness("northshire-police.example/witness", OKPKey.generate_key("Ed25519"))
    await room[POLICE].made("/audit/witness/key", {"key": witness.verifier_key()})
    await looked_at(room)
    await all_sequenced(administrator)
    yield witness
    await administrator.execute("delete from hub.cosignature; delete from hub.witness")


async def sends(room: Room, note: str) -> httpx.Response:
    """The police send a note they cosigned."""
    return await room[POLICE].post("/audit/witness", {"note": note})


async def test_serves_a_cosigned_checkpoint(
    room: Room, http: httpx.AsyncClient, watching: Witness, signer: Signer
) -> None:
    note = await read(http, "/audit/checkpoint")
    answer = await sends(room, watching.cosign(note, NOW))
    assert answer.status_code == 204, answer.text
    served = await read(http, "/audit/checkpoint", witnessed="true")
    assert cosigned(served, watching.verifier_key())[1] == NOW
    assert verify(served, signer.verifier_key()) == verify(note, signer.verifier_key())
    assert served == await read(http, "/audit/checkpoint", size=verify(note, signer.verifier_key()).size)
    named = json.loads(await read(http, "/audit/witnesses"))
    assert named == [{"agency": POLICE.id, "key": watching.verifier_key()}]


async def test_checks_that_the_log_grew_and_cosigns_again(
    room: Room,
    http: httpx.AsyncClient,
    watching: Witness,
    signer: Signer,
    administrator: asyncpg.Connection,
) -> None:
    first = await read(http, "/audit/checkpoint")
    assert (await sends(room, watching.cosign(first, NOW))).status_code == 204
    await looked_at(room)
    await all_sequenced(administrator)
    second = await read(http, "/audit/checkpoint")
    old, new = (verify(note, signer.verifier_key()) for note in (first, second))
    answer = json.loads(await read(http, "/audit/consistency", **{"from": old.size, "to": new.size}))
    check(old, new, [base64.b64decode(each) for each in answer["proof"]])
    assert (await sends(room, watching.cosign(second, NOW))).status_code == 204
    back = await sends(room, watching.cosign(first, NOW))
    assert (back.status_code, back.json()["type"]) == (409, "/problems/checkpoint-not-consistent")


async def test_refuses_a_checkpoint_of_another_tree_signed_with_the_log_s_key(
    room: Room, http: httpx.AsyncClient, watching: Witness, signer: Signer
) -> None:
    size = verify(await read(http, "/audit/checkpoint"), signer.verifier_key()).size
    for leaves in (size, size + 50):
        fork = Tree()
        fork.extend(bytes(32) for _ in range(leaves))
        answer = await sends(room, watching.cosign(signer.sign(fork), NOW))
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/checkpoint-not-consistent")


async def test_refuses_to_go_on_once_the_log_was_changed(
    room: Room,
    http: httpx.AsyncClient,
    watching: Witness,
    administrator: asyncpg.Connection,
) -> None:
    assert (await sends(room, watching.cosign(await read(http, "/audit/checkpoint"), NOW))).status_code == 204
    await looked_at(room)
    await all_sequenced(administrator)
    keep = "update hub.cosignature set root = sha256(root)"
    await administrator.execute(keep)  # as if the hub had shown the witness another tree
    answer = await sends(room, watching.cosign(await read(http, "/audit/checkpoint"), NOW))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/checkpoint-not-consistent")


async def test_takes_only_the_agency_s_own_and_recent_signature(
    room: Room, http: httpx.AsyncClient, watching: Witness
) -> None:
    note = await read(http, "/audit/checkpoint")
    stranger = Witness(watching.name, OKPKey.generate_key("Ed25519"))
    for wrong in (
        note,
        stranger.cosign(note, NOW),
        watching.cosign(note, NOW - 100_000),
        watching.cosign(note, NOW + 1_000),
        watching.cosign(note, 2**63),
        watching.cosign(note.replace("\n", "\n1", 1), NOW),
        "nothing",
    ):
        answer = await sends(room, wrong)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/cosignature-not-valid")


async def test_takes_only_a_key_for_cosignatures(room: Room, watching: Witness, signer: Signer) -> None:
    for key in (signer.verifier_key(), "a+b+c", "", watching.verifier_key()):
        answer = await room[POLICE].post("/audit/witness/key", {"key": key})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")


async def test_a_key_sent_many_times_at_once_is_registered_once(room: Room, watching: Witness) -> None:
    key = Witness("northshire-police.example/another", OKPKey.generate_key("Ed25519")).verifier_key()
    answers = await asyncio.gather(*(room[POLICE].post("/audit/witness/key", {"key": key}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 422, 422, 422]


async def test_needs_its_scope(room: Room) -> None:
    answer = await room[EARLY_HELP].post("/audit/witness", {"note": "x"})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")


async def test_an_export_carries_what_was_cosigned(
    room: Room,
    http: httpx.AsyncClient,
    watching: Witness,
    signer: Signer,
    administrator: asyncpg.Connection,
    tmp_path: Path,
) -> None:
    note = await read(http, "/audit/checkpoint")
    assert (await sends(room, watching.cosign(note, NOW))).status_code == 204
    async with administrator.transaction():
        await write(administrator, signer.verifier_key(), tmp_path / "log")
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    verdict = verify_log(lines, key=signer.verifier_key(), witnesses=[watching.verifier_key()])
    assert verdict.holds, verdict.failures
    assert verdict.cosigned == {watching.name: verify(note, signer.verifier_key()).size}
    stranger = Witness("stranger.example", OKPKey.generate_key("Ed25519"))
    assert not verify_log(lines, witnesses=[stranger.verifier_key()]).holds


def test_a_witness_cosigns_no_tree_that_was_rolled_back_or_forked() -> None:
    tree = Tree()
    nodes = dict(tree.grow(bytes([number] * 32) for number in range(9)))
    older = Tree()
    older.extend(bytes([number] * 32) for number in range(5))
    old, new = (Checkpoint("hub.example/audit", each.size, each.root()) for each in (older, tree))
    path = proof(consistency(5, 9), nodes)
    check(old, new, path)
    for seen, now in (
        (new, old),
        (Checkpoint(old.origin, 5, bytes(32)), new),
        (Checkpoint("other.example", 5, old.root), new),
    ):
        with pytest.raises(CheckpointNotConsistent):
            check(seen, now, path)
