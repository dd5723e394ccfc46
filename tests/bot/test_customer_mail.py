"""Tests the emails to customers who left: all missed replies together, after a while, once, without read ones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.customer_mail import MAX_RETRY_MS, Mailer, MailSettings
from bot.ports import Arrival, Mail
from bot.views.reply_status import Arrivals
from flows.conversation import Conversation
from flows.effects import Mailing
from flows.events import (
    Claimed,
    Concluded,
    Detailed,
    Edited,
    Escalated,
    Event,
    HandedBack,
    Noted,
    Replied,
    Said,
)
from flows.text.markup.words import parse, plain
from tests.fakes.clockwork import settle
from tests.fakes.flows import catalogue
from tests.fakes.platform import Platform, Sender
from tests.fakes.post import PostOffice
from tests.fakes.world import World, store_in_memory

ANA, MAX = "web:ana", "desk:max"
GRACE = 120_000


@dataclass
class Clock:
    """This machine's clock as the mailer reads it: the store's, moved on by `later` ms."""

    world: World
    later: int = 0
    told: int = 0

    def now(self) -> int:
        return self.told + self.later


@dataclass
class Story:
    """Ana, who waits for a person on the page and gave an address; and the post."""

    world: World
    post: PostOffice
    clock: Clock
    at: Conversation = field(default_factory=lambda: Conversation(id=""))

    async def do(self, event: Event, actor: str = MAX) -> Conversation:
        outcome = await self.world.send(event.model_copy(update={"conversation": self.at.id}), actor)
        assert outcome is not None
        assert outcome.refusal is None, outcome.refusal
        self.at = outcome.conversation
        self.clock.told = self.at.changed_at
        return self.at

    async def later(self, milliseconds: int = GRACE) -> list[Mail]:
        """So much time passes, and what is due is mailed; returns all that ever was."""
        self.clock.later = milliseconds
        await self.carried()
        self.clock.later = 0
        return self.post.sent

    async def carried(self) -> None:
        """Everything that waits is tried once more."""
        await settle(self.world, "mail")

    async def seen(self) -> None:
        await self.world.store.views.saw(self.at.id, self.at.version)

    async def arrivals(self) -> list[Arrival]:
        store = self.world.store
        found = Arrivals(store.conversations, store.outbox, store.backlog, ("web",), store.views)
        return list((await found.of(self.at)).values())


def told(mail: Mail) -> str:
    return "\n".join(f"{one.who}: {plain(one.words)}" for one in mail.passages)


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    store, post, platform = store_in_memory(), PostOffice(), Platform()
    shelf = catalogue().model_copy(update={"mailed": frozenset({"web"})})
    first = World(store=store, shelf=shelf, platform=platform)
    clock = Clock(first)
    ports = (store.conversations, store.outbox, store.views, store.vault, first.app.look)
    mailer = Mailer(
        post, MailSettings("https://fix.example", GRACE, 7, "Lamps", "us@fix.example"), *ports, clock.now
    )
    world = World(store=store, shelf=shelf, platform=platform, channels=(Sender(platform), mailer))
    made = Story(world, post, clock)
    made.at = await world.start(channel="web")
    await made.do(Escalated(), made.at.contact)
    await made.do(Detailed(reach="ana@post.example"), made.at.contact)
    yield made
    await world.close()


async def test_nobody_is_mailed_within_the_grace(story: Story) -> None:
    await story.do(Replied(text="Hello", name="Max"))
    assert story.post.sent == []
    (waiting,) = await story.world.store.backlog.waiting()
    assert isinstance(waiting.effect, Mailing)
    assert (await story.arrivals()) == [Arrival(state="waits", mails=True)]
    (mail,) = await story.later()
    assert (mail.to, mail.number, mail.title) == ("ana@post.example", story.at.ticket, "The lamp stays dark")
    assert told(mail) == "Max: Hello"
    assert mail.reply_to == "us@fix.example", "the external maker must not get what the customer writes to us"
    assert mail.link.startswith(f"https://fix.example/c/{story.at.id}/mail/")
    assert (await story.arrivals()) == [Arrival(state="mailed")]


async def test_replies_shortly_after_one_another_are_one_mail(story: Story) -> None:
    for text in ("One", "Two", "Three"):
        await story.do(Replied(text=text, name="Max"))
    (mail,) = await story.later()
    assert told(mail) == "Max: One\nMax: Two\nMax: Three"
    assert {arrival.state for arrival in await story.arrivals()} == {"mailed"}


async def test_what_they_have_read_meanwhile_is_not_mailed(story: Story) -> None:
    await story.do(Replied(text="Read", name="Max"))
    await story.seen()
    assert await story.later() == []
    await story.do(Replied(text="Unread", name="Max"))
    (mail,) = await story.later()
    assert told(mail) == "Max: Unread"
    assert [arrival.state for arrival in await story.arrivals()] == ["seen", "mailed"]


async def test_a_later_mail_hangs_on_the_earlier_ones(story: Story) -> None:
    for text in ("One", "Two", "Three"):
        await story.do(Replied(text=text, name="Max"))
        await story.later()
    first, second, third = story.post.sent
    assert (first.earlier, second.earlier) == ((), (first.name,))
    assert third.earlier == (first.name, second.name)


async def test_a_note_is_in_no_mail_and_the_end_and_the_guide_are(story: Story) -> None:
    await story.do(Claimed(name="Max"))
    await story.do(Noted(text="zebra among us"))
    await story.do(HandedBack(step="switch"))
    await story.later()
    await story.do(Claimed(name="Max"))
    await story.do(Noted(text="zebra again"))
    await story.do(Concluded(reason="new bulb", text="zebra third"))
    await story.later()
    back, end = map(told, story.post.sent)
    assert "Max handed this back to me. Let's continue at Press the switch." in back
    assert "Press the switch" in back
    assert "Solved" in end
    assert "zebra" not in back + end
    assert "new bulb" not in end


async def test_what_is_taken_back_before_is_not_mailed(story: Story) -> None:
    await story.do(Replied(key="r", text="To somebody else", name="Max"))
    await story.do(Edited(of="r", text=""))
    assert await story.later() == []


async def test_a_mail_that_is_refused_is_shown_at_the_reply(story: Story) -> None:
    story.post.faults.append("refuse")
    await story.do(Replied(text="Hello", name="Max"))
    await story.later()
    assert await story.arrivals() == [Arrival(state="failed", reason="no such mailbox")]
    await story.seen()
    assert [arrival.state for arrival in await story.arrivals()] == ["seen"]


async def test_a_lost_answer_brings_a_second_copy_by_the_same_name_and_then_a_person_looks(
    story: Story,
) -> None:
    story.post.faults.extend(["lose-answer", "lose-answer", "lose-answer"])
    await story.do(Replied(text="Hello", name="Max"))
    await story.later()
    first, again = story.post.sent
    assert (first.name, first.passages) == (again.name, again.passages)
    (arrival,) = await story.arrivals()
    assert arrival.state == "failed"
    assert "cannot say" in arrival.reason


async def test_a_server_that_is_away_for_a_day_is_given_up(story: Story) -> None:
    story.post.faults.extend(["busy", "busy"])
    await story.do(Replied(text="Hello", name="Max"))
    assert len(await story.later(MAX_RETRY_MS + 1)) == 0
    (arrival,) = await story.arrivals()
    assert arrival.reason == "the mail server was unreachable for a day"


async def test_their_own_words_bring_no_mail(story: Story) -> None:
    await story.do(Said(text="still dark"), story.at.contact)
    assert await story.later() == []
    assert await story.world.store.backlog.waiting() == ()


async def test_the_formatting_of_a_reply_is_in_the_mail(story: Story) -> None:
    await story.do(Replied(text="Press **Yes**, then see [the manual](https://x.example/a).", name="Max"))
    await story.later()
    (mail,) = story.post.sent
    (passage,) = mail.passages
    assert passage.words == parse("Press **Yes**, then see [the manual](https://x.example/a).")
