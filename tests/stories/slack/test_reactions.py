"""Tours Slack: a reaction to the live step is asked about, and only a button answers."""

import pytest

from flows.conversation import Status
from tests.adapters.slack.support.workspace import Office
from tests.fakes.slack import labels

FIXED = "Sounds like it's working now. Is it fixed?"
STILL = "Sounds like that didn't help. Is it still failing?"


async def test_a_reaction_to_the_live_step_is_confirmed_by_a_button(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    office.ana.reacts(office.live(office.help, thread)["ts"], "x")
    await office.quiet()
    question = office.slack.by_the_app(office.help, thread)[-1]
    assert (question["text"], labels(question)) == (STILL, ["Yes, still failing", "No"])
    assert (await office.at(office.help, thread)).turn == 1
    await office.press(office.ana, question, "Yes, still failing")
    assert (await office.at(office.help, thread)).step == "bulb"

    await office.write(office.ana, "lamp is dark")
    office.ana.reacts(office.live(office.ana.dm)["ts"], "+1::skin-tone-3")
    await office.quiet()
    question = office.slack.by_the_app(office.ana.dm)[-1]
    await office.press(office.ana, question, "Yes, fixed")
    assert (await office.of(office.ana))[0].status is Status.RESOLVED
    assert office.slack.message(question["ts"])["text"] == f"{FIXED} · Yes, fixed"


async def test_a_reaction_taken_back_takes_its_question_back(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    step = office.live(office.help, thread)["ts"]
    office.ana.reacts(step, "white_check_mark")
    await office.quiet()
    question = office.slack.by_the_app(office.help, thread)[-1]
    office.ana.takes_back(step, "white_check_mark")
    await office.quiet()
    left = office.slack.message(question["ts"])
    assert (left["text"], labels(left)) == (FIXED, [])
    assert office.live(office.help, thread)["ts"] == step


@pytest.mark.row("slack", "Someone reacts to a step that isn't theirs, or no longer the current one")
async def test_other_reactions_are_ignored(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    old = office.live(office.help, thread)
    await office.press(office.ana, old, "Still failing")
    step = office.live(office.help, thread)
    said = office.said(office.help, thread)
    office.ana.reacts(old["ts"], "white_check_mark")
    office.ana.reacts(thread, "white_check_mark")
    office.ana.reacts(step["ts"], "eyes")
    office.ben.reacts(step["ts"], "white_check_mark")
    office.ana.takes_back(old["ts"], "white_check_mark")
    await office.quiet()
    assert office.said(office.help, thread) == said


async def test_the_reaction_of_a_colleague_who_may_answer_counts(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    step = office.live(office.help, thread)
    await office.press(office.ben, step, "Still failing")
    await office.press(office.ben, office.slack.shown_to(office.ben)[-1], "I'm at the computer")
    office.ben.reacts(step["ts"], "white_check_mark")
    await office.quiet()
    assert office.said(office.help, thread)[-1] == FIXED


@pytest.mark.row("slack", "The app lacks the scope `reactions:read`")
async def test_without_the_scope_reactions_do_nothing(office: Office) -> None:
    office.slack.scopes.discard("reactions:read")
    thread = await office.mention(office.ana, "lamp is dark")
    office.ana.reacts(office.live(office.help, thread)["ts"], "x")
    await office.quiet()
    assert len(office.said(office.help, thread)) == 2
