"""Tests posts that people close, lock or delete: the bot posts nothing there anymore, and tells agents."""

from collections.abc import AsyncIterator

import pytest

from flows.conversation import Status
from flows.events import TimerRang
from tests.adapters.discord.support.workspace import Workshop
from tests.fakes.discord import Channel, Discord, Person
from tests.fakes.wait import until
from tests.stories.agents.support.discord_room import Desk, open_desk


@pytest.fixture
async def desk(stand_in: Discord) -> AsyncIterator[Desk]:
    """Ana asks for help, Max and Kim are agents."""
    async with open_desk(stand_in) as opened:
        yield opened


async def rings(shop: Workshop, who: Person, kind: str) -> None:
    """Let that timer come due as the product's clock does."""
    at = await shop.of(who)
    rang = {"conversation": at.id, "kind": kind, "turn": at.turn, "status": at.status, "actor": "timer"}
    ring = shop.platform.timers(shop.app.receive, shop.app.look)
    await ring(TimerRang.model_validate({**rang, "key": f"{kind}/{at.version}"}))
    await shop.works_until_quiet()


async def closed(shop: Workshop, who: Person, how: str) -> None:
    """Wait until the person's conversation has that state of its place."""

    async def known() -> bool:
        return (await shop.of(who)).place_closed == how

    await until(known)
    await shop.works_until_quiet()


async def with_ticket(desk: Desk) -> Channel:
    """Let Ana post, and ask the helpers below the post."""
    post = await desk.shop.posts(desk.ana)
    await desk.ana.presses(await desk.shop.live(post), "Ask the helpers")
    await desk.quiet()
    return post


@pytest.mark.row("discord", "The author closes a post in the middle of the guide")
@pytest.mark.parametrize("audit", [True, False])
async def test_a_post_that_its_author_closes_is_left_in_peace_until_the_author_writes_again(
    stand_in: Discord, shop: Workshop, audit: bool
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    if audit:
        stand_in.world.guilds[shop.guild.id].roles[shop.guild.id].permissions |= 1 << 7
    post = await shop.posts(ana)
    before = len(stand_in.messages(post))
    await ana.archives(post)
    await closed(shop, ana, "closed")
    for kind in ("nudge", "close"):
        await rings(shop, ana, kind)
    at = await shop.of(ana)
    assert (at.status, at.ticket, post.archived) == (Status.CLOSED, 0, True)
    assert len(stand_in.messages(post)) == before
    closing = stand_in.world.payloads.channel(post)
    await ben.writes(post, "same here")
    await ana.writes(post, "same here, too", reply_to=stand_in.messages(post)[-1])
    await ana.writes(post, "it is still dark")
    await stand_in.until(lambda: "## Plug it in" in stand_in.messages(post)[-1].text)
    assert [one.text for one in stand_in.messages(post)[-2:-1]] == ["Let's pick up where you left off."]
    await shop.ears().hear("thread", closing)  # as another process that was disconnected hears of it: late
    assert (await shop.of(ana)).status is Status.GUIDING


@pytest.mark.row("discord", "Discord archives a post or thread because no one wrote there")
async def test_a_post_that_discord_archives_for_inactivity_is_nudged_and_goes_to_the_helpers(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    post = await shop.posts(ana)
    stand_in.idles(post)
    await rings(shop, ana, "nudge")
    assert not post.archived
    stand_in.idles(post)
    await rings(shop, ana, "close")
    at = await shop.of(ana)
    assert (at.status, at.reasons, at.place_closed) == (Status.WAITING, ("idle",), "")


async def test_a_post_whose_closing_or_deletion_no_one_heard_of_is_looked_at_before_a_timer_speaks(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    closed_one, deleted = await shop.posts(ana), await shop.posts(ben)
    closed_one.archived, closed_one.archive_changed = True, stand_in.world.clock.now()
    deleted.deleted = True
    before = len(stand_in.messages(closed_one))
    for who in (ana, ben):
        await rings(shop, who, "nudge")
    assert (closed_one.archived, len(stand_in.messages(closed_one))) == (True, before)
    assert [(await shop.of(who)).status for who in (ana, ben)] == [Status.CLOSED, Status.CLOSED]


@pytest.mark.row("discord", "The author closes a post that has a ticket")
async def test_agents_are_told_that_the_customer_closed_the_post_and_only_a_reply_opens_it(
    desk: Desk,
) -> None:
    post = await with_ticket(desk)
    await desk.ana.archives(post)
    await desk.discord.until(lambda: "closed their post" in desk.lines[-1].text)
    await desk.press(desk.max, "Claim")
    assert post.archived
    line = await desk.write(desk.max, "! Does it work now?")
    assert (list(line.reactions), post.archived) == (["✅"], False)
    assert desk.discord.messages(post)[-1].text.startswith("**Max**\nDoes it work now?")
    await closed(desk.shop, desk.ana, "")
    await desk.ana.writes(post, "yes, thanks")
    await desk.discord.until(lambda: "yes, thanks" in desk.lines[-1].text)


async def test_a_ticket_that_becomes_unassigned_opens_no_post_whose_closing_no_one_heard_of(
    desk: Desk,
) -> None:
    post = await with_ticket(desk)
    await desk.press(desk.max, "Claim")
    await desk.ana.writes(post, "hello?")
    await desk.discord.until(lambda: "hello?" in desk.lines[-1].text)
    await desk.quiet()
    post.archived, post.archive_changed = True, desk.discord.world.clock.now()
    await rings(desk.shop, desk.ana, "quiet")
    assert "closed their post" in "".join(line.text for line in desk.lines)
    at = await desk.at()
    assert (at.status, at.place_closed, post.archived) == (Status.WAITING, "closed", True)


@pytest.mark.row("discord", "A moderator locks the customer's post")
async def test_agents_are_told_of_a_locked_post_which_a_reply_unlocks_only_where_the_bot_may(
    desk: Desk,
) -> None:
    post = await with_ticket(desk)
    mo = desk.shop.guild.member("Mo", roles=[desk.shop.guild.role("Moderators", "manage_threads")])
    me = next(role for role in desk.shop.guild.roles.values() if role.managed_by)
    desk.shop.guild.denies(me, desk.shop.forum, "manage_threads")
    await mo.archives(post, locked=True)
    await desk.discord.until(lambda: "A moderator locked" in desk.lines[-1].text)
    line = await desk.max.writes(desk.thread, "! Are you there?")
    await desk.discord.until(lambda: "is locked, and I'm not allowed to unlock it" in desk.lines[-1].text)
    assert (list(line.reactions), post.locked) == (["⚠️"], True)
    desk.shop.guild.allows(me, desk.shop.forum, "manage_threads")
    line = await desk.write(desk.max, "! Are you there?")
    assert (list(line.reactions), post.locked, post.archived) == (["✅"], False, False)


@pytest.mark.row("discord", "A moderator closes the customer's post")
async def test_agents_are_told_that_a_moderator_closed_the_post(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        desk.shop.guild.everyone.permissions |= 1 << 7  # to view the audit log
        post = await with_ticket(desk)
        mo = desk.shop.guild.member("Mo", roles=[desk.shop.guild.role("Moderators", "manage_threads")])
        await mo.archives(post)
        await desk.discord.until(lambda: "Someone closed the customer's post" in desk.lines[-1].text)
