"""Tours who is notified of a ticket: its assignee by a mention, once for each burst, no one for their own acts."""

import pytest

from flows.events import Claimed, Noted
from tests.fakes.discord import Discord, Message
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import Desk, open_desk
from tests.stories.agents.support.slack_room import DESK, Room

__all__ = ["stand_in"]


def pings(room: Room, agent: str = "U9MAX") -> list[str]:
    """Return the lines of the thread that mention that agent."""
    return [str(one["text"]).split("\n")[0] for one in room.lines() if f"<@{agent}>" in str(one["blocks"])]


@pytest.mark.row("slack", "An agent doesn't follow the thread of their ticket")
@pytest.mark.row("slack", "A customer's message has `<!channel>`, `@here` or someone's id in it")
async def test_the_assignee_in_slack_is_mentioned_once_for_a_burst(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    assert room.slack.notified(room.max) == [], "a press lets no one follow the thread"
    for words in ("Are you there?", "It is <@U8KIM> dark", "<!channel> @here", "Hello?"):
        await room.office.write(room.ana, words, thread)
    assert len(pings(room)) == 1
    assert len(room.slack.notified(room.max)) == 4, "after the mention, Max follows the thread"
    assert pings(room, room.kim.id) == [], "a customer's words never ping in the agents' thread"
    assert "<!" not in str([one["blocks"] for one in room.lines()[1:]])
    await room.press(room.max, "Reply")
    await room.fill(room.max, {"text": "Is it plugged in?"})
    assert len(pings(room)) == 1, "nobody is notified of their own reply"
    await room.office.write(room.ana, "It is", thread)
    assert pings(room)[1:] == ["<@U9MAX> ana: It is"]


async def test_a_transfer_mentions_the_new_assignee_in_slack(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    await room.press(room.max, "Transfer…")
    await room.fill(room.max, {"agent": "U8KIM"})
    assert len(pings(room, "U8KIM")) == 1
    assert pings(room) == []
    await room.press(room.kim, "Release")
    await room.office.write(room.ana, "Anybody?", thread)
    assert (len(pings(room, "U8KIM")), pings(room)) == (1, []), "unassigned, nobody is mentioned"


def alerts(desk: Desk) -> list[tuple[str, set[int]]]:
    """Return the lines of the thread that ping anyone, and whom."""
    return [(one.text.split("\n")[0], one.pinged) for one in desk.lines if one.pinged]


@pytest.mark.row("discord", "An agent doesn't follow the thread of their ticket")
async def test_the_assignee_in_discord_is_mentioned_once_for_a_burst_and_joins_the_thread(
    stand_in: Discord,
) -> None:
    async with open_desk(stand_in) as desk:
        theirs = await desk.asked()
        await desk.press(desk.max, "Claim")
        assert desk.max.id not in desk.thread.members
        for words in ("Are you there?", f"It is <@{desk.kim.id}> dark", "Very dark", "Hello?"):
            await desk.ana.writes(theirs, words)
        await stand_in.until(lambda: "Hello?" in desk.lines[-1].text)
        await desk.quiet()
        assert alerts(desk) == [(f"<@{desk.max.id}>", {desk.max.id})]
        assert {desk.max.id} <= {*desk.thread.members}
        assert desk.kim.id not in desk.thread.members, "a customer's words never ping"
        await desk.fill(desk.max, "Reply", {"text": "Is it plugged in?"})
        await desk.ana.writes(theirs, "It is")
        await stand_in.until(lambda: "It is" in desk.lines[-1].text)
        assert [whom for _line, whom in alerts(desk)] == [{desk.max.id}] * 2
        await desk.quiet()
        await desk.fill(desk.max, "Transfer…", {"agent": str(desk.kim.id)})
        assert alerts(desk)[2:] == [(f"<@{desk.kim.id}>", {desk.kim.id})]


async def test_an_agent_in_slack_chooses_direct_messages_on_the_home_tab(room: Room) -> None:
    async def chooses(label: str) -> None:
        await room.max.opens_home()
        await room.office.quiet()
        await room.press(room.max, label, room.slack.home_of(room.max))

    thread = await room.asked()
    await room.press(room.max, "Claim")
    await chooses("Also notify me by direct message")
    begins = await room.office.write(room.ana, "Are you <!channel> there?", thread)
    await room.office.write(room.ana, "Hello?", thread)
    (told,) = room.slack.by_the_app(room.max.dm)
    number = (await room.at(thread)).ticket
    assert told["text"] == f"ana wrote in ticket #{number}: “Are you @channel there?”"
    assert f"/archives/{DESK}/p" in str(told["blocks"])
    await room.ana.edits(begins, "Is Max there?")
    await room.office.quiet()
    assert [one["text"] for one in room.slack.by_the_app(room.max.dm)] == [
        f"ana wrote in ticket #{number}: “Is Max there?”"
    ]
    await room.ana.deletes(begins)
    await room.office.quiet()
    (told,) = room.slack.by_the_app(room.max.dm)
    assert told["text"] == f"ana deleted a message in ticket #{number}."
    assert "Is Max there?" not in str(told)
    await room.press(room.max, "Reply")
    await room.fill(room.max, {"text": "Is it plugged in?"})
    await chooses("Stop direct messages")
    await room.office.write(room.ana, "It is", thread)
    assert len(room.slack.by_the_app(room.max.dm)) == 1
    assert pings(room) == ["<@U9MAX> ana: It is"], "a deleted line mentions no one"


@pytest.mark.row("slack", "The assignee works at the web desk, or in Discord")
async def test_an_assignee_at_the_desk_is_not_mentioned_and_their_note_mentions_an_agent_in_slack(
    room: Room,
) -> None:
    thread = await room.asked()
    await room.press(room.kim, "Claim")
    await room.press(room.kim, "Release")
    at = await room.at(thread)
    await room.office.app.receive(Claimed(conversation=at.id, name="Mia", actor="desk:mia", key="claim"))
    await room.office.write(room.ana, "Are you there?", thread)
    assert "<@" not in str([one["blocks"] for one in room.lines()[1:]])
    for text in ("@kim can you help? @nobody", "kim, never mind"):
        note = Noted(conversation=at.id, text=text, name="Mia", actor="desk:mia", key=text)
        await room.office.app.receive(note)
        await room.office.quiet()
    (line,) = pings(room, room.kim.id)
    assert line.startswith("<@U8KIM> Mia: ")


@pytest.mark.row("discord", "An agent doesn't accept direct messages from the server")
async def test_tickets_lists_an_agents_own_in_discord_and_turns_direct_messages_on(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        theirs = await desk.asked()
        await desk.press(desk.max, "Claim")

        def told() -> Message:
            return stand_in.shown_to(desk.max)[-1]

        await desk.max.closes_dms()
        await desk.max.runs("tickets")
        at = await desk.at()
        assert f"[#{at.ticket} · Ana · The lamp stays dark]" in told().text
        assert f"/{desk.shop.guild.id}/{desk.thread.id})" in told().text
        await desk.press(desk.max, "Also notify me by direct message", told())
        assert "I couldn't send you a direct message." in told().text
        await desk.max.closes_dms(False)
        await desk.press(desk.max, "Also notify me by direct message", told())
        assert told().buttons == ["Stop direct messages"]
        for words in ("Are you there?", "Hello?"):
            await desk.ana.writes(theirs, words)
        await stand_in.until(lambda: "Hello?" in desk.lines[-1].text)
        await desk.quiet()
        _begins, notice = stand_in.messages(desk.max.dm)
        assert notice.text.startswith(f"Ana wrote in ticket #{at.ticket}: “Are you there?”\n")
        await desk.max.closes_dms()
        await desk.fill(desk.max, "Reply", {"text": "Is it plugged in?"})
        await desk.ana.writes(theirs, "It is")
        await stand_in.until(lambda: "It is" in desk.lines[-1].text)
        await desk.quiet()
        assert not await desk.shop.app.store.backlog.buried(), "a closed direct message holds nothing up"
        await desk.kim.runs("tickets")
        assert "No open ticket is assigned to you." in stand_in.shown_to(desk.kim)[-1].text
        await desk.ben.runs("tickets")
        assert "Only agents can do that here." in stand_in.shown_to(desk.ben)[-1].text
