"""Random histories, recorded by SQL alone: what PostgreSQL puts in force is what a plain fold says."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.sharing.history import FOLLOWS as TABLE
from hub.sharing.vocabulary import Event
from tests.hub import ledger_fold as fold
from tests.hub.ledger_fold import Happened, Share

RECORDERS = ("northshire-early-help", "northshire-mash")
CATEGORIES = ("housing_tenancy", "home_address")
KEYS = (
    "northshire-housing",
    "northshire-housing/tenancy",
    "northshire-housing/repairs",
    "northshire-police",
    "oakfield-primary",
    "type:school",
)
PEOPLE = {"mother": uuid4(), "father": uuid4(), "grandmother": None}

some = st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=3, unique=True).map(tuple)
kinds = st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=2, unique=True).map(tuple)
beginnings = st.builds(
    Happened,
    event=st.sampled_from(["proposed", "given", "given", "given", "refused", "refused", "not_shared"]),
    decision=st.just(-1),
    agency=st.sampled_from(KEYS),
    subjects=some,
    categories=kinds,
    purpose=st.sampled_from(["early_help", "early_help", "attendance"]),
    basis=st.sampled_from(["agreement", "agreement", "agreement", "safeguarding"]),
    giver=st.sampled_from([*PEOPLE]),
)
# Much the same said by one or two, so that now and then one of them answers another in full.
words = st.builds(
    Happened,
    event=st.sampled_from(["proposed", "given", "refused", "refused", "not_shared"]),
    decision=st.just(-1),
    agency=st.sampled_from([*KEYS[:1] * 3, "type:school"]),
    subjects=st.sampled_from([(0,), (0, 1)]),
    categories=kinds,
    purpose=st.sampled_from(["early_help"] * 4 + ["attendance"]),
    basis=st.sampled_from(["agreement"] * 4 + ["safeguarding"]),
    giver=st.sampled_from(["mother", "mother", "father", "grandmother"]),
)
laters = st.tuples(
    st.sampled_from(
        ["given", "refused", "varied", "reviewed", "withdrawn", "expired", "superseded", "resolved"]
    ),
    st.integers(0, 9),
    kinds,
    st.sampled_from([*PEOPLE]),
    st.sampled_from(["share", "do_not_share"]),
    st.integers(0, 9),
)
histories = st.lists(st.one_of(beginnings, laters), min_size=2, max_size=14)


def settled(steps: list[Any]) -> list[Happened]:
    """A history that can happen: steps the life of a decision does not have are left out."""
    history = list[Happened]()
    for step in steps:
        begun = [h for h in history if h.event in ("proposed", "given", "refused", "not_shared")]
        first = {h.decision: h for h in reversed(begun)}
        if isinstance(step, Happened):
            basis = "agreement" if step.event == "refused" else step.basis
            history.append(replace(step, decision=len(first), basis=basis))
        elif first:
            event, number, categories, giver, outcome, other = step
            one = replace(first[number % len(first)], successor=other % (len(first) + 1))
            history += later(history, one, event, categories, giver, outcome)
    return history


def later(
    history: list[Happened],
    first: Happened,
    event: str,
    categories: tuple[str, ...],
    giver: str,
    outcome: str,
) -> list[Happened]:
    """What may happen to a decision now, if it may."""
    if event == "resolved":
        open_now = sorted(pair for pair in fold.disagreements(history) if pair[0] == first.decision)
        return [Happened("resolved", pair[0], refusal=pair[1], outcome=outcome) for pair in open_now[:1]]
    if event not in fold.FOLLOWS[fold.standing(history, first.decision)]:
        return []
    if event == "refused" and first.basis != "agreement":
        return []
    if event == "superseded" and not fold.may_take_its_place(history, first.decision, first.successor):
        return []
    answering = event in ("given", "refused")
    now = fold.terms(history, first.decision, ("given", "varied"))
    said = now[1] if now else first
    spoken = [
        h for h in history if h.decision == first.decision and h.event in ("proposed", "given", "refused")
    ]
    return [
        replace(
            first,
            event=event,
            categories=categories if event == "varied" else said.categories,
            giver=giver if answering else (spoken[-1] if spoken else first).giver,
            successor=first.successor if event == "superseded" else -1,
        )
    ]


@pytest.fixture
async def database(database_url: str, hub: object) -> AsyncIterator[asyncpg.Connection]:
    """The ledger's own database, in a transaction that is rolled back."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def record(
    connection: asyncpg.Connection, one: Happened, ids: dict[int, UUID], people: list[UUID]
) -> None:
    """One step, by SQL alone and as the front door's own role."""
    await connection.execute("set local role hub_gateway")
    for name in ("agency", "client", "practitioner", "purpose", "audience", "operation"):
        await connection.execute("select set_config($1, $2, true)", f"hub.{name}", RECORDERS[0])
    if one.event == "resolved":
        await connection.execute("select set_config('hub.practitioner', 'somebody else', true)")
        done = await connection.execute(
            "insert into hub.conflict_resolution (conflict, outcome, reason) select id, $3, 'synthetic'"
            " from hub.conflict where agreement = $1 and refusal = $2 and open",
            ids[one.decision],
            ids[one.refusal],
            one.outcome,
        )
        assert done == "INSERT 0 1"
        return
    await connection.execute(
        "insert into hub.decision_event (decision, event, agency, subjects, categories, purpose, basis,"
        " given_by, giver, capacity, reason, successor) values"
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pr_holder', 'synthetic', $10)",
        ids.setdefault(one.decision, uuid4()),
        one.event,
        one.agency,
        [people[n] for n in one.subjects],
        list(one.categories),
        one.purpose,
        one.basis,
        one.giver,
        PEOPLE[one.giver or "mother"],
        ids.get(one.successor, uuid4()) if one.event == "superseded" else None,
    )


async def lets(
    connection: asyncpg.Connection, one: Happened, ids: dict[int, UUID], people: list[UUID]
) -> bool:
    """Whether PostgreSQL would let that happen now."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        await record(connection, one, ids, people)
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await attempt.rollback()
    return True


async def played(
    connection: asyncpg.Connection, history: list[Happened], then: Sequence[Happened] = ()
) -> tuple[set[Share], set[tuple[int, int]], list[bool]]:
    """What PostgreSQL has in force by then, what it holds for a person, and which it would let happen."""
    ids, people = dict[int, UUID](), [uuid4() for _ in range(3)]
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("update hub.partnership set agreements_required = false")
        for one in history:
            await record(connection, one, ids, people)
        may_happen = [await lets(connection, one, ids, people) for one in then]
        await connection.execute("reset role")
        back = {which: number for number, which in ids.items()}
        # Other tests of this worker may have founded schools, which `type:school` reaches too.
        shares = await connection.fetch(
            "select * from hub.share where subject = any($1) and agency = any($2)",
            people,
            [*KEYS, *fold.SCHOOLS],
        )
        conflicts = await connection.fetch(
            "select agreement, refusal from hub.conflict where open and agreement = any($1)", list(back)
        )
        return (
            {
                Share(
                    back[s["decision"]], people.index(s["subject"]), s["category"], s["agency"], s["purpose"]
                )
                for s in shares
            },
            {(back[c["agreement"]], back[c["refusal"]]) for c in conflicts},
            may_happen,
        )
    finally:
        await transaction.rollback()


def test_the_table_of_what_may_follow_is_the_one_that_was_agreed() -> None:
    assert {k and k.value: {e.value for e in v} for k, v in TABLE.items()} == fold.FOLLOWS


async def test_postgresql_has_the_same_table(database: asyncpg.Connection) -> None:
    for before in (None, *Event):
        for event in Event:
            said = await database.fetchval("select hub.may_follow($1, $2)", before, event)
            assert said is (event in TABLE.get(before, frozenset())), (before, event)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories)
async def test_what_is_in_force_is_what_a_plain_fold_of_the_history_says(
    database: asyncpg.Connection, steps: list[Any]
) -> None:
    history = settled(steps)
    shares, conflicts, _ = await played(database, history)
    assert shares == fold.in_force(history)
    assert conflicts == fold.disagreements(history)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(words, words, laters), min_size=2, max_size=9))
async def test_what_may_take_whose_place_is_what_the_fold_says(
    database: asyncpg.Connection, steps: list[Any]
) -> None:
    history = settled(steps)
    first = {h.decision: h for h in reversed(history) if h.event != "resolved"}
    pairs = [
        replace(one, event="superseded", successor=other)
        for one in first.values()
        for other in {*first, -1} - {one.decision}
        if "superseded" in fold.FOLLOWS[fold.standing(history, one.decision)]
    ]
    *_, may_happen = await played(database, history, pairs)
    assert may_happen == [fold.may_take_its_place(history, one.decision, one.successor) for one in pairs]
