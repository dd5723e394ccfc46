"""Tests outages: a notice leads a flow's steps on every channel, and a paused flow leads to an agent."""

from collections.abc import AsyncIterator

import pytest

from bot.notices import FRESH_S, NOTICES, PAUSED, Outages
from flows.conversation import Conversation, Status
from flows.events import Answered, Back, Claimed, Event, HandedBack, Withdrawn
from flows.prompts import Option
from flows.text.markup.words import plain
from tests.fakes.world import World


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


async def send(world: World, at: Conversation, event: Event, actor: str = "") -> Conversation:
    outcome = await world.send(event.model_copy(update={"conversation": at.id}), actor or "sent:ana")
    assert outcome is not None
    assert outcome.refusal is None, outcome.refusal
    return outcome.conversation


async def shown(world: World, at: Conversation) -> str:
    screen = await world.app.look(at.id)
    assert screen is not None
    return plain(screen.prompt.text)


async def test_every_process_knows_within_seconds_and_asks_no_oftener(world: World) -> None:
    clock = Clock()
    outages = Outages(world.store.bookmarks, clock)
    assert await outages.notice("lamp") == ()
    await world.store.bookmarks.put(NOTICES, "lamp", "The grid is **down**.")
    assert await outages.notice("lamp") == ()
    clock.now += FRESH_S
    assert plain(await outages.notice("lamp")) == "Known issue: The grid is **down**."
    assert await outages.notice("fire") == ()
    await world.store.bookmarks.remove(NOTICES, "lamp")
    clock.now += FRESH_S
    assert await outages.notice("lamp") == ()


async def test_a_notice_leads_first_and_later_steps_until_it_is_taken_back(world: World) -> None:
    await world.store.bookmarks.put(NOTICES, "lamp", "The grid is down.")
    at = await world.start()
    assert (await shown(world, at)).startswith("Known issue: The grid is down.\n")
    at = await send(world, at, Answered(turn=1, choice="still-failing"))
    assert (await shown(world, at)).startswith("Known issue: The grid is down.\n")
    at = await send(world, at, Answered(turn=2, choice="smell"))
    assert "grid" not in await shown(world, at)


async def test_who_is_with_an_agent_or_done_sees_no_notice(world: World) -> None:
    await world.store.bookmarks.put(NOTICES, "lamp", "The grid is down.")
    at = await world.start()
    assert "grid" not in await shown(world, await send(world, at, Claimed(name="Max"), "desk:max"))
    done = await world.start("lamp", channel="web")
    assert "grid" not in await shown(world, await send(world, done, Answered(turn=1, choice="fixed")))


async def test_a_paused_flow_leads_straight_to_its_team(world: World) -> None:
    await world.store.bookmarks.put(PAUSED, "lamp", "yes")
    at = await world.start()
    assert (at.status, at.team, at.reasons, at.exited) == (Status.WAITING, "maker", ("paused",), True)
    assert at.ticket > 0
    assert "It works now" in [option.label for option in (await screen_of(world, at))]
    assert (await world.start("fire")).status is Status.GUIDING


async def screen_of(world: World, at: Conversation) -> tuple[Option, ...]:
    screen = await world.app.look(at.id)
    assert screen is not None
    return screen.prompt.choices


async def test_who_picks_it_or_is_led_into_it_goes_there_too(world: World) -> None:
    await world.store.bookmarks.put(PAUSED, "fire", "yes")
    picked = await world.start("")
    picked = await send(world, picked, Answered(turn=1, choice="fire"))
    assert (picked.status, picked.flow, picked.team) == (Status.WAITING, "fire", "safety")
    back = await send(world, picked, Back())
    assert back.ticket == picked.ticket


async def test_who_is_in_it_goes_there_with_their_next_answer_unless_it_is_solved() -> None:
    for choice, status in (("still-failing", Status.WAITING), ("fixed", Status.RESOLVED)):
        world = World()
        at = await world.start()
        await world.store.bookmarks.put(PAUSED, "lamp", "yes")
        world.app.reader._outages._until = float("-inf")  # type: ignore[union-attr]  # as if seconds had passed
        assert (await send(world, at, Answered(turn=1, choice=choice))).status is status
        await world.close()


async def test_an_agent_may_still_start_it_and_a_customer_may_go_on_alone(world: World) -> None:
    await world.store.bookmarks.put(PAUSED, "lamp", "yes")
    at = await world.start()
    assert (await send(world, at, Withdrawn())).status is Status.GUIDING
    at = await send(world, await world.start("fire"), Claimed(name="Max"), "desk:max")
    at = await send(world, at, HandedBack(flow="lamp"), "desk:max")
    assert (at.status, at.flow) == (Status.GUIDING, "lamp")
