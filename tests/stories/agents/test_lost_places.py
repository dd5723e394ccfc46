"""Tests places that are gone: threads of agents are opened again, and someone learns of all that can't be reached."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from flows.conversation import Status
from flows.events import TimerRang
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.fakes.slack import labels
from tests.stories.agents.support.discord_room import Desk, open_desk
from tests.stories.agents.support.slack_room import DESK, Room

__all__ = ["stand_in"]

CHANNEL = "I can't post in the agents' channel"
THREAD = "The thread of this ticket was deleted, so I opened a new one"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


@pytest.fixture
async def desk(stand_in: Discord) -> AsyncIterator[Desk]:
    """Ana asks for help, Max and Kim are agents."""
    async with open_desk(stand_in) as opened:
        yield opened


def said(text: str, words: list[str]) -> bool:
    return text in words


async def acts(desk: Desk) -> list[str]:
    """Return the history of Ana's ticket as agents read it on the desk."""
    dossier = await desk.shop.app.reader.dossier((await desk.at()).id)
    assert dossier is not None
    return [line.in_full for line in dossier.lines]


# ---------------------------------------------------------------- the agents' thread


async def test_in_discord_a_deleted_thread_is_opened_again_with_its_packet(desk: Desk) -> None:
    theirs = await desk.asked()
    await desk.press(desk.max, "Claim")
    first = desk.heads[0]
    await desk.max.deletes(desk.thread)
    await desk.ana.writes(theirs, "are you there?", files=[("lamp.png", PICTURE)])
    await desk.discord.until(lambda: len(desk.heads) == 2)
    await desk.quiet()
    assert "are you there?" in desk.packet.text
    assert desk.lines[-1].text.startswith("**Ana**\nare you there?")
    assert [file.name for file in desk.lines[-1].attachments] == ["1-lamp.png"]
    assert desk.heads[1].pinged == {desk.max.id}
    assert "Continued in a new thread" in first.text
    assert not first.buttons
    await desk.ana.writes(theirs, "hello?")
    await desk.discord.until(lambda: "hello?" in desk.lines[-1].text)
    assert (await desk.at()).holder == f"discord:{desk.max.id}"
    line = await desk.write(desk.max, "! Yes, I am")
    assert list(line.reactions) == ["✅"]
    assert "Yes, I am" in desk.shown_to_ana(theirs)
    assert await desk.shop.app.store.backlog.buried() == ()
    assert THREAD in await acts(desk)


async def test_an_unassigned_ticket_alerts_its_team_again_when_its_thread_is_opened_again(desk: Desk) -> None:
    theirs = await desk.asked()
    await desk.max.deletes(desk.thread)
    await desk.ana.writes(theirs, "are you there?")
    await desk.discord.until(lambda: len(desk.heads) == 2)
    await desk.quiet()
    assert desk.heads[1].pinged == desk.heads[0].pinged != set()


async def test_a_locked_thread_is_replaced_like_a_deleted_one(desk: Desk) -> None:
    theirs = await desk.asked()
    mo = desk.shop.guild.member("Mo", roles=[desk.shop.guild.role("Moderators", "manage_threads")])
    await mo.archives(desk.thread, locked=True)
    await desk.ana.writes(theirs, "are you there?")
    await desk.discord.until(lambda: len(desk.heads) == 2)
    await desk.quiet()
    assert any(
        "are you there?" in one.text for one in desk.discord.messages(desk.discord.threads(desk.room)[-1])
    )


async def test_several_messages_to_a_deleted_thread_open_one_new_thread(desk: Desk) -> None:
    theirs = await desk.asked()
    await desk.max.deletes(desk.thread)
    for text in ("one", "two", "three"):
        await desk.ana.writes(theirs, text)
    await desk.shop.eventually(lambda words: "three" in words, (await desk.at()).id)
    await desk.quiet()
    assert len(desk.heads) == 2
    shown = "\n".join(line.text for line in desk.lines)
    assert all(text in shown for text in ("one", "two", "three"))


async def test_in_slack_a_deleted_thread_is_opened_again_with_its_packet(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    room.slack.deletes_thread(DESK, room.thread())
    await room.office.write(room.ana, "are you there?", thread)
    assert str(room.root()["text"]).startswith("🟢 ana")
    assert str(room.packet()["text"]).startswith("<@U9MAX> ")
    assert room.told() == ["ana: are you there?"]
    await room.office.write(room.ana, "hello?", thread)
    assert room.told()[-1] == "ana: hello?"
    await room.write(room.max, "!Yes, I am")
    assert room.office.said(room.office.help, thread)[-1] == "max: Yes, I am"
    assert await room.office.store.backlog.buried() == ()


async def test_a_deleted_thread_of_a_ticket_that_is_over_stays_deleted(room: Room) -> None:
    thread = await room.asked()
    await room.write(room.max, "!close")
    room.slack.deletes_thread(DESK, room.thread())
    await room.office.write(room.ana, "thank you", thread)
    assert room.slack.by_the_app(DESK) == []
    await room.office.write(room.ana, "it's back", thread)
    assert (await room.at(thread)).status is Status.WITH_AGENT
    assert str(room.packet()["text"]).startswith("<@U9MAX> ")


# ---------------------------------------------------------------- the agents' channel


async def test_in_discord_a_deleted_channel_leaves_the_ticket_to_the_desk(desk: Desk) -> None:
    theirs = await desk.asked()
    desk.discord.removes(desk.room)
    for text in ("are you there?", "hello?"):
        await desk.ana.writes(theirs, text)
        await desk.shop.eventually(partial(said, text), (await desk.at()).id)
        await desk.quiet()
    told = await acts(desk)
    assert len([line for line in told if line.startswith(CHANNEL)]) == 1
    assert {"are you there?", "hello?"} <= set(told)
    assert (await desk.at()).status is Status.WAITING
    (letter,) = await desk.shop.app.store.backlog.buried()
    assert (letter.effect.kind, letter.reason.partition(" ")[0]) == ("packet", "10003")


async def test_a_channel_that_is_open_again_gets_the_ticket_with_the_next_alert(desk: Desk) -> None:
    theirs = await desk.asked()
    desk.discord.removes(desk.thread)
    everyone = desk.shop.guild.id
    desk.room.denied[everyone] = 1 << 11  # to send messages
    await desk.ana.writes(theirs, "are you there?")
    await desk.shop.eventually(lambda words: "are you there?" in words, (await desk.at()).id)
    await desk.quiet()
    assert [line for line in await acts(desk) if line.startswith(CHANNEL)]
    del desk.room.denied[everyone]
    at = await desk.at()
    rang = TimerRang(conversation=at.id, kind="unclaimed", status=at.status, actor="timer", key="1")
    await desk.shop.app.receive(rang)
    await desk.quiet()
    assert "are you there?" in desk.packet.text
    assert "has claimed ticket" in desk.lines[-1].text


async def test_an_archived_channel_in_slack_is_told_once_on_the_desk_and_its_letters_can_be_retried(
    room: Room,
) -> None:
    thread = await room.asked()
    room.slack.workspace.channels[DESK].is_archived = True
    for text in ("one", "two"):
        await room.office.write(room.ana, text, thread)
    dossier = await room.office.app.reader.dossier((await room.at(thread)).id)
    assert dossier is not None
    assert len([line for line in dossier.lines if line.in_full.startswith(CHANNEL)]) == 1
    room.slack.workspace.channels[DESK].is_archived = False
    for letter in await room.office.store.backlog.buried():
        assert await room.office.store.backlog.retry(letter.effect.id)
    await room.office.quiet()
    assert {"ana: one", "ana: two"} <= set(room.told())
    assert labels(room.packet())[0] == "Reply"


async def test_a_deleted_channel_in_slack_leaves_the_ticket_to_the_desk(room: Room) -> None:
    thread = await room.asked()
    room.slack.deletes_channel(DESK)
    await room.office.write(room.ana, "are you there?", thread)
    dossier = await room.office.app.reader.dossier((await room.at(thread)).id)
    assert dossier is not None
    told = [line.in_full for line in dossier.lines]
    assert [line for line in told if line.startswith(CHANNEL)]
    assert "are you there?" in told


# ---------------------------------------------------------------- the customer's place


@pytest.mark.row("discord", "The customer's thread or post is deleted")
async def test_agents_learn_that_the_customers_thread_was_deleted(desk: Desk) -> None:
    theirs = await desk.asked()
    await desk.press(desk.max, "Claim")
    await desk.ana.deletes(theirs)
    await desk.discord.until(lambda: "messages don't reach them there" in desk.lines[-1].text)
    line = await desk.max.writes(desk.thread, "! Are you there?")
    await desk.discord.until(lambda: "didn't reach Ana" in desk.lines[-1].text)
    assert list(line.reactions) == ["⚠️"]
    assert len([one for one in desk.lines if "don't reach them there" in one.text]) == 1


async def test_a_guide_whose_thread_was_deleted_is_over_and_the_next_one_starts_anew(desk: Desk) -> None:
    await desk.ana.runs("fix", problem="lamp is dark")
    theirs = desk.discord.threads(desk.shop.room)[-1]
    await desk.shop.live(theirs)
    await desk.ana.deletes(theirs)
    first = (await desk.at()).id

    async def closed() -> bool:
        return (await desk.at()).status is Status.CLOSED

    await desk.shop.works_until_quiet()
    while not await closed():
        await desk.shop.works_until_quiet()
    await desk.ana.runs("fix", problem="lamp is dark")
    assert (await desk.at()).id != first


async def test_agents_learn_that_direct_messages_are_closed_when_the_bot_can_not_post_there(
    desk: Desk,
) -> None:
    await desk.asked_directly()
    await desk.ana.closes_dms()
    at = await desk.at()
    rang = TimerRang(conversation=at.id, kind="unclaimed", status=at.status, actor="timer", key="1")
    await desk.shop.app.receive(rang)
    await desk.quiet()
    told = [one.text for one in desk.lines]
    assert [text for text in told if "Messages don't reach the customer" in text]


async def test_agents_learn_that_the_customers_channel_in_slack_is_archived(room: Room) -> None:
    thread = await room.asked()
    at = await room.at(thread)
    room.slack.workspace.channels[room.office.help].is_archived = True
    rang = TimerRang(conversation=at.id, kind="unclaimed", status=at.status, actor="timer", key="1")
    await room.office.app.receive(rang)
    await room.office.quiet()
    assert [text for text in room.told() if text.startswith("Messages don't reach the customer")]
