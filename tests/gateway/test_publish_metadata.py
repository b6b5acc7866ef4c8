"""Publishing metadata: a client finds everything it needs from the hub's address alone."""

import httpx
import pytest
from joserfc.jwk import ECKey

from gateway.oauth.keys import IssuerNotSecure, issuer
from tests.gateway.door import Door


async def test_the_server_describes_itself(door: Door) -> None:
    answer = await door.http.get("/.well-known/oauth-authorization-server")
    said = answer.json()
    assert said["issuer"] == door.url
    assert said["token_endpoint"] == f"{door.url}/oauth/token"
    assert said["grant_types_supported"] == ["client_credentials"]
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert said["token_endpoint_auth_signing_alg_values_supported"] == ["ES256", "PS256", "Ed25519"]
    assert {"people:read", "purpose:early_help"} <= set(said["scopes_supported"])
    assert said["jwks_uri"].startswith(door.url)
    assert (await door.http.get(said["jwks_uri"])).status_code == 200


async def test_the_resource_names_its_server(door: Door) -> None:
    said = (await door.http.get("/.well-known/oauth-protected-resource")).json()
    assert (said["resource"], said["authorization_servers"]) == (door.url, [door.url])
    assert said["bearer_methods_supported"] == ["header"]


async def test_only_public_keys_are_published(door: Door) -> None:
    [key] = (await door.http.get("/.well-known/jwks.json")).json()["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")


async def test_every_document_says_what_it_is_described_to_say(http: httpx.AsyncClient) -> None:
    for name in ("oauth-authorization-server", "oauth-protected-resource", "jwks.json"):
        assert (await http.get(f"/.well-known/{name}")).is_success


async def test_metadata_may_be_kept_for_a_while(door: Door) -> None:
    for name in ("oauth-authorization-server", "oauth-protected-resource", "jwks.json"):
        answer = await door.http.get(f"/.well-known/{name}")
        assert answer.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "url", ["http://hub.example", "https://hub.example/?a=1", "https://hub.example#a", "hub", ""]
)
def test_the_hub_has_a_name_that_keeps_tokens_safe_or_does_not_start(url: str) -> None:
    with pytest.raises(IssuerNotSecure):
        issuer(url, ECKey.generate_key("P-256"))


@pytest.mark.parametrize("url", ["https://hub.example/", "http://127.0.0.1:8000", "http://localhost"])
def test_the_issuer_is_its_address_without_the_last_slash(url: str) -> None:
    assert issuer(url, ECKey.generate_key("P-256")).name == url.rstrip("/")
