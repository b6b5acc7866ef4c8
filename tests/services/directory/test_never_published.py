"""Never published: internal, archived and unlisted services, sealed places, staff: in no path and no format.

Every operation is taken from the OpenAPI description that the hub itself serves, and asked with every choice
it has, by nobody and by partners, about rows full of words that stand nowhere else.
"""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import CHARITY, EARLY_HELP, OAKFIELD
from deploy.local import listen, served
from tests.people import Room
from tests.services.directory.asking import Asking
from tests.services.directory.canaries import FOR_COLLEAGUES, MARK, NUMBER, POSTCODE, STAFF_NUMBER, services
from tests.services.directory.feeds import Feed, an_id

# Beginnings and near misses: what a search, a suggestion or a correction would finish.
WORDS = [MARK, f"{MARK}nam", f"{MARK}nameinternl", f"{MARK}namerefug House", POSTCODE, NUMBER, "Example"]
ID = {"services": "service", "organizations": "organization", "service_at_locations": "place"}
SEALED = "visibility <> 'public' or hidden_at is not null"


@dataclass
class Sealed:
    """The ids that must not be seen, and links of providers."""

    secret_ids: set[str]
    links: list[str]


async def _secret(administrator: "asyncpg.Connection[asyncpg.Record]") -> set[str]:
    hidden = await administrator.fetch(
        f"""select id from directory.service where {SEALED} or status not in ('active', 'temporarily closed')
        union select id from directory.organization where {SEALED}
        union select id from directory.location where {SEALED}
        union select id from directory.contact where visibility <> 'public'"""
    )
    return {str(row["id"]) for row in hidden}


@pytest.fixture(scope="module")
async def sealed(room: Room, database_url: str) -> AsyncIterator[Sealed]:
    """Everything that must not be seen, beside a little that may; pulled, then some of it gone."""
    officer, feed, listener = room[EARLY_HELP], Feed(services()), listen(0)
    async with served(feed.app(), listener):
        named = {"url": f"http://127.0.0.1:{listener.getsockname()[1]}", "publisher": "A council"}
        await officer.made("/directory/feeds", named)
        links = {"services": [an_id("public"), an_id("mixed")]}
        issued = (await officer.made("/directory/verification-links", links))["links"]
        unlisted = an_id("canary unlisted")
        await officer.made(
            f"/directory/services/{unlisted}/unlist", {"rule": "duplicate", "reason": f"{MARK}reason"}
        )
        for key in ("canary internal", "mixed"):
            edit = {"changes": {"description": f"{MARK}proposed"}, "note": f"{MARK}note"}
            await officer.made(f"/directory/services/{an_id(key)}/edits", edit)
    connection = await asyncpg.connect(database_url)
    # As a pull leaves what its feed no longer has.
    await connection.execute(
        "update directory.service set hidden_at = now() where id = $1", an_id("canary vanished")
    )
    await connection.execute(
        "update directory.organization set hidden_at = now() where name in ($1, $2)",
        f"{MARK}orgvanished",
        f"{MARK}orgunlisted",
    )
    yield Sealed(await _secret(connection), [link["url"].rpartition("/")[2] for link in issued])
    await connection.close()


def _told(answer: httpx.Response, sealed: Sealed, asked: str) -> set[str]:
    """What of the sealed rows an answer says. What was asked may be repeated: that tells nothing."""
    said, asked = answer.text + json.dumps(dict(answer.headers)), unquote_plus(asked)
    found = {one for one in (*sealed.secret_ids, NUMBER, STAFF_NUMBER) if one in said and one not in asked}
    return found | set(re.findall(rf"{MARK}[a-z]*", said)) - set(
        re.findall(rf"{MARK}[a-z]*", " ".join(WORDS))
    )


async def _spec(http: httpx.AsyncClient) -> dict[str, Any]:
    return (await http.get("/openapi.json")).json()


async def test_the_canaries_are_there_for_whoever_keeps_them(room: Room, sealed: Sealed) -> None:
    """Otherwise the other tests would show nothing."""
    own = await room[EARLY_HELP].get(f"/directory/services/{an_id('canary internal')}")
    for word in ("name", "words", "org", "place", "street", "person", "mail", "tongue", "cost", "times"):
        assert f"{MARK}{word}internal" in own.text
    assert len(sealed.secret_ids) >= 15


@pytest.mark.parametrize("who", ["nobody", "a partner", "a provider"])
async def test_no_operation_shows_what_is_sealed(
    http: httpx.AsyncClient, room: Room, sealed: Sealed, who: str
) -> None:
    partner = {"a partner": OAKFIELD, "a provider": CHARITY}.get(who)
    allowed: frozenset[str] = FOR_COLLEAGUES if partner else frozenset()
    ask = room[partner].ask if partner else http.request
    ids = [an_id("canary refuge"), an_id("mixed"), *sorted(sealed.secret_ids)[: 4 if partner else None]]
    asking = Asking(await _spec(http), ids, WORDS, combinations=2 if partner else 6)
    told: dict[str, set[str]] = {}
    broken: list[str] = []
    answered: dict[str, set[int]] = {}
    for method, path, operation in asking.operations():
        for place in asking.questions(path, operation):
            for body in asking.bodies(operation) if method != "GET" else [None]:
                answer = await ask(method, place, json=body)
                answered.setdefault(f"{method} {path}", set()).add(answer.status_code)
                if answer.status_code == 500:
                    broken.append(f"{method} {place} {json.dumps(body)}")
                if found := _told(answer, sealed, f"{place} {json.dumps(body)}") - allowed:
                    told[f"{method} {place} {json.dumps(body)}"] = found
    assert told == {}
    assert broken == []
    for kind in ("services", "organizations", "service_at_locations"):
        assert {200, 404} <= answered[f"GET /directory/{kind}"] | answered[
            f"GET /directory/{kind}/{{{ID[kind]}}}"
        ]


async def test_a_page_for_a_provider_shows_its_public_listing_and_nothing_else(
    http: httpx.AsyncClient, sealed: Sealed
) -> None:
    for secret in sealed.links:
        for path in (f"/listing/{secret}", f"/listing/{secret}/changed"):
            for language in ("en", "cy"):
                answer = await http.get(path, params={"lang": language})
                assert answer.status_code == 200
                assert "Example" in answer.text
                assert _told(answer, sealed, path) == set()


async def test_graphql_shows_none_of_it(room: Room, sealed: Sealed) -> None:
    query = """query($s: String) { services(search: $s, first: 50) { id name description url email fees alert
      organization { id name description email website } phones { number }
      serviceAtLocations { id location { id name addresses { address_1: address1 postalCode } } } } }"""
    for word in [*WORDS, None]:
        answer = await room[OAKFIELD].post("/graphql", {"query": query, "variables": {"s": word}})
        assert answer.status_code == 200
        assert "errors" not in answer.json(), answer.text
        assert _told(answer, sealed, str(word)) <= FOR_COLLEAGUES


async def test_descriptions_and_examples_are_made_of_nothing_real(
    http: httpx.AsyncClient, sealed: Sealed
) -> None:
    for path in ("/openapi.json", "/directory", "/", "/docs", "/problems"):
        assert _told(await http.get(path), sealed, path) == set()


async def test_a_condition_tells_no_more_than_the_answer(http: httpx.AsyncClient, sealed: Sealed) -> None:
    """An ETag of what is sealed would say that it is there."""
    made_up = "00000000-0000-4000-8000-000000000000"
    early, late = (f"Wed, 01 Jan {year} 00:00:00 GMT" for year in (2020, 2038))
    for conditions in ({}, {"if-none-match": "*"}, {"if-modified-since": early}, {"if-modified-since": late}):
        for kind in ID:
            nowhere = await http.get(f"/directory/{kind}/{made_up}", headers=conditions)
            assert nowhere.status_code == 404
            for one in sealed.secret_ids:
                answer = await http.get(f"/directory/{kind}/{one}", headers=conditions)
                assert (answer.status_code, answer.content) == (nowhere.status_code, nowhere.content)
                assert answer.headers.keys() == nowhere.headers.keys()
