"""Tests that edits and deletions in Slack reach the agents' thread, and that agents are told what cannot."""

from tests.fakes.slack import labels
from tests.stories.agents.support.slack_room import DESK, Room


async def test_what_the_customer_changes_is_changed_in_the_agents_thread(room: Room) -> None:
    thread = await room.asked()
    ts = await room.office.write(room.ana, "It is the bleu one", thread)
    lines = len(room.lines())
    await room.ana.edits(ts, "It is the <blue> one")
    await room.office.quiet()
    assert len(room.lines()) == lines
    assert room.told()[-1] == "ana: It is the &lt;blue&gt; one"
    assert "✏️ Edited" in str(room.lines()[-1]["blocks"])
    assert labels(room.lines()[-1])[0] == "Reply"
    await room.ana.deletes(ts)
    await room.office.quiet()
    assert len(room.lines()) == lines
    assert room.told()[-1] == "ana: deleted"
    assert "blue" not in str(room.lines())


async def test_what_stands_in_the_packet_is_changed_in_a_line_of_its_own(room: Room) -> None:
    thread = await room.asked("lamp is dark")
    await room.ana.edits(thread, "<@U0BOT> lamp is very dark")
    await room.office.quiet()
    assert room.told() == ["ana: edited a message\n\nlamp is very dark"]
    await room.ana.deletes(thread)
    await room.office.quiet()
    assert room.told()[1:] == ["ana: deleted a message"]


async def test_a_line_that_can_no_longer_be_changed_is_told_anew(room: Room) -> None:
    thread = await room.asked()
    ts = await room.office.write(room.ana, "It is the bleu one", thread)
    room.slack.faults.refuse("chat.update", "edit_window_closed")
    await room.ana.edits(ts, "It is the blue one")
    await room.office.quiet()
    assert room.told()[-2:] == [
        "ana: It is the bleu one",
        "ana: edited a message\n\nIt is the blue one",
    ]


async def test_the_agents_thread_says_that_the_customers_copy_stays(room: Room) -> None:
    thread = await room.asked()
    ts = await room.write(room.max, "!Is it pluged in?")
    room.slack.faults.refuse("chat.update", "edit_window_closed")
    await room.max.edits(ts, "!Is it plugged in?")
    await room.office.quiet()
    room.max.reloads()
    assert room.told()[-1] == "The customer still sees the original message."
    assert "max: Is it pluged in?" in room.office.said(room.office.help, thread)


async def test_a_reply_that_becomes_a_note_or_a_command_is_not_sent_on(room: Room) -> None:
    thread = await room.asked()
    ts = await room.write(room.max, "!Is it plugged in?")
    for text in ("She never reads anything", "!close"):
        await room.max.edits(ts, text)
        await room.office.quiet()
        room.max.reloads()
        assert room.told()[-1].startswith("Your edit no longer starts with !")
    assert "never reads" not in str(room.office.said(room.office.help, thread))
    assert "max: Is it plugged in?" in room.office.said(room.office.help, thread)
    assert (await room.at(thread)).holder == "slack:T1:U9MAX"


async def test_a_change_that_is_heard_before_its_message_is_kept_until_then(room: Room) -> None:
    thread = await room.asked()
    room.slack.faults.reorder_events(2)
    ts = await room.max.writes(DESK, "!Is it pluged in?", thread=room.thread())
    await room.max.edits(ts, "!Is it plugged in?")
    await room.office.quiet()
    assert "max: Is it plugged in?" in room.office.said(room.office.help, thread)
    room.slack.faults.reorder_events(2)
    said = await room.ana.writes(room.office.help, "the bleu one", thread=thread)
    await room.ana.edits(said, "the blue one")
    await room.office.quiet()
    assert room.told()[-1] == "ana: the blue one"
    room.slack.faults.reorder_events(2)
    said = await room.ana.writes(room.office.help, "never mind", thread=thread)
    await room.ana.deletes(said)
    await room.office.quiet()
    assert "never mind" not in str(await room.office.words(await room.at(thread)))


async def test_of_two_changes_heard_the_wrong_way_round_the_later_one_stays(room: Room) -> None:
    thread = await room.asked()
    said = await room.office.write(room.ana, "the red one", thread)
    room.slack.faults.reorder_events(2)
    await room.ana.edits(said, "the green one")
    await room.ana.edits(said, "the blue one")
    await room.office.quiet()
    assert room.told()[-1] == "ana: the blue one"
