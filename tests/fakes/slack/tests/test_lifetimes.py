"""Tests what the stand-in tells an app about itself and its channels, and that calls are refused from then on."""

from collections.abc import Callable

import pytest
from slack_sdk.errors import SlackApiError

from tests.adapters.slack.support.bolt_app import Heard, client, connected
from tests.fakes.slack import Slack, lifetimes
from tests.fakes.slack.answers import Delivery


@pytest.mark.parametrize(
    ("happens", "event", "error"),
    [
        (lifetimes.revoke, "tokens_revoked", "token_revoked"),
        (lifetimes.uninstall, "app_uninstalled", "account_inactive"),
        (lambda slack: lifetimes.renumber(slack, "C1", "C2"), "channel_id_changed", "channel_not_found"),
        (lambda slack: lifetimes.remove_app(slack, "C1"), "channel_left", "not_in_channel"),
        (lambda slack: lifetimes.archive(slack, "C1"), "channel_archive", "is_archived"),
        (lambda slack: lifetimes.delete(slack, "C1"), "channel_deleted", "channel_not_found"),
    ],
)
async def test_the_app_is_told_over_its_socket_and_its_calls_are_refused(
    happens: Callable[[Slack], Delivery], event: str, error: str
) -> None:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        heard = Heard(slack)
        async with connected(heard):
            happens(slack)
            await slack.settled()
        assert len(heard.events(event)) == 1
        with pytest.raises(SlackApiError) as refused:
            await client(slack).chat_postMessage(channel="C1", text="Hello")
        assert refused.value.response["error"] == error


async def test_what_the_app_did_not_subscribe_to_or_has_no_scope_for_is_not_told() -> None:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.channel("C2", "private-help", private=True)
        slack.subscribed.discard("channel_rename")
        assert lifetimes.rename(slack, "C1", "helpdesk").over
        slack.scopes.discard("groups:read")
        assert lifetimes.archive(slack, "C2").over
        assert not slack.deliveries
