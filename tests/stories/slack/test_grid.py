"""Tours Enterprise Grid: Slack names a person's team differently in each payload, and they stay one person."""

from collections.abc import AsyncIterator

import pytest

from flows.events import Started
from tests.adapters.slack.support.workspace import Office, open_office
from tests.fakes.slack import labels
from tests.stories.agents.support.slack_room import AGENTS, DESK, Room

ORG = ("E1", "T1", "T2", "T3")
ANA = "slack:T1:U1ANA"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Run an office on Enterprise Grid, with a channel for agents. Everyone's primary workspace is T2."""
    async with open_office(agents=AGENTS, org=ORG, DESK_ROOM=f"slack:{DESK}") as opened:
        yield opened


@pytest.mark.row("slack", "A person belongs to several workspaces of an Enterprise Grid organization")
async def test_a_customer_starts_by_command_and_answers_by_click_and_by_words(office: Office) -> None:
    answer = await office.ana.runs("/fix", "lamp is dark")
    assert answer.acked
    await office.quiet()
    await office.press(office.ana, office.live(office.ana.dm), "Still failing")
    await office.write(office.ana, "whole")
    (at,) = await office.of(office.ana)
    assert (at.contact, at.step, office.noted(office.ana)) == (ANA, "switch", [])
    await office.ana.opens_home()
    await office.quiet()
    assert "Open conversations" in str(office.slack.home_of(office.ana))


async def test_a_mention_a_click_and_words_in_a_thread_are_one_persons(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.press(office.ana, office.live(office.help, thread), "Still failing")
    await office.write(office.ana, "whole", thread)
    at = await office.at(office.help, thread)
    assert (at.contact, at.step, office.noted(office.ana)) == (ANA, "switch", [])
    await office.press(office.ben, office.live(office.help, thread), "Talk to a person")
    assert office.noted(office.ben)[0].startswith("Only ana can answer here")
    assert "I'm at the computer" in labels(office.slack.shown_to(office.ben)[-1])


async def test_an_agent_of_another_home_workspace_claims_and_replies(office: Office) -> None:
    room = Room(office)
    thread = await room.asked()
    await room.press(room.max, "Claim")
    assert ((await room.at(thread)).holder, office.noted(room.max)) == ("slack:T1:U9MAX", [])
    await room.write(room.max, "!Is it plugged in?")
    assert office.said(office.help, thread)[-1] == "max: Is it plugged in?"


async def test_a_customer_of_another_organization_is_one_person_and_no_agent(office: Office) -> None:
    room = Room(office)
    dora = office.slack.person("W7DORA", name="Dora", team="T8", enterprise="E9", teams=("T8", "T9"))
    thread = await office.mention(dora, "lamp is dark", office.theirs)
    await office.press(dora, office.live(office.theirs, thread), "Still failing")
    await office.write(dora, "whole", thread, office.theirs)
    at = await office.at(office.theirs, thread)
    assert (at.contact, at.step, office.noted(dora)) == ("slack:E9:W7DORA", "switch", [])
    await dora.opens_home()
    await office.quiet()
    assert "Open conversations" in str(office.slack.home_of(dora))
    dora.reacts(office.live(office.theirs, thread)["ts"], "x")
    await office.quiet()
    assert (await office.at(office.theirs, thread)).suggested_effect
    await room.asked()
    await room.press(dora, "Claim")
    assert office.noted(dora)[-1].startswith("Only agents can do that here.")


async def test_who_was_recorded_with_another_workspace_is_still_the_same_person(office: Office) -> None:
    thread = await office.ana.writes(office.help, "See this thread")
    started = Started(
        door=f"slack/T1/{office.help}/{thread}",
        address=f"slack|T1|{office.help}|{thread}|U1ANA",
        flow="lamp",
        actor="slack:T2:U1ANA",
        key="long ago",
    )
    outcome = await office.app.receive(started)
    assert outcome is not None
    await office.quiet()
    await office.press(office.ana, office.live(office.help), "Still failing")
    await office.write(office.ana, "whole", thread)
    await office.ana.opens_home()
    await office.quiet()
    assert "Open conversations" in str(office.slack.home_of(office.ana))
    at = await office.at(office.help, thread)
    assert (at.contact, at.step, office.noted(office.ana)) == ("slack:T2:U1ANA", "switch", [])


async def test_a_colleague_of_the_organization_gets_the_buttons(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    await office.press(office.ana, shown, "Hand over to a colleague")
    form = office.slack.view_of(office.ana)
    assert form is not None
    answer = await office.ana.submits(form, {"who": office.ben.id})
    assert not answer.payload, answer.payload
    await office.quiet()
    await office.press(office.ben, shown, "Fixed it")
    assert (await office.at(office.help, thread)).solved_by == "slack:T1:U2BEN"


@pytest.mark.row(
    "slack", "Slack doesn't say in time who someone is, or who is in a user group of `SLACK_AGENTS`"
)
async def test_no_one_becomes_a_stranger_while_slack_does_not_say_who_they_are(office: Office) -> None:
    room = Room(office)
    thread = await room.asked()
    await office.restart()
    faults, post = office.slack.faults, office.slack.post
    faults.refuse("users.info", "fatal_error", 2)
    await room.press(room.max, "Claim")
    assert office.noted(room.max)[-1].startswith("Slack didn't tell me in time who you are")
    await room.press(room.max, "Claim")
    await room.press(room.max, "Claim")
    assert (await room.at(thread)).holder == "slack:T1:U9MAX"
    assert len(office.noted(room.max)) == 2
    await office.restart()
    patience, post.ack_within, post.retry_after = post.ack_within, 0.2, (0.05,) * 3
    faults.refuse("users.info", "fatal_error")
    await room.write(room.max, "!Is it plugged in?")
    assert office.said(office.help, thread)[-1] == "max: Is it plugged in?"
    faults.refuse("users.info", "fatal_error", 2)
    await office.write(office.ana, "Yes, it is", thread)
    assert room.told()[-1].endswith("ana: Yes, it is")
    await office.restart()
    post.ack_within = patience
    faults.refuse("users.info", "fatal_error", 2)
    await office.ben.uses_shortcut("start")
    await office.quiet()
    assert office.said(office.ben.dm)[-1].startswith("Slack didn't tell me in time who you are")
