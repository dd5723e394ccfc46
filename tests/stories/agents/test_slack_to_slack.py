"""The tour of agents in Slack, for a customer in Slack: from the packet to the end, and no note leaks."""

from flows.conversation import Status
from tests.fakes.slack import labels
from tests.stories.agents.slack_room import DESK, Room


async def test_a_ticket_is_a_line_in_the_room_and_its_packet_opens_the_thread(room: Room) -> None:
    thread = await room.asked("lamp is dark since May")
    at = await room.at(thread)
    (head,) = room.heads()
    assert head.startswith("🔴 ana · The lamp stays dark · waiting since 20")
    assert head.endswith(f" UTC · #{at.ticket} · the lamp maker")
    packet = str(room.packet()["blocks"])
    for known in (
        "lamp is dark since May",
        "since: May",
        at.revision[:8],
        "I'd rather talk to a person",
        thread.replace(".", ""),
    ):
        assert known in packet
    assert labels(room.packet()) == [
        "Claim",
        "Reply",
        "Hand back…",
        "Resolve…",
        "Release",
        "Transfer…",
        "Send a step…",
        "Snooze…",
        "Start a guide…",
    ]


async def test_claim_reply_and_the_customers_answer(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    at = await room.at(thread)
    assert (at.status, at.holder) == (Status.WITH_AGENT, "slack:T1:U9MAX")
    assert "🟢 ana · The lamp stays dark · max has it" in room.heads()[0]
    ts = await room.write(room.max, "!Is it plugged in?")
    assert room.office.said(room.office.help, thread)[-1] == "max: Is it plugged in?"
    assert room.marks(ts) == ["white_check_mark"]
    await room.office.write(room.ana, "Yes <!channel> & *no*", thread)
    assert room.told()[-1] == "ana: Yes @channel &amp; *no*"
    assert labels(room.lines()[-1])[0] == "Reply"


async def test_a_note_stays_among_agents(room: Room) -> None:
    thread = await room.asked()
    before = room.office.said(room.office.help, thread)
    ts = await room.write(room.max, "She always forgets the plug")
    assert room.marks(ts) == ["lock"]
    assert room.office.said(room.office.help, thread) == before
    assert (await room.at(thread)).status is Status.WAITING


async def test_handed_back_at_a_step_the_bot_finishes(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    await room.press(room.max, "Hand back…")
    assert await room.fill(room.max, {"step": "switch", "done": ["plug", "bulb"]}) is None
    assert "🤖 ana · The lamp stays dark · with the guide again: Press the switch" in room.heads()[0]
    await room.office.press(room.ana, room.live(thread), "Fixed it")
    assert "✅ ana · The lamp stays dark · solved, says ana" in room.heads()[0]
    screen = await room.office.app.look((await room.at(thread)).id)
    assert screen is not None
    assert [(row.step, row.answer, row.by) for row in screen.tried] == [
        ("plug", "Done", "max"),
        ("bulb", "Done", "max"),
        ("switch", "Fixed it", ""),
    ]
    assert DESK
