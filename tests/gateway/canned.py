"""Services that always say the same, reached in process: for what the front door makes of it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from joserfc.jwk import OKPKey
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.graphql.asking import Asking
from gateway.hop import Hop, InProcess
from hub.caller import AgencyId, Caller, ClientId, InnerSigner
from hub.problem import Problem

SIGNER = InnerSigner(OKPKey.generate_key("Ed25519"))
CALLER = Caller(AgencyId("oakfield-primary"), ClientId("oakfield-primary"), frozenset())


def saying(said: Any) -> Hop:
    """A service that answers everything with this JSON, or with this problem."""

    async def service(scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(said, Problem):
            await said.response()(scope, receive, send)
        else:
            await Response(json.dumps(said), media_type="application/json")(scope, receive, send)

    return InProcess(service)


def asking(hops: Mapping[str, Hop]) -> Asking:
    """A question to these services."""
    return Asking(CALLER, uuid4(), hops, SIGNER)
