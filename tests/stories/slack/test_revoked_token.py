"""Tours a revoked token and a removed app: nothing is lost, the reason has a name, and sending resumes in seconds."""

from collections.abc import Callable

import pytest

from tests.adapters.slack.support.workspace import Office
from tests.fakes.slack import Slack, lifetimes
from tests.fakes.slack.answers import Delivery


@pytest.mark.row("slack", "The bot token is revoked, or the app is removed from the workspace")
@pytest.mark.parametrize(
    ("happens", "problem"),
    [
        (lifetimes.revoke, "SLACK_BOT_TOKEN was revoked; reinstall the app"),
        (lifetimes.uninstall, "SLACK_BOT_TOKEN belongs to an app that was removed from its workspace"),
    ],
)
async def test_a_refused_token_has_a_name_and_sending_resumes_within_seconds_of_a_good_one(
    office: Office, happens: Callable[[Slack], Delivery], problem: str
) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    happens(office.slack)
    await office.slack.settled()
    assert (await office.app.problems())["slack token"].startswith(problem)
    assert (await office.ana.presses(shown, "Still failing")).acked
    assert (await office.at(office.help, thread)).step == "bulb"
    await office.app.outbox.idle()
    assert office.said(office.help, thread)[-1] != "Step 2 of 3: Look at the bulb"
    office.slack.restore()
    sent = ["Plug it in · Still failing", "Step 2 of 3: Look at the bulb"]
    await office.slack.until(lambda: office.said(office.help, thread)[1:] == sent, 3)
    assert await office.app.problems() == {}
    assert await office.store.backlog.buried() == ()
