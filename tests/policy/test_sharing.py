"""The row policy, printed as a table: state of the ledger x who asks."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.policy.golden import compare
from tests.policy.ledger import ANOTHER, AUTHOR, NAMED, Asking, happens, sees, write_row

CALLERS: dict[str, Asking | None] = {
    "author": Asking(AUTHOR),
    "named": Asking(NAMED),
    "other purpose": Asking(NAMED, purpose="safeguarding"),
    "another": Asking(ANOTHER),
    "named+author": Asking(NAMED, audience=f"{NAMED},{AUTHOR}"),
    "named+another": Asking(NAMED, audience=f"{NAMED},{ANOTHER}"),
    "no context": None,
}

NOW = datetime.now(UTC)
State = Callable[[str, UUID], Awaitable[object]]


async def _given_then(url: str, person: UUID, event: str) -> None:
    decision = await happens(url, "given", person)
    await happens(url, event, person, decision=decision)


async def _restricted(url: str, person: UUID, *, lifted: bool = False) -> None:
    await happens(url, "given", person)
    restriction = await happens(url, "restricted", person, purpose=None, basis=None)
    if lifted:
        await happens(url, "lifted", person, purpose=None, basis=None, decision=restriction)


async def _two_one_withdrawn(url: str, person: UUID) -> None:
    await happens(url, "given", person, basis="statutory_duty")
    await _given_then(url, person, "withdrawn")


async def _nothing(url: str, person: UUID) -> None:
    """Nobody decided anything."""


STATES: dict[str, State] = {
    "nothing decided": _nothing,
    "given on agreement": lambda u, p: happens(u, "given", p),
    "given on statutory duty": lambda u, p: happens(u, "given", p, basis="statutory_duty"),
    "given for safeguarding": lambda u, p: happens(u, "given", p, basis="safeguarding"),
    "given by court order": lambda u, p: happens(u, "given", p, basis="court_order"),
    "decided not to share": lambda u, p: happens(u, "not_shared", p),
    "given for another category": lambda u, p: happens(u, "given", p, categories=["health_physical"]),
    "given about somebody else": lambda u, _: happens(u, "given", uuid4()),
    "not yet begun": lambda u, p: happens(u, "given", p, starts=NOW + timedelta(days=1)),
    "expired": lambda u, p: happens(
        u, "given", p, starts=NOW - timedelta(days=2), ends=NOW - timedelta(days=1)
    ),
    "withdrawn": lambda u, p: _given_then(u, p, "withdrawn"),
    "one of two withdrawn": _two_one_withdrawn,
    "given, then restricted": _restricted,
    "restriction lifted": lambda u, p: _restricted(u, p, lifted=True),
}


@pytest.fixture(scope="module")
def url(database_url: str, server: dict[str, dict[str, str]], hub: object) -> str:
    """The database as the referral service's own role sees it."""
    place = database_url.rpartition("@")[2]
    return f"postgresql://hub_referral:{server['roles']['referral']}@{place}"


async def test_the_row_policy_is_the_table_that_was_agreed(url: str) -> None:
    width = max(map(len, STATES)) + 2
    lines = [
        f"{'one row: housing_tenancy, by a school':{max(width, 38)}}" + "".join(f"{c:>15}" for c in CALLERS)
    ]
    for state, happen in STATES.items():
        person = await write_row(url, "housing_tenancy")
        await happen(url, person)
        cells = ["sees" if await sees(url, person, who) else "-" for who in CALLERS.values()]
        lines.append(f"{state:{max(width, 38)}}" + "".join(f"{cell:>15}" for cell in cells))
    compare("sharing.txt", "\n".join(lines) + "\n")
