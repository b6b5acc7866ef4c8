"""Whoever asks for another's records: who may say `self`, and when a person decides first."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, OAKFIELD
from hub.heard import age_on
from tests.people import Room, a_family

COPIES, ERASURES = "/rights/access-requests", "/rights/erasure-requests"
BOTH = pytest.mark.parametrize("path", [COPIES, ERASURES])


async def asks(room: Room, path: str, subject: UUID, **more: Any) -> dict[str, Any]:
    """A parent asks, unless it is said otherwise; the request, as the hub shows it."""
    body = {
        "subject": str(subject),
        "asked_by": "Robin Synthetic",
        "capacity": "parental_responsibility",
        "received_on": "2026-10-31",
        **more,
    }
    return (await room[DPO].made(path, body))["request"]


async def protect(room: Room, whom: UUID) -> None:
    """A court forbids contact with somebody, as the school records."""
    order = {
        "except": [OAKFIELD.id],
        "subjects": [str(whom)],
        "categories": ["home_address"],
        "kind": "no_contact_order",
        "court_reference": "SYN-1",
        "reason": "An order of the family court.",
    }
    await room[OAKFIELD].made("/sharing/restrictions", order)


@BOTH
async def test_nobody_asks_for_another_as_themselves(
    room: Room, administrator: asyncpg.Connection, path: str
) -> None:
    family = await a_family(room)
    body = {"subject": str(family.child), "asked_by": "Bart Other", "asker": str(family.parent)}
    refused = await room[DPO].post(path, {**body, "capacity": "self", "received_on": "2026-10-31"})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/asked-for-another")
    table = "rights_request" if path == COPIES else "erasure_request"
    with pytest.raises(asyncpg.CheckViolationError):
        await administrator.execute(
            f"update hub.{table} set capacity = 'self', asker = $2 where id = $1",
            UUID((await asks(room, path, family.child))["request"]),
            family.parent,
        )


@BOTH
async def test_who_is_the_subject_may_say_so(room: Room, path: str) -> None:
    family = await a_family(room)
    own = await asks(room, path, family.parent, capacity="self", asker=str(family.parent))
    assert own["status"] == "open"


@BOTH
async def test_an_order_that_protects_the_mother_alone_sends_a_fathers_request_for_the_child_to_a_person(
    room: Room, path: str
) -> None:
    family = await a_family(room)
    await protect(room, family.parent)
    assert (await asks(room, path, family.child))["status"] == "needs_decision"
    by_another = await asks(room, path, family.child, capacity="representative")
    assert by_another["status"] == "needs_decision"
    assert (await asks(room, path, family.child, capacity="self"))["status"] == "open"


@BOTH
async def test_an_order_about_another_family_delays_nothing(room: Room, path: str) -> None:
    family, other = await a_family(room), await a_family(room)
    await protect(room, other.child)
    assert (await asks(room, path, family.child))["status"] == "open"


async def test_what_is_asked_for_a_household_is_asked_for_all_its_people(room: Room) -> None:
    family = await a_family(room)
    await protect(room, family.child)
    asked = await asks(room, ERASURES, family.household, capacity="self")
    assert asked["status"] == "needs_decision"


async def test_an_order_that_comes_to_protect_the_mother_stops_a_copy_that_was_gathered(room: Room) -> None:
    family = await a_family(room)
    path = f"{COPIES}/{(await asks(room, COPIES, family.child))['request']}"
    await room[DPO].made(f"{path}/items")
    await protect(room, family.parent)
    refused = await room[DPO].post(f"{path}/release", {"reason": "Read."}, headers={"practitioner": "p-2"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/protection-came-since")


@pytest.mark.parametrize(
    ("protected", "subject", "capacity", "family_named"),
    [
        ("parent", "child", "parental_responsibility", ["child", "parent"]),
        ("child", "child", "parental_responsibility", []),
        ("parent", "household", "self", ["household", "child", "parent"]),
    ],
    ids=["of the family", "whoever the family is said to be", "of a household that asks as itself"],
)
@pytest.mark.parametrize("table", ["rights", "erasure"])
async def test_postgresql_lets_nothing_be_gathered_before_the_decision(
    room: Room,
    administrator: asyncpg.Connection,
    table: str,
    protected: str,
    subject: str,
    capacity: str,
    family_named: list[str],
) -> None:
    family = await a_family(room)
    await protect(room, getattr(family, protected))
    path = COPIES if table == "rights" else ERASURES
    made = await asks(room, path, getattr(family, subject), capacity=capacity)
    assert made["status"] == "needs_decision"
    undone = administrator.transaction()
    await undone.start()
    which = await administrator.fetchval(
        f"insert into hub.{table}_request select (jsonb_populate_record(r,"
        f" jsonb_build_object('id', $2::uuid))).* from hub.{table}_request r where r.id = $1 returning id",
        UUID(made["request"]),
        uuid4(),
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="decision first"):
        await administrator.execute(
            f"insert into hub.{table}_event (request, event, reason, family, agency, practitioner)"
            " values ($1, 'gathered', 'x', $2, 'northshire-dpo', 'p-1')",
            which,
            [getattr(family, one) for one in family_named],
        )
    await undone.rollback()


@pytest.mark.parametrize(
    ("protected", "subject", "capacity", "family_named"),
    [
        ("child", "child", "representative", []),
        ("parent", "household", "self", ["parent"]),
    ],
    ids=["whoever the family is said to be", "of a household that asks as itself"],
)
async def test_postgresql_finds_who_is_protected_since(
    room: Room,
    administrator: asyncpg.Connection,
    protected: str,
    subject: str,
    capacity: str,
    family_named: list[str],
) -> None:
    family = await a_family(room)
    undone = administrator.transaction()
    await undone.start()
    which = await administrator.fetchval(
        "insert into hub.rights_request (subject, asked_by, capacity, received_on, agency, practitioner)"
        " values ($1, 'Bart Other', $2, '2026-10-31', 'northshire-dpo', 'p-1') returning id",
        getattr(family, subject),
        capacity,
    )
    await administrator.execute(
        "insert into hub.rights_event (request, event, reason, family, agency, practitioner)"
        " values ($1, 'gathered', 'x', $2, 'northshire-dpo', 'p-1')",
        which,
        [getattr(family, one) for one in family_named],
    )
    since = "select hub.protected_since($1)"
    assert not await administrator.fetchval(since, which)
    await protect(room, getattr(family, protected))
    assert await administrator.fetchval(since, which)
    await undone.rollback()


async def child_born(room: Room, born: str) -> UUID:
    """A child the school knows."""
    facts = {"given_name": "Kit", "family_name": "Synthetic", "date_of_birth": born}
    return UUID((await room[OAKFIELD].made("/referral/people", facts))["person"])


@BOTH
@pytest.mark.parametrize(
    ("born", "status"),
    [("2014-11-01", "open"), ("2014-10-31", "needs_decision"), ("2001-01-01", "needs_decision")],
)
async def test_a_child_of_twelve_is_asked_before_a_parent_is_answered(
    room: Room, path: str, born: str, status: str
) -> None:
    child = await child_born(room, born)
    asked = await asks(room, path, child)
    assert asked["status"] == status
    if status == "needs_decision":
        assert "what is best for them" in asked["history"][0]["reason"]
        verdict = {"outcome": "answer", "reason": "She was asked, and wants it too."}
        opened = await room[DPO].made(f"{path}/{asked['request']}/decision", verdict)
        assert opened["request"]["status"] == "open"
    assert (await asks(room, path, child, capacity="self"))["status"] == "open"


@BOTH
async def test_somebody_unknown_is_not_there_whoever_asks(room: Room, path: str) -> None:
    for capacity in ("parental_responsibility", "representative", "self"):
        body = {"subject": str(uuid4()), "asked_by": "Bart Other", "capacity": capacity}
        unknown = await room[DPO].post(path, {**body, "received_on": "2026-10-31"})
        assert unknown.status_code == 404


def test_a_birthday_on_the_last_of_february_is_reached_in_every_year() -> None:
    born = date(2012, 2, 29)
    assert (age_on(born, date(2024, 2, 28)), age_on(born, date(2025, 3, 1))) == (11, 13)
