"""News of commits: one connection listens for all open screens of a process, and hands versions on in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, Final

from redis.asyncio.client import PubSub
from redis.asyncio.cluster import ClusterPubSub
from redis.exceptions import RedisError

from adapters.storage.keys import is_conversation_id
from adapters.storage.wire import Wire
from bot.ports import StoreDown

POLL_S: Final = 5.0
"""Seconds after which a screen looks for itself, should news have been lost."""

RECONNECT_S: Final = 1.0
"""Seconds between two tries to listen to a server that went away."""


NODE_TURN_S: Final = 0.05
"""Seconds to listen to one node of a cluster before the next has its turn."""

TORN: Final = (RuntimeError, AttributeError)
"""What the client raises when its connection is taken from under it by a look for the cluster's nodes."""


class _Follower:
    """One open screen: the newest version that was heard of, whether that may be old, and a bell."""

    __slots__ = ("bell", "doubt", "newest")

    def __init__(self) -> None:
        self.newest = 0
        self.doubt = False
        self.bell = asyncio.Event()

    def tell(self, version: int) -> None:
        if version > self.newest:
            self.newest = version
            self.bell.set()

    def ask(self) -> None:
        self.doubt = True
        self.bell.set()


class RedisFeed:
    """The port Feed."""

    def __init__(self, wire: Wire, net: float = POLL_S) -> None:
        self._wire = wire
        self._net = net
        self._followers: dict[str, set[_Follower]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._closed = False
        self._shards = {shard.news: shard.tag for shard in wire.shards}

    async def follow(self, conversation_id: str) -> AsyncIterator[int]:
        """Versions as they are committed (and once at the start); may skip, never goes back; slow poll as net.

        Ends when there is no such conversation, or when the store is closed. A server that goes away is waited for.
        """
        if not is_conversation_id(conversation_id) or self._closed:
            return
        me = _Follower()
        self._followers.setdefault(conversation_id, set()).add(me)
        try:
            self._listen()
            me.tell(await self._version(conversation_id))
            shown = 0
            while me.newest and not self._closed:
                if me.newest > shown:
                    shown = me.newest
                    yield shown
                await self._news(conversation_id, me)
        finally:
            self._leave(conversation_id, me)

    async def close(self) -> None:
        """End every screen and stop listening."""
        self._closed = True
        for followers in self._followers.values():
            for follower in followers:
                follower.bell.set()
        while self._listener is not None and not self._listener.done():
            self._listener.cancel()  # again, should a library on the way have swallowed it
            await asyncio.wait([self._listener], timeout=0.1)

    async def _news(self, conversation_id: str, me: _Follower) -> None:
        """Wait for the bell; look at the record after a while without one, and when news may have been missed."""
        try:
            async with asyncio.timeout(self._net):
                await me.bell.wait()
        except TimeoutError:
            me.doubt = True
        me.bell.clear()
        if me.doubt:
            me.doubt = False
            with suppress(StoreDown):
                me.tell(await self._version(conversation_id))

    async def _version(self, conversation_id: str) -> int:
        key = self._wire.keys.shard(conversation_id).records + conversation_id
        return int(await self._wire.ask("HGET", key, "v") or 0)

    def _leave(self, conversation_id: str, me: _Follower) -> None:
        followers = self._followers[conversation_id]
        followers.discard(me)
        if not followers:
            del self._followers[conversation_id]

    def _listen(self) -> None:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._hear(), name="feed")

    async def _hear(self) -> None:
        """Listen until closed; a lost connection is made anew."""
        while not self._closed:
            pubsub = self._wire.client.pubsub()
            async with aclosing(pubsub):
                with suppress(RedisError, OSError, *TORN):
                    await pubsub.ssubscribe(*self._shards)
                    while not self._closed:
                        self._tell(await _next(pubsub))
            await asyncio.sleep(RECONNECT_S)

    def _tell(self, message: dict[str, Any] | None) -> None:
        """Hand news on; where listening has (again) begun, news may have been missed."""
        if message is None:
            return
        if message["type"] == "smessage":
            conversation_id, version = str(message["data"]).split(" ")
            for follower in self._followers.get(conversation_id, ()):
                follower.tell(int(version))
        elif message["type"] == "ssubscribe":
            shard = self._shards[str(message["channel"])]
            for conversation_id, followers in self._followers.items():
                if conversation_id.startswith(shard):
                    for follower in followers:
                        follower.ask()


async def _next(pubsub: PubSub) -> dict[str, Any] | None:
    """The next message; in a cluster, whose nodes are asked in turn, None when there is none just now."""
    if isinstance(pubsub, ClusterPubSub):
        return await pubsub.get_sharded_message(timeout=NODE_TURN_S)
    message: dict[str, Any] | None = await pubsub.get_message(timeout=None)
    return message
