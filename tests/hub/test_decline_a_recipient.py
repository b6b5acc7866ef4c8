"""What an author declined to let an agency show somebody, it does not show them under another name."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

RECORDER, AUTHOR = "northshire-mash", "northshire-police"
SCHOOLS = ("oakfield-primary", "hilltop-secondary")
OAKFIELD, PASTORAL, ADMISSIONS = SCHOOLS[0], f"{SCHOOLS[0]}/pastoral", f"{SCHOOLS[0]}/admissions"
EVERY_SCHOOL = "type:school"
HOUSING = "northshire-housing"
NAMES = (OAKFIELD, PASTORAL, ADMISSIONS, "hilltop-secondary", EVERY_SCHOOL, HOUSING)

answers = st.tuples(
    st.sampled_from(["declined", "declined", "countersigned"]), st.sampled_from(NAMES), st.booleans()
)


def agencies(name: str) -> tuple[str, ...]:
    """Who is meant."""
    return SCHOOLS if name == EVERY_SCHOOL else (name,)


def overlap(one: str, other: str) -> bool:
    """Whether what is shown to the one is shown to somebody of the other."""
    return any(
        a == b or a.startswith(f"{b}/") or b.startswith(f"{a}/")
        for a in agencies(one)
        for b in agencies(other)
    )


def covers(name: str, recipient: str) -> bool:
    """Whether all of the recipient is meant."""
    return any(recipient == each or recipient.startswith(f"{each}/") for each in agencies(name))


def shown_to(said: Sequence[tuple[str, str, bool]], asked: str) -> set[str]:
    """Whom the next decision shows the author's records: whoever no standing decline is about."""
    about_it = [(event, name) for event, name, same in said if same]

    def declined(recipient: str) -> bool:
        return any(
            event == "declined"
            and overlap(name, recipient)
            and not any(
                later == "countersigned" and (other == name or covers(other, recipient))
                for later, other in about_it[place:]
            )
            for place, (event, name) in enumerate(about_it)
        )

    return {recipient for recipient in agencies(asked) if not declined(recipient)}


class Ledger:
    """One person, of whom the MASH passes on what the police wrote."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection, self.person = connection, uuid4()

    async def happens(self, event: str, agency: str, by: str, decision: UUID, **more: object) -> None:
        """An event of one decision."""
        for name in ("agency", "client", "practitioner", "purpose", "audience"):
            await self.connection.execute("select set_config($1, $2, true)", f"hub.{name}", by)
        facts = {
            "decision": decision,
            "event": event,
            "agency": agency,
            "subjects": [self.person],
            "categories": ["police_justice"],
            "purpose": "early_help",
            "basis": "safeguarding",
            "reason": "synthetic",
            "asked": [AUTHOR],
        } | more
        places = ", ".join(f"${n}" for n in range(1, len(facts) + 1))
        await self.connection.execute(
            f"insert into hub.decision_event ({', '.join(facts)}) values ({places})", *facts.values()
        )

    async def passes_on(self, agency: str, **more: object) -> UUID:
        """The MASH shows somebody what it sees of the police's."""
        decision = uuid4()
        await self.happens("given", agency, RECORDER, decision, **more)
        return decision

    async def who(self, decision: UUID) -> set[str]:
        """Whom a decision shows what the police wrote."""
        rows = await self.connection.fetch(
            "select agency from hub.share where decision = $1 and author = $2 and agency = any($3)",
            *(decision, AUTHOR, [*NAMES]),
        )
        return {row["agency"] for row in rows}


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncGenerator[Ledger]:
    """The ledger, as nobody else sees it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield Ledger(connection)
    finally:
        await transaction.rollback()


@pytest.fixture
async def database(database_url: str, hub: object) -> AsyncIterator[asyncpg.Connection]:
    """The ledger's own database."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@example([("declined", OAKFIELD, True)], EVERY_SCHOOL)
@example([("declined", EVERY_SCHOOL, True)], OAKFIELD)
@example([("declined", OAKFIELD, True)], PASTORAL)
@example([("declined", PASTORAL, True)], EVERY_SCHOOL)
@example([("declined", EVERY_SCHOOL, True), ("countersigned", OAKFIELD, True)], EVERY_SCHOOL)
@example([("declined", OAKFIELD, True), ("countersigned", PASTORAL, True)], ADMISSIONS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(answers, max_size=4), st.sampled_from(NAMES))
async def test_a_decline_holds_for_whoever_it_was_about_however_they_are_named_next(
    database: asyncpg.Connection, said: list[tuple[str, str, bool]], asked: str
) -> None:
    """Some of the answers are about another category."""
    async with rolled_back(database) as ledger:
        both = ["police_justice", "existence"]
        await ledger.happens("given", RECORDER, AUTHOR, uuid4(), categories=both)
        for event, name, same in said:
            about = {"categories": [both[0] if same else both[1]]}
            before = await ledger.passes_on(name, **about)
            await ledger.happens(event, name, AUTHOR, before, **about)
        assert await ledger.who(await ledger.passes_on(asked)) == shown_to(said, asked)


async def test_what_was_passed_on_before_stands_until_its_author_says_so_of_it(
    database: asyncpg.Connection,
) -> None:
    async with rolled_back(database) as ledger:
        await ledger.happens("given", RECORDER, AUTHOR, uuid4())
        everybody = await ledger.passes_on(EVERY_SCHOOL)
        await ledger.happens("declined", OAKFIELD, AUTHOR, await ledger.passes_on(OAKFIELD))
        await ledger.connection.execute("select hub.settle($1)", everybody)
        assert await ledger.who(everybody) == {*SCHOOLS}
        await ledger.happens("varied", EVERY_SCHOOL, RECORDER, everybody)
        assert await ledger.who(everybody) == {"hilltop-secondary"}
