"""Tests two processes on one shard, as in a rolling deploy: both get every event, and people get one answer."""

from collections.abc import AsyncIterator

import fakeredis
import pytest

from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Channel, Discord, Interaction, Person


@pytest.fixture
async def both(stand_in: Discord) -> AsyncIterator[tuple[Workshop, Workshop]]:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as one, workshop(stand_in, server) as other:
        yield one, other


async def both_heard(stand_in: Discord, acted: Interaction) -> None:
    """Wait until the second of them wanted to answer as well."""
    await stand_in.until(lambda: acted.refused)


async def settled(stand_in: Discord, both: tuple[Workshop, Workshop], place: Channel | Person) -> list[str]:
    """The titles that stand there when both are done."""
    for shop in both:
        await shop.works_until_quiet()
    titles = [one.text.partition("## ")[2].partition("\n")[0] for one in stand_in.messages(place)]
    return list(filter(None, titles))


async def test_a_click_is_answered_once_and_in_its_message(
    stand_in: Discord, both: tuple[Workshop, Workshop]
) -> None:
    ana = both[0].person("Ana")
    step = await both[0].begins(ana)
    for label in ("Still failing", "Broken", "Back", "Back"):
        clicked = await ana.presses(step, label)
        await both_heard(stand_in, clicked)
        assert clicked.answers[0].type == 7
    assert await settled(stand_in, both, ana) == ["Plug it in"]


async def test_a_stale_click_is_explained_once(stand_in: Discord, both: tuple[Workshop, Workshop]) -> None:
    ana = both[0].person("Ana")
    step = await both[0].begins(ana)
    await ana.presses(step, "Still failing")
    stale = await ana.presses(step, "Still failing", version=0)
    await both_heard(stand_in, stale)
    await settled(stand_in, both, ana)
    assert len(stand_in.shown_to(ana)) == 1


async def test_the_command_opens_one_thread_and_says_so_once(
    stand_in: Discord, both: tuple[Workshop, Workshop]
) -> None:
    ana = both[0].person("Ana")
    called = await ana.runs("fix", problem="lamp is dark")
    assert called.text == "I opened a thread for you."
    (thread,) = stand_in.threads(both[0].room)
    await both_heard(stand_in, called)
    assert await settled(stand_in, both, thread) == ["Plug it in"]
    assert len(stand_in.shown_to(ana)) == 1


async def test_a_mention_a_post_and_a_direct_message_begin_once(
    stand_in: Discord, both: tuple[Workshop, Workshop]
) -> None:
    shop = both[0]
    ana, ben = shop.person("Ana"), shop.person("Ben")
    mentioned = await ana.mentions_bot(shop.room, "lamp is dark")
    post = await shop.posts(ben)
    await shop.begins(ana)
    await stand_in.until(
        lambda: mentioned.thread and any(m.buttons for m in stand_in.messages(mentioned.thread))
    )
    assert mentioned.thread is not None
    for place in (mentioned.thread, post, ana):
        assert await settled(stand_in, both, place) == ["Plug it in"]


async def test_words_that_answer_move_it_once(stand_in: Discord, both: tuple[Workshop, Workshop]) -> None:
    ana = both[0].person("Ana")
    step = await both[0].begins(ana)
    await ana.dms("still failing")
    await stand_in.until(lambda: "## Look at the bulb" in stand_in.messages(ana)[-1].text)
    for shop in both:
        await shop.works_until(lambda: not step.buttons)
    assert await settled(stand_in, both, ana) == ["Look at the bulb"]


async def test_a_form_is_opened_once_and_kept_once(
    stand_in: Discord, both: tuple[Workshop, Workshop]
) -> None:
    ana = both[0].person("Ana")
    step = await both[0].begins(ana)
    opened = await ana.presses(step, "Talk to a person")
    await both_heard(stand_in, opened)
    sent = await ana.submits(opened, {"What happened?": "Smoke"})
    await both_heard(stand_in, sent)
    await settled(stand_in, both, ana)
    at = await both[0].of(ana)
    words = await both[0].app.store.conversations.words(at.id)
    assert [spoken.text for spoken in words.values()] == ["lamp is dark", "Smoke"]
    assert len([one for one in stand_in.messages(ana) if "added that to ticket" in one.text]) == 1
