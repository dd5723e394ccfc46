"""Asks Discord whether a customer can still read a thread, before an agent's reply is posted there."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import discord

from adapters.discord.api.addresses import Place
from adapters.discord.api.client import FAILURES, NO_MEMBER, DiscordClient, code_of
from bot.telemetry import log

NOT_A_MEMBER: Final = f"{NO_MEMBER} Unknown Member"
"""The reason why a reply did not reach a customer who left the server."""

PLACES: Final = frozenset([10003, 10004])
"""Codes of a channel and of a server that do not exist; any other 404 is about the member."""

KNOWN_S: Final = 30.0
"""Seconds for which a customer who was there counts as there."""

REMEMBERED: Final = 1000
"""Threads whose customers this process remembers."""


class Presence:
    """Looks up members, one call for a reply: no privileged intent is needed, and no event of their leaving."""

    def __init__(self, client: DiscordClient, now: Callable[[], float]) -> None:
        """`now` is in seconds since 1970."""
        self._client = client
        self._now = now
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def gone(self, place: Place, user: str) -> bool:
        """Return whether the customer left the server. One who left only the thread is added to it again.

        If Discord does not say, the customer counts as there.
        """
        if not place.guild or not place.thread or not user:
            return False
        if self._now() - self._seen.get((place.thread, user), 0.0) < KNOWN_S:
            return False
        path = "/channels/{channel_id}/thread-members/{user_id}"
        try:
            if not await self._knows(path, channel_id=place.thread, user_id=user):
                if not await self._knows(
                    "/guilds/{guild_id}/members/{user_id}", guild_id=place.guild, user_id=user
                ):
                    return True
                await self._client.ask("PUT", path, channel_id=place.thread, user_id=user)
        except FAILURES as failure:
            log("discord").info("a customer's membership could not be looked up", code=code_of(failure))
            return False
        self._remember(place.thread, user)
        return False

    async def _knows(self, path: str, **parts: str) -> bool:
        """Return whether Discord knows that member. Raises FAILURES, also for a place that is gone."""
        try:
            await self._client.ask("GET", path, **parts)
        except discord.NotFound as failure:
            if code_of(failure) in PLACES:
                raise
            return False
        return True

    def _remember(self, thread: str, user: str) -> None:
        self._seen[thread, user] = self._now()
        self._seen.move_to_end((thread, user))
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
