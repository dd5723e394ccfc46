"""Tests how often one event reads its conversation from the store and parses an address."""

from collections.abc import AsyncIterator

import pytest

from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.events import Answered, Claimed, Escalated, Noted, Replied
from tests.fakes.counting import parses_counted, reads_counted
from tests.fakes.flows import catalogue
from tests.fakes.world import World

MAX = "desk:max"
ROOM = "sent||desk"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Ana's place is sent to, and so is the room of agents."""
    opened = World(shelf=Catalogue(flows=catalogue().flows, rooms={"": ROOM}))
    yield opened
    await opened.close()


async def helped(world: World) -> Conversation:
    """Ana's conversation, which Max has."""
    at = await world.start()
    await world.send(Escalated(conversation=at.id))
    claimed = await world.send(Claimed(conversation=at.id, name="Max"), MAX)
    assert claimed is not None
    return claimed.conversation


async def test_a_click_parses_the_customers_address_once_and_each_delivery_once(world: World) -> None:
    at = await world.start()
    with parses_counted() as parsed, reads_counted(world.store.conversations) as read:
        outcome = await world.send(Answered(conversation=at.id, turn=at.turn, choice="still-failing"))
    assert outcome is not None
    assert outcome.refusal is None
    retired_and_asked = 2
    assert parsed == {at.customer: 1 + retired_and_asked}
    assert read == {}, "what a commit leads to is sent on the state that it recorded"


async def test_a_reply_reads_the_conversation_only_for_what_waits_behind_it(world: World) -> None:
    at = await helped(world)
    with reads_counted(world.store.conversations) as read:
        await world.send(Replied(conversation=at.id, text="Hello", name="Max"), MAX)
    assert world.platform.texts("ana")[-1] == "Hello"
    marks, heads = 2, 1  # the thread's first message says whose turn it is
    places = 2 + heads
    assert read == {"load": marks, "journal": places, "words": places}


async def test_a_note_reads_the_journal_and_the_words_once_for_the_room(world: World) -> None:
    at = await helped(world)
    with reads_counted(world.store.conversations) as read:
        await world.send(Noted(conversation=at.id, text="Hm", name="Max"), MAX)
    assert world.platform.texts("desk")[-1] == "note: Max Hm"
    assert read == {"journal": 1, "words": 1}
