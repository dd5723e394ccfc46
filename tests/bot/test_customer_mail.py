"""Tests the emails to customers who left: all missed replies together, after a while, once, without read ones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.customer_mail import MAX_RETRY_MS, MOST_EMAILS, MOST_LINKS, UNCONFIRMED_MS, Mailer, MailSettings
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
from tests.fakes.clockwork import lanes_due, settle
from tests.fakes.flows import catalogue
from tests.fakes.platform import Platform, Sender
from tests.fakes.post import PostOffice
from tests.fakes.world import World, store_in_memory

ANA, MAX = "web:ana", "desk:max"
GRACE = 120_000
ADDRESS = "ana@post.example"


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

    async def tried(self) -> None:
        """Everything that waits is tried once more, and may have to wait on."""
        await lanes_due(self.world.store, ("mail",))
        await self.world.app.outbox.pick_up()
        await self.world.app.outbox.idle()

    async def seen(self) -> None:
        await self.world.store.views.saw(self.at.id, self.at.version)

    async def arrivals(self) -> list[Arrival]:
        store = self.world.store
        found = Arrivals(
            store.conversations, store.outbox, store.backlog, ("web",), store.views, store.addresses
        )
        return list((await found.of(self.at)).values())


def told(mail: Mail) -> str:
    return "\n".join(f"{one.who}: {plain(one.words)}" for one in mail.passages)


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    store, post, platform = store_in_memory(), PostOffice(), Platform()
    shelf = catalogue().model_copy(update={"mailed": frozenset({"web"})})
    first = World(store=store, shelf=shelf, platform=platform)
    clock = Clock(first)
    given = (store.conversations, store.outbox, store.views, store.vault)
    ports = (*given, store.addresses, store.allowances, first.app.look)
    mailer = Mailer(
        post, MailSettings("https://fix.example", GRACE, 7, "Lamps", "us@fix.example"), *ports, clock.now
    )
    world = World(store=store, shelf=shelf, platform=platform, channels=(Sender(platform), mailer))
    made = Story(world, post, clock)
    made.at = await world.start(channel="web")
    await made.do(Escalated(), made.at.contact)
    await store.addresses.confirm(made.at.contact, ADDRESS)
    await made.do(Detailed(reach=ADDRESS), made.at.contact)
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


async def test_a_new_address_gets_a_link_and_nothing_else_until_it_is_confirmed(story: Story) -> None:
    other = "eve@post.example"
    await story.do(Detailed(reach=other), story.at.contact)
    (asked,) = story.post.asked
    assert (asked.to, asked.number) == (other, story.at.ticket)
    assert asked.link.startswith(f"https://fix.example/c/{story.at.id}/confirm/")
    await story.do(Replied(text="Secret plans", name="Max"))
    story.clock.later = GRACE
    for _ in range(3):
        await story.tried()
    assert story.post.sent == []
    assert await story.arrivals() == [Arrival(state="waits", mails=True, unconfirmed=True)]
    assert "Secret" not in asked.model_dump_json()
    await story.world.store.addresses.confirm(story.at.contact, other.upper())
    await story.tried()
    (mail,) = story.post.sent
    assert (mail.to, told(mail)) == (other, "Max: Secret plans")
    assert len(story.post.asked) == 1


async def test_a_confirmed_address_is_not_asked_again_and_another_one_is(story: Story) -> None:
    assert story.post.asked == []
    await story.do(Detailed(reach="eve@post.example"), story.at.contact)
    await story.do(Detailed(reach=ADDRESS), story.at.contact)
    await story.do(Replied(text="Hello", name="Max"))
    assert [mail.to for mail in await story.later()] == [ADDRESS]
    assert [asked.to for asked in story.post.asked] == ["eve@post.example"]


async def test_no_one_can_have_a_stranger_flooded_with_links(story: Story) -> None:
    for number in range(10):
        await story.do(Detailed(reach=f"eve{number}@post.example"), story.at.contact)
    assert len(story.post.asked) == MOST_LINKS
    assert await story.world.store.backlog.waiting() == ()


async def test_many_customers_cannot_have_a_stranger_flooded_with_links(story: Story) -> None:
    for number in range(MOST_LINKS + 2):
        story.at = await story.world.start(channel="web", person=f"eve{number}")
        await story.do(Escalated(), story.at.contact)
        await story.do(Detailed(reach=("Bea@post.example", "bea@post.example")[number % 2]), story.at.contact)
    assert len(story.post.asked) == MOST_LINKS
    assert await story.world.store.backlog.waiting() == ()


async def test_a_link_that_never_comes_back_ends_the_wait(story: Story) -> None:
    await story.do(Detailed(reach="eve@post.example"), story.at.contact)
    await story.do(Replied(text="Hello", name="Max"))
    assert await story.later(UNCONFIRMED_MS + 1) == []
    assert await story.world.store.backlog.waiting() == ()


async def test_more_emails_than_a_person_can_read_wait_for_the_next_hour(story: Story) -> None:
    for number in range(MOST_EMAILS + 1):
        await story.do(Replied(text=f"Reply {number}", name="Max"))
        story.clock.later = GRACE
        await story.tried()
        story.clock.later = 0
    assert len(story.post.sent) == MOST_EMAILS
    (waiting,) = await story.world.store.backlog.waiting()
    assert isinstance(waiting.effect, Mailing)


async def test_email_that_waits_or_was_read_is_not_counted_as_limited_or_sent(story: Story) -> None:
    def counted(outcome: str) -> bool:
        return f'channel="mail",outcome="{outcome}"' in story.world.app.meters.text()

    await story.do(Replied(name="Max", text="Try the fuse."))
    await story.tried()
    assert (counted("waiting"), counted("limited")) == (True, False)
    await story.seen()
    assert await story.later() == []
    assert (counted("unneeded"), counted("sent")) == (True, False)
