"""What the bot needs of Discord: the permissions and why each, the intents, and the invite link made of them. Pure."""

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

PERMISSIONS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "View Channels": (1 << 10, "see the rooms it helps in, and open threads below them"),
        "Send Messages": (1 << 11, "answer where it is mentioned"),
        "Add Reactions": (1 << 6, "mark what agents write in their room: among them, delivered, or not"),
        "Embed Links": (1 << 14, "show links of a step"),
        "Attach Files": (
            1 << 15,
            "show pictures of a step, and bring what customers and agents send each other",
        ),
        "Read Message History": (
            1 << 16,
            "read what was written while it was away, and find its own messages again",
        ),
        "Manage Threads": (
            1 << 34,
            "put the solved tag on posts of others, and take away a thread nothing came of",
        ),
        "Create Public Threads": (1 << 35, "/fix with where: here"),
        "Create Private Threads": (1 << 36, "/fix opens a thread for the asker alone"),
        "Send Messages in Threads": (1 << 38, "walk through the steps there, and in posts of forums"),
    }
)
"""Permissions by the names Discord's own page gives them: their bit, and what for."""

NEVER: Final = ("Administrator", "Manage Server", "Manage Channels", "Manage Roles", "Mention Everyone")
"""What it must not be given: nothing in it would use them."""

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {"bot": "be a member of the server", "applications.commands": "the command /fix and the menu of messages"}
)

INTENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Message Content": "free text in threads and posts is understood without a mention; in direct messages, "
        "mentions and replies it is anyway",
        "Server Members": "a post whose asker left the server is handed to the helpers at once",
    }
)
"""The privileged intents, each a switch in the developer portal, and what is missing without: both may stay off."""


def permissions() -> int:
    """All of them as one number."""
    return sum(bit for bit, _why in PERMISSIONS.values())


def invite(application: str) -> str:
    """The address at which an admin of a server lets the bot in."""
    asked = {"client_id": application, "scope": " ".join(SCOPES), "permissions": str(permissions())}
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


def application_of(token: str) -> str:
    """The application's id, which the first part of a bot token is made of; '' where it is no token."""
    first = token.strip().removeprefix("Bot ").split(".")[0]
    try:
        found = urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return found if found.isdigit() and 15 <= len(found) <= 22 else ""
