"""Looks up the names of roles and channels that a message mentions; the names of people come with the message."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from adapters.discord.api.client import FAILURES, DiscordClient
from bot.telemetry import log

WAIT_S: Final = 1.0
"""Seconds that a message waits for all names it mentions."""

NAME_KEPT_S: Final = 3600.0
"""Seconds that a name is cached, or that it could not be read."""

REMEMBERED: Final = 2000
"""Names cached at a time."""

MOST: Final = 20
"""Names looked up for one message."""

_MENTIONED: Final = re.compile(r"<(?:(?P<role>@&)|#)(?P<id>\d{1,20})>")


class MentionNames:
    """Knows the names behind ids. A name that Discord does not give in time is left out."""

    def __init__(self, client: DiscordClient, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._client = client
        self._now = now
        self._cached: dict[str, tuple[float, str]] = {}
        self._log = log("discord")

    async def of(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return the names of the roles and channels that a message and those it forwards mention, by their ids."""
        if (data.get("author") or {}).get("bot"):
            return {}
        guild = str(data.get("guild_id") or "")
        wanted = [*dict.fromkeys(_mentioned(data))][:MOST]
        roles = [identifier for role, identifier in wanted if role and guild]
        channels = [identifier for role, identifier in wanted if not role]
        lookups = [self._channel(identifier) for identifier in channels if not self._known(identifier)]
        lookups += [self._roles(guild)] if not all(map(self._known, roles)) else []
        if lookups:
            try:
                async with asyncio.timeout(WAIT_S):
                    await asyncio.gather(*lookups)
            except (TimeoutError, *FAILURES) as failure:
                self._log.info("a mentioned name could not be read", reason=str(failure)[:200])
        return {each: self._cached[each][1] for each in (*roles, *channels) if each in self._cached}

    def _known(self, identifier: str) -> bool:
        return self._cached.get(identifier, (0.0, ""))[0] > self._now()

    def _keep(self, identifier: str, name: object) -> None:
        while len(self._cached) >= REMEMBERED:
            del self._cached[next(iter(self._cached))]
        self._cached[identifier] = (self._now() + NAME_KEPT_S, str(name or "")[:100])

    async def _channel(self, identifier: str) -> None:
        self._keep(identifier, "")
        answer = await self._client.ask("GET", "/channels/{channel_id}", channel_id=identifier)
        self._keep(identifier, (answer or {}).get("name"))

    async def _roles(self, guild: str) -> None:
        for row in await self._client.ask("GET", "/guilds/{guild_id}/roles", guild_id=guild) or ():
            self._keep(str(row.get("id")), row.get("name"))


def _mentioned(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List the roles and channels that a message mentions: whether it is a role, and the id."""
    forwarded = [
        row.get("message") for row in data.get("message_snapshots") or () if isinstance(row, Mapping)
    ]
    texts = [str(row.get("content") or "") for row in (data, *forwarded) if isinstance(row, Mapping)]
    return [(found["role"] or "", found["id"]) for text in texts for found in _MENTIONED.finditer(text)]
