"""Tests whom the stand-in lets the app reach: by direct message, and by a note that one person sees."""

import pytest

from tests.adapters.slack.support.bolt_app import client
from tests.fakes.slack import Slack
from tests.fakes.slack.tests.test_refusals import refusal


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"deleted": True}, "user_disabled"),
        ({"unreachable": True}, "user_not_visible"),
        ({"bot_id": "B2"}, "cannot_dm_bot"),
    ],
)
async def test_some_accounts_get_no_direct_messages(fields: dict[str, object], error: str) -> None:
    async with Slack.running() as slack:
        user = slack.person("U2").user
        for name, value in fields.items():
            setattr(user, name, value)
        web = client(slack)
        assert (await refusal(web.conversations_open(users="U2")))["error"] == error
        assert (await refusal(web.chat_postMessage(channel="U2", text="a")))["error"] == error


async def test_an_ephemeral_message_is_in_no_history_and_gone_after_a_reload() -> None:
    async with Slack.running() as slack:
        slack.channel("C1")
        ana, ben = slack.person("U1"), slack.person("U2")
        slack.workspace.channels["C1"].members.discard(ben.id)
        web = client(slack)
        await web.chat_postEphemeral(channel="C1", user="U1", text="a")
        refused = await refusal(web.chat_postEphemeral(channel="C1", user="U2", text="a"))
        assert refused["error"] == "user_not_in_channel"
        (note,) = slack.shown_to(ana)
        assert (await web.conversations_history(channel="C1"))["messages"] == []
        ana.reloads()
        assert slack.shown_to(ana) == []
        with pytest.raises(LookupError):
            await ana.presses(note["ts"], "Yes")
