"""Tests the law that no words or file of a customer are missing anywhere, whatever their event does.

A random conversation with words, files and edits on every event; then the packets of both platforms, the desk's lines,
the ticket's summary and the customer's own messages are drawn and searched.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from adapters.discord.render import packet as discord_packet
from adapters.slack.render import packet as slack_packet
from adapters.web.api.responses import state
from adapters.web.desk.packet import packet as desk_packet
from bot.ports import Delivery, Outcome
from flows.conversation import Address
from flows.effects import Packet
from flows.event_parts import Happening
from flows.events import (
    OF_CONTACTS,
    Answered,
    Back,
    Claimed,
    Concluded,
    Detailed,
    Edited,
    Escalated,
    Event,
    File,
    HandedBack,
    Rated,
    Reopened,
    Restarted,
    Said,
)
from flows.views.dossier import Dossier
from tests.fakes.world import World

SITE = "https://acme.slack.example"
TEXTS = (
    "nope same thing",
    "still failing",
    "that did not help",
    "it works now",
    "human please",
    "go back",
    "start over",
    "later",
    "its happening again",
    "the light blinks twice",
    "whole",
    "my lamp is dark since May",
    "a long story " + "and so on " * 40 + "the end",
)
NEW = ("it works now? no, same error", "still failing", "sorry, the light blinks three times", "human please")

texts = st.sampled_from(TEXTS)
files = st.integers(0, 2)
spoken = st.tuples(st.just("said"), texts, files)
pressed = st.sampled_from([("press", kind) for kind in (Back, Restarted, Escalated, Reopened)])
answered = st.tuples(
    st.just("answer"), st.sampled_from(["fixed", "still-failing", "whole", "broken", "smell"])
)
detailed = st.tuples(st.just("details"), texts, files)
rated = st.tuples(st.just("rate"), texts)
agents = st.tuples(st.just("agent"), st.sampled_from([Claimed, HandedBack, Concluded]))
edited = st.tuples(st.just("edit"), st.integers(0, 30), st.sampled_from(["", *NEW]))
steps = st.lists(
    st.one_of(spoken, spoken, spoken, pressed, answered, detailed, rated, agents, edited), max_size=16
)


class Sayings:
    """Sends events to a real desk, and remembers what has to be found of them, by the key of its event."""

    def __init__(self, world: World, conversation: str) -> None:
        self.world = world
        self.conversation = conversation
        self.words: dict[str, list[str]] = {}
        self.files: dict[str, list[str]] = {}
        self.count = 0

    async def send(self, event: Event, actor: str = "sent:ana") -> Outcome:
        self.count += 1
        names = [file.name for file in getattr(event, "files", ())]
        update = {"conversation": self.conversation, "actor": actor, "key": f"e{self.count}"}
        outcome = await self.world.send(event.model_copy(update=update))
        assert outcome is not None
        if outcome.refusal is None and actor == "sent:ana" and not isinstance(event, Edited):
            self.words[f"e{self.count}"] = [text] if (text := getattr(event, "text", "")) else []
            self.files[f"e{self.count}"] = names
        return outcome

    def brought(self, number: int) -> tuple[File, ...]:
        name = f"shot-{self.count}"
        return tuple(File(id=f"F{self.count}{n}", name=f"{name}-{n}.png") for n in range(number))

    async def do(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("said", text, number):
                await self.send(Said(text=text, files=self.brought(number), turn=await self.turn()))
            case ("press", kind):
                await self.send(kind())
            case ("answer", choice):
                await self.send(Answered(turn=await self.turn(), choice=choice))
            case ("details", text, number):
                await self.send(Detailed(text=text, files=self.brought(number)))
            case ("rate", text):
                await self.send(Rated(score=4, text=text))
            case ("agent", kind):
                await self.send(kind(name="Max"), "desk:max")
            case ("edit", place, text):
                await self.edit(place, text)
            case _:
                raise AssertionError(step)

    async def turn(self) -> int:
        """Return the turn of the prompt on screen, which the words and buttons are for."""
        at = await self.world.store.conversations.load(self.conversation)
        assert at is not None
        return at.turn

    async def edit(self, place: int, text: str) -> None:
        keys = [key for key, said in self.words.items() if said]
        if not keys:
            return
        key = keys[place % len(keys)]
        version = await self.world.store.conversations.seen(self.conversation, f"sent:ana/{key}")
        rows = await self.world.store.conversations.journal(self.conversation)
        (original,) = [row.event for row in rows if row.version == version]
        outcome = await self.send(Edited(of=key, text=text))
        if outcome.refusal is not None:
            return
        if not text:
            self.words[key], self.files[key] = [], []
        elif isinstance(original, Said | Detailed | Rated) and not await self.stands_beside():
            self.words[key] = [text]
        else:
            self.words[key] = [self.words[key][0], text]

    async def stands_beside(self) -> bool:
        """Return whether the last edit is recorded as one that came after an answer."""
        rows = await self.world.store.conversations.journal(self.conversation)
        return isinstance(rows[-1].event, Edited) and rows[-1].event.beside

    async def read(self) -> Dossier:
        dossier = await self.world.app.reader.dossier(self.conversation)
        assert dossier is not None
        return dossier


def strings(value: Any) -> Iterator[str]:
    """Yield every text in a message's components."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in strings(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in strings(part))


def drawn(dossier: Dossier) -> dict[str, str]:
    """Return what each reader gets, as text."""
    at = dossier.conversation
    address = Address(channel="slack", workspace="T1", room="C1")
    delivery = Delivery(effect=Packet(id="e.0"), conversation=at, address=address, dossier=dossier)
    slack = (slack_packet.packet(delivery, SITE), *slack_packet.further(dossier, SITE))
    discord = (discord_packet.packet(dossier, True), *discord_packet.further(dossier, True))
    texts = {
        "slack": "\n".join(text for page in slack for text in strings(list(page.blocks))),
        "discord": "\n".join(text for page in discord for text in strings(list(page.components))),
        "lines": "\n".join(line.in_full for line in dossier.lines),
        "page": json.dumps(state(dossier.screen).model_dump(mode="json"), ensure_ascii=False),
        "desk": str(desk_packet(dossier)),
    }
    if dossier.screen.ticket:
        texts["summary"] = dossier.screen.ticket.summary
    return texts


def missing(sayings: Sayings, name: str, text: str) -> list[str]:
    """Return the words and files that a text lacks. The desk's sidebar shows the words of answers, and every file."""
    found = " ".join(text.replace("\\n", "\n").casefold().split())
    said = Counter(" ".join(word.casefold().split()) for words in sayings.words.values() for word in words)
    lost = [] if name == "desk" else [word for word, count in said.items() if found.count(word) < count]
    return lost + [file for files in sayings.files.values() for file in files if file.casefold() not in found]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_no_words_or_file_of_a_customer_are_missing_anywhere(taken: list[tuple[Any, ...]]) -> None:
    async def walk() -> None:
        world = World()
        at = await world.start("lamp")
        sayings = Sayings(world, at.id)
        for step in taken:
            await sayings.do(step)
        dossier = await sayings.read()
        await world.close()
        for name, text in drawn(dossier).items():
            assert missing(sayings, name, text) == [], f"{name}:\n{text}"

    asyncio.run(walk())


def test_every_event_of_a_customer_may_have_words() -> None:
    """A new type of event has to be put down as a customer's, or as someone else's."""
    others = {"Act", "Edited", "TimerRang", "PlaceLost"}

    def kinds(kind: type[Happening]) -> Iterator[type[Happening]]:
        for each in kind.__subclasses__():
            if each.__name__ not in others:
                yield each
                yield from kinds(each)

    assert set(kinds(Happening)) == set(OF_CONTACTS)
