"""The app as Slack is to know it: one table of what is heard, and the manifest that is made of it. Pure.

Slack documents the fields at docs.slack.dev/reference/app-manifest; its limits are those of facts we check in tests.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

Json = dict[str, Any]

COMMAND: Final = "/fix"
TROUBLESHOOT: Final = "troubleshoot"
"""callback_id of the message shortcut: the contact is the message's author."""

SEND: Final = "send"
"""callback_id of the message shortcut of agents: what they noted goes to the customer after all."""

START: Final = "start"
"""callback_id of the global shortcut."""

EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "app_mention": "somebody mentions the app, in a channel it need not be told of otherwise",
        "message.channels": "what is written in public channels: threads go on, errors are offered a guide",
        "message.groups": "the same in private channels, and those shared with customers",
        "message.im": "what is written to the app itself",
        "app_home_opened": "the Home tab is drawn when somebody looks at it",
        "app_uninstalled": "the app is gone from the workspace: say so instead of failing on every call",
        "tokens_revoked": "the token is dead: likewise",
    }
)
"""Every event the app is told of, as the manifest spells it, with what for."""

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "app_mentions:read": "hear who mentions the app",
        "channels:history": "hear the threads of public channels, and find a message again whose answer was lost",
        "chat:write": "answer",
        "commands": f"the command {COMMAND} and the shortcuts",
        "files:read": "take screenshots for the person who helps",
        "groups:history": "as channels:history, in private channels and those shared with customers",
        "im:history": "hear direct messages, and find a message again whose answer was lost",
        "im:write": f"open the direct messages in which {COMMAND} and the shortcuts go on",
        "users:read": "know a person's name, language, time zone and workspace",
    }
)
"""Every scope the bot token needs, with what for."""

OPTIONAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "files:write": "bring the files that customers and agents send each other from elsewhere",
        "reactions:write": "mark what agents write: among agents, delivered, or not",
        "usergroups:read": "know who is in the user groups that SLACK_AGENTS names",
    }
)
"""Scopes without which only what they are for is missing."""

PATH: Final = "/slack/events"
"""Where HTTP mode listens, below PUBLIC_URL; events, clicks and commands come there alike."""


def manifest(*, url: str = "", name: str = "Troubletree") -> Json:
    """The app's manifest: for Socket Mode, or for HTTP where `url`, the PUBLIC_URL, is given."""
    address = url.rstrip("/") + PATH if url else ""
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": name,
            "description": "Walks you through a fix, step by step; a person is one click away",
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
    """Where Slack sends it; nowhere in Socket Mode, where the app fetches it."""
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
                "name": "Send to customer",
                "type": "message",
                "callback_id": SEND,
                "description": "Send what an agent noted here to the customer",
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
