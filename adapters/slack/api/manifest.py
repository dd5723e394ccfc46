"""Builds the Slack app's manifest from one table of events and scopes. Pure.

Slack documents the fields at docs.slack.dev/reference/app-manifest; our tests check its limits.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

Json = dict[str, Any]

COMMAND: Final = "/fix"
TROUBLESHOOT: Final = "troubleshoot"
"""callback_id of the message shortcut for helping a message's author; the author becomes the contact."""

SEND: Final = "send"
"""callback_id of the agents' message shortcut that sends an internal note to the customer after all."""

OPEN_TICKET: Final = "open_ticket"
"""callback_id of the agents' message shortcut that opens a ticket for a message's author."""

START: Final = "start"
"""callback_id of the global shortcut."""

EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "app_mention": "answer when someone mentions the app",
        "message.channels": "read public channels: continue threads, and offer a guide for an error",
        "message.groups": "the same in private channels, and in channels shared with customers",
        "message.im": "read direct messages to the app",
        "message.mpim": "read group direct messages that the app is in",
        "reaction_added": "ask whether a reaction to a step means an answer",
        "reaction_removed": "take that question back with the reaction",
        "app_home_opened": "draw the Home tab when someone opens it",
        "app_uninstalled": "hold back messages, and say why, from the moment the app is removed",
        "tokens_revoked": "the same for a revoked token",
        "channel_id_changed": "continue in a channel whose id changed",
        "channel_rename": "name channels as they are called in what operators read",
        "group_rename": "the same for private channels",
        "channel_shared": "warn operators if another company joins the agents' channel",
        "channel_left": "tell agents and operators when the app is removed from a channel",
        "group_left": "the same for private channels",
        "member_left_channel": "the same, and tell agents that a customer left a channel",
        "channel_archive": "the same when a channel is archived",
        "group_archive": "the same for private channels",
        "channel_deleted": "the same when a channel is deleted",
        "group_deleted": "the same for private channels",
    }
)
"""Every event that the app subscribes to, as the manifest spells it, and why."""

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "app_mentions:read": "see who mentions the app",
        "channels:history": "read threads in public channels, and find a sent message if Slack's response was lost",
        "chat:write": "answer",
        "commands": f"the command {COMMAND} and the shortcuts",
        "files:read": "pass screenshots on to agents",
        "groups:history": "the same as channels:history, in private channels and in channels shared with customers",
        "im:history": "read direct messages, and find a sent message if Slack's response was lost",
        "im:write": f"open the direct messages in which {COMMAND} and the shortcuts continue",
        "users:read": "look up a person's name, language, time zone and workspace",
    }
)
"""Every scope that the bot token needs, and why."""

OPTIONAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "channels:read": "check the agents' public channels, and follow channels that change or disappear",
        "groups:read": "the same for private channels",
        "files:write": "pass on files between customers and agents on other channels",
        "mpim:history": "help in group direct messages",
        "reactions:read": "hear ✅, 👍 and ❌ on a step, and ask whether they mean an answer",
        "reactions:write": "mark agents' messages as internal, delivered, or not delivered",
        "usergroups:read": "look up who is in the user groups of SLACK_AGENTS",
    }
)
"""The optional scopes, and which feature needs each."""

PATH: Final = "/slack/events"
"""The path below PUBLIC_URL that receives events, clicks and commands in HTTP mode."""


def manifest(*, url: str = "", name: str = "Troubletree") -> Json:
    """Build the app's manifest: for HTTP if `url`, the PUBLIC_URL, is given, else for Socket Mode."""
    address = url.rstrip("/") + PATH if url else ""
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": name,
            "description": "Walks you through a fix, step by step. A person is one click away.",
            "background_color": "#1d3557",
        },
        "features": _features(name, address),
        "oauth_config": {"scopes": {"bot": sorted(SCOPES), "bot_optional": sorted(OPTIONAL)}},
        "settings": {
            "event_subscriptions": _at(address) | {"bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True} | _at(address),
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def _at(address: str, field: str = "request_url") -> Json:
    """Set the URL that Slack sends requests to, in HTTP mode only; in Socket Mode the app opens the connection."""
    return {field: address} if address else {}


def _features(name: str, address: str) -> Json:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": name, "always_online": True},
        "shortcuts": [
            {
                "name": "Start",
                "type": "global",
                "callback_id": START,
                "description": "Walk through a fix, step by step",
            },
            {
                "name": "Troubleshoot this",
                "type": "message",
                "callback_id": TROUBLESHOOT,
                "description": "Help the author of this message, in its thread",
            },
            {
                "name": "Send to the customer",
                "type": "message",
                "callback_id": SEND,
                "description": "Send this internal note to the customer",
            },
            {
                "name": "Open ticket",
                "type": "message",
                "callback_id": OPEN_TICKET,
                "description": "For agents: open a ticket for this message's author",
            },
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                "description": "Walk through a fix, step by step",
                "usage_hint": "[what is wrong]",
                "should_escape": True,
            }
            | _at(address, "url")
        ],
    }
