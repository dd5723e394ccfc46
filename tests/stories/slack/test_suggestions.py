"""Tours Slack: words that likely mean an answer, the question with its buttons, and how it is answered."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from flows.conversation import Conversation, Status
from tests.adapters.slack.support.workspace import Office, open_office
from tests.fakes.clockwork import all_read
from tests.fakes.encoder import WordEncoder
from tests.fakes.slack import labels

FIXED = "Sounds like it's working now. Is it fixed?"
STILL = "Sounds like that didn't help. Is it still failing?"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Run an office whose bot hears what words likely mean."""
    async with open_office(encoder=WordEncoder()) as opened:
        yield opened


async def asked(office: Office, words: str = "we are sailing again", thread: str = "") -> dict[str, Any]:
    """Let Ana start and write words that are not plain. Return the bot's question about them."""
    if not thread:
        await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, words, thread)
    shown = office.slack.by_the_app(office.help if thread else office.ana.dm, thread)[-1]
    assert labels(shown)[-1] == "No", shown
    return shown


async def hers(office: Office) -> Conversation:
    """Return Ana's conversation."""
    (at,) = await office.of(office.ana)
    return at


async def test_likely_words_are_asked_about_below_the_step(office: Office) -> None:
    question = await asked(office)
    assert (question["text"], labels(question)) == (FIXED, ["Yes, fixed", "No"])
    step = next(one for one in office.slack.by_the_app(office.ana.dm) if "Fixed it" in labels(one))
    assert float(step["ts"]) < float(question["ts"])
    at = await hers(office)
    assert (at.status, at.turn) == (Status.GUIDING, 1)


async def test_yes_is_the_answer_and_the_question_shrinks_to_a_line(office: Office) -> None:
    question = await asked(office)
    await office.press(office.ana, question, "Yes, fixed")
    assert (await hers(office)).status is Status.RESOLVED
    left = office.slack.message(question["ts"])
    assert (labels(left), left["text"]) == ([], f"{FIXED} · Yes, fixed")


async def test_no_keeps_the_words_and_the_step(office: Office) -> None:
    question = await asked(office)
    await office.press(office.ana, question, "No")
    at = await hers(office)
    assert (at.status, at.turn) == (Status.GUIDING, 1)
    assert (await office.words(at))[-1] == "we are sailing again"
    assert office.slack.message(question["ts"])["text"] == f"{FIXED} · No"
    assert office.said(office.ana.dm)[-1].startswith("OK. What you said is saved.")
    assert "Fixed it" in labels(office.live(office.ana.dm))


async def test_a_typed_yes_and_a_typed_no_count_like_the_buttons(office: Office) -> None:
    await asked(office, "that did zilch")
    await all_read(office.store, (await hers(office)).id)
    await office.write(office.ana, "no")
    assert (await hers(office)).step == "plug"
    await office.write(office.ana, "that did zilch")
    await all_read(office.store, (await hers(office)).id)
    await office.write(office.ana, "yes")
    assert (await hers(office)).step == "bulb"


async def test_a_button_of_the_step_answers_the_question_too(office: Office) -> None:
    question = await asked(office)
    step = next(one for one in office.slack.by_the_app(office.ana.dm) if "Fixed it" in labels(one))
    await office.press(office.ana, step, "Still failing")
    assert (await hers(office)).step == "bulb"
    left = office.slack.message(question["ts"])
    assert (labels(left), left["text"]) == ([], FIXED)
    await office.press(office.ana, question, "Yes, fixed")
    assert (await hers(office)).step == "bulb"
    assert office.noted(office.ana)[-1].startswith("That step was already answered.")


async def test_the_same_meaning_again_is_not_asked_twice_and_another_replaces_the_question(
    office: Office,
) -> None:
    first = await asked(office)
    await office.write(office.ana, "yeah we are sailing again")
    assert office.said(office.ana.dm).count(FIXED) == 1
    await office.write(office.ana, "that did zilch")
    assert office.said(office.ana.dm)[-1] == STILL
    left = office.slack.message(first["ts"])
    assert (labels(left), left["text"]) == ([], FIXED)
    assert labels(office.slack.by_the_app(office.ana.dm)[-1]) == ["Yes, still failing", "No"]


async def test_likely_words_for_a_person_open_the_ticket_with_the_button(office: Office) -> None:
    question = await asked(office, "a human being would be nice")
    await office.press(office.ana, question, "Talk to a person")
    assert (await hers(office)).status is Status.WAITING
    assert office.slack.view_of(office.ana) is not None


async def test_others_are_refused_the_questions_buttons(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    question = await asked(office, thread=thread)
    await office.press(office.ben, question, "Yes, fixed")
    assert (await office.at(office.help, thread)).status is Status.GUIDING
    assert office.noted(office.ben)[-1].startswith("Only ana can answer here")


# ---------------------------------------------------------------- first words


async def test_a_description_is_asked_about_before_its_guide_starts(office: Office) -> None:
    await office.write(office.ana, "stays dark lamp oh no the")
    question = office.slack.by_the_app(office.ana.dm)[-1]
    assert question["text"] == "Is this about “The lamp stays dark”?"
    assert (await hers(office)).flow != "lamp"
    await office.press(office.ana, question, labels(question)[0])
    assert (await hers(office)).flow == "lamp"
    left = next(one for one in office.slack.by_the_app(office.ana.dm) if one["ts"] == question["ts"])
    assert left["text"] == "Is this about “The lamp stays dark”? · Yes"


@pytest.mark.parametrize("way", ["mention", "command", "direct"])
async def test_who_asks_for_a_person_first_gets_a_ticket_at_once(office: Office, way: str) -> None:
    match way:
        case "mention":
            await office.mention(office.ana, "human please")
        case "command":
            await office.ana.runs("/fix", "human please")
            await office.quiet()
        case _:
            await office.write(office.ana, "human please")
    at = await hers(office)
    assert at.status is Status.WAITING
    assert at.ticket


async def test_words_in_a_channel_that_are_not_for_the_bot_are_not_heard(office: Office) -> None:
    for words in ("human please", "stays dark lamp oh no the", "a human being would be nice"):
        await office.ana.writes(office.help, words)
    await office.quiet()
    assert office.slack.by_the_app(office.help) == []
    assert await office.of(office.ana) == ()
