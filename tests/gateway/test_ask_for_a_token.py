"""Asking for a token: client_credentials with private_key_jwt, as strictly as FAPI 2.0 asks."""

import asyncio
import base64
import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from gateway.oauth import clients
from hub.caller import ClientId
from hub.logs import quiet_logs
from tests.gateway.door import ASSERTION, Door, Knocking, opened, problem_of


def refused(answer: httpx.Response, error: str, status: int = 400) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_a_client_that_proves_who_it_is_gets_a_token(door: Door, client: Knocking) -> None:
    before = time.time()
    answer = await client.ask()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 300)
    assert said["scope"] == "people:read purpose:early_help"
    published = (await door.http.get("/.well-known/jwks.json")).json()["keys"]
    token = jwt.decode(said["access_token"], ECKey.import_key(published[0]), algorithms=["ES256"])
    assert token.header == {"typ": "at+jwt", "alg": "ES256", "kid": published[0]["kid"]}
    claims = token.claims
    assert claims["iss"] == claims["aud"] == door.url
    assert claims["sub"] == claims["client_id"] == client.id
    assert (claims["agency"], claims["scope"]) == ("oakfield-test-school", said["scope"])
    assert claims["jti"]
    assert int(before) <= claims["iat"] == claims["exp"] - 300 <= time.time()


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ECKey.generate_key("P-256"), "ES256"),
        (RSAKey.generate_key(2048), "PS256"),
        (OKPKey.generate_key("Ed25519"), "Ed25519"),
    ],
    ids=["ES256", "PS256", "Ed25519"],
)
async def test_it_takes_the_algorithms_of_fapi(door: Door, key: Key, alg: str) -> None:
    answer = await (await door.client(key, alg)).ask()
    assert answer.status_code == 200, answer.text


async def test_an_rsa_key_may_not_sign_with_rs256(door: Door) -> None:
    client = await door.client(RSAKey.generate_key(2048), "RS256")
    refused(await client.ask(), "invalid_client")


async def test_an_assertion_works_once(client: Knocking) -> None:
    assertion = client.assertion()
    assert (await client.ask(assertion)).status_code == 200
    refused(await client.ask(assertion), "invalid_client")


async def test_an_assertion_sent_many_times_at_once_works_once(client: Knocking) -> None:
    assertion = client.assertion()
    answers = await asyncio.gather(*(client.ask(assertion) for _ in range(6)))
    assert sorted(a.status_code for a in answers) == [200, *[400] * 5]


async def test_an_assertion_used_at_one_process_is_used_at_all(door: Door, client: Knocking) -> None:
    async with opened(door.settings, apart=False, named=door.url) as other:
        assertion = client.assertion()
        assert (await replace(client, http=other.http).ask(assertion)).status_code == 200
        replayed = await client.ask(assertion)
    refused(replayed, "invalid_client")
    assert "used before" in replayed.json()["error_description"]


async def test_an_assertion_is_used_up_even_when_the_scope_is_refused(client: Knocking) -> None:
    assertion = client.assertion()
    refused(await client.ask(assertion, scope="plans:write"), "invalid_scope")
    refused(await client.ask(assertion), "invalid_client")


async def test_two_clients_may_choose_the_same_jti(door: Door, client: Knocking) -> None:
    other = await door.client()
    assert (await client.ask(client.assertion(jti="same"))).status_code == 200
    assert (await other.ask(other.assertion(jti="same"))).status_code == 200


async def test_expired_assertions_do_not_pile_up(door: Door, client: Knocking) -> None:
    async with door.changing() as tx:
        await clients.use_up(tx, ClientId("long-gone"), "old", time.time() - 1)
    assert (await client.ask()).status_code == 200
    async with door.changing() as tx:
        assert await tx.value("select count(*) from gateway.assertion where expires < now()") == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody-else"},
        {"iss": None},
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"exp": timedelta(seconds=-1)},
        {"exp": timedelta(seconds=3600)},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": float("nan")},
        {"iat": timedelta(seconds=3600)},
        {"nbf": timedelta(seconds=3600)},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "a\x00b"},
        {"jti": "x" * 256},
    ],
    ids=str,
)
async def test_an_assertion_with_a_wrong_claim_is_refused(client: Knocking, changed: dict[str, Any]) -> None:
    refused(await client.ask(client.assertion(**changed)), "invalid_client")


async def test_the_audience_is_the_issuer_alone(client: Knocking) -> None:
    refused(await client.ask(client.assertion(aud=f"{client.issuer}/oauth/token")), "invalid_client")
    refused(await client.ask(client.assertion(aud=[client.issuer])), "invalid_client")


async def test_a_clock_ten_seconds_ahead_is_forgiven(client: Knocking) -> None:
    now = int(time.time())
    ahead = client.assertion(iat=now + 8, nbf=now + 8, exp=now + 308)
    assert (await client.ask(ahead)).status_code == 200


async def test_an_assertion_by_another_key_is_refused(client: Knocking) -> None:
    thief = Knocking(client.id, ECKey.generate_key("P-256"), client.issuer, client.http)
    refused(await thief.ask(), "invalid_client")


async def test_an_unsigned_assertion_is_refused(client: Knocking) -> None:
    _, payload, _ = client.assertion().split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    refused(await client.ask(f"{header}.{payload}."), "invalid_client")


async def test_the_public_key_is_no_shared_secret(client: Knocking) -> None:
    public = json.dumps(client.key.as_dict(private=False)).encode()
    claims = json.loads(_decoded(client.assertion().split(".")[1]))
    forged = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(public))
    refused(await client.ask(forged), "invalid_client")


@pytest.mark.parametrize(
    "assertion",
    ["x", "..", "a.b.c", "é.é.é", "e30.e30.e30", "eyJhbGciOiJFUzI1NiJ9." + "W1tb" * 2500 + ".AA"],
)
async def test_what_is_no_jwt_is_refused(client: Knocking, assertion: str) -> None:
    refused(await client.ask(assertion), "invalid_client")


async def test_a_client_nobody_knows_is_refused(door: Door) -> None:
    stranger = Knocking(ClientId("nobody"), ECKey.generate_key("P-256"), door.url, door.http)
    refused(await stranger.ask(), "invalid_client")


async def test_a_subject_that_is_no_client_id_is_refused(client: Knocking) -> None:
    for subject in ("a\x00b", "\ud800", "x" * 5000, 7, None, {"a": 1}):
        answer = await client.ask(client.assertion(sub=subject, iss=subject))
        refused(answer, "invalid_client")


async def test_a_suspended_client_gets_no_token(door: Door, client: Knocking) -> None:
    async with door.changing() as tx:
        await clients.suspend(tx, client.id)
    refused(await client.ask(), "invalid_client")
    async with door.changing() as tx:
        await clients.restore(tx, client.id)
    assert (await client.ask()).status_code == 200


async def test_client_id_must_be_who_the_assertion_is_about(client: Knocking) -> None:
    assert (await client.ask(client_id=client.id)).status_code == 200
    refused(await client.ask(client_id="somebody-else"), "invalid_client")


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "everything",
        "people:read everything",
        "plans:write",
        "purpose:attendance",
        "purpose:early_help purpose:safeguarding",
        "people:read,purpose:early_help",
    ],
)
async def test_a_scope_the_client_may_not_have_is_refused(client: Knocking, scope: str) -> None:
    refused(await client.ask(scope=scope), "invalid_scope")


async def test_a_token_may_be_for_no_purpose(client: Knocking) -> None:
    answer = await client.ask(scope="people:read")
    assert answer.json()["scope"] == "people:read"


async def test_a_scope_asked_for_twice_is_given_once(client: Knocking) -> None:
    answer = await client.ask(scope="people:read  people:read")
    assert answer.json()["scope"] == "people:read"


@pytest.mark.parametrize("grant", ["password", "authorization_code", 'a"b\\c', "é"])
async def test_other_grants_are_not_supported(client: Knocking, grant: str) -> None:
    refused(await client.ask(grant_type=grant), "unsupported_grant_type")


async def test_a_client_secret_is_no_proof(door: Door, client: Knocking) -> None:
    form = {"grant_type": "client_credentials", "scope": "people:read"}
    refused(await door.http.post("/oauth/token", data=form), "invalid_client")
    posted = await door.http.post(
        "/oauth/token", data={**form, "client_id": client.id, "client_secret": "secret"}
    )
    refused(posted, "invalid_client")
    basic = await door.http.post("/oauth/token", data=form, auth=(client.id, "secret"))
    refused(basic, "invalid_client", 401)
    assert basic.headers["www-authenticate"].startswith("Basic")


async def test_the_form_is_a_form_with_each_field_once(door: Door, client: Knocking) -> None:
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION}
    refused(await door.http.post("/oauth/token", json=form), "invalid_request")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    twice = "grant_type=client_credentials&grant_type=client_credentials"
    refused(await door.http.post("/oauth/token", content=twice, headers=kind), "invalid_request")
    for broken in (b"\xff\xfe", b"a=%ff", b"&".join(b"f%d=1" % n for n in range(30))):
        answer = await door.http.post("/oauth/token", content=broken, headers=kind)
        refused(answer, "invalid_request")


async def test_a_form_of_a_megabyte_is_not_read(door: Door) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await door.http.post("/oauth/token", content=b"a" * 1_000_000, headers=kind)
    assert answer.status_code == 413
    assert problem_of(answer)["type"] == "/problems/payload-too-large"
    answer = await door.http.post("/oauth/token", content=b"a" * 17_000, headers=kind)
    assert answer.status_code == 413


async def test_the_token_is_not_in_the_log(client: Knocking, capfd: pytest.CaptureFixture[str]) -> None:
    quiet_logs()
    token = await client.token()
    quiet_logs("WARNING")
    out, err = capfd.readouterr()
    assert "/oauth/token" in err
    assert token not in out + err
    assert token.split(".")[2] not in out + err


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
