"""Checks the Discord application before listening: its intents, and why its token is refused.

The flags are those of Discord's reference of the application object, the closing codes those of its gateway.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import discord

from flows.values import Frozen

MessageContent = Literal["auto", "off"]

CODES: Final[Mapping[int, str]] = MappingProxyType(
    {
        4004: "Discord refuses DISCORD_TOKEN; in the developer portal, under Bot, reset the token and copy the new one",
        4010: "DISCORD_SHARD_IDS does not fit DISCORD_SHARD_COUNT; ids must be below the count, starting at 0",
        4011: "the bot is in too many servers for this few shards; leave DISCORD_SHARD_COUNT empty",
        4012: "Discord no longer supports this gateway version; update discord.py",
        4013: "Discord does not know a requested intent; update discord.py",
        4014: "Discord refuses an intent that is off; in the developer portal, under Bot, turn on Message Content, "
        "or set DISCORD_MESSAGE_CONTENT=off",
    }
)
"""Closing codes after which the gateway refuses for good, and what to do about each."""

TOKEN_REFUSED: Final = CODES[4004]


class PreflightRefused(Exception):
    """Raised when Discord refuses for good; the text is one line that says what to do."""


class ApplicationStatus(Frozen):
    """The application's id, and which privileged intents its owner has switched on."""

    application: int
    content: bool = False
    members: bool = False
    endpoint: str = ""
    """The Interactions Endpoint URL, which gets the clicks instead of the gateway if it is set."""


def standing(info: discord.AppInfo) -> ApplicationStatus:
    """Read the application's status from Discord's description."""
    flags = info.flags
    return ApplicationStatus(
        application=info.id,
        content=flags.gateway_message_content or flags.gateway_message_content_limited,
        members=flags.gateway_guild_members or flags.gateway_guild_members_limited,
        endpoint=info.interactions_endpoint_url or "",
    )


def intents(at: ApplicationStatus | None, content: MessageContent = "auto") -> discord.Intents:
    """List the intents to request: those of every bot, and the privileged ones that the owner switched on."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        dm_reactions=True,
        message_content=at is not None and at.content and content == "auto",
        members=at is not None and at.members,
    )


def refused(failure: BaseException) -> PreflightRefused | None:
    """Turn a failure that Discord would repeat into PreflightRefused; None for a failure that may pass."""
    match failure:
        case discord.LoginFailure():
            return PreflightRefused(TOKEN_REFUSED)
        case discord.PrivilegedIntentsRequired():
            return PreflightRefused(CODES[4014])
        case discord.ConnectionClosed() if failure.code in CODES:
            return PreflightRefused(CODES[failure.code])
        case _:
            return None
