"""Follows channels whose id changed: everything recorded keeps the first id, and Slack is called with the last one.

A channel gets another id when it becomes shared with another company, or when workspaces are merged.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bot.ports import Bookmarks, StoreDown

SHELF: Final = "slack/channel-ids"
"""The shelf of marks: the first id of a channel, and its id of today."""


CHANGES: Final = "channel_id_changed"
"""The event that names both ids of a channel."""

FRESH_S: Final = 10.0
"""Seconds until what other processes recorded is read again."""


READ_TIMEOUT_S: Final = 0.5
"""Seconds that a request waits for that."""


class ChannelIds:
    """Translates between the first id of a channel and its id of today."""

    version: int
    """Grows with each change that this process learns of."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.version = 0
        self._now = now
        self._fresh_until = 0.0
        self._bookmarks: Bookmarks | None = None
        self._todays: dict[str, str] = {}
        self._firsts: dict[str, str] = {}

    def attach(self, bookmarks: Bookmarks) -> None:
        """Keep changes in a store, where every process finds them."""
        self._bookmarks = bookmarks

    async def refresh(self) -> None:
        """Read what any process recorded, unless it was read a moment ago; what is known stays if the store is down."""
        if self._now() >= self._fresh_until:
            try:
                async with asyncio.timeout(READ_TIMEOUT_S):
                    await self.load()
            except (StoreDown, TimeoutError):
                return

    async def load(self) -> None:
        """Read what any process recorded. Raises StoreDown."""
        self._fresh_until = self._now() + FRESH_S
        if self._bookmarks is not None:
            self._learn(dict(await self._bookmarks.all(SHELF)))

    async def change(self, old: str, new: str) -> None:
        """Record that a channel has a new id. Raises StoreDown."""
        first = self.first(old)
        if self._bookmarks is not None:
            await self._bookmarks.put(SHELF, first, new)
            await self.load()
        else:
            self._learn({**self._todays, first: new})

    def _learn(self, todays: dict[str, str]) -> None:
        if todays != self._todays:
            self._todays, self._firsts = todays, {today: first for first, today in todays.items()}
            self.version += 1

    def today(self, id: str) -> str:
        """Return the id that Slack knows."""
        return self._todays.get(id, id)

    def first(self, id: str) -> str:
        """Return the id under which the channel is recorded."""
        return self._firsts.get(id, id)

    def firsts(self, named: Iterable[str]) -> frozenset[str]:
        """Return the ids of a setting as channels are recorded: an operator may name any of a channel's ids."""
        return frozenset(map(self.first, named))

    def outgoing(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return a call's arguments with the ids that Slack knows, in links, too."""
        if not self._todays:
            return dict(params)
        return {
            name: self.today(value)
            if name in ("channel", "channel_id") and isinstance(value, str)
            else self._relinked(value)
            for name, value in params.items()
        }

    def _relinked(self, value: Any) -> Any:
        """Return a part of a message with its links to channels renewed."""
        if isinstance(value, dict):
            return {name: self._relinked(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._relinked(each) for each in value]
        if isinstance(value, str) and "/archives/" in value:
            for first, today in self._todays.items():
                value = value.replace(f"/archives/{first}", f"/archives/{today}")
                value = value.replace(f"&cid={first}", f"&cid={today}")
        return value

    def incoming(self, payload: Any) -> Any:
        """Return a payload with the ids under which channels are recorded."""
        if not self._firsts or (isinstance(payload, dict) and payload.get("type") == CHANGES):
            return payload
        if isinstance(payload, dict):
            return {self.first(name): self.incoming(value) for name, value in payload.items()}
        if isinstance(payload, list):
            return [self.incoming(value) for value in payload]
        return self.first(payload) if isinstance(payload, str) else payload
