"""Tests that Slack gets each acknowledgement in time however slow its own calls are, and that everything gets done.

All times are a ninth of the real ones: each call takes 0.16 s instead of 1.4 s.
"""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.api import ack_budget
from adapters.slack.api.manifest import START, TROUBLESHOOT
from tests.adapters.slack.support.workspace import Office, open_office
from tests.fakes.slack import labels
from tests.fakes.slack.answers import Answer
from tests.fakes.slack.faults import Fault
from tests.stories.agents.support.slack_room import DESK

SCALE = 9.0
CALL_S = 1.4 / SCALE
SPARE_S = 0.15
"""Seconds that a busy machine may add; timeouts that add up to five seconds take longer."""


@pytest.fixture
async def office(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """Run an office whose Slack is slow in everything, and gives up and lets trigger ids expire as early."""
    for name in ("ACK_WITHIN_S", "LOOKUPS_S", "LOOKUP_S", "STORE_S", "STORE_LEAST_S"):
        monkeypatch.setattr(ack_budget, name, getattr(ack_budget, name) / SCALE)
    async with open_office(agents=("S1TEAM",), DESK_ROOM=f"slack:{DESK}") as opened:
        slack = opened.slack
        slack.usergroup("S1TEAM", "U8KIM")
        slack.post.ack_within = slack.workspace.trigger_lives = 3 / SCALE + SPARE_S
        for method in ("users.info", "usergroups.users.list", "conversations.open", "chat.postEphemeral"):
            slack.faults.delay(method, CALL_S, times=100)
        for method in ("views.open", "views.publish", "chat.update", "reactions.add"):
            slack.faults.delay(method, CALL_S, times=100)
        yield opened


def in_time(office: Office, *answers: Answer) -> None:
    """Check that each request was acknowledged at once, none twice."""
    assert all(answer.acked for answer in answers)
    for delivery in office.slack.deliveries:
        assert (delivery.attempts, delivery.acked) == (1, True), delivery.payload


@pytest.mark.row("slack", "Slack itself is slow")
async def test_a_mention_a_click_and_a_refused_click_are_acknowledged_and_done(office: Office) -> None:
    thread = await office.ana.mentions(office.help, "lamp is dark")
    await office.quiet()
    assert (await office.at(office.help, thread)).name == "ana"
    refused = await office.ben.presses(office.live(office.help, thread), "Still failing")
    pressed = await office.ana.presses(office.live(office.help, thread), "Still failing")
    await office.quiet()
    assert office.live(office.help, thread)["text"].startswith("Step 2 of 3")
    assert office.noted(office.ben)
    slack = office.slack
    opened = await office.ana.presses(office.live(office.help, thread), "Hand over to a colleague")
    await slack.until(lambda: slack.view_of(office.ana) is not None)
    view = slack.view_of(office.ana)
    assert view is not None
    dan = slack.person("U4DAN", name="Dan", team="T2")
    dan.user.unreachable = True
    slack.workspace.channels[office.help].members.discard(dan.id)
    late = await office.ana.submits(view, {"who": dan.id})
    assert late.payload is not None, "the form stays open, because nothing is recorded"
    assert late.payload["response_action"] == "errors"
    await office.quiet()
    in_time(office, refused, pressed, opened, late)


async def test_a_command_a_form_and_the_home_tab_are_acknowledged_and_done(office: Office) -> None:
    slack = office.slack
    called = await office.ana.runs("/fix", "lamp is dark")
    assert called.payload is not None, "all that it needs was looked up at the same time"
    assert called.payload["text"].startswith("I sent you")
    slack.faults.planned.insert(0, Fault("conversations.open", delay=3 / SCALE))
    slower = await office.max.runs("/fix", "lamp is dark")
    assert slower.payload is not None
    assert slower.payload["text"].startswith("I'm still opening")
    await office.ana.opens_home()
    await slack.until(lambda: slack.home_of(office.ana) is not None and office.noted(office.max))
    assert office.noted(office.max) == ["I sent you a direct message. It's on the Messages tab."]
    used = await office.ben.uses_shortcut(START)
    opened = await office.ana.presses(office.live(office.ana.dm), "Later")
    await slack.until(lambda: slack.view_of(office.ana) is not None and slack.by_the_app(office.ben.dm))
    in_time(office, called, slower, opened, used)


async def test_agents_and_shortcuts_are_acknowledged_and_done(office: Office) -> None:
    slack = office.slack
    slack.channel(DESK)
    thread = await office.ana.mentions(office.help, "lamp is dark")
    await office.quiet()
    kim = slack.person("U8KIM", name="Kim")
    await office.ana.presses(office.live(office.help, thread), "Talk to a person")
    await office.quiet()
    packet = next(one for one in slack.by_the_app(DESK) if "Reply" in labels(one))
    claimed = await kim.presses(packet, "Claim")
    opened = await kim.presses(packet, "Reply")
    await slack.until(lambda: slack.view_of(kim) is not None)
    view = slack.view_of(kim)
    assert view is not None
    replied = await kim.submits(view, {"text": "Is it plugged in?"})
    question = await office.max.writes(office.help, "lamp is dark")
    pointed = await office.ben.uses_shortcut(TROUBLESHOOT, message=question)
    await office.quiet()
    in_time(office, claimed, opened, replied, pointed)
