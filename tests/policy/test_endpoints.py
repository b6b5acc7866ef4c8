"""Every operation and the scope it needs, printed from the OpenAPI documents the parts serve."""

import httpx

from tests.policy.golden import compare

METHODS = ("get", "post", "put", "patch", "delete")


async def test_every_operation_needs_the_scope_that_was_agreed(http: httpx.AsyncClient) -> None:
    merged = (await http.get("/openapi.json")).json()
    lines: list[str] = []
    for path, operations in sorted(merged["paths"].items()):
        for method in METHODS:
            if method in operations:
                scopes = [s for rule in operations[method].get("security", []) for s in rule.get("hub", [])]
                lines.append(f"{method.upper():7} {path:62} {' '.join(scopes) or 'anyone'}")
    compare("endpoints.txt", "\n".join(lines) + "\n")
