"""What Discord says of the application before anything is heard: what it may be told, and why a token will not do.

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
        4004: "DISCORD_TOKEN is refused by Discord: reset it under Bot in the developer portal and copy the new one",
        4010: "DISCORD_SHARD_IDS and DISCORD_SHARD_COUNT do not fit: ids run from 0 to the count, less one",
        4011: "the bot is in so many servers that it must be sharded: leave DISCORD_SHARD_COUNT empty",
        4012: "Discord no longer speaks this version of its gateway: a newer discord.py is needed",
        4013: "Discord does not know what it was asked for: a newer discord.py is needed",
        4014: "Discord refuses an intent that is switched off: switch Message Content on under Bot in the developer "
        "portal, or set DISCORD_MESSAGE_CONTENT to off",
    }
)
"""What the gateway closes with for good, and what to do about it."""

TOKEN_REFUSED: Final = CODES[4004]


class Refused(Exception):
    """Discord says no, and will say it again; the text is one line that names the setting and what to do."""


class Standing(Frozen):
    """What the application is, and which privileged intents its owner has switched on."""

    application: int
    content: bool = False
    members: bool = False
    endpoint: str = ""
    """The address that gets the clicks in place of the gateway, where one is set."""


def standing(info: discord.AppInfo) -> Standing:
    """The part of it that matters here."""
    flags = info.flags
    return Standing(
        application=info.id,
        content=flags.gateway_message_content or flags.gateway_message_content_limited,
        members=flags.gateway_guild_members or flags.gateway_guild_members_limited,
        endpoint=info.interactions_endpoint_url or "",
    )


def intents(at: Standing | None, content: MessageContent = "auto") -> discord.Intents:
    """What is asked for: what every bot gets, and of the privileged ones only what the owner switched on."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        message_content=at is not None and at.content and content == "auto",
        members=at is not None and at.members,
    )


def refused(failure: BaseException) -> Refused | None:
    """Whether Discord will say so again, and then why; None for what may pass."""
    match failure:
        case discord.LoginFailure():
            return Refused(TOKEN_REFUSED)
        case discord.PrivilegedIntentsRequired():
            return Refused(CODES[4014])
        case discord.ConnectionClosed() if failure.code in CODES:
            return Refused(CODES[failure.code])
        case _:
            return None
