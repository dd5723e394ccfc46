"""Follows channels whose id changed: everything recorded keeps the first id, and Slack is called with the last one.

A channel gets another id when it becomes shared with another company, or when workspaces are merged.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.ports import Bookmarks, StoreDown

SHELF: Final = "slack/channel-ids"
"""The shelf of marks: the first id of a channel, and its id of today."""


CHANGES: Final = "channel_id_changed"
"""The event that names both ids of a channel."""

FRESH_S: Final = 10.0
"""Seconds until what other processes recorded is read again."""


class ChannelIds:
    """Translates between the first id of a channel and its id of today."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
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
                await self.load()
            except StoreDown:
                return

    async def load(self) -> None:
        """Read what any process recorded. Raises StoreDown."""
        self._fresh_until = self._now() + FRESH_S
        if self._bookmarks is not None:
            self._todays = dict(await self._bookmarks.all(SHELF))
            self._firsts = {today: first for first, today in self._todays.items()}

    async def change(self, old: str, new: str) -> None:
        """Record that a channel has a new id. Raises StoreDown."""
        first = self.first(old)
        if self._bookmarks is not None:
            await self._bookmarks.put(SHELF, first, new)
            await self.load()
        else:
            self._todays[first], self._firsts[new] = new, first

    def today(self, id: str) -> str:
        """Return the id that Slack knows."""
        return self._todays.get(id, id)

    def first(self, id: str) -> str:
        """Return the id under which the channel is recorded."""
        return self._firsts.get(id, id)

    def outgoing(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return a call's arguments with the ids that Slack knows."""
        return {
            name: self.today(value) if name in ("channel", "channel_id") and isinstance(value, str) else value
            for name, value in params.items()
        }

    def incoming(self, payload: Any) -> Any:
        """Return a payload with the ids under which channels are recorded."""
        if not self._firsts or (isinstance(payload, dict) and payload.get("type") == CHANGES):
            return payload
        if isinstance(payload, dict):
            return {name: self.incoming(value) for name, value in payload.items()}
        if isinstance(payload, list):
            return [self.incoming(value) for value in payload]
        return self.first(payload) if isinstance(payload, str) else payload
