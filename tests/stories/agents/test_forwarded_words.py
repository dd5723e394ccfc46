"""Tests that forwarded messages reach the other side as quotations, whoever forwards them, and with their files."""

from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import open_desk
from tests.stories.agents.support.slack_room import DESK, Room

__all__ = ["stand_in"]

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


async def test_in_slack_agents_read_what_the_customer_forwards(room: Room) -> None:
    thread = await room.asked()
    ben = room.office.ben
    said = await ben.writes(room.office.theirs, "it hums", files=[("hum.png", PICTURE)])
    await room.ana.forwards(said, room.office.help, "Ben has it, too", thread=thread)
    await room.office.quiet()
    assert room.told()[-1] == "ana: Ben has it, too\n\n&gt; Forwarded from Ben:\n&gt; it hums"
    shared = [
        file["name"] for one in room.slack.thread(DESK, room.thread()) for file in one.get("files") or ()
    ]
    assert shared == ["hum.png"]
    assert "deleted" not in str(room.told())


async def test_in_slack_an_agents_forward_is_a_note_or_a_reply_with_its_quotation(room: Room) -> None:
    thread = await room.asked()
    vendor = await room.office.ben.writes(room.office.theirs, "!reset the lamp\nand wait")
    note = await room.max.forwards(vendor, DESK, thread=room.thread())
    await room.office.quiet()
    assert room.marks(note) == ["lock"]
    assert "reset the lamp" not in str(room.slack.thread(room.office.help, thread))
    await room.max.forwards(vendor, DESK, "!Here is what the maker says", thread=room.thread())
    await room.office.quiet()
    assert "reset the lamp" in str(room.slack.by_the_app(room.office.help, thread)[-1]["blocks"])
    text = str(room.slack.by_the_app(room.office.help, thread)[-1]["text"])
    said = "Here is what the maker says\n\n&gt; Forwarded from Ben:\n&gt; !reset the lamp\n&gt; and wait"
    assert text == f"max: {said}"


async def test_in_slack_an_agents_forward_can_be_sent_by_the_shortcut(room: Room) -> None:
    thread = await room.asked()
    vendor = await room.office.ben.writes(room.office.theirs, "reset the lamp")
    note = await room.max.forwards(vendor, DESK, thread=room.thread())
    await room.office.quiet()
    await room.max.uses_shortcut("send", message=note)
    await room.office.quiet()
    text = str(room.slack.by_the_app(room.office.help, thread)[-1]["text"])
    assert text == "max: &gt; Forwarded from Ben:\n&gt; reset the lamp"


async def test_in_discord_forwards_of_both_sides_arrive(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        theirs = await desk.asked()
        said = await desk.ben.writes(desk.shop.room, "it hums", files=[("hum.png", PICTURE)])
        await desk.ana.forwards(said, theirs)
        await stand_in.until(lambda: "it hums" in desk.lines[-1].text)
        assert "Forwarded:" in desk.lines[-1].text
        assert [file.name for file in desk.lines[-1].attachments] == ["1-hum.png"]
        vendor = await desk.ben.writes(desk.shop.room, "reset the lamp")
        note = await desk.max.forwards(vendor, desk.thread)
        await stand_in.until(lambda: note.reactions)
        assert list(note.reactions) == ["🔒"]
        assert "reset the lamp" not in desk.shown_to_ana(theirs)
        await desk.max.uses_on_message("Send to the customer", note)
        await desk.quiet()
        assert "Forwarded:" in desk.discord.messages(theirs)[-1].text
        assert "reset the lamp" in desk.discord.messages(theirs)[-1].text
