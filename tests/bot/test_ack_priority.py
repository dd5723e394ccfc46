"""Tests that sends wait while events are being recorded, but never for long."""

import asyncio

from bot.ack_priority import AckPriority


async def test_nobody_waiting_nothing_stands_back() -> None:
    went = asyncio.create_task(AckPriority().passed())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert went.done()


async def test_a_send_stands_back_until_the_last_event_is_recorded() -> None:
    precedence = AckPriority(longest=3600)
    with precedence.ahead():
        with precedence.ahead():
            send = asyncio.create_task(precedence.passed())
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not send.done()
    await asyncio.wait_for(send, 30)


async def test_without_a_pause_it_goes_all_the_same() -> None:
    precedence = AckPriority()
    with precedence.ahead():
        await asyncio.wait_for(precedence.passed(), 30)


async def test_an_event_that_fails_no_longer_goes_first() -> None:
    precedence = AckPriority(longest=3600)
    try:
        with precedence.ahead():
            raise ValueError
    except ValueError:
        await asyncio.wait_for(precedence.passed(), 30)
