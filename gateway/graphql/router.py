"""GraphQL over HTTP: `POST /graphql`, for authenticated callers only, introspection included."""

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from pydantic_core import to_json
from typing_extensions import TypedDict

from gateway.graphql.answering import Answer, Answering, Question
from gateway.graphql.asking import Asking
from gateway.hop import Hop
from hub.access import ASKS, HubRoute, allow_if_authenticated
from hub.caller import Caller, InnerSigner
from hub.heard import Anything

LARGEST = 64 * 1024
JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


class GraphqlAsked(BaseModel):
    """A GraphQL request."""

    query: str = Field(description="the document")
    variables: Anything | None = None
    operation_name: str | None = Field(None, alias="operationName")


class GraphqlPlace(TypedDict):
    """Where in the document, both counted from 1."""

    line: int
    column: int


class GraphqlCode(TypedDict):
    """What went wrong, for a machine; and which part of the hub did not answer."""

    code: str
    part: NotRequired[str]


class GraphqlError(TypedDict):
    """Why something of the answer is missing."""

    message: str
    locations: NotRequired[list[GraphqlPlace]]
    path: NotRequired[list[str | int]]
    extensions: NotRequired[GraphqlCode]


class GraphqlAnswer(TypedDict):
    """A GraphQL response."""

    data: Annotated[
        Any, Field(description="what was asked for, as the schema describes it; null where nothing was run")
    ]
    errors: NotRequired[list[GraphqlError]]


NEWER = {GRAPHQL: {"schema": {"$ref": "#/components/schemas/GraphqlAnswer"}}}


def router(hops: Mapping[str, Hop], signer: InnerSigner) -> APIRouter:
    """`POST /graphql`, over the ways to the services."""
    routes = APIRouter(route_class=HubRoute, tags=["graphql"])
    answering = Answering()

    @routes.post(
        "/graphql",
        max_body_size=LARGEST,
        response_model=GraphqlAnswer,
        responses={200: {"content": NEWER}},
        openapi_extra=ASKS,
    )
    async def ask_graphql(  # pyright: ignore[reportUnusedFunction]  # the router holds it
        request: Request, heard: GraphqlAsked, caller: Annotated[Caller, allow_if_authenticated()]
    ) -> Response:
        """The shared case view and the local offer, in one query (GraphQL over HTTP)."""
        question = Question(heard.query, heard.variables, heard.operation_name)
        asking = Asking(caller, request.state.request_id, hops, signer, request.app.state.marks)
        answer = await answering.answer(question, asking)
        return _written(request, answer)

    return routes


def _written(request: Request, answer: Answer) -> Response:
    """The answer. A document that could not be run is 400 to those who read the newer media type."""
    media_type = GRAPHQL if GRAPHQL in request.headers.get("accept", "") else JSON
    body: dict[str, Any] = {"data": answer.data}
    if answer.errors:
        body["errors"] = [error.formatted for error in answer.errors]
    status = 400 if answer.data is None and media_type == GRAPHQL else 200
    return Response(to_json(body), status, {"cache-control": "no-store"}, media_type)
