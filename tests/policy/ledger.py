"""The ledger driven directly, as a service's own role: the row policy is tried without any of our Python."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

AUTHOR, NAMED, ANOTHER = "oakfield-primary", "northshire-housing", "northshire-police"
RECORDER = "northshire-early-help"


@dataclass(frozen=True)
class Asking:
    """Who asks, for what, and who else sees the screen."""

    agency: str
    purpose: str = "early_help"
    audience: str | None = None


@asynccontextmanager
async def asking(url: str, who: Asking | None) -> AsyncGenerator[asyncpg.Connection]:
    """A transaction of a service's role with the context of `who`; None sets no context at all."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            if who:
                for name, value in (
                    ("agency", who.agency),
                    ("purpose", who.purpose),
                    ("audience", who.audience or who.agency),
                    ("client", who.agency),
                    ("practitioner", ""),
                    ("operation", "policy test"),
                    ("request", str(uuid4())),
                ):
                    await connection.execute("select set_config($1, $2, true)", f"hub.{name}", value)
            yield connection
    finally:
        await connection.close()


async def write_row(url: str, category: str) -> UUID:
    """One row of the author's, about a new person, in the given category. Returns the person."""
    person = uuid4()
    async with asking(url, Asking(AUTHOR)) as connection:
        await connection.execute(
            "insert into referral.concern (id, subject, category, kind, narrative, occurred_at, received_at)"
            " values (gen_random_uuid(), $1, $2, 'other', 'synthetic', now(), now())",
            person,
            category,
        )
    return person


async def happens(url: str, event: str, person: UUID, **more: object) -> UUID:
    """An event of the ledger, recorded by the early help team."""
    decision = more.pop("decision", None) or uuid4()
    facts = {
        "event": event,
        "decision": decision,
        "agency": NAMED,
        "purpose": "early_help",
        "basis": "agreement",
        "categories": ["housing_tenancy"],
        "subjects": [person],
        "reason": "policy test",
    } | more
    columns, places = ", ".join(facts), ", ".join(f"${n}" for n in range(1, len(facts) + 1))
    async with asking(url, Asking(RECORDER)) as connection:
        await connection.execute(
            f"insert into hub.decision_event ({columns}) values ({places})", *facts.values()
        )
    return UUID(str(decision))


async def sees(url: str, person: UUID, who: Asking | None) -> bool:
    """Whether the row about this person is shown."""
    async with asking(url, who) as connection:
        return bool(
            await connection.fetchval("select count(*) from referral.concern where subject = $1", person)
        )
