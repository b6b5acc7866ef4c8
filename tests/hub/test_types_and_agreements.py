"""A decision for a type of agency reaches each of it while agreements cover it without a break: by SQL."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

RECORDER, MEMBERS, KIND = "a-recorder", ("a-member", "b-member"), "type:synthetic"
ONE, BOTH = ["existence"], ["existence", "housing_tenancy"]

categories, who = st.sampled_from([ONE, BOTH]), st.sampled_from(MEMBERS)
steps = st.one_of(
    st.tuples(st.just("signed"), st.sampled_from([MEMBERS[:1], MEMBERS[1:], MEMBERS]), categories),
    st.tuples(st.just("ended"), st.integers(0, 5), who),
    st.tuples(st.just("left"), st.integers(0, 5), who),
    st.tuples(st.just("varied"), st.none(), categories),
)


@dataclass
class Agreement:
    """One between the recorder and some of the members."""

    parties: tuple[str, ...]
    categories: Sequence[str]
    over: bool = False
    gone: set[str] = field(default_factory=set[str])

    def covers(self, member: str, wanted: Sequence[str]) -> bool:
        """Whether it backs showing all of that to a member now."""
        there = not self.over and member in self.parties and member not in self.gone
        return there and {*wanted} <= {*self.categories}

    def leave(self, member: str) -> None:
        """A member goes, and where nobody is left beside the recorder it is over."""
        self.gone.add(member)
        self.over = self.gone == {*self.parties}


class Fold:
    """Who is reached, worked out from what happened in plain Python."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.agreements: list[Agreement] = []
        self.wanted = wanted
        self.covered: dict[str, list[bool]] = {member: [] for member in MEMBERS}

    def may_happen(self, event: str, what: Any, more: Any) -> bool:
        """Whether there is such an agreement, and it can still be ended or left."""
        if event not in ("ended", "left"):
            return True
        if what >= len(self.agreements) or self.agreements[int(what)].over:
            return False
        agreement = self.agreements[int(what)]
        return event == "ended" or (more in agreement.parties and more not in agreement.gone)

    def happens(self, event: str, what: Any, more: Any) -> None:
        """One step."""
        match event:
            case "signed":
                self.agreements.append(Agreement(what, more))
            case "ended":
                self.agreements[what].over = True
            case "left":
                self.agreements[what].leave(more)
            case _:
                self.wanted = more
                self.covered = {member: [] for member in MEMBERS}
        for member, until_now in self.covered.items():
            until_now.append(any(a.covers(member, self.wanted) for a in self.agreements))

    def reached(self) -> set[str]:
        """Whoever has been covered since a moment after the last word, without a break."""
        return {
            member
            for member, seen in self.covered.items()
            if seen and seen[-1] and all(seen[seen.index(True) :])
        }


class Ledger:
    """Three agencies that joined today, and one decision for the type of two of them."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection, self.decision, self.person = connection, uuid4(), uuid4()
        self.agreements: list[UUID] = []

    async def speaks(self, agency: str) -> None:
        """Who acts from now on."""
        for name in ("agency", "client", "practitioner", "audience"):
            await self.connection.execute("select set_config($1, $2, true)", f"hub.{name}", agency)

    async def joins(self) -> None:
        """The three join the partnership."""
        await self.speaks(RECORDER)
        for agency in (RECORDER, *MEMBERS):
            kind = "other" if agency == RECORDER else KIND.removeprefix("type:")
            await self.connection.execute(
                "insert into hub.agency (id, name, type) values ($1, $1, $2)", agency, kind
            )

    async def happens(self, event: str, what: Any, more: Any) -> None:
        """One step, as the fold has it."""
        if event == "signed":
            await self.signed(what, more)
        elif event in ("ended", "left"):
            await self._step(self.agreements[int(what)], event, RECORDER if event == "ended" else more)
        else:
            await self.connection.execute(
                "insert into hub.decision_event (decision, event, agency, subjects, categories, purpose,"
                " basis, given_by, reason)"
                " values ($1, $2, $3, $4, $5, 'early_help', 'agreement', 'Robin Synthetic', 'synthetic')",
                *(self.decision, event, KIND, [self.person], more),
            )

    async def signed(self, members: Sequence[str], covered: Sequence[str]) -> None:
        """An agreement between the recorder and these; now and then it runs out before an earlier one."""
        one, parties = uuid4(), [RECORDER, *members]
        self.agreements.append(one)
        await self.connection.execute(
            "insert into hub.agreement (id, title, dpia_reference, parties, starts, ends)"
            " values ($1, 'synthetic', 'DPIA-1', $2, now(), now() + $3 * interval '1 day')",
            *(one, parties, len(self.agreements) * 7 % 5 + 1),
        )
        await self.connection.execute(
            "insert into hub.agreement_term (agreement, number, effect, disclosers, receivers, categories,"
            " purposes, starts) values ($1, 1, 'allow', $2, $2, $3, array['early_help'], now())",
            *(one, parties, covered),
        )
        for party in parties:
            await self._step(one, "signed", party)

    async def _step(self, one: UUID, event: str, party: str) -> None:
        await self.connection.execute(
            "insert into hub.agreement_event (agreement, event, party, signatory, signed_on, reason)"
            " values ($1, $2, $3, 'Sam Synthetic', current_date, 'synthetic')",
            *(one, event, party),
        )

    async def reached(self) -> set[str]:
        """Whoever sees all of it now."""
        rows = await self.connection.fetch(
            "select agency from hub.share where decision = $1 and now() < ends", self.decision
        )
        return {row["agency"] for row in rows}


@pytest.fixture
async def database(database_url: str, hub: object) -> AsyncIterator[asyncpg.Connection]:
    """The ledger's own database."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@asynccontextmanager
async def rolled_back(connection: asyncpg.Connection) -> AsyncGenerator[Ledger]:
    """The ledger, as nobody else sees it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        ledger = Ledger(connection)
        await ledger.joins()
        yield ledger
    finally:
        await transaction.rollback()


SIGNED, AGAIN = ("signed", MEMBERS, BOTH), ("signed", MEMBERS[:1], BOTH)


@example(ONE, [SIGNED])
@example(BOTH, [SIGNED, ("ended", 0, ""), AGAIN])
@example(BOTH, [SIGNED, ("left", 0, MEMBERS[0]), AGAIN])
@example(BOTH, [SIGNED, AGAIN, ("ended", 0, "")])
@example(BOTH, [SIGNED, ("ended", 0, ""), AGAIN, ("varied", None, ONE)])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(categories, st.lists(steps, max_size=8))
async def test_who_is_reached_is_what_a_plain_fold_says(
    database: asyncpg.Connection, wanted: list[str], then: list[tuple[str, Any, Any]]
) -> None:
    """After every step: what takes over in time is no break, and what is signed afterwards no bridge."""
    async with rolled_back(database) as ledger:
        fold = Fold(wanted)
        for step in [("given", None, wanted), *then]:
            if fold.may_happen(*step):
                fold.happens(*step)
                await ledger.happens(*step)
                assert await ledger.reached() == fold.reached(), step


async def test_what_an_agreement_ran_out_for_a_new_one_does_not_bring_back(
    database: asyncpg.Connection,
) -> None:
    async with rolled_back(database) as ledger:
        await ledger.signed(MEMBERS, BOTH)
        await ledger.happens("given", None, BOTH)
        # Time passes.
        await database.execute(
            "update hub.agreement set starts = now() - interval '2 days', ends = now() - interval '1 day'"
            " where id = $1",
            ledger.agreements[0],
        )
        await database.execute("update hub.backing set until = now() - interval '1 day'")
        await ledger.signed(MEMBERS, BOTH)
        assert await ledger.reached() == set()
        await ledger.happens("varied", None, BOTH)
        assert await ledger.reached() == {*MEMBERS}


async def test_one_that_was_away_while_its_agreement_ended_comes_back_to_nothing(
    database: asyncpg.Connection,
) -> None:
    async with rolled_back(database) as ledger:
        await ledger.signed(MEMBERS[:1], BOTH)
        await ledger.happens("given", None, BOTH)
        away = "update hub.agency set active = $2 where id = $1"
        await database.execute(away, MEMBERS[0], False)
        await ledger.happens("ended", 0, "")
        await ledger.signed(MEMBERS, BOTH)
        await database.execute(away, MEMBERS[0], True)
        assert await ledger.reached() == {MEMBERS[1]}
