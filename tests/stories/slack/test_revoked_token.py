"""Tours a revoked token: nothing is lost, the reason has a name, and sending resumes in seconds."""

import asyncio

import pytest

from adapters.slack.api.preflight import PreflightRefused
from adapters.slack.app import SlackApp
from bot.wiring.slack import slack_ports
from tests.adapters.slack.support.workspace import Office
from tests.fakes.slack import lifetimes


@pytest.mark.row("slack", "The bot token is revoked, or the app is removed from the workspace")
async def test_a_refused_token_has_a_name_and_sending_resumes_within_seconds_of_a_good_one(
    office: Office,
) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    shown = office.live(office.help, thread)
    lifetimes.revoke(office.slack)
    await office.slack.settled()
    assert (await office.app.problems())["slack token"].startswith("SLACK_BOT_TOKEN was revoked; ")
    assert (await office.ana.presses(shown, "Still failing")).acked
    assert (await office.at(office.help, thread)).step == "bulb"
    await office.app.outbox.idle()
    assert office.said(office.help, thread)[-1] != "Step 2 of 3: Look at the bulb"
    office.slack.restore()
    sent = ["Plug it in · Still failing", "Step 2 of 3: Look at the bulb"]
    await office.slack.until(lambda: office.said(office.help, thread)[1:] == sent, 3)
    assert await office.app.problems() == {}
    assert await office.store.backlog.buried() == ()


@pytest.mark.row("slack", "The app-level token is revoked")
async def test_a_refused_app_token_has_a_name_too(office: Office) -> None:
    ports = slack_ports(office.app)
    await office.process.stop()
    app = SlackApp(office.process.slack_app.access)
    hearing = asyncio.create_task(app.hear(ports, asyncio.Event()))
    await office.slack.connected(2)
    office.slack.web.app_token = "xapp-another"
    office.slack.sockets.cut()
    with pytest.raises(PreflightRefused):
        await hearing
    token, app_token = await app.checks(())
    await app.close()
    assert (token.problem, app_token.what) == ("", "app token")
    assert app_token.problem.startswith("SLACK_APP_TOKEN is not valid; copy the whole token again")
