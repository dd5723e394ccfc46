"""Tests the outbox: order, faults, and never twice if the platform can be asked (laws L4, L5 and L6)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.outbox.carrier import REASON
from bot.ports import Delivery
from bot.wiring.product import App
from flows.conversation import Conversation
from flows.effects import Ask
from flows.events import Answered, Said
from flows.text.markup.words import plain
from tests.fakes.encoder import WordEncoder
from tests.fakes.platform import Fault, Platform, Sender
from tests.fakes.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


async def settle(world: World) -> None:
    """Let a worker pick up until nothing is left that could be due."""
    for _ in range(30):
        for letter in await world.store.backlog.waiting():
            await make_due(world, letter.lane)
        if not await world.app.outbox.pick_up():
            return
        await world.app.outbox.idle()


async def make_due(world: World | App, lane: str) -> None:
    """Bring forward when that lane needs attention, as time passing would."""
    client = world.store.wire.client
    for key in await client.keys("*"):
        if await client.type(key) == "zset" and await client.zscore(key, lane) is not None:
            await client.zadd(key, {lane: 1}, xx=True)


async def press(world: World, at: Conversation, choice: str) -> Conversation:
    outcome = await world.send(Answered(conversation=at.id, turn=at.turn, choice=choice))
    assert outcome is not None
    return outcome.conversation


@pytest.mark.parametrize("fault", ["busy", "lose-request", "lose-answer"])
@pytest.mark.parametrize("idempotent", [True, False])
async def test_after_any_fault_each_message_is_there_once_and_in_order(
    fault: Fault, idempotent: bool
) -> None:
    platform = Platform()
    world = World(platform=platform, channels=(Sender(platform, idempotent=idempotent),))
    platform.faults.extend([fault, fault])
    at = await world.start()
    await settle(world)
    await press(world, at, "still-failing")
    await settle(world)
    assert platform.texts("ana") == ["Two sentences on lamps.", "[Plug it in]", "[Look at the bulb]"]
    assert await world.store.backlog.buried() == ()
    await world.close()


async def test_a_platform_that_cannot_say_gets_one_more_copy_and_then_a_person_looks(world: World) -> None:
    world.platform.can_tell = False
    world.platform.faults.extend(["lose-answer", "lose-answer", "lose-answer", "lose-answer"])
    await world.start()
    await settle(world)
    assert world.platform.texts("ana").count("Two sentences on lamps.") == 2
    (letter, *_) = await world.store.backlog.buried()
    assert "cannot say" in letter.reason


async def test_an_error_that_quotes_a_whole_file_is_kept_short(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send(_sender: Sender, _delivery: Delivery) -> str:
        raise TypeError("x" * 100_000)

    monkeypatch.setattr(Sender, "send", send)
    with capture_logs() as logs:
        await world.start()
    assert {len(one["reason"]) for one in logs if "reason" in one} == {REASON}


async def test_a_refusal_for_good_is_a_dead_letter_and_the_next_message_goes(world: World) -> None:
    world.platform.faults.append("refuse")
    await world.start()
    assert world.platform.texts("ana") == ["[Plug it in]"]
    (letter,) = await world.store.backlog.buried()
    assert letter.reason == "DMs closed"
    assert await world.store.backlog.retry(letter.effect.id)
    await settle(world)
    assert world.platform.texts("ana") == ["[Plug it in]", "Two sentences on lamps."]
    assert await world.store.backlog.buried() == ()


async def test_a_prompt_not_yet_begun_is_cancelled_by_the_next_turn(world: World) -> None:
    world.platform.gate = asyncio.Event()
    at = await start_without_waiting(world)
    for choice in ("still-failing", "whole"):
        outcome = await world.app.receive(
            Answered(conversation=at.id, turn=at.turn, choice=choice, key=choice, actor="sent:ana")
        )
        assert outcome is not None
        at = outcome.conversation
    prompts = [
        letter.effect for letter in await world.store.backlog.waiting() if isinstance(letter.effect, Ask)
    ]
    assert [ask.turn for ask in prompts] == [3]
    world.platform.gate.set()
    await world.app.outbox.idle()
    await settle(world)
    assert world.platform.texts("ana") == ["Two sentences on lamps.", "[Press the switch]"]
    assert [posted.buttons for posted in world.platform.rooms["ana"]] == [(), ("fixed", "still-failing")]


async def test_a_prompt_whose_sending_failed_is_not_sent_again_once_its_turn_has_passed(world: World) -> None:
    world.platform.faults.extend(["fine", "lose-request"])
    at = await world.start()
    assert world.platform.texts("ana") == ["Two sentences on lamps."]
    await press(world, at, "still-failing")
    await settle(world)
    assert world.platform.texts("ana") == ["Two sentences on lamps.", "[Look at the bulb]"]


async def test_a_prompt_that_arrived_unknown_to_us_loses_its_buttons_once_its_turn_has_passed(
    world: World,
) -> None:
    world.platform.faults.extend(["fine", "lose-answer"])
    at = await world.start()
    assert world.platform.texts("ana") == ["Two sentences on lamps.", "[Plug it in]"]
    await press(world, at, "still-failing")
    await settle(world)
    shown = [(posted.text, bool(posted.buttons)) for posted in world.platform.rooms["ana"]]
    assert shown == [
        ("Two sentences on lamps.", False),
        ("[Plug it in]", False),
        ("[Look at the bulb]", True),
    ]


async def test_a_suggestion_that_arrived_unknown_to_us_loses_its_buttons_once_it_is_answered() -> None:
    world = World(encoder=WordEncoder())
    world.platform.faults.extend(["fine", "fine", "lose-answer"])
    at = await world.start()
    await world.send(Said(conversation=at.id, turn=at.turn, text="we are sailing again"))
    assert world.platform.rooms["ana"][-1].buttons == ("Yes, fixed", "No")
    await press(world, at, "still-failing")
    await settle(world)
    left = next(one for one in world.platform.rooms["ana"] if one.collapsed == one.text)
    assert left.buttons == ()
    await world.close()


async def start_without_waiting(world: World) -> Conversation:
    from flows.events import Started

    outcome = await world.app.receive(
        Started(door="sent/ana", address="sent||ana", flow="lamp", key="start", actor="sent:ana")
    )
    assert outcome is not None
    return outcome.conversation


async def test_a_prompt_whose_sending_had_begun_is_retired_afterwards(world: World) -> None:
    at = await world.start()
    at = await press(world, at, "still-failing")
    await press(world, at, "whole")
    await settle(world)
    with_buttons = [posted.text for posted in world.platform.rooms["ana"] if posted.buttons]
    assert with_buttons == ["[Press the switch]"]


async def test_a_second_process_leaves_a_held_lane_alone(world: World) -> None:
    world.platform.gate = asyncio.Event()
    await start_without_waiting(world)
    other = World(store=world.store, platform=world.platform)
    assert await other.app.outbox.pick_up() == 0
    world.platform.gate.set()
    await world.app.outbox.idle()
    assert world.platform.calls == 2


async def test_lanes_of_channels_without_a_sender_here_are_left_for_those_who_have_one(world: World) -> None:
    silent = World(store=world.store, channels=())
    await silent.start()
    assert world.platform.texts("ana") == []
    await settle(world)
    assert world.platform.texts("ana") == ["Two sentences on lamps.", "[Plug it in]"]


async def test_nothing_is_queued_for_a_page_that_draws_itself(world: World) -> None:
    at = await world.start(channel="web")
    assert await world.store.backlog.waiting() == ()
    screen = await world.app.look(at.id)
    assert screen is not None
    assert [plain(message.words) for message in screen.messages] == ["Two sentences on lamps."]
    assert screen.prompt.title == "Plug it in"
