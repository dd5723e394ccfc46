"""Tests how events about the app and its channels are read."""

import pytest

from adapters.slack.inbound.changes import (
    AccessDoubted,
    Changed,
    ChannelLost,
    ChannelRenamed,
    ChannelRenumbered,
    ChannelShared,
    MemberLeft,
    change,
)

Event = dict[str, object]


@pytest.mark.parametrize(
    ("event", "read"),
    [
        (
            {"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C1"},
            ChannelRenumbered(old="G1", new="C1"),
        ),
        ({"type": "channel_id_changed", "old_channel_id": "G1"}, None),
        (
            {"type": "group_rename", "channel": {"id": "C1", "name": "desk"}},
            ChannelRenamed(channel="C1", name="desk"),
        ),
        (
            {"type": "member_left_channel", "channel": "C1", "user": "U0BOT"},
            ChannelLost(channel="C1", why="removed"),
        ),
        (
            {"type": "member_left_channel", "channel": "C1", "user": "U1", "event_ts": "17.1"},
            MemberLeft(channel="C1", user="U1", ts="17.1"),
        ),
        ({"type": "member_left_channel", "channel": "C1"}, None),
        ({"type": "channel_shared", "channel": "C1"}, ChannelShared(channel="C1")),
        ({"type": "channel_left", "channel": "C1"}, ChannelLost(channel="C1", why="removed")),
        ({"type": "group_archive", "channel": "C1"}, ChannelLost(channel="C1", why="archived")),
        ({"type": "channel_deleted", "channel": "C1"}, ChannelLost(channel="C1", why="deleted")),
        ({"type": "channel_deleted"}, None),
        ({"type": "app_uninstalled"}, AccessDoubted()),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}, AccessDoubted()),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}, None),
        ({"type": "message", "channel": "C1"}, None),
        ({}, None),
    ],
)
def test_an_event_about_the_app_or_a_channel_is_read(event: Event, read: Changed | None) -> None:
    assert change({"event": event}, "U0BOT") == read
