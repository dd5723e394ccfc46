"""Tests when help is offered for a question that no one answers: once, durably, and never where it is unwanted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.ports import Busy, Question, Waits
from bot.unanswered import PATIENCE_MS, STALE_MS, UnansweredQuestions
from bot.views.finder import Finder
from flows.events import Started
from tests.fakes.world import World

ASKED = 1_000_000_000
LATER = ASKED + PATIENCE_MS
BACK = "Our team is away right now and will be back on Monday at 9:00 (UTC)."


def question(author: str = "sent:ana", door: str = "sent/room/1", room: str = "sent/room") -> Question:
    return Question(channel="sent", room=room, door=door, author=author, asked=ASKED)


@dataclass
class Platform:
    """A platform where questions wait in the given state, and each offer is noted or fails as said."""

    name: str = "sent"
    states: dict[str, Waits] = field(default_factory=dict)
    offered: list[tuple[str, str]] = field(default_factory=list)
    busy: bool = False
    dies: bool = False

    async def state(self, question: Question) -> Waits:
        return self.states.get(question.door, "waits")

    async def offer(self, question: Question, away: str) -> None:
        if self.busy:
            raise Busy(5)
        if self.dies:
            raise SystemExit
        self.offered.append((question.door, away))


@dataclass
class Desk:
    """One process over a world's store; `back` is what is said about a team that is away."""

    world: World
    platform: Platform = field(default_factory=Platform)
    back: str = ""

    @property
    def questions(self) -> UnansweredQuestions:
        store, look = self.world.store, self.world.app.look
        finder = Finder(store.places, store.conversations, store.outbox, look)
        return UnansweredQuestions(store.bookmarks, store.marks, finder, lambda _moment: self.back)

    async def offers(self, now: int) -> list[str]:
        """Look at the list as a worker does, after its last claim ran out. Return all doors of offers so far."""
        for door in ("sent/room/1", "sent/room/2", "sent/room/3"):
            await self.world.store.marks.clear(f"unanswered/{door}")
        await self.questions.offer([self.platform], now)
        return [door for door, _away in self.platform.offered]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    world = World()
    yield Desk(world)
    await world.close()


async def test_people_have_ten_minutes_to_answer_and_then_help_is_offered_once(desk: Desk) -> None:
    await desk.questions.wait(question())
    assert await desk.offers(LATER - 1) == []
    assert await desk.offers(LATER) == ["sent/room/1"]
    await desk.questions.wait(question())
    assert await desk.offers(LATER) == ["sent/room/1"], "a thread gets one offer, told twice or not"


async def test_outside_office_hours_help_is_offered_at_once_with_when_the_team_is_back(desk: Desk) -> None:
    desk.back = BACK
    await desk.questions.wait(question())
    await desk.offers(ASKED)
    assert desk.platform.offered == [("sent/room/1", BACK)]


async def test_of_two_workers_one_offers(desk: Desk) -> None:
    await desk.questions.wait(question())
    for _worker in range(2):
        await desk.questions.offer([desk.platform], LATER)
    assert len(desk.platform.offered) == 1


@pytest.mark.parametrize(
    ("room", "door", "by", "left"),
    [
        ("sent/room", "", "", False),
        ("sent/room", "sent/room/1", "sent:ben", False),
        ("sent/room", "sent/room/1", "sent:ana", True),
        ("sent/room", "sent/room/2", "sent:ben", True),
        ("sent/other", "", "", True),
    ],
)
async def test_an_answer_drops_the_question_it_answers(
    desk: Desk, room: str, door: str, by: str, left: bool
) -> None:
    await desk.questions.wait(question())
    await desk.questions.answered("sent", room, door, by)
    assert bool(await desk.offers(LATER)) is left


async def test_what_the_platform_knows_to_be_answered_gets_no_offer(desk: Desk) -> None:
    await desk.questions.wait(question())
    desk.platform.states["sent/room/1"] = "unknown"
    assert await desk.offers(LATER) == []
    desk.platform.states["sent/room/1"] = "answered"
    assert await desk.offers(LATER) == []
    desk.platform.states["sent/room/1"] = "waits"
    assert await desk.offers(LATER) == [], "an answered question is dropped"


async def test_where_a_conversation_began_or_offers_are_off_there_is_no_offer(desk: Desk) -> None:
    await desk.world.store.marks.put("off/sent/room")
    await desk.questions.wait(question())
    assert await desk.offers(LATER) == []
    await desk.world.store.marks.clear("off/sent/room")
    await desk.world.send(Started(door="sent/room/2", address="sent||room|2|ana", flow="lamp"))
    await desk.questions.wait(question(door="sent/room/2"))
    assert await desk.offers(LATER) == []


@pytest.mark.row("slack", "Several customers wait in one channel")
async def test_a_channel_gets_an_offer_at_a_time_and_the_next_question_waits_for_its_own(desk: Desk) -> None:
    await desk.questions.wait(question())
    await desk.questions.wait(question("sent:ben", "sent/room/2"))
    assert len(await desk.offers(LATER)) == 1
    await desk.world.store.marks.clear("offers/sent/room")
    assert sorted(await desk.offers(LATER)) == ["sent/room/1", "sent/room/2"]


async def test_who_writes_three_messages_gets_one_offer(desk: Desk) -> None:
    for number in (1, 2, 3):
        await desk.questions.wait(question(door=f"sent/room/{number}"))
    assert await desk.offers(LATER) == ["sent/room/1"]
    await desk.world.store.marks.clear("offers/sent/room")
    await desk.questions.wait(question(door="sent/room/3"))
    assert await desk.offers(LATER) == ["sent/room/1"], "a person gets no second offer within an hour"


@pytest.mark.row("slack", "No process runs while a question waits")
async def test_a_busy_platform_is_asked_again_and_a_day_later_no_more(desk: Desk) -> None:
    await desk.questions.wait(question())
    desk.platform.busy = True
    assert await desk.offers(LATER) == []
    desk.platform.busy = False
    assert await desk.offers(LATER) == ["sent/room/1"]
    await desk.questions.wait(question("sent:ben", "sent/room/2"))
    await desk.world.store.marks.clear("offers/sent/room")
    assert await desk.offers(ASKED + STALE_MS + 1) == ["sent/room/1"]


async def test_a_worker_that_dies_before_its_message_loses_no_offer(desk: Desk) -> None:
    await desk.questions.wait(question())
    desk.platform.dies = True
    with pytest.raises(SystemExit):
        await desk.offers(LATER)
    desk.platform.dies = False
    desk.platform.states["sent/room/1"] = "unknown"
    assert await desk.offers(LATER) == [], "the platform says whether the message arrived"
    desk.platform.states["sent/room/1"] = "waits"
    assert await desk.offers(LATER) == ["sent/room/1"]
    assert await desk.offers(LATER) == ["sent/room/1"]


async def test_who_waits_longest_is_offered_help_first(desk: Desk) -> None:
    await desk.questions.wait(question("sent:ben", "sent/room/2").model_copy(update={"asked": ASKED + 1}))
    await desk.questions.wait(question())
    assert await desk.offers(LATER + 1) == ["sent/room/1"]


async def test_a_list_that_cannot_be_read_stops_no_one(desk: Desk) -> None:
    await desk.world.store.bookmarks.put("unanswered/sent", "sent/room/sent:mia", "{")
    await desk.questions.wait(question())
    assert await desk.offers(LATER) == ["sent/room/1"]
    assert await desk.world.store.bookmarks.all("unanswered/sent") == {}
