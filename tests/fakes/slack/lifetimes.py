"""Plays what an administrator does to the app (revoke, uninstall) and to its channels (rename, archive, remove)."""

from tests.fakes.slack import payloads
from tests.fakes.slack.answers import Delivery
from tests.fakes.slack.refusals import KINDS, Json
from tests.fakes.slack.stand import Slack
from tests.fakes.slack.state import Channel


def revoke(slack: Slack) -> Delivery:
    """Revoke the bot's token. Slack tells the app over its sockets, which have a token of their own."""
    slack.revoke()
    tokens = {"oauth": [], "bot": [slack.workspace.bot_user]}
    return _tell(slack, {"type": "tokens_revoked", "tokens": tokens})


def uninstall(slack: Slack) -> Delivery:
    """Remove the app from its workspace."""
    slack.revoke("account_inactive")
    return _tell(slack, {"type": "app_uninstalled"})


def renumber(slack: Slack, old: str, new: str) -> Delivery:
    """Give a channel another id, as when it becomes shared with another company. Slack no longer knows the old id."""
    channel = slack.workspace.channels.pop(old)
    channel.id = new
    slack.workspace.channels[new] = channel
    event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
    return _tell(slack, event, channel)


def rename(slack: Slack, id: str, name: str) -> Delivery:
    """Rename a channel."""
    channel = slack.workspace.channels[id]
    channel.name = name
    kind = "group_rename" if channel.is_private else "channel_rename"
    named = {"id": id, "name": name, "name_normalized": name, "created": 1700000000}
    kinds = {"is_channel": not channel.is_private, "is_mpim": False}
    return _tell(slack, {"type": kind, "channel": named | kinds}, channel)


def share(slack: Slack, id: str, team: str) -> Delivery:
    """Let another company join a channel."""
    channel = slack.workspace.channels[id]
    channel.is_ext_shared = True
    return _tell(slack, {"type": "channel_shared", "connected_team_id": team, "channel": id}, channel)


def remove_app(slack: Slack, id: str) -> Delivery:
    """Remove the app from a channel. Of a private channel, Slack tells `group_left`, else `channel_left`."""
    channel = slack.workspace.channels[id]
    channel.members.discard(slack.workspace.bot_user)
    kind = "group_left" if channel.is_private else "channel_left"
    return _tell(slack, {"type": kind, "channel": id, "actor_id": "U0ADMIN"}, channel)


def remove_member(slack: Slack, id: str, user: str) -> Delivery:
    """Remove someone, the app or a person, from a channel, and tell it as of any member."""
    channel = slack.workspace.channels[id]
    channel.members.discard(user)
    kind = "G" if channel.is_private else "C"
    event: Json = {"type": "member_left_channel", "user": user, "channel": id, "channel_type": kind}
    return _tell(slack, event | {"team": slack.workspace.team}, channel)


def archive(slack: Slack, id: str) -> Delivery:
    """Archive a channel."""
    channel = slack.workspace.channels[id]
    channel.is_archived = True
    kind = "group_archive" if channel.is_private else "channel_archive"
    return _tell(slack, {"type": kind, "channel": id, "user": "U0ADMIN"}, channel)


def delete(slack: Slack, id: str) -> Delivery:
    """Delete a channel."""
    channel = slack.workspace.channels.pop(id)
    kind = "group_deleted" if channel.is_private else "channel_deleted"
    return _tell(slack, {"type": kind, "channel": id}, channel)


def _tell(slack: Slack, event: Json, channel: Channel | None = None) -> Delivery:
    """Deliver the event if the app subscribed to it, and may look at the channel that it is about."""
    event = {**event, "event_ts": slack.workspace.ts()}
    delivery = Delivery("events_api", payloads.envelope(slack.workspace, event, channel))
    allowed = channel is None or f"{KINDS[channel.kind]}:read" in slack.scopes
    if event["type"] not in slack.subscribed or not allowed:
        delivery.over = True
        return delivery
    return slack.post.event(delivery.payload)
