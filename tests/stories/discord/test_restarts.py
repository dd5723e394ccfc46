"""Tests what lasts in Discord: restarts in the middle, a store that was down, and problems that happen again."""

import fakeredis

from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord


async def test_a_button_works_after_a_restart_and_keeps_its_message(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as before:
        ana = before.person("Ana")
        step = await before.begins(ana)
    async with workshop(stand_in, server) as after:
        clicked = await ana.presses(step, "Still failing")
        assert clicked.answers[0].type == 7
        assert await after.live(ana) is step
        assert "Tried so far: Plug it in (Still failing)" in step.text


async def test_what_was_written_while_nobody_heard_is_read_at_the_next_start(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as before:
        ana = before.person("Ana")
        await before.begins(ana)
    await ana.dms("still failing")
    async with workshop(stand_in, server) as after:
        await stand_in.until(lambda: "## Look at the bulb" in stand_in.messages(ana)[-1].text)
        await after.idle()


async def test_an_agents_line_in_a_post_while_nobody_heard_pauses_the_guide(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as before:
        ana, agent = before.person("Ana"), before.person("Max")
        post = await before.posts(ana)
    await agent.writes(post, "I'll send you a new lamp")
    async with workshop(stand_in, server) as after:
        await stand_in.until(lambda: "Max is writing here" in stand_in.messages(post)[-1].text)
        await after.idle()
        at = await after.of(ana)
        assert (at.status, at.holder, at.helper) == (Status.GUIDING, "", "Max")
        assert [one.buttons for one in stand_in.messages(post) if one.buttons] == [
            ["Continue the guide", "Ask the helpers"]
        ]


async def test_an_agent_who_wrote_privately_while_nobody_heard_has_taken_over(stand_in: Discord) -> None:
    server = fakeredis.FakeServer(version=(7,))
    async with workshop(stand_in, server) as before:
        ana, agent = before.person("Ana"), before.person("Max")
        await ana.runs("fix", problem="lamp is dark")
        (thread,) = stand_in.threads(before.room)
        await before.live(thread)
    await agent.writes(thread, "I'll send you a new lamp")
    async with workshop(stand_in, server) as after:
        await stand_in.until(lambda: not any(one.buttons for one in stand_in.messages(thread)))
        at = await after.of(ana)
        assert (at.status, at.holder_name) == (Status.WITH_AGENT, "Max")


async def test_a_message_is_kept_until_the_store_is_back(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    with shop.store_down():
        await ana.dms("lamp is dark")
        asked = await ana.runs("fix", problem="lamp is dark")
        assert "help@lamps.example" in asked.text
    await stand_in.until(lambda: any(one.buttons for one in stand_in.messages(ana)))
    assert "## Plug it in" in (await shop.live(ana)).text


async def test_a_problem_that_is_back_is_taken_up_where_it_was(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    await ana.presses(step, "Fixed it")
    await ana.dms("thank you!")
    await stand_in.until(lambda: "If the problem comes back" in stand_in.messages(ana)[-1].text)
    await ana.dms("it's back")
    await stand_in.until(lambda: "## Plug it in" in stand_in.messages(ana)[-1].text)
    await shop.idle()
    assert (await shop.of(ana)).status is Status.GUIDING
    assert step.buttons == []


async def test_another_problem_after_an_end_begins_anew(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    first = await shop.of(ana)
    await ana.presses(step, "Fixed it")
    await shop.idle()
    await ana.dms("It smells of smoke")
    await stand_in.until(lambda: "## Unplug it" in stand_in.messages(ana)[-1].text)
    second = await shop.of(ana)
    assert (second.flow, second.id != first.id) == ("fire", True)


async def test_words_of_a_message_that_a_thread_hangs_on_can_be_changed(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    mentioned = await ana.mentions_bot(shop.room, "lamp is dark, secretly")
    await stand_in.until(
        lambda: mentioned.thread and any(m.buttons for m in stand_in.messages(mentioned.thread))
    )
    at = await shop.of(ana)
    await ana.edits(mentioned, "lamp is dark")
    await shop.eventually(lambda words: words == ["lamp is dark"], at.id)
    said = await ben.writes(shop.room, "my lamp is dark, I said")
    await ana.uses_on_message("Troubleshoot this", said)
    theirs = await shop.of(ben)
    await ben.deletes(said)
    await shop.eventually(lambda words: not any(words), theirs.id)
