"""Tests the stand-in's channels: threads, forum posts, tags and permissions."""

from typing import Any

import discord
import pytest

from tests.fakes.discord import Channel, Discord, Tag
from tests.fakes.discord.client_address import stand_in
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.tests.support.client import Bot, online, step

__all__ = ["stand_in"]


def place(bot: Bot, channel: Channel) -> Any:
    """Return the channel as the client has it."""
    return bot.get_channel(channel.id) or bot.get_partial_messageable(channel.id)


async def test_a_private_thread_holds_whom_it_is_opened_for(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        made = await place(bot, room).create_thread(name="Ana", invitable=False)
        await made.add_user(discord.Object(ana.id))
        await made.send(view=step("Restart it", "again"))
        (thread,) = stand_in.threads(room)
        assert (thread.kind, set(thread.members)) == (12, {ana.id, stand_in.bot.id})
        await ana.presses(stand_in.messages(thread)[0], "Press again")
        assert bot.pressed == ["again"]
        await ana.leaves(thread)
        assert set(thread.members) == {stand_in.bot.id}


async def test_a_thread_hangs_on_a_message_once(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        said = await ana.writes(room, "it beeps")
        message = place(bot, room).get_partial_message(said.id)
        assert (await message.create_thread(name="Beeps")).id == said.id
        with pytest.raises(discord.HTTPException, match="already been created"):
            await message.create_thread(name="Beeps")


async def test_an_announcement_channel_has_threads_of_its_own_kind_on_messages_alone(
    stand_in: Discord,
) -> None:
    guild = stand_in.guild()
    news, ana, bot = guild.news("news"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        said = await ana.writes(news, "it beeps")
        made = await place(bot, news).get_partial_message(said.id).create_thread(name="Beeps")
        assert made.type is discord.ChannelType.news_thread
        for kind in (discord.ChannelType.private_thread, discord.ChannelType.public_thread):
            with pytest.raises(discord.HTTPException) as refused:
                await place(bot, news).create_thread(name="Ana", type=kind)
            assert refused.value.code == 50024


async def test_a_reply_needs_to_read_the_history(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    guild.denies(guild.everyone, room, "read_message_history")
    async with online(stand_in.token, bot):
        said = await ana.writes(room, "it beeps")
        to = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=room.id)
        body: dict[str, Any] = {"content": "Is it on?"}
        with pytest.raises(discord.Forbidden) as refused:
            await bot.http.request(to, json=body | {"message_reference": {"message_id": str(said.id)}})
        assert refused.value.code == 160002
        await bot.http.request(to, json=body)


async def test_nobody_can_write_in_a_post_before_its_first_message(stand_in: Discord) -> None:
    guild = stand_in.guild()
    forum, ana, bot = guild.forum("support", tags=["solved", "network"]), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        post = await ana.posts(forum, "No connection", tags=["network"], late=True)
        await stand_in.until(lambda: "THREAD_CREATE" in bot.events)
        with pytest.raises(discord.Forbidden) as refused:
            await place(bot, post).send("Is it on?")
        assert refused.value.code == 40058
        await ana.starts_post(post, "Nothing works")
        await stand_in.until(lambda: bot.heard)
        assert bot.heard[0].id == bot.heard[0].channel.id == post.id
        await place(bot, post).send("Is it on?")
        assert [one.text for one in stand_in.messages(post)] == ["Nothing works", "Is it on?"]


async def test_a_post_is_tagged_and_archived_and_then_only_written_in(stand_in: Discord) -> None:
    guild = stand_in.guild()
    forum, ana, bot = guild.forum("support", tags=["solved"]), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        post = await ana.posts(forum, "No connection", "Nothing works")
        await stand_in.until(lambda: bot.get_channel(post.id))
        said = await place(bot, post).send("Is it on?")
        solved = place(bot, forum).get_tag(forum.tag("solved").id)
        await place(bot, post).edit(applied_tags=[solved], archived=True)
        assert (post.tag_names, post.archived) == (["solved"], True)
        with pytest.raises(discord.HTTPException) as refused:
            await said.edit(content="It was off")
        assert refused.value.code == 50083
        await place(bot, post).send("It was off")
        assert not post.archived


async def test_without_the_permission_threads_of_others_and_moderated_tags_are_left_alone(
    stand_in: Discord,
) -> None:
    guild = stand_in.guild(bot_lacks=("manage_threads",))
    forum = guild.forum("support", tags=[Tag(0, "solved", moderated=True)])
    ana, bot = guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        post = await ana.posts(forum, "No connection", "Nothing works")
        await stand_in.until(lambda: bot.get_channel(post.id))
        with pytest.raises(discord.Forbidden) as refused:
            await place(bot, post).edit(archived=True)
        assert refused.value.code == 50013
        own = await place(bot, forum).create_thread(name="News", content="All is well")
        with pytest.raises(discord.Forbidden):
            await own.thread.edit(applied_tags=[place(bot, forum).get_tag(forum.tag("solved").id)])


async def test_missing_permissions_and_missing_views_are_told_apart(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, bot = guild.text("help"), Bot()
    role = next(iter(guild.members[stand_in.bot.id].roles))
    async with online(stand_in.token, bot):
        codes = []
        for lacking in ("send_messages", "view_channel"):
            guild.denies(role, room, lacking)
            with pytest.raises(discord.Forbidden) as refused:
                await bot.get_partial_messageable(room.id).send("hello")
            codes.append(refused.value.code)
        assert codes == [50013, 50001]
        guild.allows(role, room, "send_messages", "view_channel")
        await bot.get_partial_messageable(room.id).send("hello")


async def test_what_is_gone_is_unknown(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        at = bot.get_partial_messageable(room.id)
        said = await at.send("hello")
        await ana.deletes(stand_in.messages(room)[0])
        with pytest.raises(discord.NotFound) as message:
            await said.edit(content="gone?")
        stand_in.removes(room)
        with pytest.raises(discord.NotFound) as channel:
            await at.send("hello")
        await ana.leaves()
        with pytest.raises(discord.NotFound) as member:
            await bot.guilds[0].fetch_member(ana.id)
        codes = [refused.value.code for refused in (message, channel, member)]
        assert codes == [10008, 10003, 10007]


async def test_only_whom_a_message_may_mention_is_pinged(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, agents = guild.text("help"), guild.member("Ana"), guild.role("agents", mentionable=True)
    bot = Bot(allowed_mentions=discord.AllowedMentions.none())
    async with online(stand_in.token, bot):
        words, allowed = (
            f"{ana.mention} {agents.mention} @everyone",
            discord.AllowedMentions(roles=[discord.Object(agents.id)]),
        )
        at = bot.get_partial_messageable(room.id)
        await at.send(words)
        await at.send(words, allowed_mentions=allowed)
        assert [one.pinged for one in stand_in.messages(room)] == [set(), {agents.id}]


async def test_a_webhook_writes_under_another_name(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("desk"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        hook = await place(bot, room).create_webhook(name="Relay")
        said = await hook.send("It beeps", username="Ana (customer)", wait=True)
        await stand_in.until(lambda: bot.heard)
        assert (bot.heard[0].author.name, bot.heard[0].webhook_id) == ("Ana (customer)", hook.id)
        await hook.edit_message(said.id, content="It beeped")
        assert [one.text for one in stand_in.messages(room)] == ["It beeped"]
        with pytest.raises(discord.HTTPException, match="cannot contain"):
            await hook.send("It beeps", username="Discord")
        assert ana.id not in stand_in.messages(room)[0].pinged


async def test_who_is_pinged_in_a_thread_joins_it(stand_in: Discord) -> None:
    guild = stand_in.guild()
    agents = guild.role("agents", mentionable=True)
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    agent, other = guild.member("Agnes", roles=[agents]), guild.member("Otto")
    async with online(stand_in.token, bot):
        made = await place(bot, room).create_thread(name="Ana")
        (thread,) = stand_in.threads(room)
        quiet = discord.AllowedMentions.none()
        await made.send(f"{ana.mention} {other.mention}", allowed_mentions=quiet)
        await made.send(agents.mention)
        assert set(thread.members) == {stand_in.bot.id, agent.id}


async def test_a_thread_is_archived_by_time_without_an_entry_and_by_its_owner_or_a_moderator_with_one(
    stand_in: Discord,
) -> None:
    guild = stand_in.guild(bot_has=("view_audit_log",))
    forum, ana, ben, bot = guild.forum("support"), guild.member("Ana"), guild.member("Ben"), Bot()
    mo = guild.member("Mo", roles=[guild.role("Moderators", "manage_threads")])
    async with online(stand_in.token, bot):
        post = await ana.posts(forum, "lamp is dark", "Help!")
        shown = await place(bot, post).send(view=step("Restart it", "again"))
        stand_in.passes(1441 * 60)
        assert post.archived
        with pytest.raises(Refusal, match="50083"):
            await ana.presses(stand_in.messages(post)[-1], "Press again")
        await ben.writes(post, "same here")
        assert (post.archived, guild.audit) == (False, [])
        with pytest.raises(Refusal, match="50013"):
            await ben.archives(post)
        await ana.archives(post)
        with pytest.raises(discord.HTTPException, match="50083"):
            await shown.edit(view=step("No", "no"))
        await mo.opens(post)
        await mo.archives(post, locked=True)
        with pytest.raises(Refusal, match="50083"):
            await ana.writes(post, "why?")
        (seen,) = bot.guilds
        entries = [one async for one in seen.audit_logs(action=discord.AuditLogAction.thread_update)]
        assert [one.user_id for one in reversed(entries)] == [ana.id, mo.id, mo.id]
        assert entries[-1].after.archived is True


async def test_a_locked_thread_takes_messages_of_moderators_only(stand_in: Discord) -> None:
    guild = stand_in.guild(bot_lacks=("manage_threads",))
    forum, ana, bot = guild.forum("support"), guild.member("Ana"), Bot()
    mo = guild.member("Mo", roles=[guild.role("Moderators", "manage_threads")])
    async with online(stand_in.token, bot):
        post = await ana.posts(forum, "lamp is dark", "Help!")
        await mo.archives(post, locked=True)
        await mo.opens(post)
        with pytest.raises(discord.HTTPException, match="160005"):
            await bot.get_partial_messageable(post.id).send("Hello")


async def test_who_left_every_guild_gets_no_direct_messages(stand_in: Discord) -> None:
    guild = stand_in.guild()
    ana, bot = guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        await ana.dms("hello")
        await ana.leaves()
        with pytest.raises(discord.Forbidden) as refused:
            await bot.get_partial_messageable(ana.dm.id).send("hello")
        assert refused.value.code == 50278
        assert "GUILD_MEMBER_REMOVE" not in bot.events
