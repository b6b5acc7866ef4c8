"""Registering clients: whose they are, what they may ask for, and the keys they are known by."""

from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey

from gateway.oauth import clients
from gateway.oauth.clients import ClientOfAnotherAgency, ScopeUnknown
from gateway.oauth.keys import KeyNotAccepted, SigningKeyNotUsable, accepted, issuer
from hub.caller import AgencyId, ClientId
from hub.problem import NotFound
from tests.gateway.door import AGENCY, SCOPES, Door, Knocking

SHORT_RSA = {
    "kty": "RSA",
    "e": "AQAB",
    "n": "ucRZLSUpsqhXpRb8O8KyzhvU-dq1BT1i7SQaIcXRUluHqQlo8L9h1DSBA0kp4stAUP74i3h32ZFXGuDHNxaMNAiU"
    "Fui06WwlEXaTSfevb-Z_S9zAwyyunliX6iRyYPgomYlrRhwDxdlBPfugaqdbsmY9aIKvkwJJfZiDDmZoCsU",
}


def public(key: ECKey | None = None) -> dict[str, Any]:
    return (key or ECKey.generate_key("P-256")).as_dict(private=False)


async def test_a_client_given_a_new_key_is_known_by_it_alone(door: Door, client: Knocking) -> None:
    new = ECKey.generate_key("P-256")
    async with door.changing() as tx:
        await clients.register(tx, client.id, AGENCY, "Test", [public(new)], SCOPES)
    assert (await client.ask()).json()["error"] == "invalid_client"
    renewed = Knocking(client.id, new, client.issuer, client.http)
    assert (await renewed.ask()).status_code == 200


async def test_a_client_with_two_keys_says_which_it_used(door: Door, client: Knocking) -> None:
    other = ECKey.generate_key("P-256")
    other.ensure_kid()
    async with door.changing() as tx:
        keys = [client.key.as_dict(private=False), public(other)]
        await clients.register(tx, client.id, AGENCY, "Test", keys, SCOPES)
    second = Knocking(client.id, other, client.issuer, client.http, kid=other.kid)
    assert (await second.ask()).status_code == 200
    second.kid = None
    assert (await second.ask()).json()["error"] == "invalid_client"


async def test_a_suspended_client_stays_so_when_it_gets_a_new_key(door: Door, client: Knocking) -> None:
    async with door.changing() as tx:
        await clients.suspend(tx, client.id)
        await clients.register(tx, client.id, AGENCY, "Test", [public()], SCOPES)
        assert await clients.good(tx, client.id) is None


async def test_a_client_never_changes_its_agency(door: Door, client: Knocking) -> None:
    other = AgencyId("another-school")
    async with door.changing() as tx:
        await clients.join(tx, other, "Another School", "school")
        with pytest.raises(ClientOfAnotherAgency):
            await clients.register(tx, client.id, other, "Test", [public()], SCOPES)


async def test_an_agency_that_left_may_join_again(door: Door) -> None:
    agency = AgencyId("coming-and-going")
    client = await door.client(agency=agency)
    async with door.changing() as tx:
        await clients.leave(tx, agency)
        assert await clients.good(tx, client.id) is None
        await clients.join(tx, agency, "Coming and Going", "school")
        assert await clients.good(tx, client.id) is not None


async def test_a_scope_must_be_one_of_the_hubs(door: Door) -> None:
    async with door.changing() as tx:
        with pytest.raises(ScopeUnknown, match="everything"):
            await clients.register(tx, ClientId("some-client"), AGENCY, "Test", [public()], ["everything"])


async def test_who_is_not_there_cannot_be_suspended(door: Door) -> None:
    async with door.changing() as tx:
        with pytest.raises(NotFound):
            await clients.suspend(tx, ClientId("nobody"))
        with pytest.raises(NotFound):
            await clients.leave(tx, AgencyId("nowhere"))


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [public()] * 11,
        [ECKey.generate_key("P-256").as_dict(private=True)],
        [OctKey.generate_key(256).as_dict()],
        [SHORT_RSA],
        [ECKey.generate_key("P-384").as_dict(private=False)],
        [ECKey.generate_key("secp256k1").as_dict(private=False)],
        [OKPKey.generate_key("X25519").as_dict(private=False)],
        [{}],
        [{"kty": "EC", "crv": "P-256"}],
        [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}],
        [{"kty": "RSA", "n": 7, "e": []}],
        [{**public(), "kid": 7}],
    ],
    ids=lambda keys: str(len(keys)),
)
def test_a_key_that_proves_nothing_is_not_accepted(keys: list[dict[str, Any]]) -> None:
    with pytest.raises(KeyNotAccepted):
        accepted(keys)


def test_of_a_key_only_what_verifies_is_kept() -> None:
    given = {**public(), "x5u": "https://elsewhere.example", "use": "enc", "note": "Zoë"}
    [kept] = accepted([given])["keys"]
    assert kept.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (kept["use"], kept["alg"]) == ("sig", "ES256")


@pytest.mark.parametrize("key", [ECKey.generate_key("P-384"), ECKey.generate_key("P-256", private=False)])
def test_the_hub_signs_with_a_private_p256_key_or_not_at_all(key: ECKey) -> None:
    with pytest.raises(SigningKeyNotUsable):
        issuer("https://hub.example", key)
