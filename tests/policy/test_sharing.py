"""The row policy, printed whole: every basis x category x purpose x state of the ledger x who asks.

PostgreSQL decides each cell; `explain` and the model say the same of each, or this fails. What is alike over
bases, categories and purposes is printed once, with all of those it was found alike over.
"""

import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from hub.caller import AgencyId, Caller, ClientId, PractitionerId, Purpose, Scope
from hub.explain import Asked, Explanation, explain_all
from hub.problem import NotFound
from hub.sharing import Basis, Category
from tests.policy.golden import compare
from tests.policy.happened import AUTHOR, OVERSIGHT, cannot_be_recorded, in_force
from tests.policy.laying import ALL, PURPOSES, Cell, Ground, lay, refuses, time_passes
from tests.policy.model import Asker, Row, sees
from tests.policy.printing import Behaviour, printed
from tests.policy.states import COLUMNS, STATES

BASES = [basis.value for basis in Basis]
Verdicts = Mapping[str, set[tuple[UUID, str]]]


@pytest.fixture(scope="module", autouse=True)
def uncollected() -> Iterator[None]:
    """Of half a million answers none forms a ring: looking for rings among them takes as long again."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="module")
async def laid(ground: Ground) -> list[tuple[str, Cell]]:
    """Every state, once for each basis and purpose, with a record of each category."""
    cells = [
        (state, Cell(history, basis, purpose, categories))
        for state, history in STATES.items()
        for basis in BASES
        for purpose in PURPOSES
        for categories in _together(history)
    ]
    await lay(ground.connection, [cell for _, cell in cells])
    await time_passes(ground.connection)
    return cells


def _together(history: Sequence[Any]) -> Iterator[tuple[str, ...]]:
    """A person for all categories at once; where another category matters, a person for each."""
    if any(one.about == "another category" for one in history):
        yield from ((category,) for category in ALL)
    else:
        yield tuple(ALL)


async def test_every_cell_is_what_was_agreed_what_is_explained_and_what_the_model_says(
    ground: Ground, laid: list[tuple[str, Cell]]
) -> None:
    behaviours = dict[tuple[str, Behaviour], list[tuple[str, str, str]]]()
    checked = 0
    for purpose in PURPOSES:
        cells = [(state, cell) for state, cell in laid if cell.purpose == purpose]
        shown = await _shown(ground, purpose, [cell for _, cell in cells])
        explained = await _explained(ground, purpose, [cell for _, cell in cells])
        told = await _told(ground, purpose, cells)
        for state, cell in cells:
            ledger = in_force(cell.history, cell.basis)
            modelled = {name: sees(ledger, ROW, column.asker) for name, column in COLUMNS.items()}
            for category in cell.categories:
                about = (cell.subject, category)
                found = {name: about in shown[name] for name in COLUMNS}
                place = (state, cell.basis, category, purpose)
                assert found == modelled, (place, _differ(found, modelled))
                said = {name: about in explained[name] for name in explained}
                assert {name: found[name] for name in said} == said, (place, _differ(found, said))
                whys, visible = told[about]
                assert visible == found["H1"], (place, whys)
                key = (state, Behaviour(tuple(found.values()), whys))
                behaviours.setdefault(key, []).append((cell.basis, category, purpose))
                checked += len(found)
    assert checked == len(STATES) * len(BASES) * len(ALL) * len(PURPOSES) * len(COLUMNS)
    compare("sharing.txt", printed(behaviours, checked))


ROW = Row(AUTHOR, 0, "this")


def _differ(one: Mapping[str, bool], other: Mapping[str, bool]) -> list[str]:
    return [
        f"{COLUMNS[name].words}: {one[name]} or {other[name]}" for name in other if one[name] != other[name]
    ]


async def _shown(ground: Ground, purpose: str, cells: Sequence[Cell]) -> Verdicts:
    """What the row policy shows to each asker: one query for each."""
    subjects = [cell.subject for cell in cells]
    found = dict[str, set[tuple[UUID, str]]]()
    for name, column in COLUMNS.items():
        async with ground.connection.transaction():
            await ground.connection.execute("set local role hub_referral")
            for setting, value in _context(column.asker, purpose):
                await ground.connection.execute("select set_config($1, $2, true)", setting, value)
            rows = await ground.connection.fetch(
                "select subject, category from referral.concern where subject = any($1)", subjects
            )
        found[name] = {(row["subject"], row["category"]) for row in rows}
    return found


def _context(asker: Asker, purpose: str) -> Iterator[tuple[str, str]]:
    """What PostgreSQL is told of an asker; nothing at all of one without an agency."""
    team = f"+{asker.agency}/{asker.team}" if asker.team else ""
    yield "hub.agency", asker.agency
    yield "hub.practitioner", asker.practitioner
    yield "hub.purpose", _purpose(asker, purpose) if asker.agency else ""
    yield "hub.audience", ",".join([asker.agency + team, *asker.others])
    yield "hub.oversight", "on" if asker.oversees else ""


def _purpose(asker: Asker, purpose: str) -> str:
    return purpose if asker.purpose == "asked" else PURPOSES[PURPOSES.index(purpose) - 1]


async def _explained(ground: Ground, purpose: str, cells: Sequence[Cell]) -> Verdicts:
    """What `explain` says to oversight, which may know of everything, of every cell."""
    found: dict[str, set[tuple[UUID, str]]] = defaultdict(set)
    for asked_for in ("asked", "other"):
        columns = {n: c.asker for n, c in COLUMNS.items() if c.asker.purpose == asked_for and c.asker.agency}
        asked = [
            (n, _asked(a, cell, c)) for n, a in columns.items() for cell in cells for c in cell.categories
        ]
        for name in columns:
            found[name] = set()
        said = await _explain(
            ground, OVERSIGHT, _purpose(next(iter(columns.values())), purpose), [a for _, a in asked]
        )
        for (name, _), answer in zip(asked, said, strict=True):
            if answer.visible:
                found[name].add((answer.subject, answer.category))
    return found


async def _told(
    ground: Ground, purpose: str, cells: Sequence[tuple[str, Cell]]
) -> dict[tuple[UUID, str], tuple[tuple[str, ...], bool]]:
    """What `explain` says to who wrote the record, of p-1 of housing."""
    hidden = [cell for state, cell in cells if "processing" in state]
    for cell in hidden[:3]:
        with pytest.raises(NotFound):
            await _explain(ground, AUTHOR, purpose, [_asked(COLUMNS["H1"].asker, cell, ALL[0])])
    known = [cell for _, cell in cells if cell not in hidden]
    asked = [_asked(COLUMNS["H1"].asker, cell, category) for cell in known for category in cell.categories]
    said = await _explain(ground, AUTHOR, purpose, asked)
    told = {(each.subject, str(each.category)): _whys(each) for each in said}
    for cell in hidden:
        told |= {(cell.subject, category): (("not found",), False) for category in cell.categories}
    return told


def _whys(said: Explanation) -> tuple[tuple[str, ...], bool]:
    return tuple(dict.fromkeys(reason.why.value for reason in said.reasons)), said.visible


def _asked(asker: Asker, cell: Cell, category: str) -> Asked:
    return Asked(
        AgencyId(asker.agency),
        cell.subject,
        cast("Category", category),
        asker.practitioner,
        asker.team,
        tuple(map(AgencyId, asker.others)),
        AgencyId(AUTHOR),
    )


async def _explain(ground: Ground, agency: str, purpose: str, asked: Sequence[Asked]) -> list[Explanation]:
    oversees = agency == OVERSIGHT
    caller = Caller(
        AgencyId(agency),
        ClientId(agency),
        frozenset({Scope.RECORDS_OVERSEE} if oversees else {}),
        Purpose(purpose),
        PractitionerId("p-9"),
        (AgencyId(agency),),
    )
    async with ground.database.transaction(caller, "explain the policy", uuid4()) as tx:
        return await explain_all(tx, asked)


async def test_what_cannot_be_recorded_is_refused_by_postgresql(ground: Ground) -> None:
    refusable = [
        (Cell(history[:number], basis, PURPOSES[0], tuple(ALL)), one)
        for history in STATES.values()
        for number, one in enumerate(history)
        for basis in BASES
        if cannot_be_recorded(one, basis)
    ]
    await lay(ground.connection, [cell for cell, _ in refusable])
    for cell, one in refusable:
        assert await refuses(ground.connection, cell, one), (one, cell.basis)
    assert len(refusable) > 15


async def test_a_conflict_can_be_resolved_where_there_is_one(ground: Ground) -> None:
    *before, resolved = STATES["given; refused; resolved: share"]
    cell = Cell(tuple(before), "agreement", PURPOSES[0], tuple(ALL))
    await lay(ground.connection, [cell])
    assert not await refuses(ground.connection, cell, resolved)
