"""Tests that posts and mentions made while no process ran are found afterwards, and what was done to posts."""

from contextlib import AsyncExitStack

import fakeredis
import pytest

from bot.wiring.product import App
from flows.conversation import Status
from tests.adapters.discord.support.workspace import furnish, workshop
from tests.fakes.discord import Discord, Person, identify_pause
from tests.fakes.wait import until


@pytest.mark.row("discord", "A post or a mention is written while no process runs")
async def test_posts_and_mentions_made_meanwhile_are_answered_once_by_all_replicas(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as shop:
        room, forum = shop.room, shop.forum
        ana, ben, max_ = map(shop.person, ("Ana", "Ben", "Max"))
        await ben.writes(room, "hello everyone")
    post = await ana.posts(forum, "lamp is dark", "Help!")
    await ana.writes(post, "since Monday")
    idle = await ana.posts(forum, "lamp is dark", "An old one")
    stand_in.idles(idle)
    asked = await ben.mentions_bot(room, "lamp is dark")
    stand_in.faults.limit("GET", "/channels/*/messages", times=3, scope="cloudflare")
    await max_.writes(room, "lamp is dark")
    for replicas in (2, 1):
        async with AsyncExitStack() as started:
            shop, *_ = [
                await started.enter_async_context(workshop(stand_in, server)) for _ in range(replicas)
            ]
            await stand_in.until(lambda: asked.thread and len(stand_in.messages(asked.thread)) > 1)
            await shop.eventually(lambda words: "since Monday" in words, (await shop.of(ana)).id)
            await shop.works_until_quiet()
            assert asked.thread is not None
            for thread in (post, asked.thread):
                by_bot = [one.text for one in stand_in.messages(thread) if one.author is stand_in.bot]
                assert [text.count("Plug it in") for text in by_bot[:2]] == [0, 1], by_bot
                assert len(by_bot) == (3 if thread is post else 2), by_bot
            assert len(stand_in.messages(idle)) == 1
            assert len(stand_in.threads(room)) == 1


async def test_a_later_start_repeats_no_answer_to_a_servers_last_messages(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as shop:
        ana, ben, max_ = map(shop.person, ("Ana", "Ben", "Max"))
        post = await shop.posts(ana)
        await ana.presses(await shop.live(post), "Fixed it")
        await stand_in.until(lambda: post.tag_names == ["solved"])
        me = next(role for role in shop.guild.roles.values() if role.managed_by)
        shop.guild.denies(me, shop.room, "create_public_threads")
        await ben.mentions_bot(shop.room, "lamp is dark")
        await stand_in.until(lambda: any(one.buttons for one in stand_in.messages(ben)))
        await max_.mentions_bot(post, "fixed mine too")
        await stand_in.until(lambda: stand_in.messages(post)[-1].text.startswith("Thanks. That"))
        await shop.works_until_quiet()
    before = [len(stand_in.messages(place)) for place in (post, ben)]
    stand_in.passes(3600)
    async with workshop(stand_in, server) as shop:
        asked = await ana.posts(shop.forum, "lamp is dark", "Another one")
        await stand_in.until(lambda: any(one.buttons for one in stand_in.messages(asked)))
        await shop.works_until_quiet()
    assert [len(stand_in.messages(place)) for place in (post, ben)] == before


@pytest.mark.row("discord", "The bot is added to a server, or added again")
async def test_what_was_written_before_the_bot_joined_a_server_gets_no_answer(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    furnish(stand_in)
    (guild,) = stand_in.world.guilds.values()
    ana = next(one for one in stand_in.world.people.values() if one.name == "Ana")
    bot, forum = guild.members[stand_in.bot.id], guild.channel("support")
    for again in (False, True):
        early = await ana.posts(forum, "lamp is dark", "Help!")
        async with workshop(stand_in, server) as shop:
            asked = await shop.posts(ana)
            await shop.works_until_quiet()
            assert (len(stand_in.messages(early)), len(stand_in.messages(asked))) == (1, 3), again
            stand_in.removes_bot(guild)

            async def forgotten(app: App = shop.app) -> bool:
                return not await app.store.bookmarks.all("discord/guilds")

            assert await until(forgotten)
        guild.members[stand_in.bot.id] = bot


@pytest.mark.row("discord", "A post is closed or deleted while no process runs")
async def test_a_post_closed_or_deleted_meanwhile_ends_its_guide_and_opens_for_no_earlier_words(
    stand_in: Discord,
) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as shop:
        ana, ben = shop.person("Ana"), shop.person("Ben")
        closed, deleted = await shop.posts(ana), await shop.posts(ben)
        cleo = shop.guild.member("Cleo")
        ticket = await shop.posts(cleo)
        await cleo.presses(await shop.live(ticket), "Ask the helpers")
        await shop.works_until_quiet()
    for who, post in ((ana, closed), (cleo, ticket)):
        await who.writes(post, "my cousin will look at it")
        await who.archives(post)
    await ben.deletes(deleted)
    async with workshop(stand_in, server) as shop:

        async def ended() -> bool:
            return all([(await shop.of(who)).status is Status.CLOSED for who in (ana, ben)])

        await until(ended)
        await shop.works_until_quiet()
        assert await ended(), "what was written before the post was closed does not continue the guide"
        assert [(await shop.of(who)).place_closed for who in (ana, ben)] == ["closed", ""]
        for who, post in ((ana, closed), (cleo, ticket)):
            await shop.eventually(lambda words: "my cousin will look at it" in words, (await shop.of(who)).id)
            await shop.works_until_quiet()
            assert (post.archived, (await shop.of(who)).place_closed) == (True, "closed")
        assert (await shop.of(cleo)).status is Status.WAITING


async def test_only_a_lost_session_is_read_after_since_discord_repeats_what_a_resumed_one_missed(
    stand_in: Discord,
) -> None:
    async with workshop(stand_in) as shop:
        ana, ben = shop.person("Ana"), shop.person("Ben")
        stand_in.gateway.drop()
        first = await ana.posts(shop.forum, "lamp is dark", "Help!")
        await stand_in.until(lambda: any(one.buttons for one in stand_in.messages(first)))
        assert (len(stand_in.gateway.identified), stand_in.calls("GET", "/channels/*/messages")) == (1, [])
        await identify_pause.passed(stand_in, shop.counted)
        stand_in.gateway.send_text("no JSON")
        second = await ben.posts(shop.forum, "lamp is dark", "Help me, too!")
        await stand_in.until(lambda: any(one.buttons for one in stand_in.messages(second)))
        await shop.works_until_quiet()
        assert len(stand_in.gateway.identified) == 2
        assert [len(stand_in.messages(post)) for post in (first, second)] == [3, 3]


@pytest.mark.row(
    "discord", "A channel with customers' threads is deleted, or the bot is removed from the server"
)
async def test_a_deleted_channel_and_a_server_that_removed_the_bot_end_guides_there(
    stand_in: Discord,
) -> None:
    async with workshop(stand_in) as shop:
        ana, ben = shop.person("Ana"), shop.person("Ben")

        async def ended(who: Person) -> bool:
            return (await shop.of(who)).status is Status.CLOSED

        await ben.runs("fix", shop.room, problem="lamp is dark")
        await shop.posts(ana)
        assert not await ended(ben)
        stand_in.removes(shop.room)
        await until(lambda: ended(ben))
        assert not await ended(ana)
        stand_in.removes_bot(shop.guild)
        await until(lambda: ended(ana))
