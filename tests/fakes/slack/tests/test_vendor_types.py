"""Tests that Slack's own types judge every call that the stand-in takes and every event that it sends."""

import time

import pytest

from tests.conftest import need
from tests.fakes.slack import Slack, vendor_types
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.web import Call

SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "Plug it in."}}


def taken(method: str, **args: object) -> Call:
    """Return a call that the stand-in took."""
    return Call(method, dict(args), {"ok": True}, 200, time.time())


async def story(*blocks: Json) -> None:
    """Run a story in which the stand-in takes an edit with these blocks."""
    async with Slack.running() as slack:
        slack.web.calls.append(taken("chat.update", blocks=[*blocks]))


async def test_a_story_ends_with_what_slacks_own_types_refuse() -> None:
    need("@slack/types", vendor_types.installed())
    await story(SECTION)
    with pytest.raises(AssertionError, match="Slack's own types do not take this"):
        await story(SECTION | {"text": "Plug it in."})


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("chat.postEphemeral", {"blocks": [{"type": "header", "text": SECTION["text"]}]}),
        ("response_url", {"blocks": [{"type": "nonsense"}]}),
        ("views.open", {"view": {"type": "modal", "blocks": [SECTION]}}),
        ("views.publish", {"view": {"type": "home", "blocks": [{"type": "image"}]}}),
    ],
)
def test_every_kind_of_call_is_judged(method: str, args: Json) -> None:
    need("@slack/types", vendor_types.installed())
    assert list(vendor_types.faults_of_a_call(method, args))


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "text": "dark"},
        {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "1.2"},
        {"type": "app_mention", "channel": "C1", "ts": "1.2", "event_ts": "1.2"},
        {"type": "channel_id_changed", "old_channel_id": "C1", "event_ts": "1.2"},
    ],
    ids=lambda event: str(event["type"]),
)
def test_an_event_without_a_field_that_slack_always_sends_is_a_fault(event: Json) -> None:
    need("@slack/types", vendor_types.installed())
    assert list(vendor_types.faults_of_an_event(event))
