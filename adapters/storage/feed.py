"""Tells open screens about commits: one connection per process listens and passes versions on in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, Final

from redis.asyncio.client import PubSub
from redis.asyncio.cluster import ClusterPubSub
from redis.exceptions import RedisClusterException, RedisError

from adapters.storage.keys import is_conversation_id
from adapters.storage.wire import Wire
from bot.ports import StoreDown

POLL_S: Final = 5.0
"""Seconds after which a screen reads the record's version without news, in case news was lost."""

RECONNECT_S: Final = 1.0
"""Seconds between two attempts to listen to a server that is down."""

NODE_TURN_S: Final = 0.05
"""Seconds to listen to one node of a cluster before listening to the next."""

TORN: Final = (RuntimeError, AttributeError)
"""What the client raises when its own refresh of the cluster's nodes closes the connection in use."""


class _Follower:
    """Holds what one open screen waits for: the newest known version, whether to read it again, and a bell."""

    __slots__ = ("bell", "doubt", "newest")

    def __init__(self) -> None:
        self.newest = 0
        self.doubt = False
        self.bell = asyncio.Event()

    def announce(self, version: int) -> None:
        """Wake the screen if the version is newer than the one it knows."""
        if version > self.newest:
            self.newest = version
            self.bell.set()

    def recheck(self) -> None:
        """Wake the screen to read the version from the record."""
        self.doubt = True
        self.bell.set()


class RedisFeed:
    """Implements the port Feed."""

    def __init__(self, wire: Wire, net: float = POLL_S) -> None:
        """`net` is the number of seconds after which a screen without news reads the version itself."""
        self._wire = wire
        self._net = net
        self._followers: dict[str, set[_Follower]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._closed = False
        self._shards = {shard.news: shard.tag for shard in wire.shards}

    async def follow(self, conversation_id: str) -> AsyncIterator[int]:
        """Yield a conversation's versions: the current one first, then each commit's. May skip some, never goes back.

        A slow poll finds commits whose news was lost. Ends if the conversation does not exist, or when the store is
        closed. Waits while the server is down.
        """
        if not is_conversation_id(conversation_id) or self._closed:
            return
        follower = _Follower()
        self._followers.setdefault(conversation_id, set()).add(follower)
        try:
            self._start_listening()
            follower.announce(await self._version(conversation_id))
            shown = 0
            while follower.newest and not self._closed:
                if follower.newest > shown:
                    shown = follower.newest
                    yield shown
                await self._wait_for_news(conversation_id, follower)
        finally:
            self._unfollow(conversation_id, follower)

    async def close(self) -> None:
        """End `follow` for every screen and stop listening."""
        self._closed = True
        for followers in self._followers.values():
            for follower in followers:
                follower.bell.set()
        while self._listener is not None and not self._listener.done():
            self._listener.cancel()  # repeated, because a library may swallow the cancellation
            await asyncio.wait([self._listener], timeout=0.1)

    async def _wait_for_news(self, conversation_id: str, follower: _Follower) -> None:
        """Wait for the bell. Read the record's version after `net` seconds without news, or if news may be missing."""
        try:
            async with asyncio.timeout(self._net):
                await follower.bell.wait()
        except TimeoutError:
            follower.doubt = True
        follower.bell.clear()
        if follower.doubt:
            follower.doubt = False
            with suppress(StoreDown):
                follower.announce(await self._version(conversation_id))

    async def _version(self, conversation_id: str) -> int:
        key = self._wire.keys.shard(conversation_id).records + conversation_id
        version = str(await self._wire.ask("HGET", key, "v") or "")
        return int(version) if version.isdecimal() else 0  # a damaged record has no versions to follow

    def _unfollow(self, conversation_id: str, follower: _Follower) -> None:
        followers = self._followers[conversation_id]
        followers.discard(follower)
        if not followers:
            del self._followers[conversation_id]

    def _start_listening(self) -> None:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen(), name="feed")

    async def _listen(self) -> None:
        """Receive the store's messages until closed. Reconnects after a lost connection."""
        while not self._closed:
            pubsub = self._wire.client.pubsub()
            async with aclosing(pubsub):
                with suppress(RedisError, RedisClusterException, OSError, *TORN):
                    await pubsub.ssubscribe(*self._shards)
                    while not self._closed:
                        with suppress(ValueError, KeyError):  # a message that no commit sent
                            self._pass_on(await _next(pubsub))
            await asyncio.sleep(RECONNECT_S)

    def _pass_on(self, message: dict[str, Any] | None) -> None:
        """Announce a commit to the screens that follow it. After a new subscription, the shard's screens recheck."""
        if message is None:
            return
        if message["type"] == "smessage":
            conversation_id, version = str(message["data"]).split(" ")
            for follower in self._followers.get(conversation_id, ()):
                follower.announce(int(version))
        elif message["type"] == "ssubscribe":
            shard = self._shards[str(message["channel"])]
            for conversation_id, followers in self._followers.items():
                if conversation_id.startswith(shard):
                    for follower in followers:
                        follower.recheck()


async def _next(pubsub: PubSub) -> dict[str, Any] | None:
    """Return the next message. In a cluster, the nodes are asked in turn: None if this node has no message."""
    if isinstance(pubsub, ClusterPubSub):
        return await pubsub.get_sharded_message(timeout=NODE_TURN_S)
    message: dict[str, Any] | None = await pubsub.get_message(timeout=None)
    return message
