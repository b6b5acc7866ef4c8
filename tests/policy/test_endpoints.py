"""Every operation and the scopes it needs, printed from the OpenAPI documents the parts serve."""

import httpx

from tests.policy.golden import compare
from tests.policy.matrix.operations import of_rest


async def test_every_operation_needs_the_scope_that_was_agreed(http: httpx.AsyncClient) -> None:
    merged = (await http.get("/openapi.json")).json()
    lines = [f"{one.method:7} {one.path:62} {one.takes}" for one in of_rest(merged)]
    compare("endpoints.txt", "\n".join(lines) + "\n")
