"""Tests that agents in Discord read long words whole and once, even if a call's answer is lost on the way."""

import re

from flows.events import Edited, Replied, Said
from tests.bot.outbox.test_carrier import make_due
from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.stories.agents.support.discord_room import Desk, open_desk

__all__ = ["stand_in"]


def shown(desk: Desk) -> list[str]:
    """Return the numbered words of the thread, in order, without those of the packet."""
    return re.findall(r"line\d+", "\n".join(one.text for one in desk.lines[1:]))


async def test_long_words_are_there_once_and_an_edit_updates_each_message(stand_in: Discord) -> None:
    async with open_desk(stand_in) as desk:
        at = await desk.asked_on_the_page()
        lines = [f"line{number} says what the lamp does" for number in range(120)]
        stand_in.faults.lose("POST", f"/channels/{desk.thread.id}/messages")
        said = Said(conversation=at, text="\n".join(lines), actor="web:eve", key="long")
        await desk.shop.app.receive(said)
        await desk.shop.idle()
        for letter in await desk.shop.app.store.backlog.waiting():
            await make_due(desk.shop.app, letter.lane)
        await desk.quiet()
        assert shown(desk) == [line.partition(" ")[0] for line in lines]
        count = len(desk.lines)
        assert count > 2
        changed = Edited(
            conversation=at, of="long", text="\n".join(lines[50:]), moment=1, actor="web:eve", key="edit"
        )
        await desk.shop.app.receive(changed)
        await desk.quiet()
        assert shown(desk) == [line.partition(" ")[0] for line in lines[50:]]
        assert len(desk.lines) < count


async def test_a_reply_may_become_short_and_long_again(stand_in: Discord) -> None:
    stand_in.world.settings.message_content = False
    async with open_desk(stand_in) as desk:
        theirs, at = await desk.asked(), (await desk.at()).id
        agent, before = f"discord:{desk.max.id}", len(desk.discord.messages(theirs))
        long = "\n".join(f"line{number} says {'what the lamp does ' * 20}" for number in range(12))
        replied = Replied(conversation=at, text=long, name="Max", actor=agent, key="reply")
        await desk.shop.app.receive(replied)
        await desk.quiet()
        copies = desk.discord.messages(theirs)[before:]
        assert len(copies) > 1
        for moment, text in enumerate(("line0", long), start=1):
            key = f"edit{moment}"
            edited = Edited(conversation=at, of="reply", text=text, moment=moment, actor=agent, key=key)
            await desk.shop.app.receive(edited)
            await desk.quiet()
            copies = desk.discord.messages(theirs)[before:]
            shown = re.findall(r"line\d+", "\n".join(one.text for one in copies))
            assert shown == re.findall(r"line\d+", text)
            assert [one.buttons for one in copies] == [[]] * (len(copies) - 1) + [["Write to Max"]]
        assert "original message" not in desk.lines[-1].text
