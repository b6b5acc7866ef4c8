"""Verifying a token: what is not exactly ours, for us, and still good gets nobody in."""

import asyncio
import base64
import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from gateway.oauth import clients, tokens
from gateway.oauth.keys import issuer
from hub.problem import Unauthenticated
from hub.settings import Settings
from tests.gateway.asking_again import within_a_second
from tests.gateway.door import AGENCY, SCOPES, Door, Knocking, opened, problem_of, settled
from tests.gateway.wire import Wire

WHOAMI = "/referral/whoami"


def made(door: Door, client: Knocking, header: dict[str, Any] | None = None, **changed: Any) -> str:
    """A token as the hub makes it, signed by the hub's own key, but for what is changed."""
    now = int(time.time())
    claims = {
        "iss": door.url,
        "aud": door.url,
        "sub": client.id,
        "client_id": client.id,
        "agency": AGENCY,
        "scope": "people:read purpose:early_help",
        "iat": now,
        "exp": now + 300,
        "jti": str(uuid4()),
        **changed,
    }
    key = ECKey.import_key(door.settings.signing_key.as_dict(private=True))
    said = {"alg": "ES256", "typ": "at+jwt", "kid": key.thumbprint(), **(header or {})}
    return jwt.encode(said, settled(claims), key)


async def knock(door: Door, token: str, **headers: str) -> httpx.Response:
    return await door.http.get(WHOAMI, headers={"authorization": f"Bearer {token}", **headers})


def shut(answer: httpx.Response, door: Door) -> None:
    assert answer.status_code == 401, answer.text
    assert problem_of(answer)["type"] == "/problems/unauthenticated"
    challenge = answer.headers["www-authenticate"]
    metadata = f'resource_metadata="{door.url}/.well-known/oauth-protected-resource"'
    assert challenge == f'Bearer error="invalid_token", {metadata}'


async def test_a_good_token_opens_the_door(door: Door, client: Knocking) -> None:
    said = (await knock(door, await client.token("people:read purpose:early_help"))).json()
    assert (said["agency"], said["client"]) == (AGENCY, client.id)
    assert said["scopes"] == ["people:read", "purpose:early_help"]
    assert said["purpose"] == "early_help"
    assert (said["practitioner"], said["audience"]) == (None, [])
    assert (await knock(door, made(door, client))).status_code == 200


async def test_without_a_token_it_says_where_to_find_out(door: Door) -> None:
    answer = await door.http.get(WHOAMI)
    assert answer.status_code == 401
    metadata = f"{door.url}/.well-known/oauth-protected-resource"
    assert answer.headers["www-authenticate"] == f'Bearer resource_metadata="{metadata}"'
    assert (await door.http.get(metadata)).json()["resource"] == door.url


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "https://elsewhere.example"},
        {"aud": ["https://elsewhere.example"]},
        {"aud": None},
        {"exp": timedelta(seconds=-1)},
        {"exp": None},
        {"exp": "soon"},
        {"iat": timedelta(seconds=600)},
        {"iat": None},
        {"scope": None},
        {"scope": 7},
        {"client_id": None},
        {"client_id": "nobody"},
        {"agency": "another-agency"},
        {"agency": None},
        {"header": {"typ": "JWT"}},
        {"header": {"typ": "id_token"}},
        {"header": {"kid": "another"}},
        {"header": {"kid": "../../etc/passwd"}},
    ],
    ids=str,
)
async def test_a_token_that_is_not_exactly_ours_is_refused(
    door: Door, client: Knocking, changed: dict[str, Any]
) -> None:
    shut(await knock(door, made(door, client, **changed)), door)


async def test_a_token_signed_by_nobody_is_refused(door: Door, client: Knocking) -> None:
    _, payload, signature = (await client.token()).split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    shut(await knock(door, f"{header}.{payload}."), door)
    shut(await knock(door, f"{header}.{payload}.{signature}"), door)


async def test_a_token_signed_with_our_public_key_as_a_secret_is_refused(
    door: Door, client: Knocking
) -> None:
    published = (await door.http.get("/.well-known/jwks.json")).json()["keys"][0]
    payload = (await client.token()).split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    for secret in (json.dumps(published), json.dumps({"keys": [published]})):
        header = {"alg": "HS256", "typ": "at+jwt", "kid": published["kid"]}
        shut(await knock(door, jwt.encode(header, claims, OctKey.import_key(secret))), door)


async def test_a_token_signed_by_the_clients_own_key_is_refused(door: Door, client: Knocking) -> None:
    public = client.key.as_dict(private=False)
    header = {"alg": "ES256", "typ": "at+jwt", "jwk": public}
    claims = {"iss": door.url, "aud": door.url, "client_id": client.id, "agency": AGENCY}
    shut(await knock(door, jwt.encode(header, claims, client.key)), door)
    shut(await knock(door, client.assertion()), door)


async def test_a_changed_token_is_refused_though_its_original_is_remembered(
    door: Door, client: Knocking
) -> None:
    token = await client.token()
    assert (await knock(door, token)).status_code == 200
    header, payload, signature = token.split(".")
    other = "B" if signature[5] != "B" else "C"
    shut(await knock(door, f"{header}.{payload}.{signature[:5]}{other}{signature[6:]}"), door)


@pytest.mark.parametrize("token", ["x", "a.b.c", "..", "e30.e30.e30", "é", "eyJhbGciOiJFUzI1NiJ9..x"])
async def test_what_is_no_token_is_refused(door: Door, token: str) -> None:
    answer = await door.http.get(WHOAMI, headers={b"authorization": b"Bearer " + token.encode()})
    shut(answer, door)


async def test_a_token_stops_working_when_it_expires_however_well_remembered(
    door: Door, client: Knocking
) -> None:
    token = made(door, client, exp=int(time.time()) + 4)
    assert (await knock(door, token)).status_code == 200
    await asyncio.sleep(4)
    shut(await knock(door, token), door)


async def test_a_token_counts_in_the_header_alone(door: Door, client: Knocking) -> None:
    token = await client.token()
    asked = await door.http.get(WHOAMI, params={"access_token": token})
    assert asked.status_code == 401
    posted = await door.http.post("/referral/things", data={"access_token": token})
    assert posted.status_code == 401
    for other in (f"Basic {token}", token, f"DPoP {token}", "Bearer"):
        answer = await door.http.get(WHOAMI, headers={"authorization": other})
        assert answer.status_code == 401


async def test_two_tokens_are_one_too_many(door: Door, client: Knocking) -> None:
    bearer = ("authorization", f"Bearer {await client.token()}")
    assert (await door.http.get(WHOAMI, headers=[bearer, bearer])).status_code == 401


async def test_a_suspended_client_is_out_within_a_second(door: Door, client: Knocking) -> None:
    token = await client.token()
    assert (await knock(door, token)).status_code == 200
    async with door.changing() as tx:
        await clients.suspend(tx, client.id)
    shut(await within_a_second(lambda: knock(door, token), 401), door)


async def test_every_client_of_an_agency_that_left_is_out(door: Door) -> None:
    leaver = clients.AgencyId("merged-school")
    client = await door.client(agency=leaver)
    token = await client.token()
    async with door.changing() as tx:
        await clients.leave(tx, leaver)
    assert (await client.ask()).json()["error"] == "invalid_client"
    await asyncio.sleep(0.6)
    shut(await knock(door, token), door)


async def test_a_scope_taken_away_is_gone_from_the_tokens_that_had_it(door: Door, client: Knocking) -> None:
    token = await client.token("people:read people:write purpose:early_help")
    async with door.changing() as tx:
        keys = [client.key.as_dict(private=False)]
        await clients.register(tx, client.id, AGENCY, "Test", keys, ["people:read"])
    said = (await knock(door, token)).json()
    assert (said["scopes"], said["purpose"]) == (["people:read"], None)


async def test_the_practitioner_and_the_room_come_from_the_request(door: Door, client: Knocking) -> None:
    token = await client.token()
    said = (await knock(door, token, practitioner="nurse.7_x-1", audience="b-school, a-police")).json()
    assert said["practitioner"] == "nurse.7_x-1"
    assert said["audience"] == ["a-police", "b-school"]
    assert said["agency"] == AGENCY


@pytest.mark.parametrize("name", ["", "a b", "Zoë", "x" * 65, "p;q", "a,b"])
async def test_a_practitioner_who_is_no_staff_id_is_refused(door: Door, client: Knocking, name: str) -> None:
    headers = {b"authorization": f"Bearer {await client.token()}".encode()}
    answer = await door.http.get(WHOAMI, headers={**headers, b"practitioner": name.encode()})
    assert answer.status_code == 400
    assert problem_of(answer)["type"] == "/problems/practitioner-not-valid"


@pytest.mark.parametrize("room", ["", "A-School", "a,,b", "x" * 64, ",".join(f"a{n}" for n in range(41))])
async def test_an_audience_that_is_no_list_of_agencies_is_refused(
    door: Door, client: Knocking, room: str
) -> None:
    answer = await knock(door, await client.token(), audience=room)
    assert answer.status_code == 400
    assert problem_of(answer)["type"] == "/problems/audience-not-valid"


async def test_with_its_database_away_the_door_stays_shut(gateway_settings: Settings) -> None:
    async with Wire.to(gateway_settings) as wire, opened(wire.settings, apart=False) as door:
        client = await door.client()
        token = await client.token()
        assert (await knock(door, token)).status_code == 200
        await wire.cut()
        await asyncio.sleep(0.6)
        for answer in (await knock(door, token), await client.ask()):
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            assert problem_of(answer)["type"] == "/problems/temporarily-unavailable"


def test_only_so_many_tokens_are_remembered(
    door: Door, client: Knocking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED", 3)
    verifier = tokens.AccessTokens(issuer(door.url, door.settings.signing_key))
    for _ in range(9):
        verifier.verify(made(door, client))
    assert len(verifier) == 3
    with pytest.raises(Unauthenticated):
        verifier.verify("x")


async def test_a_client_of_a_team_asks_in_its_name(door: Door, client: Knocking) -> None:
    async with door.changing() as tx:
        keys = [client.key.as_dict(private=False)]
        await clients.register(tx, client.id, AGENCY, "Test", keys, SCOPES, team="pastoral")
    answer = await door.http.get("/referral/whoami", headers=await client.bearing())
    assert answer.json()["team"] == f"{AGENCY}/pastoral"


async def test_a_team_has_a_plain_name(door: Door, client: Knocking) -> None:
    keys = [client.key.as_dict(private=False)]
    async with door.changing() as tx:
        with pytest.raises(clients.TeamNotValid):
            await clients.register(tx, client.id, AGENCY, "Test", keys, SCOPES, team="a/b")
