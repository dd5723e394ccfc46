"""Tours Discord: no post is ignored, even at night: one that no one answers gets a ticket for a press."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.ports import Question
from bot.unanswered import PATIENCE_MS
from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord
from tests.fakes.discord.state import Channel
from tests.fakes.wait import until

BUTTONS = ["Open a ticket", "Choose a problem"]
BACK = datetime.now(UTC) + timedelta(days=2)
AWAY = f"{BACK:%a} 09:00-17:00 UTC"
"""Office hours that begin the day after tomorrow: the team is away now, whenever the test runs."""


async def nothing_waits(shop: Workshop) -> bool:
    return not await shop.questions()


async def asks(shop: Workshop, title: str, text: str) -> Channel:
    """Let Ana open a post that fits no guide, and wait until the product keeps it."""
    post = await shop.person("Ana").posts(shop.forum, title, text)
    await shop.waits_for_questions()
    return post


@pytest.mark.row("discord", "No one answers a post that no guide fits")
@pytest.mark.row("discord", "Someone else presses the author's *Open a ticket*")
async def test_at_night_a_post_is_a_ticket_after_one_press(stand_in: Discord) -> None:
    async with workshop(stand_in, forum_offers=True, DESK_HOURS=AWAY) as shop:
        ana, ben = shop.person("Ana"), shop.person("Ben")
        agents = next(role.id for role in shop.guild.roles.values() if role.name == "Agents")
        began = f"It began in **May**, see <#{shop.room.id}>, <@&{agents}>"
        post = await asks(shop, "Our invoices look odd", began)
        assert "odd" not in str(await shop.questions()), "no words are kept"
        await shop.offers_help()
        await shop.offers_help()
        (offer,) = stand_in.messages(post)[1:]
        assert offer.buttons == BUTTONS
        assert f"will be back on {BACK:%A} at 9:00 (UTC)" in offer.text

        refused = await ben.presses(offer, "Open a ticket")
        assert refused.text.startswith("Only the person who asked can choose here.")
        assert refused.original is not None
        own = await ben.presses(refused.original, "Start this for me")
        assert own.text.startswith(
            "I can't open your own thread inside a post, so I sent you a direct message."
        )
        assert (await shop.of(ben)).address("customer") != (await shop.of(ben)).address("agents")

        await ana.presses(offer, "Open a ticket")
        await stand_in.until(lambda: "I opened ticket" in stand_in.messages(post)[-1].text)
        assert offer.text == "-# OK. A person from our team will reply here."
        at = await shop.of(ana)
        assert (at.status, at.reasons) == (Status.WAITING, ("asked",))
        words = await shop.app.store.conversations.words(at.id)
        assert [spoken.text for spoken in words.values()] == [
            "Our invoices look odd\nIt began in May, see #help, @Agents"
        ]


async def test_in_office_hours_helpers_have_ten_minutes_and_then_the_problems_are_offered(
    stand_in: Discord,
) -> None:
    async with workshop(stand_in, forum_offers=True) as shop:
        ana = shop.person("Ana")
        post = await asks(shop, "It does not work", "Help")
        await shop.offers_help()
        assert len(stand_in.messages(post)) == 1
        await shop.offers_help(PATIENCE_MS / 1000)
        await ana.presses(stand_in.messages(post)[-1], "Choose a problem")
        await stand_in.until(lambda: "What do you need help with?" in stand_in.messages(post)[-1].text)
        assert (await shop.of(ana)).flow == "picker"


async def test_a_process_that_died_after_its_message_posts_no_second_one_and_a_later_press_still_opens_a_ticket(
    stand_in: Discord,
) -> None:
    async with workshop(stand_in, forum_offers=True) as shop:
        ana = shop.person("Ana")
        post = await asks(shop, "It does not work", "Help")
        ((name, kept),) = (await shop.questions()).items()
        begun = Question.model_validate_json(kept).model_copy(update={"begun": True}).model_dump_json()
        await shop.offers_help(PATIENCE_MS / 1000)
        offer = stand_in.messages(post)[-1]
        await shop.app.store.bookmarks.put("unanswered/discord", name, begun)
        stand_in.world.nonces.clear()
        await shop.offers_help(PATIENCE_MS / 1000)
        assert stand_in.messages(post)[-1] is offer

        both = (ana.presses(offer, "Choose a problem", waits=False), ana.presses(offer, "Open a ticket"))
        await asyncio.gather(*both)
        await stand_in.until(lambda: "I opened ticket" in stand_in.messages(post)[-1].text)
        assert (await shop.of(ana)).status is Status.WAITING


@pytest.mark.row("discord", "Someone answered, or the post is closed or gone, when the message is due")
@pytest.mark.parametrize("answers", ["in the post", "unheard", "closed", "deleted"])
async def test_a_post_that_is_answered_or_closed_gets_no_offer(stand_in: Discord, answers: str) -> None:
    async with workshop(stand_in, forum_offers=True) as shop:
        ana, ben = shop.person("Ana"), shop.person("Ben")
        post = await asks(shop, "It does not work", "Help")
        await ana.writes(post, "anybody?")
        match answers:
            case "in the post":
                await ben.writes(post, "I'll have a look")
            case "unheard":
                ((name, kept),) = (await shop.questions()).items()
                await ben.writes(post, "I'll have a look")
                await until(lambda: nothing_waits(shop))
                await shop.app.store.bookmarks.put("unanswered/discord", name, kept)
            case "closed":
                await ana.archives(post)
            case _:
                await ana.deletes(post)
        if answers == "in the post":
            assert await until(lambda: nothing_waits(shop))
        await shop.offers_help(PATIENCE_MS / 1000)
        assert [one for one in stand_in.messages(post) if one.buttons] == []


async def test_a_post_that_waits_gets_no_offer_after_the_operator_turns_offers_off(stand_in: Discord) -> None:
    async with workshop(stand_in, forum_offers=True) as shop:
        post = await asks(shop, "It does not work", "Help")
    async with workshop(stand_in, shop.server) as shop:
        await shop.offers_help(PATIENCE_MS / 1000)
        assert (await shop.questions(), len(stand_in.messages(post))) == ({}, 1)
