"""The one document, fetched from every service and served at /openapi.json."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.routing import Route

from gateway.hop import Hop
from gateway.openapi.merge import merged
from hub.problem import TemporarilyUnavailable

ADDRESS = "/openapi.json"


def publish(front: FastAPI, hops: Mapping[str, Hop], issuer: str) -> None:
    """Serve the merged document, in the place of the one that knows the front door alone.

    Fetched at the first request; remembered once every service has answered.
    """
    whole: bytes | None = None

    async def openapi(_: Request) -> Response:
        nonlocal whole
        if whole is not None:
            return _json(whole)
        found = dict(zip(hops, await asyncio.gather(*map(_fetched, hops.values())), strict=True))
        made = json.dumps(merged(issuer, front.openapi(), found)).encode()
        if None not in found.values():
            whole = made
        return _json(made)

    front.router.routes.insert(0, Route(ADDRESS, openapi, include_in_schema=False))


async def _fetched(hop: Hop) -> dict[str, Any] | None:
    """A service's own document; None while the service does not give it."""
    try:
        answer = await hop.call("GET", ADDRESS, {})
    except TemporarilyUnavailable:
        return None
    return json.loads(answer.body) if answer.status == 200 else None


def _json(body: bytes) -> Response:
    return Response(body, headers={"cache-control": "no-cache"}, media_type="application/json")
