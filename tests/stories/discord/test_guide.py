"""Tours Discord: a customer walks a guide step by step, with every turn that is possible."""

from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop
from tests.fakes.discord import Discord


async def test_a_direct_message_is_walked_in_one_message_that_changes_under_the_finger(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana, "the lamp is dark since Monday")
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
    assert step.buttons[0] == "It's happening again"
    assert len(stand_in.messages(ana)) == 3


async def test_fix_opens_a_private_thread_for_the_asker_and_says_so_in_a_line(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    ana.locale = "de"
    called = await ana.runs("fix", problem="lamp is dark since noon")
    (thread,) = stand_in.threads(shop.room)
    assert (thread.kind, set(thread.members)) == (12, {ana.id, stand_in.bot.id})
    (line,) = stand_in.shown_to(ana)
    assert called.text == line.text == "I opened a thread for you."
    assert str(thread.id) in str(line.components)
    step = await shop.live(thread)
    assert (await ana.presses(step, "Still failing")).answers[0].type == 7
    at = await shop.of(ana)
    assert (at.step, at.locale, at.observations) == ("bulb", "de", {"since": "noon"})
    assert stand_in.messages(shop.room) == []


async def test_the_guide_is_chosen_while_typing_and_walked_where_everybody_sees_it(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    assert await ana.types_into("fix", "problem", "stays") == [("The lamp stays dark", "lamp")]
    await ana.runs("fix", problem="lamp", where="here")
    (thread,) = stand_in.threads(shop.room)
    assert thread.kind == 11
    assert "## Plug it in" in (await shop.live(thread)).text


async def test_who_calls_again_is_led_to_what_is_under_way_and_another_problem_gets_a_thread_of_its_own(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    await ana.runs("fix", problem="lamp is dark")
    await shop.idle()
    again = await ana.runs("fix", problem="the lamp is dark once more")
    assert again.text == "You already have a conversation open. Your progress is saved."
    assert len(stand_in.threads(shop.room)) == 1
    await shop.eventually(lambda words: "the lamp is dark once more" in words, (await shop.of(ana)).id)
    await ana.runs("fix", problem="fire")
    assert len(stand_in.threads(shop.room)) == 2
    await shop.idle()


async def test_a_thread_that_was_deleted_is_not_what_is_under_way(stand_in: Discord, shop: Workshop) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    await ana.runs("fix", problem="lamp is dark")
    await shop.idle()
    await ben.deletes(stand_in.threads(shop.room)[0])
    assert (await ana.runs("fix", problem="lamp is dark")).text == "I opened a thread for you."
    await shop.live(stand_in.threads(shop.room)[0])


async def test_a_mention_is_answered_in_a_thread_on_that_message(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    asked = await ana.mentions_bot(shop.room, "my lamp is dark")
    await stand_in.until(lambda: asked.thread and any(one.buttons for one in stand_in.messages(asked.thread)))
    assert asked.thread is not None
    step = await shop.live(asked.thread)
    assert "## Plug it in" in step.text
    await ana.writes(asked.thread, "still failing")
    await stand_in.until(lambda: "Look at the bulb" in stand_in.messages(asked.thread or shop.room)[-1].text)
    assert all(not one.pinged for one in stand_in.messages(asked.thread))


async def test_somebody_elses_message_is_helped_by_the_command_of_its_menu(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, ben = shop.person("Ana"), shop.person("Ben")
    said = await ana.writes(shop.room, "my lamp is dark")
    pointed = await ben.uses_on_message("Troubleshoot this", said)
    assert pointed.text == "I opened a thread for you."
    assert said.thread is not None
    assert ana.id in said.thread.members
    step = await shop.live(said.thread)
    assert (await shop.of(ana)).name == "Ana"
    foreign = await ben.presses(step, "Still failing")
    assert foreign.text == "Only Ana can answer here, because they asked for help."
    assert (await ben.uses_on_message("Troubleshoot this", said)).text == (
        "A conversation is already open here."
    )
    of_the_bot = await ben.uses_on_message("Troubleshoot this", step)
    assert (
        of_the_bot.text == "That message isn't from a person, so there's no one to help. Mention me instead."
    )


async def test_old_and_repeated_clicks_change_nothing_and_say_where_things_stand(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    await ana.presses(step, "Still failing")
    await shop.idle()
    stale = await ana.presses(step, "Still failing", version=0)
    assert stale.text == "That step was already answered. Here's where you are now."
    assert str(step.id) in str(stale.original.components if stale.original else "")
    assert "## Look at the bulb" in step.text
    fresh = await ana.presses(step, "Whole")
    stand_in.repeats(fresh)
    await stand_in.until(lambda: fresh.refused)
    assert (await shop.of(ana)).step == "switch"
    assert [one.text for one in stand_in.shown_to(ana)] == [stale.text]


async def test_of_clicks_that_race_one_counts(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    first = await ana.presses(step, "Still failing", waits=False)
    second = await ana.presses(step, "Fixed it", version=0, waits=False)
    await first.answered()
    await second.answered()
    at = await shop.of(ana)
    assert (at.turn, at.step) in ((2, "bulb"), (2, "plug"))
    assert sorted(one.answers[0].type for one in (first, second)) == [4, 7]


async def test_an_old_message_is_followed_by_a_new_one_and_loses_its_buttons(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    shop.clock.ahead = 2 * 3600
    stand_in.passes(2 * 3600)
    clicked = await ana.presses(step, "Still failing")
    assert clicked.answers[0].type == 6
    await shop.idle()
    assert step.buttons == []
    assert step.text == "-# **Plug it in** · Still failing"
    assert "## Look at the bulb" in (await shop.live(ana)).text


async def test_words_that_mean_an_answer_are_one_and_others_are_kept(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    await ana.dms("it still fails")
    await stand_in.until(lambda: "Look at the bulb" in stand_in.messages(ana)[-1].text)
    await shop.idle()
    assert step.text == "-# **Plug it in** · Still failing"
    said = await ana.dms("my cousin says it is the fuse")
    await stand_in.until(lambda: "To continue, choose an answer" in stand_in.messages(ana)[-1].text)
    await ana.edits(said, "my uncle says it is the fuse")
    at = await shop.of(ana)
    await shop.eventually(lambda words: "my uncle says it is the fuse" in words, at.id)
    await ana.deletes(said)
    await shop.eventually(lambda words: not any("fuse" in one for one in words), at.id)


async def test_an_answer_that_is_edited_stays_and_one_sentence_says_so(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    await shop.begins(ana)
    said = await ana.dms("it still fails")
    await stand_in.until(lambda: "Look at the bulb" in stand_in.messages(ana)[-1].text)
    await ana.edits(said, "it still fails? no, the lamp is on")
    await stand_in.until(lambda: "To change that answer, press **Back**" in stand_in.messages(ana)[-1].text)
    at = await shop.of(ana)
    assert at.step == "bulb"


async def test_back_start_over_and_later_stand_under_more(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    await ana.presses(step, "Still failing")
    assert (await ana.presses(step, "Back")).answers[0].type == 7
    assert "## Plug it in" in step.text
    later = await ana.presses(step, "Remind me tomorrow")
    assert later.answers[0].type == 6
    await shop.idle()
    assert "tomorrow" in stand_in.messages(ana)[-1].text
