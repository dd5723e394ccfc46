"""Tours Discord: words count for the step that could be read when they were written."""

import fakeredis
import pytest

from flows.conversation import Conversation, Status
from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord, Message


async def at_the_new_bulb(shop: Workshop) -> Message:
    """Let Ana walk to the step after which only one more comes before a ticket. Return it."""
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    await ana.presses(step, "Still failing")
    await ana.presses(await shop.live(ana), "Broken")
    return await shop.live(ana)


async def heard(shop: Workshop, words: Message) -> Conversation:
    """Return Ana's conversation once it has those words."""
    ana = shop.person("Ana")
    await shop.eventually(lambda said: words.content in said, (await shop.of(ana)).id)
    await shop.works_until_quiet()
    return await shop.of(ana)


@pytest.mark.parametrize("answered", [True, False])
async def test_two_lines_of_one_thought_move_one_step(shop: Workshop, answered: bool) -> None:
    ana = shop.person("Ana")
    assert "## Put in a new bulb" in (await at_the_new_bulb(shop)).text
    first = await ana.dms("nope")
    if answered:
        await heard(shop, first)
    at = await heard(shop, await ana.dms("still not working", after_s=1))
    assert (at.step, at.status) == ("switch", Status.GUIDING)


async def test_words_written_after_the_step_could_be_read_answer_it(shop: Workshop) -> None:
    ana = shop.person("Ana")
    await at_the_new_bulb(shop)
    await heard(shop, await ana.dms("nope"))
    assert (await heard(shop, await ana.dms("still not working"))).status is Status.WAITING


async def test_words_right_after_a_click_are_about_the_step_before(shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await at_the_new_bulb(shop)
    await ana.presses(step, "Still failing")
    assert "## Press the switch" in (await shop.live(ana)).text
    at = await heard(shop, await ana.dms("still not working", after_s=2))
    assert (at.step, at.status) == ("switch", Status.GUIDING)


async def test_words_after_a_step_that_came_in_place_of_another_answer_it(shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await at_the_new_bulb(shop)
    await ana.presses(step, "Still failing")
    await shop.live(ana)
    assert (await heard(shop, await ana.dms("still not working"))).status is Status.WAITING


async def test_the_words_of_a_command_count_for_the_step_that_could_be_read(shop: Workshop) -> None:
    ana = shop.person("Ana")
    await at_the_new_bulb(shop)
    await heard(shop, await ana.dms("nope"))
    await ana.runs("fix", problem="still not working", channel=ana.dm)
    await shop.works_until_quiet()
    at = await shop.of(ana)
    assert (at.step, at.status) == ("switch", Status.GUIDING)


async def test_a_person_is_asked_for_at_any_time(shop: Workshop) -> None:
    ana = shop.person("Ana")
    await shop.begins(ana)
    assert (await heard(shop, await ana.dms("human please", after_s=1))).status is Status.WAITING


async def test_words_of_a_time_without_the_bot_count_for_the_step_that_was_there(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as before:
        ana = before.person("Ana")
        await at_the_new_bulb(before)
    await ana.dms("nope")
    last = await ana.dms("still not working")
    async with workshop(stand_in, server) as after:
        at = await heard(after, last)
        assert (at.step, at.status) == ("switch", Status.GUIDING)


async def test_the_words_of_a_form_count_for_the_step_below_which_it_was_opened(stand_in: Discord) -> None:
    stand_in.world.settings.message_content = False
    async with workshop(stand_in) as shop:
        ana = shop.person("Ana")
        await ana.runs("fix", problem="lamp is dark")
        (thread,) = stand_in.threads(shop.room)
        for label in ("Talk to a person", "Still failing", "Broken"):
            await ana.presses(await shop.live(thread), label)
        step = await shop.live(thread)
        form = await ana.presses(step, "Send a message")
        await ana.presses(step, "Still failing")
        assert "## Press the switch" in (await shop.live(thread)).text
        await ana.submits(form, {"Your message": "works now"})
        await shop.works_until_quiet()
        assert (await shop.of(ana)).status is Status.WAITING
        assert stand_in.messages(thread)[-1].buttons == ["Yes, fixed", "No"]
