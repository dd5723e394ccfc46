"""Tests steps that answer a click, and old messages that lose their buttons or become the next step."""

import asyncio

import pytest

from adapters.discord.answered_steps import CLICK_SETTLED_MS
from adapters.discord.api.addresses import made, sent, shown
from adapters.discord.customers.forum_posts import Forums
from adapters.discord.responses import PendingResponses
from adapters.discord.sender import DiscordSender as Sender
from bot.ports import Busy
from tests.adapters.discord.support.sender import HERE, Bench, bench
from tests.fakes.discord.client_address import stand_in

__all__ = ["bench", "stand_in"]


# ---------------------------------------------------------------- a step as the answer to a click


async def test_a_step_is_the_answer_to_the_click_that_led_to_it(bench: Bench) -> None:
    first = await bench.sender.send(bench.ask(1))
    answer = await bench.clicks("Still failing")
    with bench.answers.offered(HERE, 2, answer):
        second = await bench.sender.send(bench.ask(2))
    assert (sent(second), shown(second)) == (sent(first), made(answer.acted.id))
    assert len(bench.texts()) == 1
    settled = await bench.sender.settle(bench.ask(2))
    assert settled is not None
    assert sent(settled) == sent(first)
    assert 0 <= shown(settled) - shown(second) < CLICK_SETTLED_MS
    assert await bench.sender.settle(bench.ask(1)) is None
    assert await bench.sender.send(bench.retire(first)) == first
    assert "Fixed it" in bench.discord.messages(bench.thread)[0].buttons


async def test_a_step_is_posted_when_the_click_was_answered_is_too_late_or_old(bench: Bench) -> None:
    first = await bench.sender.send(bench.ask(1))
    answered = await bench.clicks("Still failing")
    await answered.later()
    late = await bench.clicks("Still failing")
    old = await bench.clicks("Still failing")
    bench.discord.faults.refuse("POST", f"/interactions/{late.acted.id}/**", 10062)
    for turn, answer in ((2, answered), (3, late)):
        with bench.answers.offered(HERE, turn, answer):
            assert await bench.sender.send(bench.ask(turn)) != first
    bench.ahead = 3600
    with bench.answers.offered(HERE, 4, old):
        assert await bench.sender.send(bench.ask(4)) != first
    assert len(bench.texts()) == 4


async def test_what_is_said_first_makes_the_step_stand_below_it(bench: Bench) -> None:
    first = await bench.sender.send(bench.ask(1))
    answer = await bench.clicks("Still failing")
    with bench.answers.offered(HERE, 2, answer):
        await bench.sender.send(bench.tell())
        second = await bench.sender.send(bench.ask(2))
    assert second != first
    assert await bench.sender.send(bench.retire(first)) == first
    assert bench.texts()[0] == "-# Plug it in · Fixed it"


# ---------------------------------------------------------------- taking the buttons away


async def test_in_another_process_the_message_itself_says_whether_it_lives_on(bench: Bench) -> None:
    first = await bench.sender.send(bench.ask(1))
    elsewhere = Sender(bench.calls, bench.limiter, PendingResponses(), Forums(), bench.now)
    with pytest.raises(Busy):
        await elsewhere.send(bench.retire(first))
    answer = await bench.clicks("Still failing")
    with bench.answers.offered(HERE, 2, answer):
        await bench.sender.send(bench.ask(2))
    assert await elsewhere.send(bench.retire(first, turn=2, ago=6_000)) == first
    assert bench.discord.messages(bench.thread)[0].buttons
    assert await elsewhere.send(bench.retire(first, turn=3, ago=6_000)) == first
    assert bench.texts() == ["-# Plug it in · Fixed it"]


async def test_in_another_process_an_answered_suggestion_shrinks_unless_it_became_the_step(
    bench: Bench,
) -> None:
    question = await bench.sender.send(bench.suggest())
    elsewhere = Sender(bench.calls, bench.limiter, PendingResponses(), Forums(), bench.now)
    assert bench.discord.messages(bench.thread)[0].buttons == ["Yes, fixed", "No"]
    await elsewhere.send(bench.retire(question, turn=1, ago=6_000))
    assert bench.texts() == ["-# Plug it in · Fixed it"]


async def test_a_suggestion_that_became_the_step_keeps_its_buttons(bench: Bench) -> None:
    question = await bench.sender.send(bench.suggest())
    with bench.answers.offered(HERE, 2, await bench.clicks("Yes, fixed")):
        await bench.sender.send(bench.ask(2))
    elsewhere = Sender(bench.calls, bench.limiter, PendingResponses(), Forums(), bench.now)
    for sender in (bench.sender, elsewhere):
        await sender.send(bench.retire(question, turn=2, ago=6_000))
        assert "Fixed it" in bench.discord.messages(bench.thread)[0].buttons


@pytest.mark.parametrize("code", [10008, 30046, 50083])
async def test_buttons_that_cannot_be_taken_away_are_no_reason_to_wait(bench: Bench, code: int) -> None:
    first = await bench.sender.send(bench.ask(1))
    silent = bench.retire(first)
    at = silent.conversation.model_copy(update={"prompt_effect": ""})
    bench.discord.faults.refuse("PATCH", "/channels/*/messages/*", code, times=5)
    gone = silent.model_copy(update={"conversation": at})
    async with asyncio.timeout(5):
        assert await bench.sender.send(gone) in ("", first)
