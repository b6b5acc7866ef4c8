"""The only way to a transaction: `allow(scope)`. No scope, no session; and nobody else commits.

The transaction opens when the endpoint asks for it and commits after the answer is built and before it
leaves, so a failed commit is never a 2xx. A refusal rolls back and leaves its own trace.
"""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.routing import APIRoute
from fastapi.security import OAuth2, SecurityScopes
from typing_extensions import override

from hub import idempotency
from hub.caller import PURPOSE_SCOPE, Caller, InnerVerifier, Purpose, Scope
from hub.database import Database, Tx
from hub.problem import Problem, ScopeMissing, Unauthenticated
from hub.trace import refuse

LEAVES_A_TRACE = frozenset({403, 404})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

Authenticate = Callable[[Request], Awaitable[Caller]]


@dataclass(frozen=True)
class Part:
    """What a running part of the hub gives its endpoints: its name, its database, and who is asking."""

    name: str
    database: Database
    authenticate: Authenticate


def by_inner_token(verifier: InnerVerifier) -> Authenticate:
    """How a service knows its caller: the token that the gateway signed for it, and nothing else."""

    async def authenticate(request: Request) -> Caller:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated
        return verifier.verify(token)

    return authenticate


ALL_SCOPES = {scope.value: scope.value for scope in Scope} | {
    PURPOSE_SCOPE + purpose: f"for the purpose {purpose}" for purpose in Purpose
}
_oauth2 = OAuth2(
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(tokenUrl="/oauth/token", scopes=ALL_SCOPES)
    ),
    scheme_name="hub",
    auto_error=False,
)


def allow(scope: Scope, *, claim: bool = True) -> Any:
    """A transaction for a caller who holds `scope`; without it ScopeMissing.

    A write claims its Idempotency-Key first. `claim=False` is for a POST that only asks a question, and
    for an action whose own statement does the claiming.
    """

    async def opened(request: Request, security: SecurityScopes, _: Annotated[Any, Security(_oauth2)]) -> Tx:
        caller = await _part(request).authenticate(request)
        request.state.caller = caller
        if not set(security.scopes) <= caller.scopes:
            raise _scope_missing(" ".join(security.scopes))
        tx = await _open(request, caller)
        if request.method not in SAFE:
            tx.key, tx.fingerprint = await idempotency.read(request)
            if claim:
                await idempotency.claim(tx)
        return tx

    return Security(opened, scopes=[scope])


def allow_anyone() -> Any:
    """A transaction that knows no caller: public data only (the directory's open feed)."""

    async def opened(request: Request) -> Tx:
        return await _open(request, None)

    return Depends(opened)


def allow_if_authenticated() -> Any:
    """The Caller alone, without a transaction: for what composes answers others have decided."""

    async def known(request: Request, _: Annotated[Any, Security(_oauth2)]) -> Caller:
        return await _part(request).authenticate(request)

    return Depends(known)


def _scope_missing(needed: str) -> ScopeMissing:
    """The refusal with its challenge (RFC 6750, section 3.1)."""
    challenge = f'Bearer error="insufficient_scope", scope="{needed}"'
    return ScopeMissing(
        f"This operation needs the scope {needed}.", headers={"www-authenticate": challenge}
    )


def _part(request: Request) -> Part:
    return request.app.state.part


async def _open(request: Request, caller: Caller | None) -> Tx:
    stack: AsyncExitStack = request.state.stack
    tx = await stack.enter_async_context(
        _part(request).database.transaction(caller, operation_of(request), request.state.request_id)
    )
    tx.route = f"{request.method} {request.url.path}"
    request.state.tx = tx
    return tx


def operation_of(request: Request) -> str:
    """`referral POST /referrals/{referral}/triage`: what the trace calls this operation."""
    route = request.scope.get("route")
    return f"{_part(request).name} {request.method} {getattr(route, 'path', request.url.path)}"


class HubRoute(APIRoute):
    """A route whose transaction commits after its answer is built and before it is sent."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, inside our transaction."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await _in_transaction(request, handle)
            except Problem as problem:
                await _leave_trace(request, problem)
                raise

        return handled


async def _in_transaction(
    request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    async with AsyncExitStack() as stack:
        request.state.stack = stack
        try:
            response = await handle(request)
        except idempotency.AlreadyAnswered as earlier:
            return earlier.response
        tx: Tx | None = getattr(request.state, "tx", None)
        if tx is not None:
            await idempotency.remember(tx, response)
            await tx.session.commit()
        return response


async def _leave_trace(request: Request, problem: Problem) -> None:
    """A refusal is a row too, written before the refusal is answered."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or problem.status not in LEAVES_A_TRACE:
        return
    tx: Tx | None = getattr(request.state, "tx", None)
    asked: list[UUID] = tx.asked if tx else []
    async with _part(request).database.transaction(
        caller, operation_of(request), request.state.request_id
    ) as trace:
        await refuse(trace, problem.slug(), asked)
        await trace.session.commit()
