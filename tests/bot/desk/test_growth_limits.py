"""Tests that no customer can make a conversation, or the store, grow without end, on any channel."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from adapters.storage.budgets import RedisBudgets
from adapters.storage.store import Store
from bot.desk.growth_limits import (
    EVENTS,
    PERSONS,
    UNCOUNTED,
    WORDS,
    WORDS_OF_PERSON,
    DailyBudget,
    GrowthLimits,
)
from bot.ports import Cost, Wait
from flows.acts import Noted
from flows.conversation import Conversation
from flows.events import Answered, Detailed, Edited, Escalated, Event, Said
from tests.fakes.world import World, store_in_memory

DAY_MS = 24 * 3600 * 1000


class Door:
    """A real desk with its limits, with a clock that a test sets."""

    def __init__(self, store: Store) -> None:
        self.now = 1_800_000_000_000
        self.budgets = store.budgets = RedisBudgets(store.wire, lambda: self.now)
        self.world = World(store)
        self._keys = 0

    async def why(self, event: Event, at: Conversation, actor: str = "sent:ana") -> str:
        """Return why an event of that actor is refused; '' if it is recorded."""
        self._keys += 1
        given: dict[str, Any] = {"conversation": at.id, "actor": actor, "key": f"g{self._keys}"}
        outcome = await self.world.app.receive(event.model_copy(update=given))
        assert outcome is not None
        return outcome.refusal.why if outcome.refusal else ""

    async def use_up(self, who: str, most: DailyBudget, but: int = 0) -> None:
        """Spend a whole budget but for some units."""
        assert (await self.budgets.spend({who: (most.cost(most.at_once - but),)})).seconds == 0


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    opened = Door(store_in_memory())
    yield opened
    await opened.world.close()


async def test_words_are_bounded_for_a_conversation_and_for_a_person(door: Door) -> None:
    at = await door.world.start()
    said = Said(text="the lamp is dark " * 100)
    assert await door.why(said, at) == ""
    await door.use_up(f"conversation/{at.id}", WORDS, but=3000)
    assert await door.why(said, at) == "too_much"
    # Agents and a request for a person are not limited by that (law L7).
    assert await door.why(Noted(text="a note " * 500), at, "desk:ana") == ""
    assert await door.why(Escalated(), at) == ""
    assert await door.why(Detailed(text="more " * 400), at) == "too_much"
    assert await door.why(Detailed(reach="ana" * 1200), at) == "too_much"
    assert await door.why(Edited(of="g1", text="other words " * 200), at) == "too_much"
    assert await door.why(Edited(of="g1", text=""), at) == "", "a message can always be deleted"
    door.now += DAY_MS
    assert await door.why(said, at) == ""
    # Another conversation does not help a person who has used up all words.
    await door.use_up("person/sent:ana", WORDS_OF_PERSON, but=5000)
    other = await door.world.start("fire")
    assert await door.why(said, other) == ""
    assert [await door.why(said, other) for _ in range(3)][-1] == "too_much"


async def test_events_of_a_conversation_are_bounded(door: Door) -> None:
    at = await door.world.start()
    wire, before = door.world.store.wire, at.version
    await wire.ask("HSET", wire.keys.shard(at.id).records + at.id, "v", UNCOUNTED)
    await door.use_up(f"conversation/{at.id}", EVENTS)
    door.world = World(door.world.store)  # a process that has not seen the conversation
    assert await door.why(Answered(turn=at.turn, choice="still-failing"), at) == "too_much"
    await wire.ask("HSET", wire.keys.shard(at.id).records + at.id, "v", before)
    found = await door.world.store.conversations.load(at.id)
    assert found == at
    asked = [await door.why(Escalated(), at) for _ in range(PERSONS.at_once + 1)]
    assert asked[0] == ""
    assert asked[-1] == "too_much"


class Purse:
    """Implements the port Budgets: refuses the second of two, and counts the calls."""

    def __init__(self) -> None:
        self.calls = 0

    async def spend(self, costs: Mapping[str, Sequence[Cost]]) -> Wait:
        self.calls += 1
        return Wait(seconds=1, who=list(costs)[1])


async def test_a_conversation_and_a_person_are_asked_about_in_one_go(door: Door) -> None:
    at = await door.world.start()
    purse = Purse()
    said = Said(conversation=at.id, actor="sent:ana", key="a", text="hi")
    assert await GrowthLimits(purse).exceeded(at, said)
    assert purse.calls == 1


async def test_a_click_asks_for_no_budget(door: Door) -> None:
    at = await door.world.start()
    purse = Purse()
    click = Answered(conversation=at.id, actor="sent:ana", key="a", turn=at.turn, choice="still-failing")
    assert not await GrowthLimits(purse).exceeded(at, click)
    assert purse.calls == 0
