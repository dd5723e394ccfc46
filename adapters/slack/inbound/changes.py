"""Reads Slack's events about the app itself and about its channels. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from adapters.slack.api.payload import Json, text, thing
from flows.values import Frozen

LOST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "channel_archive": "archived",
        "channel_deleted": "deleted",
        "channel_left": "removed",
        "group_archive": "archived",
        "group_deleted": "deleted",
        "group_left": "removed",
    }
)
"""Events after which the bot can no longer write in a channel, and why."""


class ChannelRenumbered(Frozen):
    """A channel has another id."""

    old: str
    new: str


class ChannelRenamed(Frozen):
    """A channel has another name."""

    channel: str
    name: str


class ChannelLost(Frozen):
    """The bot can no longer write in a channel: it was archived or deleted, or the bot was removed from it."""

    channel: str
    why: Literal["archived", "deleted", "removed"]


class MemberLeft(Frozen):
    """A person left a channel, or was removed from it, at the time `ts`."""

    channel: str
    user: str
    ts: str


class ChannelShared(Frozen):
    """Another company joined a channel."""

    channel: str


class AccessDoubted(Frozen):
    """The bot's token was revoked, or the app was removed from the workspace."""


Changed = ChannelRenumbered | ChannelRenamed | ChannelShared | ChannelLost | MemberLeft | AccessDoubted


def change(body: Json, bot_user: str) -> Changed | None:
    """Read a change; None for any other event."""
    data = thing(body.get("event"))
    kind, channel = text(data.get("type")), text(data.get("channel"))
    match kind:
        case "channel_id_changed":
            old, new = text(data.get("old_channel_id")), text(data.get("new_channel_id"))
            return ChannelRenumbered(old=old, new=new) if old and new else None
        case "channel_rename" | "group_rename":
            named = thing(data.get("channel"))
            return ChannelRenamed(channel=text(named.get("id")), name=text(named.get("name")))
        case "channel_shared" if channel:
            return ChannelShared(channel=channel)
        case "member_left_channel" if channel and text(data.get("user")) == bot_user:
            return ChannelLost(channel=channel, why="removed")
        case "member_left_channel" if channel and (user := text(data.get("user"))):
            return MemberLeft(channel=channel, user=user, ts=text(data.get("event_ts")))
        case "app_uninstalled":
            return AccessDoubted()
        case "tokens_revoked":
            bots = thing(data.get("tokens")).get("bot")
            return AccessDoubted() if bots else None
        case _ if kind in LOST and channel:
            return ChannelLost.model_validate({"channel": channel, "why": LOST[kind]})
        case _:
            return None
