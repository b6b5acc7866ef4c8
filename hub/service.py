"""The shell every part wears: problems, health, readiness, request ids, body limits, logs without people."""

import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, cast
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.access import Part, sealed
from hub.body_limit import with_body_limit
from hub.database import unavailable
from hub.problem import (
    MalformedJson,
    MediaTypeNotSupported,
    NotFound,
    PayloadNotValid,
    PayloadTooLarge,
    Problem,
    SomethingBroke,
    TemporarilyUnavailable,
    WriteNotAllowed,
)

log = structlog.get_logger("hub")

Running = Callable[[], AbstractAsyncContextManager[Any]]


def dress(
    part: Part, *routers: APIRouter, title: str, body_limit: int, running: Running = nullcontext
) -> FastAPI:
    """A FastAPI app with our manners. `running` is entered while the app is up (background work)."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await part.database.refuse_unsafe_role()
        async with running():
            yield
        await part.database.close()

    app = FastAPI(
        title=title,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False},
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.part = part
    for router in routers:
        app.include_router(router)
    _add_health(app, part)
    _add_handlers(app)
    app.add_middleware(with_body_limit, limit=body_limit)
    app.add_middleware(_with_request_id, part=part)
    return app


def _add_health(app: FastAPI, part: Part) -> None:
    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:  # pyright: ignore[reportUnusedFunction]  # FastAPI holds it
        return {"status": "up", "part": part.name}

    @app.get("/ready", include_in_schema=False)
    async def ready(request: Request) -> dict[str, str]:  # pyright: ignore[reportUnusedFunction]
        async with part.database.transaction(None, "ready", request.state.request_id) as tx:
            await tx.value("select 1")
        return {"status": "ready", "part": part.name}


def _with_request_id(app: ASGIApp, part: Part) -> ASGIApp:
    """Mirror a client's X-Request-Id when it is a UUID, make one otherwise; log ids and numbers only."""

    async def shell(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = time.perf_counter(), 0

        async def labelled(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", str(request_id).encode()),
                ]
            await send(message)

        try:
            await app(scope, receive, labelled)
        except Exception as reason:
            # The message and the traceback may hold what somebody sent us: the kind is enough.
            log.error("broke", part=part.name, kind=type(reason).__name__, request_id=str(request_id))  # noqa: TRY400
            if status:
                raise
            await SomethingBroke().response()(scope, receive, labelled)
        log.info(
            "answered",
            part=part.name,
            method=scope["method"],
            route=getattr(scope.get("route"), "path", None),
            status=status,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
            request_id=str(request_id),
        )

    return shell


def _request_id(scope: Scope) -> UUID:
    try:
        return UUID(dict(scope["headers"]).get(b"x-request-id", b"").decode())
    except ValueError:
        return uuid4()


def _add_handlers(app: FastAPI) -> None:
    async def problem(request: Request, reason: Any) -> Response:
        return await _said(request, reason)

    async def invalid(request: Request, reason: Any) -> Response:
        return await _said(request, _shape(reason))

    async def http(request: Request, reason: Any) -> Response:
        return await _said(request, _of_http(reason))

    async def database(request: Request, reason: Any) -> Response:
        return await _said(request, _of_database(request, reason))

    handlers: dict[type[Exception], Callable[[Request, Any], Awaitable[Response]]] = {
        Problem: problem,
        RequestValidationError: invalid,
        HTTPException: http,
        DBAPIError: database,
        PoolTimeout: database,
        OSError: database,
        TimeoutError: database,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _said(request: Request, problem: Problem) -> Response:
    """The refusal. Its own words pass the seals; where they cannot be checked it says its name alone."""
    if not problem.detail and not problem.errors:
        return problem.response()
    try:
        return await sealed(request, problem.response())
    except Exception as reason:  # noqa: BLE001  # whatever went wrong, the words stay unsaid
        log.warning("refusal cut short", kind=type(reason).__name__)
        problem.detail, problem.errors = None, []
        return problem.response()


def _shape(reason: RequestValidationError) -> Problem:
    """Where the request is wrong, as JSON Pointers, without repeating what it said."""
    errors = reason.errors()
    if isinstance(reason.body, bytes):  # FastAPI leaves a body as it came where its type is not JSON's
        return MediaTypeNotSupported("application/json")
    if any(error["type"] == "json_invalid" for error in errors):
        return MalformedJson(f"The body stops being JSON at character {errors[0]['loc'][-1]}.")
    return PayloadNotValid(
        errors=[{"pointer": _pointer(e, reason.body), "detail": _worded(e)} for e in errors]
    )


def _worded(error: Mapping[str, Any]) -> str:
    """What pydantic says of it, without its jargon: our sentences as we wrote them, text in characters."""
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if error["type"] in ("too_short", "too_long") and isinstance(error.get("input"), str):
        return re.sub(r"\bitem(s?)\b", r"character\1", error["msg"].partition(" after validation")[0])
    return error["msg"]


def _pointer(error: Mapping[str, Any], body: object) -> str:
    """A JSON Pointer into the body; for anything else where it stands and its name, as `/query/limit`."""
    source, *steps = error["loc"]
    place = _in_body(steps, error, body) if source == "body" else (source, *steps)
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)


def _in_body(steps: Sequence[Any], error: Mapping[str, Any], said: Any) -> Iterator[Any]:
    """The steps that lead somewhere in the body, or to what is not there and should be.

    Pydantic names among them which of several kinds it tried: what is wrong with that is wrong with `said`.
    """
    for number, step in enumerate(steps, 1):
        if _is_there(step, said):
            said = said[step]
        elif number < len(steps) or not _is_missed(error, said):
            continue
        yield step


def _is_there(step: Any, said: Any) -> bool:
    if isinstance(step, int):
        return isinstance(said, list) and step < len(cast("list[Any]", said))
    return isinstance(said, dict) and step in said


def _is_missed(error: Mapping[str, Any], said: Any) -> bool:
    """Whether something is not there that should be, or that is wrong by being left out."""
    return isinstance(said, dict) and (error["type"] == "missing" or error["input"] is not said)


# What PostgreSQL's types cannot hold: NUL in text or JSON, numbers and moments out of range.
DOES_NOT_FIT = frozenset({"22021", "22P05", "22003", "22008"})


class MethodNotAllowed(Problem):
    """This address does not take this method."""

    status = 405


def _of_http(reason: HTTPException) -> Problem:
    known: dict[int, type[Problem]] = {404: NotFound, 405: MethodNotAllowed, 413: PayloadTooLarge}
    kind = known.get(reason.status_code, MalformedJson if reason.status_code == 400 else SomethingBroke)
    return kind(headers=reason.headers)


def _of_database(request: Request, reason: Exception) -> Problem:
    if isinstance(reason, PoolTimeout):
        return TemporarilyUnavailable()
    orig = getattr(reason, "orig", None)
    state = str(getattr(orig, "sqlstate", None) or "")
    if state == "42501":
        return WriteNotAllowed()
    if state in DOES_NOT_FIT or isinstance(getattr(orig, "__cause__", None), OverflowError):
        return PayloadNotValid("A value in the request is none that can be kept: a NUL, a number too large.")
    away = unavailable(reason)
    if away is None:
        log.error(
            "broke", kind=type(reason).__name__, sqlstate=state, request_id=str(request.state.request_id)
        )
    return away or SomethingBroke()
