"""Asks Discord whether the bot can use the channels that the settings name, and who else can see the agents'."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import discord

from adapters.discord.api.client import FAILURES, DiscordClient
from bot.ports import PlatformCheck

Json = Mapping[str, Any]
Kind = Literal["room", "forum"]

TYPES: Final[Mapping[Kind, tuple[int, ...]]] = {"room": (0, 5), "forum": (15, 16)}
"""Types of channels: text and announcements, forums and media channels."""

NEEDED: Final[Mapping[Kind, tuple[str, ...]]] = {
    "room": (
        "view_channel",
        "send_messages",
        "create_public_threads",
        "send_messages_in_threads",
        "read_message_history",
    ),
    "forum": ("view_channel", "send_messages_in_threads", "read_message_history"),
}
"""Permissions that the bot needs there, by the library's names."""

REFUSED: Final = (
    "DISCORD_TOKEN is refused; in the developer portal, under Bot, reset the token, put the new one into .env and "
    "restart"
)

KEPT_S: Final = 60.0
"""Seconds that a good answer is cached."""

TIMEOUT_S: Final = 5.0
"""Seconds that Discord gets to answer about one channel."""


class Rooms:
    """Checks agents' channels and forums."""

    def __init__(self, client: DiscordClient, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._now = now
        self._kept: dict[tuple[str, Kind], tuple[float, PlatformCheck]] = {}

    async def checks(self, rooms: Iterable[str], forums: Iterable[str]) -> Sequence[PlatformCheck]:
        """Check the token, then the agents' channels and the forums. Raises nothing."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                bot = str((await self._client.ask("GET", "/users/@me"))["id"])
        except FAILURES as failure:
            if isinstance(failure, discord.LoginFailure) or getattr(failure, "status", 0) == 401:
                return (PlatformCheck(what="token", problem=REFUSED),)
            return (PlatformCheck(what="token", unchecked="Discord does not answer"),)
        named: list[tuple[str, Kind]] = [(each, "room") for each in sorted(rooms)]
        named += [(each, "forum") for each in sorted(forums)]
        checks = await asyncio.gather(*(self._recent(room, kind, bot) for room, kind in named))
        return (PlatformCheck(what="token"), *checks)

    async def _recent(self, room: str, kind: Kind, bot: str) -> PlatformCheck:
        """Return the last good answer if it is recent, else ask: an operator who mends a problem wants to see that."""
        until, check = self._kept.get((room, kind), (0.0, PlatformCheck(what=room)))
        if until <= self._now():
            check = await self._check(room, kind, bot)
            if not (check.problem or check.unchecked):
                self._kept[room, kind] = (self._now() + KEPT_S, check)
        return check

    async def _check(self, room: str, kind: Kind, bot: str) -> PlatformCheck:
        what = f"channel {room}"
        try:
            async with asyncio.timeout(TIMEOUT_S):
                channel = await self._client.ask("GET", "/channels/{room}", room=room)
                guild = str(channel.get("guild_id") or "")
                roles = await self._client.ask("GET", "/guilds/{guild}/roles", guild=guild)
                member = await self._client.ask("GET", "/guilds/{guild}/members/{bot}", guild=guild, bot=bot)
        except discord.NotFound:
            return PlatformCheck(what=what, problem="does not exist; check the id in the settings")
        except discord.Forbidden:
            problem = "cannot be seen by the bot; give its role the permission View Channel there"
            return PlatformCheck(what=what, problem=problem)
        except FAILURES:
            return PlatformCheck(what=what, unchecked="Discord does not answer")
        own = {guild, *map(str, member.get("roles") or ())}
        problem = _problem(channel, kind, allowed(channel, roles, own, bot))
        advice = ""
        public = discord.Permissions(allowed(channel, roles, {guild}, "")).view_channel
        if kind == "room" and public and not problem:
            advice = (
                "can be seen by everyone on the server, and tickets with it; if customers are there, take View "
                "Channel from @everyone in that channel"
            )
        name = str(channel.get("name") or "")
        return PlatformCheck(what=f"channel #{name} ({room})", problem=problem, advice=advice)


def _problem(channel: Json, kind: Kind, may: int) -> str:
    if channel.get("type") not in TYPES[kind]:
        wanted = "a text channel" if kind == "room" else "a forum"
        return f"is not {wanted}; name another channel in the settings"
    granted = discord.Permissions(may)
    lacking = [name for name in NEEDED[kind] if not getattr(granted, name)]
    names = ", ".join(name.replace("_", " ").title() for name in lacking)
    return f"lacks permissions for the bot ({names}); give them to its role there" if lacking else ""


def allowed(channel: Json, roles: Sequence[Json], own: Iterable[str], user: str) -> int:
    """Compute the permissions in a channel of a member with these roles (the server's id is the role @everyone)."""
    own = set(own)
    may = 0
    for role in roles:
        may |= int(role["permissions"]) if str(role["id"]) in own else 0
    everything = discord.Permissions.all().value
    if may & discord.Permissions.administrator.flag:
        return everything
    guild = str(channel.get("guild_id") or "")
    overwrites = {str(each["id"]): each for each in channel.get("permission_overwrites") or ()}
    for layer in ({guild}, own - {guild}, {user}):
        found = [overwrites[whose] for whose in layer if whose in overwrites]
        for each in found:
            may &= ~int(each["deny"])
        for each in found:
            may |= int(each["allow"])
    return may
