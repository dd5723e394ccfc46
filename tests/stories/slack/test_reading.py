"""Tours Slack: words count for the step that could be read when they were written."""

import pytest

from flows.conversation import Conversation, Status
from tests.adapters.slack.support.workspace import Office


async def at_the_new_bulb(office: Office) -> Conversation:
    """Let Ana walk to the step after which only one more comes before a ticket."""
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "still failing")
    await office.write(office.ana, "broken")
    return await hers(office)


async def hers(office: Office) -> Conversation:
    """Return Ana's conversation."""
    (at,) = await office.of(office.ana)
    return at


@pytest.mark.parametrize("answered", [True, False])
async def test_two_lines_of_one_thought_move_one_step(office: Office, answered: bool) -> None:
    assert (await at_the_new_bulb(office)).step == "new-bulb"
    await office.ana.writes(office.ana.dm, "nope")
    if answered:
        await office.quiet()
    await office.write(office.ana, "still not working", after_s=1)
    at = await hers(office)
    assert (at.step, at.status) == ("switch", Status.GUIDING)
    assert (await office.words(at))[-2:] == ["nope", "still not working"]


async def test_words_written_after_the_step_could_be_read_answer_it(office: Office) -> None:
    await at_the_new_bulb(office)
    await office.write(office.ana, "nope")
    await office.write(office.ana, "still not working")
    assert (await hers(office)).status is Status.WAITING


async def test_words_right_after_a_click_are_about_the_step_before(office: Office) -> None:
    await at_the_new_bulb(office)
    await office.press(office.ana, office.live(office.ana.dm), "Still failing")
    await office.write(office.ana, "still not working", after_s=2)
    at = await hers(office)
    assert (at.step, at.status) == ("switch", Status.GUIDING)


async def test_a_step_that_did_not_arrive_yet_is_not_answered(office: Office) -> None:
    await at_the_new_bulb(office)
    office.slack.faults.delay("chat.postMessage", 0.5)
    await office.ana.writes(office.ana.dm, "nope")
    await office.slack.settled()
    await office.ana.writes(office.ana.dm, "still not working")
    await office.quiet()
    at = await hers(office)
    assert (at.step, at.status) == ("switch", Status.GUIDING)


async def test_a_person_is_asked_for_at_any_time(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    await office.write(office.ana, "human please", after_s=1)
    assert (await hers(office)).status is Status.WAITING


async def test_a_second_mention_a_moment_later_is_about_the_step_before(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.ana.mentions(office.help, "still failing", thread=thread, after_s=1)
    await office.quiet()
    assert (await office.at(office.help, thread)).step == "plug"
