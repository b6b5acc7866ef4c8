"""What a process does again and again beside its requests."""

import asyncio

from hub.rounds import going_round


async def test_it_goes_on_whatever_a_round_met_with() -> None:
    rounds = 0
    enough = asyncio.Event()

    async def one_round() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            enough.set()
        if rounds < 3:
            raise OSError("the database is away")

    async with going_round("a-test", one_round, 0.001):
        await asyncio.wait_for(enough.wait(), 30)
    assert rounds >= 3


async def test_it_ends_with_the_block_in_the_middle_of_a_round() -> None:
    begun, ended = asyncio.Event(), False

    async def one_round() -> None:
        nonlocal ended
        begun.set()
        await asyncio.sleep(60)
        ended = True

    async with going_round("a-test", one_round, 0.001):
        await asyncio.wait_for(begun.wait(), 30)
    assert not ended


async def test_it_ends_though_a_round_makes_an_error_of_being_broken_off() -> None:
    begun = asyncio.Event()

    async def one_round() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise OSError("the connection was closed in the middle") from None

    async with asyncio.timeout(30):
        async with going_round("a-test", one_round, 30):
            await begun.wait()
