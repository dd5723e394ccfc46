"""Builds the bot's invite link from the permissions it needs, with a reason for each, and lists its intents. Pure."""

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

PERMISSIONS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "View Channels": (1 << 10, "see the channels it helps in, and open threads in them"),
        "Send Messages": (1 << 11, "answer when mentioned"),
        "Add Reactions": (1 << 6, "mark agents' messages as internal, delivered, or not delivered"),
        "Embed Links": (1 << 14, "show a step's links"),
        "Attach Files": (
            1 << 15,
            "show a step's pictures, and pass on files between customers and agents",
        ),
        "Read Message History": (
            1 << 16,
            "read messages from while it was offline, and find its own messages",
        ),
        "Manage Threads": (
            1 << 34,
            "put the solved tag on posts, and delete a thread that stayed empty",
        ),
        "Create Public Threads": (1 << 35, "open public threads for /fix with where: here"),
        "Create Private Threads": (1 << 36, "open a private thread for /fix, for the customer only"),
        "Send Messages in Threads": (1 << 38, "show steps in threads and forum posts"),
    }
)
"""Permissions by their names on Discord's pages: the bit, and why the bot needs it."""

NEVER: Final = ("Administrator", "Manage Server", "Manage Channels", "Manage Roles", "Mention Everyone")
"""Permissions that the bot never uses and must not have."""

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {"bot": "join the server", "applications.commands": "add the command /fix and the message menu"}
)

INTENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Message Content": "read free text in threads and posts without a mention (direct messages, "
        "mentions and replies work without it)",
        "Server Members": "hand a post to the helpers right away if its author leaves the server",
    }
)
"""The privileged intents, each a switch in the developer portal, and what each adds; both may stay off."""


def permissions() -> int:
    """Return all permissions as one number."""
    return sum(bit for bit, _why in PERMISSIONS.values())


def invite(application: str) -> str:
    """Return the link with which a server's admin adds the bot."""
    query = {"client_id": application, "scope": " ".join(SCOPES), "permissions": str(permissions())}
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def application_of(token: str) -> str:
    """Return the application's id from the first part of a bot token; '' if the text is no token."""
    first = token.strip().removeprefix("Bot ").split(".")[0]
    try:
        decoded = urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return decoded if decoded.isdigit() and 15 <= len(decoded) <= 22 else ""
