"""Tests that a desk decides on states it remembers, and never goes by one that is out of date."""

from collections.abc import AsyncIterator, Sequence

import fakeredis
import pytest

from bot.desk.recent_states import LASTING_S, MOST, RecentStates
from bot.ports import KnownPerson, StoreDown
from flows.acts import Claimed
from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.events import Answered, Escalated, Started
from tests.fakes.counting import reads_counted
from tests.fakes.flows import catalogue
from tests.fakes.world import World, store_in_memory

ROOM = "sent:|desk|||"
MAX = "sent:max"


@pytest.fixture
async def processes() -> AsyncIterator[tuple[World, World]]:
    """Two processes on one store."""
    server = fakeredis.FakeServer(version=(7,))
    shelf = Catalogue(flows=catalogue().flows, rooms={"": ROOM})
    one, other = (World(store_in_memory(server), shelf) for _ in range(2))
    yield one, other
    await one.close()
    await other.close()


def click(at: Conversation, key: str = "", choice: str = "still-failing") -> Answered:
    return Answered(conversation=at.id, turn=at.turn, choice=choice, key=key)


async def test_a_process_decides_on_what_it_recorded_itself(processes: tuple[World, World]) -> None:
    one, _ = processes
    at = await one.start()
    with reads_counted(one.store.conversations) as read:
        outcome = await one.app.receive(click(at).model_copy(update={"actor": "sent:ana"}))
    assert outcome is not None
    assert outcome.conversation.turn == at.turn + 1
    assert dict(read) == {}


async def test_what_another_process_recorded_meanwhile_counts(processes: tuple[World, World]) -> None:
    one, other = processes
    at = await one.start()
    moved = await other.send(click(at, key="first"))
    assert moved is not None
    # A click of the turn that is over by now, and one of the present turn, which the first process does not know yet.
    late = await one.send(click(at, key="late"))
    assert late is not None
    assert late.refusal is not None
    assert late.conversation == moved.conversation
    now = await one.send(click(moved.conversation, key="now", choice="whole"))
    assert now is not None
    assert now.refusal is None
    assert now.conversation.version == moved.conversation.version + 1


async def test_a_click_that_another_process_recorded_is_a_repeat(processes: tuple[World, World]) -> None:
    one, other = processes
    at = await one.start()
    await other.send(click(at, key="same"))
    again = await one.send(click(at, key="same"))
    assert again is not None
    assert again.repeated


async def test_a_refusal_is_about_what_is_stored(processes: tuple[World, World]) -> None:
    """The first process still believes that the ticket is Max's."""
    one, other = processes
    at = await one.start()
    await one.send(Escalated(conversation=at.id))
    await one.send(Claimed(conversation=at.id, name="Max"), MAX)
    await other.send(click(at, key="fixed", choice="fixed"))
    stored = await other.store.conversations.load(at.id)
    refused = await one.send(click(at, choice="no such choice"))
    assert refused is not None
    assert refused.refusal is not None
    assert refused.conversation == stored


async def test_a_start_that_another_process_recorded_is_a_repeat(processes: tuple[World, World]) -> None:
    one, other = processes
    event = Started(door="sent/ana/lamp", address="sent:|ana|||", flow="lamp", key="same")
    first, second = await one.send(event), await other.send(event)
    assert first is not None
    assert second is not None
    assert (first.created, second.created, second.repeated) == (True, False, True)


async def test_a_refused_start_that_was_recorded_before_is_a_repeat(processes: tuple[World, World]) -> None:
    one, other = processes
    event = Started(door="sent/ana/lamp", address="sent:|ana|||", flow="lamp", key="same")
    await one.send(event)
    again = await other.send(event.model_copy(update={"flow": "a flow that is gone"}))
    assert again is not None
    assert again.repeated


async def test_an_erased_conversation_is_gone_for_every_process(processes: tuple[World, World]) -> None:
    one, other = processes
    at = await one.start()
    await other.store.personal_data.erase(KnownPerson(actors=("sent:ana",), own=(at.id,)), at.id)
    assert await one.send(click(at)) is None
    assert await one.store.conversations.load(at.id) is None


async def test_an_agent_who_was_erased_comes_back_by_no_click(processes: tuple[World, World]) -> None:
    """Erasing changes a record but not its version."""
    one, other = processes
    at = await one.start()
    await one.send(Escalated(conversation=at.id))
    await one.send(Claimed(conversation=at.id, name="Maximilian"), MAX)
    await other.store.personal_data.redact(KnownPerson(actors=(MAX,)), at.id)
    done = await one.send(Escalated(conversation=at.id, key="again"))
    assert done is not None
    assert done.conversation == await other.store.conversations.load(at.id)
    assert (done.conversation.holder_name, "max" in done.conversation.holder.partition(":")[0]) == ("", False)
    assert done.conversation.holder.startswith("erased:")


async def test_a_store_that_is_down_leaves_the_state_as_it_was(
    processes: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = processes
    at = await one.start()

    async def down(*_: object) -> Sequence[str]:
        raise StoreDown("away")

    with monkeypatch.context() as patch:
        patch.setattr(one.store.wire, "run", down)
        with pytest.raises(StoreDown):
            await one.send(click(at, key="a"))
    done = await one.send(click(at, key="a"))
    assert done is not None
    assert (done.repeated, done.conversation.status) == (False, Status.GUIDING)


class Clock:
    """A clock that a test sets, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_states_are_few_and_young() -> None:
    clock = Clock()
    states = RecentStates(clock)
    for n in range(MOST + 2):
        states.put(Conversation(id=f"{n}"))
    assert [states.get(f"{n}") is not None for n in (0, 1, 2, MOST + 1)] == [False, False, True, True]
    clock.now = LASTING_S + 1
    assert states.get(f"{MOST}") is None
    states.put(Conversation(id="new"))
    assert len(states._states) == 1
