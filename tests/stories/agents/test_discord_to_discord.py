"""Tours the agents' thread in Discord, for a customer in Discord: from the packet to the end, and no note leaks."""

from collections.abc import AsyncIterator

import pytest

from flows.conversation import Status
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import Desk, open_desk

__all__ = ["stand_in"]


@pytest.fixture
async def desk(stand_in: Discord) -> AsyncIterator[Desk]:
    """Ana asks for help, Max and Kim are agents."""
    async with open_desk(stand_in) as opened:
        yield opened


async def test_a_ticket_is_a_line_in_the_room_and_its_packet_opens_the_thread(desk: Desk) -> None:
    theirs = await desk.asked("lamp is dark since May")
    at = await desk.at()
    (head,) = desk.heads
    facts = (
        "🔴 **Ana**",
        "The lamp stays dark",
        "Waiting since <t:",
        ":f>",
        f"#{at.ticket}",
        "the lamp maker",
    )
    assert all(fact in head.text for fact in facts), head.text
    assert head.buttons == ["Claim"]
    assert desk.thread.id == head.id
    assert desk.thread.name == f"#{at.ticket} Ana: The lamp stays dark"
    known = ("since: May", at.revision[:8], "I'd rather talk to a person", f"/{theirs.id}", "start with !")
    assert all(fact in desk.packet.text for fact in known), desk.packet.text
    at_hand = ["Reply", "Claim", "Hand back…", "Resolve…", "Transfer…"]
    assert desk.packet.buttons == [
        *at_hand,
        "Snooze…",
        "Release",
        "Let the customer continue the guide",
        "Send a step…",
        "Start a guide…",
        "Forward by email…",
    ]


@pytest.mark.row("security", "A customer's words alert everyone on the server")
async def test_the_teams_role_is_alerted_once_then_the_assignee_and_nobody_else(desk: Desk) -> None:
    theirs = await desk.asked("@everyone lamp is dark")
    role = next(one.id for one in desk.shop.guild.roles.values() if one.name == "Agents")
    await desk.press(desk.max, "Claim")
    await desk.ana.writes(theirs, f"<@&{role}> @everyone it hums")
    await desk.discord.until(lambda: "it hums" in desk.lines[-1].text)
    (head,) = desk.heads
    assert head.pinged == {role}
    assert "<@&" not in head.text
    alerting = [call for call in desk.discord.calls("POST", "/channels/*/messages") if _alerts(call.json)]
    assert [call.json["allowed_mentions"] for call in alerting] == [
        {"parse": [], "roles": [str(role)]},
        {"parse": [], "users": [str(desk.max.id)]},
    ]
    assert [one.pinged for one in desk.lines if one.pinged] == [{desk.max.id}]


def _alerts(body: dict[str, dict[str, list[str]]]) -> bool:
    allowed = body["allowed_mentions"]
    return bool(allowed.get("parse") or allowed.get("roles") or allowed.get("users"))


async def test_claim_reply_note_hand_back_and_the_bot_ends_it(desk: Desk) -> None:
    theirs = await desk.asked()
    assert await desk.press(desk.max, "Claim", desk.heads[0]) == ""
    at = await desk.at()
    assert (at.status, at.holder, at.holder_name) == (Status.WITH_AGENT, f"discord:{desk.max.id}", "Max")
    assert "🟢 **Ana**" in desk.heads[0].text
    assert "Assigned to Max" in desk.heads[0].text
    assert desk.heads[0].buttons == []
    assert await desk.fill(desk.max, "Reply", {"text": "Hello, I am *Max*"}) == ""
    said = desk.discord.messages(theirs)[-1]
    assert said.text == "**Max**\nHello, I am *Max*"
    shown = desk.lines[-1]
    assert "**Reply from Max**" in shown.text
    assert list(shown.reactions) == ["✅"]
    note = await desk.write(desk.max, "she sounds cross")
    assert list(note.reactions) == ["🔒"]
    line = await desk.write(desk.max, "! Is the switch on?")
    assert list(line.reactions) == ["✅"]
    await desk.ana.writes(theirs, "It *is* on")
    await desk.discord.until(lambda: "It *is* on" in desk.lines[-1].text)
    assert desk.lines[-1].text.startswith(f"<@{desk.max.id}>\n**Ana**\n")
    assert "Reply" in desk.lines[-1].buttons
    assert await desk.fill(desk.max, "Hand back…", {"step": "switch", "done": ["bulb"]}) == ""
    at = await desk.at()
    assert (at.status, at.step, at.holder) == (Status.GUIDING, "switch", "")
    await desk.ana.presses(await desk.shop.live(theirs), "Fixed it")
    await desk.quiet()
    assert (await desk.at()).status is Status.RESOLVED
    assert "✅ **Ana**" in desk.heads[0].text
    assert "Resolved by Ana" in desk.heads[0].text
    assert "cross" not in desk.shown_to_ana(theirs)


async def test_a_reply_that_is_kept_ready_is_typed_by_its_id_or_chosen(desk: Desk) -> None:
    theirs = await desk.asked()
    line = await desk.write(desk.max, "!thanks")
    number = (await desk.at()).ticket
    said = f"Thank you, Ana. Max, for #{number}"
    assert said in desk.shown_to_ana(theirs)
    assert list(line.reactions) == ["✅"]
    assert said in desk.lines[-1].text
    await desk.fill(desk.max, "Reply", {"ready": "thanks", "text": "And good night."})
    assert f"And good night.\n\n{said}" in desk.discord.messages(theirs)[-1].text


async def test_what_looks_like_a_command_is_done_or_asked_about_and_never_sent(desk: Desk) -> None:
    theirs = await desk.asked()
    before = len(desk.discord.messages(theirs))
    await desk.write(desk.max, "!close it now")
    asked = desk.lines[-1]
    assert asked.buttons == ["Send to the customer", "Resolve…"]
    assert len(desk.discord.messages(theirs)) == before
    await desk.press(desk.max, "Send to the customer", asked)
    assert desk.discord.messages(theirs)[-1].text == "**Max**\nclose it now"
    assert await desk.press(desk.kim, "Send to the customer", asked) == "That message was already sent."
    await desk.max.writes(desk.thread, "!close")
    await desk.discord.until(lambda: "✅ **Ana**" in desk.heads[0].text)
    assert (await desk.at()).status is Status.RESOLVED


@pytest.mark.row("security", "Someone who is no agent gives an agent's command")
async def test_only_agents_may_and_others_are_told_so_alone(desk: Desk) -> None:
    await desk.asked()
    told = "Only agents can do that here. Ask your administrator to add you (DISCORD\\_AGENTS)."
    assert await desk.press(desk.ben, "Claim") == told
    assert (await desk.at()).status is Status.WAITING
    line = await desk.write(desk.ben, "! I am no agent")
    assert desk.lines[-1].reference is line
    words = await desk.shop.app.store.conversations.words((await desk.at()).id)
    assert "I am no agent" not in str(words)


async def test_nobody_is_helped_where_agents_talk(desk: Desk) -> None:
    await desk.asked()
    said = await desk.ben.runs("fix", desk.room, problem="lamp is dark")
    assert said.text == "This channel is for agents, so I don't run guides here."
    await desk.ben.mentions_bot(desk.room, "lamp is dark")
    await desk.discord.until(lambda: "for agents" in desk.heads[-1].text)
    assert len(desk.discord.threads(desk.room)) == 1
    assert await desk.shop.app.store.places.of(f"discord:{desk.ben.id}", 5) == ()


async def test_without_the_intent_the_packet_says_how_to_reply(stand_in: Discord) -> None:
    stand_in.world.settings.message_content = False
    async with open_desk(stand_in) as desk:
        theirs = await desk.asked()
        assert "I can't read messages here" in desk.packet.text
        await desk.fill(desk.max, "Reply", {"text": "Here I am"})
        assert desk.discord.messages(theirs)[-1].text == "**Max**\nHere I am"
        assert "or `/reply`" in desk.packet.text
        said = await desk.max.runs("reply", desk.thread, text="Still here")
        assert said.text == "Sending. I'll mark it here once it's delivered."
        await desk.quiet()
        assert desk.discord.messages(theirs)[-1].text == "**Max**\nStill here"
        assert list(desk.lines[-1].reactions) == ["✅"]
        desk.shop.guild.allows(desk.ben, desk.room, "manage_messages")  # Discord shows him agents' commands
        assert "Only agents" in (await desk.ben.runs("reply", desk.thread, text="me too")).text
        assert "assigned to Max" in (await desk.kim.runs("reply", desk.thread, text="me too")).text
        assert "in an agents' channel" in (await desk.max.runs("reply", desk.shop.room, text="hello")).text


async def test_a_room_that_is_gone_is_a_dead_letter_and_the_customer_is_none_the_wiser(desk: Desk) -> None:
    desk.discord.removes(desk.room)
    theirs = await desk.asked()
    (dead,) = await desk.shop.app.store.backlog.buried()
    assert "10003" in dead.reason
    assert "I opened ticket" in desk.discord.messages(theirs)[-1].text
    assert (await desk.at()).status is Status.WAITING


async def test_a_room_without_threads_still_alerts_the_team_and_is_told_to_the_operator(desk: Desk) -> None:
    for role in desk.shop.guild.roles.values():
        desk.shop.guild.denies(role, desk.room, "create_public_threads")
    await desk.asked()
    (dead,) = await desk.shop.app.store.backlog.buried()
    assert "50013" in dead.reason
    assert len(desk.heads) == 1


async def test_a_thread_that_was_half_opened_is_finished_and_not_opened_twice(desk: Desk) -> None:
    desk.discord.faults.lose("POST", "/channels/*/messages/*/threads")
    await desk.asked()
    await desk.quiet()
    assert len(desk.heads) == 1
    assert len(desk.lines) == 1
    assert "Reply" in desk.packet.buttons
