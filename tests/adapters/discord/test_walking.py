"""Walks through a guide in Discord: direct messages and `/fix`, click by click, with the real client."""

from flows.conversation import Status
from tests.adapters.discord.workshop import workshop
from tests.fakes.discord import Discord
from tests.fakes.discord.pointing import stand_in

__all__ = ["stand_in"]


async def test_a_direct_message_is_walked_in_one_message_that_changes_under_the_finger(
    stand_in: Discord,
) -> None:
    ana = stand_in.guild().member("Ana")
    async with workshop(stand_in) as shop:
        await ana.dms("the lamp is dark since Monday")
        await stand_in.until(lambda: len(stand_in.messages(ana)) == 3)
        step = await shop.live(ana)
        assert "## Plug it in" in step.text
        clicked = await ana.presses(step, "Still failing")
        assert [one.type for one in clicked.answers] == [7]
        assert await shop.live(ana) is step
        assert "## Look at the bulb" in step.text
        assert "Tried so far: Plug it in (Still failing)" in step.text
        assert (await ana.presses(step, "Broken")).answers[0].type == 7
        assert (await ana.presses(step, "Fixed it")).answers[0].type == 7
        await shop.idle()
        assert (await shop.of(ana)).status is Status.RESOLVED
        assert step.buttons == ["It's back"]
        assert len(stand_in.messages(ana)) == 3


async def test_fix_opens_a_private_thread_for_the_asker_and_says_so_in_a_line(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana", locale="de")
    async with workshop(stand_in) as shop:
        called = await ana.runs("fix", problem="lamp is dark since noon")
        (thread,) = stand_in.threads(room)
        assert (thread.kind, set(thread.members)) == (12, {ana.id, stand_in.bot.id})
        (line,) = stand_in.shown_to(ana)
        assert called.text == line.text == "I opened a thread for you."
        assert str(thread.id) in str(line.components)
        step = await shop.live(thread)
        clicked = await ana.presses(step, "Still failing")
        assert [one.type for one in clicked.answers] == [7]
        at = await shop.of(ana)
        assert (at.step, at.locale, at.observations) == ("bulb", "de", {"since": "noon"})
        assert stand_in.messages(room) == []
