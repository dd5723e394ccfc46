"""Tests faults between an agent in Slack and a customer: nothing is lost, and everyone is told."""

import pytest

from flows.conversation import Status
from tests.fakes.slack import labels
from tests.fakes.wait import until
from tests.stories.agents.support.slack_room import DESK, Room, open_room


async def test_a_reply_that_cannot_arrive_is_marked_and_says_why(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    room.slack.workspace.channels[room.office.help].is_archived = True
    ts = await room.write(room.max, "!Is it plugged in?")
    assert room.marks(ts) == ["warning"]
    assert room.told()[-1] == (
        "⚠️ max's reply didn't reach ana: the customer's channel is archived. Unarchive it and send the reply again,"
        " or contact the customer another way."
    )
    assert (await room.at(thread)).holder == "slack:T1:U9MAX"
    (letter,) = await room.office.store.backlog.buried()
    assert letter.reason == "is_archived"


async def test_without_leave_to_react_the_author_alone_is_told(room: Room) -> None:
    room.slack.scopes.discard("reactions:write")
    await room.asked()
    await room.write(room.max, "She forgets the plug")
    await room.write(room.max, "!Is it plugged in?")
    assert room.office.noted(room.max) == ["🔒 Saved as an internal note.", "✅ Delivered."]


async def test_a_room_that_is_archived_is_a_dead_letter_and_the_customer_goes_on(room: Room) -> None:
    room.slack.workspace.channels[DESK].is_archived = True
    thread = await room.asked()
    (letter,) = await room.office.store.backlog.buried()
    assert (letter.effect.kind, letter.reason) == ("packet", "is_archived")
    await room.office.press(room.ana, room.live(thread), "Still failing")
    assert (await room.at(thread)).step == "bulb"
    room.slack.workspace.channels[DESK].is_archived = False
    assert await room.office.store.backlog.retry(letter.effect.id)
    await room.office.quiet()
    assert labels(room.packet())[0] == "Reply"
    await room.office.press(room.ana, room.live(thread), "Whole")
    assert room.told()[-1] == "ana: Look at the bulb · Whole"


@pytest.mark.parametrize("format", [1, 2])
async def test_the_answer_about_the_head_is_lost_and_it_stands_once(room: Room, format: int) -> None:
    room.office.store.wire.writes = format
    thread = await room.office.mention(room.ana, "lamp is dark")
    room.slack.faults.lose_answer("chat.postMessage", times=3)
    await room.office.press(room.ana, room.live(thread), "Talk to a person")
    assert len(room.heads()) == 1
    assert len([one for one in room.lines() if "Claim" in labels(one)]) == 1


async def test_slack_is_away_for_a_while_and_everything_comes_once_and_in_order(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    room.slack.faults.busy("chat.postMessage", times=3)
    for text in ("one", "two", "three"):
        await room.ana.writes(room.office.help, text, thread=thread)
        await room.slack.settled()
    room.slack.faults.answer("chat.postMessage", 503, times=2)
    await room.office.quiet()
    assert room.told()[-3:] == ["<@U9MAX> ana: one", "ana: two", "ana: three"]


async def test_an_agent_who_goes_quiet_leaves_it_to_the_others() -> None:
    async with open_room(AGENT_QUIET_AFTER="1") as room:
        thread = await room.asked()
        await room.press(room.max, "Claim")

        async def waiting() -> bool:
            return (await room.at(thread)).status is Status.WAITING

        await until(waiting)
        await room.office.quiet()
        assert room.heads()[0].startswith("🔴 ana")
        assert room.told()[-1].startswith("The customer got no answer, so this ticket is unassigned")


async def test_the_bots_step_that_is_still_to_be_sent_is_not_sent_once_an_agent_has_it(room: Room) -> None:
    thread = await room.asked()
    before = len(room.office.said(room.office.help, thread))
    room.slack.faults.busy("chat.postMessage", retry_after=2)
    await room.ana.presses(room.live(thread), "Still failing")
    await room.press(room.max, "Claim")
    said = room.office.said(room.office.help, thread)[before:]
    assert not [text for text in said if "Look at the bulb" in text and "·" not in text]
    assert (await room.at(thread)).status is Status.WITH_AGENT


async def test_what_is_written_before_the_thread_is_known_is_heard_when_slack_repeats_it(room: Room) -> None:
    room.slack.post.retry_after = (0.5, 1.0, 2.0)
    room.slack.faults.delay("chat.postMessage", 0.3, times=3)
    thread = await room.office.mention(room.ana, "lamp is dark")
    await room.ana.presses(room.live(thread), "Talk to a person")
    await room.slack.until(lambda: room.slack.by_the_app(DESK))
    ts = await room.max.writes(DESK, "I know her", thread=room.thread())
    await room.office.quiet()
    assert room.marks(ts) == ["lock"]
    assert "I know her" in await room.office.words(await room.at(thread))


@pytest.mark.row("slack", "An agent transfers a ticket to a deactivated account")
async def test_a_ticket_goes_to_no_deactivated_account(room: Room) -> None:
    room.kim.user.deleted = True
    thread = await room.asked()
    await room.press(room.max, "Claim")
    await room.press(room.max, "Transfer…")
    refused = await room.fill(room.max, {"agent": room.kim.id})
    assert refused is not None
    assert "That person isn't an agent." in str(refused)
    assert (await room.at(thread)).holder_name == "max"


async def test_another_teams_room_gets_a_thread_and_the_first_says_where_it_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEAM_SAFETY_ROOM", "slack:C8SAFE")
    async with open_room() as room:
        room.slack.channel("C8SAFE", "safety")
        thread = await room.asked()
        head = room.thread()
        await room.press(room.max, "Claim")
        await room.press(room.max, "Transfer…")
        await room.fill(room.max, {"team": "safety"})
        assert (await room.at(thread)).team == "safety"
        assert room.slack.message(head)["text"].startswith("➡️ ana · The lamp stays dark · Moved to")
        (moved, packet) = room.slack.by_the_app("C8SAFE")
        assert str(moved["text"]).startswith("🔴 ana")
        await room.office.write(room.ana, "Hello?", thread)
        assert str(room.slack.by_the_app("C8SAFE")[-1]["text"]) == "ana: Hello?"
        await room.office.press(room.kim, packet, "Claim")
        assert (await room.at(thread)).holder_name == "kim"
