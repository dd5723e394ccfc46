"""Tours the agents' thread in Slack, for a customer in Slack: from the packet to the end, and no note leaks."""

from flows.conversation import Status
from tests.fakes.slack import labels
from tests.stories.agents.support.slack_room import DESK, Room, open_room


async def test_a_ticket_is_a_line_in_the_room_and_its_packet_opens_the_thread(room: Room) -> None:
    thread = await room.asked("lamp is dark since May")
    at = await room.at(thread)
    (head,) = room.heads()
    assert head.startswith("🔴 ana · The lamp stays dark · Needs reply · Waiting since 20")
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
        "Reply",
        "Claim",
        "Hand back…",
        "Resolve…",
        "Transfer…",
        "Snooze…",
        "Release",
        "Let the customer continue the guide",
        "Send a step…",
        "Start a guide…",
        "Forward by email…",
    ]


async def test_claim_reply_and_the_customers_answer(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    at = await room.at(thread)
    assert (at.status, at.holder) == (Status.WITH_AGENT, "slack:T1:U9MAX")
    assert "🟢 ana · The lamp stays dark · Needs reply · Assigned to max" in room.heads()[0]
    ts = await room.write(room.max, "!Is it plugged in?")
    assert room.office.said(room.office.help, thread)[-1] == "max: Is it plugged in?"
    assert room.marks(ts) == ["white_check_mark"]
    await room.office.write(room.ana, "Yes <!channel> & *no*", thread)
    assert room.told()[-1].endswith("ana: Yes @channel &amp; no")
    assert labels(room.lines()[-1])[0] == "Reply"


async def test_a_reply_that_is_kept_ready_is_typed_by_its_id(room: Room) -> None:
    thread = await room.asked()
    ts = await room.write(room.max, "!thanks")
    at = await room.at(thread)
    said = f"Thank you, ana. max, for #{at.ticket}"
    assert room.office.said(room.office.help, thread)[-1] == f"max: {said}"
    assert room.told()[-1] == f"max: {said}"
    assert room.marks(ts) == ["white_check_mark"]


async def test_a_reply_that_is_kept_ready_is_chosen_finished_and_sent(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Claim")
    before = room.office.said(room.office.help, thread)
    await room.press(room.max, "Reply")
    first = room.slack.view_of(room.max)
    assert first is not None
    offered = next(one["element"]["options"] for one in first["blocks"] if one["block_id"] == "ready")
    assert [one["value"] for one in offered] == ["thanks"]
    answer = await room.fill(room.max, {"text": "It is the plug.", "ready": "thanks"})
    assert answer is not None
    written = answer["view"]["blocks"][0]["element"]["initial_value"]
    assert written == f"It is the plug.\n\nThank you, ana. max, for #{(await room.at(thread)).ticket}"
    assert room.office.said(room.office.help, thread) == before
    assert await room.fill(room.max, {"finished": "It is the plug. Thank you!"}) is None
    assert room.office.said(room.office.help, thread)[-1] == "max: It is the plug. Thank you!"


async def test_a_reply_by_form_is_shown_in_the_thread_and_marked_there(room: Room) -> None:
    thread = await room.asked()
    await room.press(room.max, "Reply")
    assert await room.fill(room.max, {"text": "Is it *plugged* in?"}) is None
    assert "max: Is it plugged in?" in room.office.said(room.office.help, thread)
    assert room.told()[-1] == "max: Is it plugged in?"
    assert room.marks(room.lines()[-1]["ts"]) == ["white_check_mark"]
    assert (await room.at(thread)).holder == "slack:T1:U9MAX"


async def test_what_looks_like_a_command_is_done_or_asked_about_and_never_sent(room: Room) -> None:
    thread = await room.asked()
    await room.write(room.max, "!claim")
    assert (await room.at(thread)).status is Status.WITH_AGENT
    said = room.office.said(room.office.help, thread)
    ts = await room.write(room.max, "!r The plug, please")
    assert room.office.said(room.office.help, thread) == said
    assert room.marks(ts) == ["lock"]
    asked = room.slack.shown_to(room.max)[-1]
    assert labels(asked) == ["Send to the customer"]
    for _press in range(2):
        await room.press(room.max, "Send to the customer", asked)
    assert room.office.said(room.office.help, thread) == [*said, "max: The plug, please"]
    assert room.office.noted(room.max)[-1] == "That message was already sent."
    await room.write(room.max, "!")
    assert "Hand back…" in labels(room.slack.shown_to(room.max)[-1])
    await room.write(room.max, "!close")
    assert (await room.at(thread)).status is Status.RESOLVED


async def test_a_note_is_sent_after_all_with_the_shortcut(room: Room) -> None:
    thread = await room.asked()
    ts = await room.write(room.max, "Is it plugged in?")
    assert (await room.kim.uses_shortcut("send", message=ts)).acked
    await room.office.quiet()
    assert "kim: Is it plugged in?" in room.office.said(room.office.help, thread)
    assert (await room.ana.uses_shortcut("send", message=ts)).acked
    assert room.office.noted(room.ana)[-1].startswith("Only agents can do that here.")


async def test_who_is_no_agent_is_told_once_and_can_do_nothing(room: Room) -> None:
    thread = await room.asked()
    before = await room.at(thread)
    for _line in range(2):
        await room.write(room.office.ben, "!I am an agent")
    assert [text[:25] for text in room.office.noted(room.office.ben)] == ["You're not an agent here,"]
    for label in ("Claim", "Reply", "Hand back…"):
        await room.press(room.office.ben, label)
    assert room.slack.view_of(room.office.ben) is None
    assert await room.at(thread) == before


async def test_nobody_is_helped_where_agents_talk(room: Room) -> None:
    await room.office.mention(room.max, "lamp is dark", DESK)
    ts = await room.office.write(room.max, "lamp is dark", channel=DESK)
    assert (await room.ana.uses_shortcut("troubleshoot", message=ts)).acked
    await room.office.quiet()
    assert room.slack.by_the_app(DESK) == []
    assert await room.office.of(room.max) == ()


async def test_a_reply_that_is_changed_or_deleted_is_so_for_the_customer(room: Room) -> None:
    thread = await room.asked()
    ts = await room.write(room.max, "!Is it pluged in?")
    await room.max.edits(ts, "!Is it plugged in?")
    await room.office.quiet()
    assert "max: Is it plugged in?" in room.office.said(room.office.help, thread)
    await room.max.deletes(ts)
    await room.office.quiet()
    assert not [text for text in room.office.said(room.office.help, thread) if text.startswith("max:")]


async def test_a_ticket_alerts_the_teams_group_once() -> None:
    async with open_room(DESK_PING="S0DESK") as room:
        thread = await room.asked()
        await room.press(room.max, "Claim")
        await room.office.write(room.ana, "Hello <!channel>", thread)
        alerts = [str(call.args) for call in room.slack.calls() if "<!" in str(call.args)]
        assert len(alerts) == 1
        assert "<!subteam^S0DESK>" in alerts[0]
