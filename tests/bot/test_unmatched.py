"""Tests that texts which match no guide are counted: first words, and words in the picker, masked."""

import asyncio
from collections.abc import Mapping

from structlog.testing import capture_logs

from bot.ports import Outcome, StoreDown, UnmatchedText
from bot.unmatched import UnmatchedCounter
from flows.catalogue import PICKER
from flows.conversation import Address, Conversation
from flows.effects import Change, Tell
from flows.events import Event, Said, Started
from flows.text.likely import Likeness
from tests.fakes.world import World


async def counted(world: World) -> list[tuple[str, int]]:
    await world.app.outbox.idle()
    return [(text.sample, text.count) for text in await world.store.unmatched.all()]


async def started(world: World, text: str, flow: str = "") -> Conversation:
    address = str(Address(channel="sent", room="ana"))
    outcome = await world.send(Started(door=f"sent/{text}/{flow}", address=address, flow=flow, text=text))
    assert outcome is not None
    return outcome.conversation


async def said(world: World, at: Conversation, text: str) -> Outcome | None:
    return await world.send(Said(conversation=at.id, turn=at.turn, text=text))


async def test_first_words_that_match_no_guide_are_counted() -> None:
    world = World()
    for text in ("my cat is stuck", "My cat is stuck!", "the fridge hums"):
        await started(world, text)
    assert await counted(world) == [("my cat is stuck", 2), ("the fridge hums", 1)]
    await world.close()


async def test_first_words_that_match_are_not_counted() -> None:
    world = World()
    await started(world, "lamp is dark")
    await started(world, "talk to a person")
    await started(world, "my cat is stuck", flow="lamp")
    await started(world, "")
    assert await counted(world) == []
    await world.close()


async def test_words_in_the_picker_that_match_nothing_are_counted_and_others_are_not() -> None:
    world = World()
    at = await started(world, "")
    await said(world, at, "the fridge hums")
    await said(world, at, "back")
    await said(world, at, "lamp is dark")
    at = (await started(world, "lamp is dark")).model_copy()
    await said(world, at, "what a nice lamp")
    assert await counted(world) == [("the fridge hums", 1)]
    await world.close()


async def test_words_for_the_team_are_not_counted() -> None:
    world = World()
    at = await started(world, "talk to a person")
    await said(world, at, "the fridge hums")
    assert await counted(world) == []
    await world.close()


class Guessing:
    """Likens every text to the lamp."""

    async def likeness(
        self, text: str, answers: Mapping[str, tuple[str, ...]], flows: Mapping[str, tuple[str, ...]]
    ) -> Likeness:
        return Likeness(meanings=(("none", 900),), flows=(("lamp", 900),))


async def test_a_text_that_the_bot_asks_about_is_not_counted() -> None:
    world = World(encoder=Guessing())
    await started(world, "my light has gone")
    assert await counted(world) == []
    await world.close()


async def test_secrets_are_hidden_and_only_the_authors_own_words_are_kept() -> None:
    world = World()
    await started(world, "> Hello\nmy password is hunter2!, help\n\nSent from my iPhone")
    ((sample, _),) = await counted(world)
    assert "hunter2" not in sample
    assert sample.startswith("my password is")
    assert "iPhone" not in sample
    await world.close()


async def test_an_event_that_comes_again_is_counted_once() -> None:
    world = World()
    event: Event = Started(
        key="same", door="sent/a", address=str(Address(channel="sent", room="ana")), text="it hums"
    )
    await world.send(event)
    await world.send(event)
    assert await counted(world) == [("it hums", 1)]
    at = await started(world, "")
    for _ in range(2):
        await world.send(Said(key="again", conversation=at.id, turn=at.turn, text="it hums"))
    assert await counted(world) == [("it hums", 2)]
    await world.close()


class Full:
    """Counts nothing, as a store that is down."""

    async def count(self, sample: str) -> None:
        raise StoreDown("away")

    async def all(self) -> tuple[UnmatchedText, ...]:
        return ()


async def test_a_count_that_fails_costs_only_a_log_line() -> None:
    tasks: list[asyncio.Task[None]] = []
    counter = UnmatchedCounter(Full(), lambda work: tasks.append(asyncio.ensure_future(work)))
    event = Said(text="the fridge hums")
    at = Conversation(id="07aaaaaaaaaaaaaaaa", flow=PICKER)
    with capture_logs() as logs:
        counter.note(at, event, Change(event=event, effects=(Tell(id="t", words="kept"),)))
        await asyncio.gather(*tasks)
    assert [line["event"] for line in logs] == ["a text that matched no guide was not counted"]


async def test_a_sample_without_its_marks_shows_no_secret() -> None:
    """Marks of bold, which the sample lacks, must not have hidden the name of the secret."""
    world = World()
    await started(world, "**password**: hunter2x9 and the fridge hums")
    assert await counted(world) == [("password: •••••• and the fridge hums", 1)]
    await world.close()
