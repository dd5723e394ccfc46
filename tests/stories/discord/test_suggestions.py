"""Tours Discord: words that likely mean an answer, the question with its buttons, and how it is answered."""

from collections.abc import AsyncIterator

import pytest

from flows.conversation import Status
from tests.adapters.discord.support.workspace import Workshop, workshop
from tests.fakes.clockwork import all_read
from tests.fakes.discord import Discord, Message
from tests.fakes.encoder import WordEncoder
from tests.fakes.wait import until

FIXED = "Sounds like it's working now. Is it fixed?"
STILL = "Sounds like that didn't help. Is it still failing?"


@pytest.fixture
async def shop(stand_in: Discord) -> AsyncIterator[Workshop]:
    """Run a product that hears what words likely mean."""
    async with workshop(stand_in, encoder=WordEncoder()) as opened:
        yield opened


async def asked(shop: Workshop, words: str = "we are sailing again") -> tuple[Message, Message]:
    """Let Ana start and write words that are not plain. Return the step, and the bot's question about the words."""
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    return step, await ask(shop, words)


async def ask(shop: Workshop, words: str) -> Message:
    """Let Ana write words that are not plain. Return the bot's question about them."""
    ana = shop.person("Ana")
    await ana.dms(words)
    await shop.discord.until(lambda: "No" in shop.discord.messages(ana)[-1].buttons)
    await shop.idle()
    return shop.discord.messages(ana)[-1]


async def test_likely_words_are_asked_about_below_the_step(shop: Workshop) -> None:
    step, question = await asked(shop)
    assert (question.text, question.buttons) == (FIXED, ["Yes, fixed", "No"])
    assert step.id < question.id
    assert not question.ephemeral
    at = await shop.of(shop.person("Ana"))
    assert (at.status, at.turn) == (Status.GUIDING, 1)


async def test_yes_is_the_answer_and_the_step_shrinks_to_a_line(shop: Workshop) -> None:
    ana = shop.person("Ana")
    step, question = await asked(shop)
    pressed = await ana.presses(question, "Yes, fixed")
    await shop.works_until(lambda: "Plug it in" in step.text and not step.buttons)
    assert (await shop.of(ana)).status is Status.RESOLVED
    assert pressed.answers[0].type == 7
    assert question.buttons[0] == "It's happening again"


async def test_a_yes_that_moves_on_shows_the_next_step_in_place_of_the_question(shop: Workshop) -> None:
    ana = shop.person("Ana")
    step, question = await asked(shop, "that did zilch")
    await ana.presses(question, "Yes, still failing")
    assert await shop.live(ana) is question
    assert "## Look at the bulb" in question.text
    assert step.buttons == []
    assert len(shop.discord.messages(ana)) == 5


async def test_no_keeps_the_words_and_the_step(shop: Workshop) -> None:
    ana = shop.person("Ana")
    step, question = await asked(shop)
    pressed = await ana.presses(question, "No")
    assert pressed.answers[0].type == 6
    await shop.works_until(lambda: not question.buttons)
    at = await shop.of(ana)
    assert (at.status, at.turn) == (Status.GUIDING, 1)
    assert question.text == f"-# {FIXED} · No"
    assert shop.discord.messages(ana)[-1].text.startswith("OK. What you said is saved.")
    assert await shop.live(ana) is step


async def test_a_typed_yes_and_a_typed_no_count_like_the_buttons(shop: Workshop) -> None:
    ana = shop.person("Ana")
    await asked(shop, "that did zilch")
    await all_read(shop.app.store, (await shop.of(ana)).id)
    await ana.dms("no")
    await shop.works_until(lambda: shop.discord.messages(ana)[-1].text.startswith("OK."))
    assert (await shop.of(ana)).step == "plug"
    await ask(shop, "that did zilch")
    await all_read(shop.app.store, (await shop.of(ana)).id)
    await ana.dms("yes")
    await shop.works_until(lambda: "## Look at the bulb" in shop.discord.messages(ana)[-1].text)


async def test_a_button_of_the_step_answers_the_question_too(shop: Workshop) -> None:
    ana = shop.person("Ana")
    step, question = await asked(shop)
    await ana.presses(step, "Still failing")
    await shop.works_until(lambda: not question.buttons)
    assert question.text == f"-# {FIXED}"
    assert await shop.live(ana) is step
    late = await ana.presses(question, "Yes, fixed", version=0)
    assert late.text.startswith("That step was already answered.")
    assert (await shop.of(ana)).step == "bulb"


async def test_the_same_meaning_again_is_not_asked_twice_and_another_replaces_the_question(
    shop: Workshop,
) -> None:
    ana = shop.person("Ana")
    _, first = await asked(shop)
    again = await ana.dms("yeah we are sailing again")
    await shop.eventually(lambda words: again.content in words, (await shop.of(ana)).id)
    second = await ask(shop, "that did zilch")
    await shop.works_until(lambda: not first.buttons)
    texts = [one.text for one in shop.discord.messages(ana)]
    assert [texts.count(FIXED), texts.count(f"-# {FIXED}"), second.text] == [0, 1, STILL]
    assert second.buttons == ["Yes, still failing", "No"]


async def test_likely_words_for_a_person_open_the_ticket_and_its_form_with_the_button(shop: Workshop) -> None:
    ana = shop.person("Ana")
    _, question = await asked(shop, "a human being would be nice")
    pressed = await ana.presses(question, "Talk to a person")
    assert shop.discord.modal_of(pressed)
    assert (await shop.of(ana)).status is Status.WAITING


async def test_a_description_is_asked_about_before_its_guide_starts(shop: Workshop) -> None:
    ana = shop.person("Ana")
    question = await ask(shop, "stays dark lamp oh no the")
    assert question.text == "Is this about “The lamp stays dark”?"
    await ana.presses(question, question.buttons[0])
    assert "## Plug it in" in (await shop.live(ana)).text
    assert (await shop.of(ana)).flow == "lamp"


@pytest.mark.parametrize("way", ["mention", "fix", "post that mentions the bot", "direct"])
async def test_who_asks_for_a_person_first_gets_a_ticket_at_once(shop: Workshop, way: str) -> None:
    ana = shop.person("Ana")
    match way:
        case "mention":
            await ana.mentions_bot(shop.room, "human please")
        case "fix":
            await ana.runs("fix", problem="human please")
        case "direct":
            await ana.dms("human please")
        case _:
            await ana.posts(shop.forum, "human please", shop.discord.bot.mention)

    async def waits() -> bool:
        await shop.app.outbox.pick_up()
        listed = await shop.app.store.places.of(f"discord:{ana.id}", 1)
        at = await shop.app.store.conversations.load(listed[0]) if listed else None
        return at is not None and at.status is Status.WAITING and bool(at.ticket)

    await until(waits)


async def test_words_that_are_not_for_the_bot_are_not_heard(shop: Workshop) -> None:
    ana = shop.person("Ana")
    for words in ("human please", "stays dark lamp oh no the", "a human being would be nice"):
        await ana.writes(shop.room, words)
        await ana.posts(shop.forum, words, words)
    await ana.dms("lamp is dark")
    await shop.discord.until(lambda: shop.discord.messages(ana)[-1].buttons)
    assert len(await shop.app.store.places.of(f"discord:{ana.id}", 9)) == 1
