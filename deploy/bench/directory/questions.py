"""What families ask of a directory, each answer checked against plain SQL before it is timed.

The check reads the tables as the administrator, without the views and indexes the directory finds by.
"""

import json
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import asyncpg

from deploy.bench.directory.stage import Offer, Offers
from deploy.bench.doors import Question
from deploy.bench.turns import WrongAnswer
from services.directory.rules.places import areas_around

WITHIN = 5000
MOST = 60
# What somebody types, and the term they have chosen.
ASKED = (
    *(("debt", "Debt advice"), ("parenting", "Parenting"), ("counsellor", "Counselling")),
    *(("food", "Food bank"), ("youth", "Youth club"), ("housing", "Housing advice")),
    *(("carers", "Young carers"), ("autistic children", "Autism and ADHD")),
)
HOMES = """
select a.postal_code as postcode, l.easting, l.northing, ar.code as authority
from directory.address a join directory.location l on l.id = a.location_id
  join directory.service_at_location al on al.location_id = l.id
  join directory.service_area ar on ar.service_id = al.service_id
where ar.code ~ '^[EWSN]0[6789]|^[EWSN]1' order by a.id limit 1000"""
# Everything asked for must hold, and only what is published counts.
RIGHT = """
select s.id from directory.service s
where to_tsvector('directory.words', s.name || ' ' || s.keywords || ' ' || coalesce(s.description, ''))
    @@ websearch_to_tsquery('directory.words', $1)
  and s.id in (select a.service_id from directory.attribute a where a.taxonomy_term_id = $2)
  and s.id in (select al.service_id from directory.service_at_location al
    join directory.location l on l.id = al.location_id where l.visibility = 'public'
      and sqrt((l.easting - $3::float8) ^ 2 + (l.northing - $4::float8) ^ 2) <= $5::float8)
  and s.status in ('active', 'temporarily closed') and s.visibility = 'public' and s.hidden_at is null
  and (not exists (select from directory.service_area a where a.service_id = s.id and a.code is not null)
    or exists (select from directory.service_area a where a.service_id = s.id
      and a.code = any($6::text[])))"""


@dataclass(frozen=True)
class Search:
    """One family's search: what, under which term, near which home."""

    words: str
    term: Any
    home: Mapping[str, Any]

    def path(self) -> bytes:
        """How it is asked."""
        asked = {"search": self.words, "taxonomy_term_id": self.term, "postcode": self.home["postcode"]}
        return f"/directory/services?{urlencode({**asked, 'proximity': WITHIN})}".encode()

    async def right(self, administrator: asyncpg.Connection) -> set[str]:
        """The ids of the services that answer it."""
        place = (self.home["easting"], self.home["northing"], WITHIN)
        areas = areas_around(self.home["authority"])
        rows = await administrator.fetch(RIGHT, self.words, self.term, *place, list(areas))
        return {str(row["id"]) for row in rows}


async def searches(offers: Offers) -> list[Search]:
    """The same searches for both, each with something to find in the smaller one, and both answers right."""
    found: list[Search] = []
    async for search in _made_up(offers.few.administrator):
        if await search.right(offers.few.administrator):
            for offer in offers.both():
                await _check(offer, search)
            found.append(search)
        if len(found) == MOST:
            break
    if not found:
        raise WrongAnswer("No search finds anything: seed more services.")
    return found


async def _made_up(administrator: asyncpg.Connection) -> AsyncIterator[Search]:
    names = [term for _, term in ASKED]
    known = await administrator.fetch(
        "select name, id from directory.taxonomy_term where name = any($1)", names
    )
    terms = {row["name"]: row["id"] for row in known}
    homes = [dict(row) for row in await administrator.fetch(HOMES)]
    random.Random(1).shuffle(homes)  # noqa: S311  # the same searches in every run
    for number, home in enumerate(homes):
        words, term = ASKED[number % len(ASKED)]
        yield Search(words, terms[term], home)


async def _check(offer: Offer, search: Search) -> None:
    """Everything right is found, and what is found besides (a synonym) is under the term and near enough."""
    right = await search.right(offer.administrator)
    reply = await offer.door().ask(Question(b"GET", search.path() + b"&per_page=1000"))
    found = json.loads(reply.body)
    contents: Sequence[Mapping[str, Any]] = found["contents"]
    ids = {service["id"] for service in contents}
    if not right <= ids or found["total_items"] != len(ids):
        raise WrongAnswer(f"{search.path().decode()} among {offer.services}: {len(right - ids)} are missing.")
    metres = [service["metres"] for service in contents]
    if metres != sorted(metres) or max(metres) > WITHIN:
        raise WrongAnswer(f"{search.path().decode()}: not the nearest first, or too far.")
    under = await offer.administrator.fetchval(
        "select count(distinct service_id) from directory.attribute"
        " where service_id = any($1) and taxonomy_term_id = $2",
        list(ids),
        search.term,
    )
    if under != len(ids):
        raise WrongAnswer(f"{search.path().decode()} found services of another term.")


async def items(offer: Offer) -> list[bytes]:
    """Services to read whole."""
    rows = await offer.administrator.fetch(
        "select id from directory.service where visibility = 'public' and status = 'active'"
        " and hidden_at is null order by id limit 100"
    )
    return [f"/directory/services/{row['id']}".encode() for row in rows]
