"""Inclusion and consistency proofs over HTTP, verified as a stranger would."""

import base64
import json
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from deploy.demo.partnership import EARLY_HELP, MASH, OAKFIELD
from hub.proof import commitment_to, extends, includes, leaf_hash, verify
from tests.gateway.logged import all_sequenced, looked_at, read
from tests.people import Room, share


async def a_disclosure(room: Room, administrator: asyncpg.Connection) -> dict[str, Any]:
    """Something the early help team may read of the trace, sequenced."""
    family = await looked_at(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.household], ["family_household"])
    await all_sequenced(administrator)
    page = await room[EARLY_HELP].get("/disclosures", params={"subject": str(family.household)})
    return page.json()["disclosures"][-1]


def decoded(path: list[str]) -> list[bytes]:
    """The hashes of a proof."""
    return [base64.b64decode(each, validate=True) for each in path]


async def test_proves_a_disclosure_to_who_may_read_it(
    room: Room, http: httpx.AsyncClient, administrator: asyncpg.Connection
) -> None:
    look = await a_disclosure(room, administrator)
    answer = await room[EARLY_HELP].get("/audit/inclusion", params={"disclosure": look["disclosure"]})
    assert answer.status_code == 200, answer.text
    proven = answer.json()["inclusion"]
    signed = verify(proven["checkpoint"], await read(http, "/audit/key"))
    assert signed.size == proven["size"]
    leaf = leaf_hash(commitment_to(base64.b64decode(proven["salt"]), proven["text"]))
    assert includes(signed.root, signed.size, leaf, proven["number"], decoded(proven["proof"]))
    assert json.loads(proven["text"])["client"] == look["client"]


async def test_proves_it_under_an_earlier_checkpoint_only_once_it_was_there(
    room: Room, administrator: asyncpg.Connection
) -> None:
    before = await administrator.fetchval("select max(size) from hub.checkpoint")
    look = await a_disclosure(room, administrator)
    asked = {"disclosure": look["disclosure"]}
    early = await room[EARLY_HELP].get("/audit/inclusion", params={**asked, "size": before})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-in-checkpoint")
    unsigned = await room[EARLY_HELP].get("/audit/inclusion", params={**asked, "size": 2**40})
    assert unsigned.status_code == 404


async def test_proves_nothing_to_who_may_not_read_it(room: Room, administrator: asyncpg.Connection) -> None:
    look = await a_disclosure(room, administrator)
    answers = [
        await room[MASH].get("/audit/inclusion", params={"disclosure": which})
        for which in (look["disclosure"], str(uuid4()))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


async def test_proves_to_anybody_that_the_log_only_grew(
    room: Room, http: httpx.AsyncClient, administrator: asyncpg.Connection
) -> None:
    key = await read(http, "/audit/key")
    old = verify(await read(http, "/audit/checkpoint"), key)
    await looked_at(room)
    await all_sequenced(administrator)
    new = verify(await read(http, "/audit/checkpoint"), key)
    answer = json.loads(await read(http, "/audit/consistency", **{"from": old.size, "to": new.size}))
    assert old.size < new.size
    assert extends(old.size, old.root, new.size, new.root, decoded(answer["proof"]))


async def test_refuses_a_consistency_that_cannot_be(http: httpx.AsyncClient) -> None:
    for first, second in ((3, 2), (0, 2**40)):
        answer = await http.get("/audit/consistency", params={"from": first, "to": second})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")


async def test_keeps_every_node_of_the_tree(room: Room, administrator: asyncpg.Connection) -> None:
    await looked_at(room)
    await all_sequenced(administrator)
    size = await administrator.fetchval("select max(size) from hub.checkpoint")
    kept = await administrator.fetchval(
        "select count(*) from hub.tree_node where (index + 1) << level <= $1", size
    )
    assert kept == sum(size >> level for level in range(size.bit_length()))


async def test_signs_often_and_never_back_in_time(administrator: asyncpg.Connection, room: Room) -> None:
    await administrator.execute(
        "update hub.checkpoint set at = now() + interval '1 hour'"
        " where size = (select max(size) from hub.checkpoint)"
    )
    await looked_at(room)
    await all_sequenced(administrator)
    back = await administrator.fetchval(
        "select count(*) from (select at <= lag(at) over (order by size) as back from hub.checkpoint) s"
        " where back"
    )
    await administrator.execute("update hub.checkpoint set at = at - interval '1 hour' where at > now()")
    assert back == 0
