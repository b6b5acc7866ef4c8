"""A POST that only asks needs no Idempotency-Key and says so in OpenAPI; every other write needs one."""

from typing import Any
from uuid import uuid4

import httpx

from hub.access import ASKS
from tests.people import Partner, Room
from tests.policy.matrix.operations import NAMED, Operation, of_rest


async def knock(partner: Partner, operation: Operation) -> httpx.Response:
    """Asked with a good token, and without a key."""
    path = NAMED.sub(lambda _: str(uuid4()), operation.path)
    headers = {"authorization": f"Bearer {await partner.token()}"}
    return await partner.http.request(operation.method, path, headers=headers, json={})


async def test_what_says_that_it_asks_needs_no_key_and_the_rest_does(
    room: Room, document: dict[str, Any]
) -> None:
    seen = dict[str, bool]()
    for operation in of_rest(document):
        partner = room.who_may(operation.scopes)
        if operation.method == "GET" or not operation.scopes or partner is None:
            continue
        answer = await knock(partner, operation)
        wanted = answer.headers["content-type"] == "application/problem+json" and (
            answer.json()["type"] == "/problems/idempotency-key-missing"
        )
        assert wanted is not operation.asks, f"{operation.name}: {answer.status_code} {answer.text}"
        seen[operation.name] = operation.asks
    assert {"POST /referral/existence", "POST /sharing/simulate/rule"} <= {
        n for n, asks in seen.items() if asks
    }
    assert sum(not asks for asks in seen.values()) > 80


def test_the_mark_is_the_one_that_the_documents_carry(document: dict[str, Any]) -> None:
    existence = document["paths"]["/referral/existence"]["post"]
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    assert existence.items() >= ASKS.items()
    assert key not in existence["parameters"]
    assert key in document["paths"]["/referral/people"]["post"]["parameters"]
