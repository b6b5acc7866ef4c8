"""An override opens what is restricted once every restriction is named, by it or by others of its person."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, OAKFIELD, POLICE
from tests.gateway.glass import COLLEAGUE, SERGEANT, asks_to_see, ends_by, listed, opened, sees
from tests.people import Family, Room, a_family

LATER = "now() + interval '5 s'"


@pytest.fixture
async def family(room: Room) -> Family:
    """A family of the school's, hidden from nobody yet."""
    return await a_family(room)


async def hidden(room: Room, family: Family) -> str:
    """The school hides from the police who the child is; the restriction."""
    made = await room[OAKFIELD].made(
        "/sharing/restrictions",
        {
            "hidden_from": POLICE.id,
            "subjects": [str(family.child)],
            "categories": ["identity_contact"],
            "reason": "A relative works there.",
        },
    )
    return made["restriction"]


async def opens(room: Room, family: Family, *named: str, **more: str) -> str:
    """The sergeant breaks the glass over these restrictions; the override."""
    return await opened(room[POLICE], family.child, over_restrictions=list(named), **more)


async def seen(room: Room, family: Family) -> bool:
    """Whether the sergeant is shown who the child is."""
    return await sees(room[POLICE], family.child, SERGEANT)


async def ended(room: Room, override: str) -> None:
    """The sergeant ends an override early."""
    path = f"/sharing/overrides/{override}/end"
    answer = await room[POLICE].post(path, {"words": "Found safe and well."}, headers=SERGEANT)
    assert answer.status_code == 204, answer.text


async def lifted(room: Room, restriction: str) -> None:
    """The school lifts a restriction."""
    path = f"/sharing/restrictions/{restriction}/lift"
    await room[OAKFIELD].made(path, {"reason": "The relative has moved."})


async def test_what_is_restricted_stays_hidden_unless_the_override_names_the_restriction(
    room: Room, family: Family
) -> None:
    restriction = await hidden(room, family)
    await opens(room, family)
    assert not await seen(room, family)
    await opens(room, family, str(uuid4()))
    assert not await seen(room, family)
    override = await opens(room, family, restriction)
    assert await seen(room, family)
    said = await listed(room[POLICE], override)
    assert said is not None
    assert said["over_restrictions"] == [restriction]


async def test_one_override_names_several(room: Room, family: Family) -> None:
    both = [await hidden(room, family) for _ in range(2)]
    await opens(room, family, both[0])
    assert not await seen(room, family)
    await ended(room, await opens(room, family, *both))
    assert not await seen(room, family)
    await opens(room, family, *both)
    assert await seen(room, family)
    assert not await sees(room[POLICE], family.child, COLLEAGUE)


async def test_two_overrides_of_one_person_name_one_each(room: Room, family: Family) -> None:
    both = [await hidden(room, family) for _ in range(2)]
    first, _ = [await opens(room, family, each) for each in both]
    assert await seen(room, family)
    await ended(room, first)
    assert not await seen(room, family)


async def test_an_override_that_was_not_right_names_nothing_any_more(room: Room, family: Family) -> None:
    both = [await hidden(room, family) for _ in range(2)]
    first, _ = [await opens(room, family, each) for each in both]
    review = {"upheld": False, "words": "Nobody had gone missing."}
    path = f"/sharing/overrides/{first}/review"
    await room[POLICE].made(path, review, headers={"practitioner": "insp-2"})
    assert not await seen(room, family)


@pytest.mark.parametrize(
    ("person", "changed"),
    [
        (COLLEAGUE, {}),
        (SERGEANT, {"purpose": "early_help"}),
        (SERGEANT, {"categories": ["existence"]}),
    ],
)
async def test_what_another_person_or_another_override_names_is_not_named_for_this(
    room: Room, family: Family, person: dict[str, str], changed: dict[str, object]
) -> None:
    both = [await hidden(room, family) for _ in range(2)]
    await opens(room, family, both[0])
    asked = asks_to_see(family.child, over_restrictions=[both[1]], **changed)
    await room[POLICE].made("/sharing/overrides", asked, headers=person)
    assert not await seen(room, family)
    assert not await sees(room[POLICE], family.child, COLLEAGUE)


async def test_it_opens_once_what_it_does_not_name_is_lifted(room: Room, family: Family) -> None:
    named, other = [await hidden(room, family) for _ in range(2)]
    await opens(room, family, named)
    assert not await seen(room, family)
    await lifted(room, other)
    assert await seen(room, family)
    await lifted(room, named)
    assert await seen(room, family)


async def test_what_comes_afterwards_hides_at_once_until_it_is_named_too(room: Room, family: Family) -> None:
    await opens(room, family)
    assert await seen(room, family)
    first = await hidden(room, family)
    assert not await seen(room, family)
    await opens(room, family, first)
    assert await seen(room, family)
    second = await hidden(room, family)
    assert not await seen(room, family)
    await opens(room, family, second)
    assert await seen(room, family)


async def test_a_seal_and_an_order_are_both_named(room: Room, family: Family) -> None:
    seal = await room[OAKFIELD].made(
        "/sharing/seals",
        {
            "subjects": [str(family.child)],
            "named": [OAKFIELD.id, EARLY_HELP.id],
            "text": [f"{uuid4().hex[:8]} Refuge Road"],
            "categories": ["identity_contact"],
            "reason": "They fled to it.",
        },
    )
    order = await hidden(room, family)
    await opens(room, family, seal["seal"])
    assert not await seen(room, family)
    await opens(room, family, order)
    assert await seen(room, family)


async def test_it_opens_when_what_it_does_not_name_has_run_out(
    room: Room, family: Family, administrator: asyncpg.Connection
) -> None:
    named, other = [await hidden(room, family) for _ in range(2)]
    await opens(room, family, named)
    await administrator.execute(f"update hub.restriction set ends = {LATER} where decision = $1", UUID(other))
    assert not await seen(room, family)
    await asyncio.sleep(5.1)
    assert await seen(room, family)


async def test_it_hides_again_when_the_override_that_names_the_rest_has_run_out(
    room: Room, family: Family, administrator: asyncpg.Connection
) -> None:
    both = [await hidden(room, family) for _ in range(2)]
    first, _ = [await opens(room, family, each) for each in both]
    await ends_by(administrator, first, LATER)
    await administrator.execute("select hub.settle_overrides($1, '{identity_contact}'::text[])", family.child)
    assert await seen(room, family)
    await asyncio.sleep(5.1)
    assert not await seen(room, family)


async def test_opening_and_hiding_at_once_never_leaves_open_what_is_not_named(
    room: Room, family: Family
) -> None:
    for _ in range(5):
        override, restriction = await asyncio.gather(opens(room, family), hidden(room, family))
        assert not await seen(room, family)
        await lifted(room, restriction)
        assert await seen(room, family)
        await ended(room, override)


async def test_ending_one_and_opening_the_other_at_once_leaves_hidden_what_is_not_named(
    room: Room, family: Family
) -> None:
    both = [await hidden(room, family) for _ in range(2)]
    for _ in range(5):
        first = await opens(room, family, both[0])
        second, _ = await asyncio.gather(opens(room, family, both[1]), ended(room, first))
        assert not await seen(room, family)
        await ended(room, second)
