"""Tells how words and files that were an answer stand beside it: in the packet and in the lines of agents' threads."""

from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.fakes.wait import until
from tests.stories.agents.support.discord_room import open_desk
from tests.stories.agents.support.slack_room import Room

__all__ = ["stand_in"]

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


async def test_in_slack_the_packet_has_the_words_and_the_file_of_each_answer(room: Room) -> None:
    thread = await room.office.mention(room.ana, "lamp is dark")
    await room.office.write(room.ana, "still failing", thread, files=[("screen.png", PICTURE)])
    await room.office.write(room.ana, "human please", thread)
    packet = str(room.packet()["blocks"])
    assert 'Still failing · "still failing" · 📎 screen.png' in packet
    assert "human please" in packet
    await room.office.write(room.ana, "go back", thread, files=[("done.png", PICTURE)])
    told = [text for text in room.told() if '"go back"' in text]
    assert len(told) == 1, room.told()
    shared = [file for one in room.lines() for file in one.get("files") or ()]
    assert [file["name"] for file in shared] == ["done.png"]


async def test_in_discord_the_packet_has_the_words_and_the_file_of_each_answer(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        await desk.ana.runs("fix", problem="lamp is dark")
        theirs = desk.discord.threads(desk.shop.room)[-1]
        await desk.shop.live(theirs)
        await desk.ana.writes(theirs, "still failing", files=[("screen.png", PICTURE)])
        await desk.discord.until(lambda: "Look at the bulb" in desk.discord.messages(theirs)[-1].text)
        await desk.shop.live(theirs)
        await desk.ana.writes(theirs, "human please")
        await desk.discord.until(lambda: desk.heads)
        await desk.quiet()
        assert 'Still failing · "still failing" · 📎 screen.png' in desk.packet.text.replace("\\", "")
        assert "human please" in desk.packet.text
        await desk.ana.writes(theirs, "it is still dark here", files=[("again.png", PICTURE)])
        await desk.discord.until(lambda: desk.lines[-1].attachments)


async def test_words_that_the_packet_has_no_room_for_follow_it_in_slack(room: Room) -> None:
    thread = await room.office.mention(room.ana, "lamp is dark")
    for number in range(8):
        text = f"story {number} " + "and then it hummed again " * 30 + f"end {number}"
        await room.office.write(room.ana, text, thread)
    await room.office.press(room.ana, room.live(thread), "Talk to a person")
    await room.office.quiet()
    shown = str([one["blocks"] for one in room.lines()])
    assert [number for number in range(8) if f"end {number}" not in shown] == []
    assert len(room.lines()) > 1


async def test_words_that_the_packet_has_no_room_for_follow_it_in_discord(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        await desk.ana.runs("fix", problem="lamp is dark")
        theirs = desk.discord.threads(desk.shop.room)[-1]
        for number in range(5):
            await desk.shop.live(theirs)
            text = f"story {number} " + "and then it hummed again " * 30 + f"end {number}"
            await desk.ana.writes(theirs, text)
            await desk.quiet()
        await desk.ana.presses(await desk.shop.live(theirs), "Talk to a person")
        await desk.quiet()

        async def shown() -> bool:
            texts = "".join(one.text for one in desk.lines)
            return all(f"end {number}" in texts for number in range(5))

        await until(shown)  # Discord takes five messages in five seconds: the last one waits
        assert len(desk.lines) > 1
