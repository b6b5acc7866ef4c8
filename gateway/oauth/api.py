"""The authorization server over HTTP: the token endpoint, and what a client reads before it asks."""

from typing import Annotated, Literal, NotRequired
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from gateway.oauth import metadata
from gateway.oauth.assertion import ASSERTION_TYPE, claimed
from gateway.oauth.clients import good, use_up
from gateway.oauth.keys import Issuer, published
from gateway.oauth.server import GRANT, Answer, answer, refusal
from hub.access import HubRoute, allow_anyone
from hub.database import Tx
from hub.problem import PayloadTooLarge

LARGEST = 16 * 1024
MOST_FIELDS = 20
PUBLIC = {"cache-control": "public, max-age=300"}
TOKEN_BODY = {
    "required": True,
    "content": {
        metadata.FORM: {
            "schema": {
                "type": "object",
                "required": ["grant_type", "client_assertion_type", "client_assertion", "scope"],
                "properties": {
                    "grant_type": {"const": GRANT},
                    "client_assertion_type": {"const": ASSERTION_TYPE},
                    "client_assertion": {"type": "string", "description": "RFC 7523; aud is us"},
                    "scope": {"type": "string", "description": "at most one `purpose:` scope"},
                },
            }
        }
    },
}


class AccessToken(BaseModel):
    """An access token (RFC 6749, section 5.1)."""

    token_type: Literal["Bearer"]
    access_token: str
    expires_in: int = Field(description="seconds")
    scope: str = Field(description="every scope that was asked for")


class TokenRefused(TypedDict):
    """Why there is no token (RFC 6749, section 5.2). Not a Problem: OAuth has a shape of its own."""

    error: str
    error_description: NotRequired[str]


router = APIRouter(route_class=HubRoute, tags=["oauth"])


async def _form(request: Request) -> dict[str, str] | None:
    """The form's fields, or None for a form that RFC 6749 section 3.2 does not take."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise PayloadTooLarge
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        return None
    if kind != metadata.FORM or len(dict(fields)) < len(fields):
        return None
    return {name: value for name, value in fields if value}


def _issuer(request: Request) -> Issuer:
    return request.app.state.issuer


# The form comes before the transaction: a slow body must not hold a connection.
Form = Annotated[dict[str, str] | None, Depends(_form)]
Anyone = Annotated[Tx, allow_anyone()]
Ours = Annotated[Issuer, Depends(_issuer)]


@router.post(
    metadata.TOKEN,
    response_model=AccessToken,
    responses={400: {"model": TokenRefused, "description": "There is no token."}},
    openapi_extra={"requestBody": TOKEN_BODY},
)
async def token(request: Request, issuer: Ours, form: Form, tx: Anyone) -> JSONResponse:
    """An access token for a client that proves who it is (RFC 6749 section 4.4, RFC 7523)."""
    if form is None:
        said = refusal(InvalidRequestError(description=f"Send each field once, as {metadata.FORM}."))
    else:
        said = await _carried_out(issuer, request, form, tx)
    return JSONResponse(said.body, said.status, said.headers)


async def _carried_out(issuer: Issuer, request: Request, form: dict[str, str], tx: Tx) -> Answer:
    """Fetch the client, run the grant in memory, use up its proof: in that order."""
    client_id = claimed(form.get("client_assertion", ""))
    client = await good(tx, client_id) if client_id else None
    said = answer(issuer, form, request.headers, client)
    proof = said.proof
    if proof and not await use_up(tx, proof.client, proof.jti, proof.expires):
        return refusal(InvalidClientError(description="This assertion was used before."))
    return said


@router.get(metadata.SERVER, response_model=metadata.ServerMetadata)
async def authorization_server(issuer: Ours) -> JSONResponse:
    """The authorization server's metadata (RFC 8414)."""
    return JSONResponse(metadata.of_server(issuer.name), headers=PUBLIC)


@router.get(metadata.RESOURCE, response_model=metadata.ResourceMetadata)
async def protected_resource(issuer: Ours) -> JSONResponse:
    """The protected resource's metadata (RFC 9728)."""
    return JSONResponse(metadata.of_resource(issuer.name), headers=PUBLIC)


@router.get(metadata.JWKS, response_model=metadata.PublicKeys)
async def jwks(issuer: Ours) -> JSONResponse:
    """The public keys that access tokens are signed with (RFC 7517)."""
    return JSONResponse(published(issuer.keys), headers=PUBLIC)
