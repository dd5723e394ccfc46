"""Tests the way to a person in Discord: the ticket in one click, its details, and agents who take over."""

from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.discord import Discord


async def test_one_click_opens_the_ticket_and_its_answer_is_a_form_that_may_be_dismissed(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    clicked = await ana.presses(step, "Talk to a person")
    at = await shop.of(ana)
    assert at.status is Status.WAITING
    assert stand_in.modal_of(clicked)["title"] == f"Ticket #{at.ticket} details"
    await shop.idle()
    assert f"I opened ticket **#{at.ticket}**" in stand_in.messages(ana)[-1].text
    again = await ana.presses(step, "Talk to a person")
    assert again.answers[0].type == 6
    assert (await shop.of(ana)).ticket == at.ticket


async def test_what_is_written_into_the_form_and_its_files_are_kept_with_the_ticket(
    stand_in: Discord, shop: Workshop
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    clicked = await ana.presses(step, "Talk to a person")
    given = {"What happened?": "Smoke comes out", "Screenshots or files": [("lamp.png", b"png")]}
    sent = await ana.submits(clicked, {**given, "Email or phone number": "ana@lamps.example"})
    assert sent.answers[0].type == 6
    at = await shop.of(ana)
    words = await shop.app.store.conversations.words(at.id)
    (kept,) = [spoken for spoken in words.values() if spoken.files]
    assert kept.text == "Smoke comes out\nHow to reach me: ana@lamps.example"
    assert [(file.name, file.size) for file in kept.files] == [("lamp.png", 3)]
    await shop.idle()
    assert "added that to ticket" in stand_in.messages(ana)[-1].text


async def test_the_ticket_can_be_read_added_to_and_taken_back(stand_in: Discord, shop: Workshop) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    await ana.presses(step, "Still failing")
    await ana.presses(step, "Talk to a person")
    await shop.idle()
    told = stand_in.messages(ana)[-1]
    summary = await ana.presses(told, "Summary")
    assert "1. Plug it in · Still failing" in summary.text
    assert "Ticket" in stand_in.modal_of(await ana.presses(told, "Add details"))["title"]
    await ana.dms("it hums as well")
    await stand_in.until(lambda: "added that to ticket" in stand_in.messages(ana)[-1].text)
    fixed = await ana.presses(step, "I can't find this")
    await shop.idle()
    assert fixed.answers
    assert (await shop.of(ana)).status is Status.WAITING


async def test_an_agent_who_writes_in_the_customers_thread_has_taken_over(
    stand_in: Discord, shop: Workshop
) -> None:
    ana, agent = shop.person("Ana"), shop.person("Max")
    await ana.runs("fix", problem="lamp is dark")
    (thread,) = stand_in.threads(shop.room)
    step = await shop.live(thread)
    await ana.adds(thread, agent)
    await agent.writes(thread, "let me look at it")
    await stand_in.until(lambda: not step.buttons)
    at = await shop.of(ana)
    assert (at.status, at.holder_name, at.holder) == (Status.WITH_AGENT, "Max", f"discord:{agent.id}")
    late = await ana.presses(step, "Still failing", version=0)
    assert late.text == "You're talking to Max. Reply below."
    before = len(stand_in.messages(thread))
    await ana.writes(thread, "it hums")
    await shop.eventually(lambda words: "it hums" in words, at.id)
    await shop.idle()
    assert len(stand_in.messages(thread)) == before + 1


async def test_without_the_intent_people_are_told_once_what_does_reach_the_bot(stand_in: Discord) -> None:
    stand_in.world.settings.message_content = False
    async with workshop(stand_in) as shop:
        ana = shop.person("Ana")
        await ana.runs("fix", problem="lamp is dark")
        (thread,) = stand_in.threads(shop.room)
        step = await shop.live(thread)
        await ana.writes(thread, "still failing")
        await stand_in.until(lambda: "can't read" in stand_in.messages(thread)[-1].text)
        await ana.writes(thread, "hello?")
        await ana.writes(thread, "still failing", reply_to=step)
        await stand_in.until(lambda: "## Look at the bulb" in stand_in.messages(thread)[-1].text)
        assert len([one for one in stand_in.messages(thread) if "can't read" in one.text]) == 1
        live = await shop.live(thread)
        opened = await ana.presses(live, "Talk to a person")
        assert opened.modal
        await shop.idle()
        await ana.presses(live, "Back")
        live = await shop.live(thread)
        form = await ana.presses(live, "Send a message")
        sent = await ana.submits(form, {"Your message": "it is the fuse"})
        assert sent.answers[0].type == 6
        at = await shop.of(ana)
        await shop.eventually(lambda words: "it is the fuse" in words, at.id)
