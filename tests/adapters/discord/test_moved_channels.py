"""Tests which channels of a guild are read after an absence."""

import asyncio
from typing import Any

from adapters.discord.api.gateway import GatewayClient
from adapters.discord.api.gateway_queue import GatewayQueue, Json, Kind
from adapters.discord.catchup.guilds import BEHIND_MS, READ_AT_MOST, SHELF, Guilds, Moved, moved
from adapters.discord.catchup.messages import Follower
from tests.adapters.discord.support.recording_handler import Ear, nothing_received, nothing_seen
from tests.fakes.world import store_in_memory

EPOCH_S = 1_420_070_400
"""Discord's ids count milliseconds from here."""


def channel(number: int, last: int | None, kind: int = 0, parent: int | None = None) -> dict[str, Any]:
    """Return a channel as a guild's event lists it."""
    ids = {"id": str(number), "last_message_id": None if last is None else str(last)}
    return {**ids, "type": kind, "parent_id": None if parent is None else str(parent)}


def test_posts_with_newer_messages_are_read_first_then_other_channels() -> None:
    channels = [channel(1, 90), channel(2, 100), channel(3, 120, 5), channel(4, 130, 15), channel(5, None)]
    threads = [
        channel(6, 110, 11, 4),
        channel(7, 140, 12, 2),
        channel(8, 150, 11, 9),
        channel(10, 160, 11, 2),
        channel(105, None, 11, 4),
    ]
    guild = {"channels": channels, "threads": threads}
    found = moved(guild, 100, {"4"}, {"9", "10"})
    posts = [Moved(room="105", post=True), Moved(room="6", post=True)]
    assert found == [*posts, Moved(room="3"), Moved(room="7")]
    assert moved({"channels": None, "threads": [{}, 5]}, 0, (), ()) == []


def test_in_a_large_guild_only_the_channels_with_the_newest_messages_are_read() -> None:
    guild = {"channels": [channel(number, 1000 + number) for number in range(1, 80)]}
    found = moved({**guild, "threads": [channel(90, 1001, 11, 99)]}, 1000, {"99"}, ())
    newest = [str(number) for number in range(80 - READ_AT_MOST, 80)]
    assert [each.room for each in found] == ["90", *newest]


async def test_a_read_position_stays_before_a_message_in_progress_and_then_moves_past_all() -> None:
    store, gate = store_in_memory(), asyncio.Event()
    guilds = Guilds(store.bookmarks, (), (), now=lambda: EPOCH_S + BEHIND_MS / 1000)

    async def hear(kind: Kind, data: Json) -> None:
        assert kind == "message"
        if data["id"] == "5000":
            await gate.wait()

    queue = GatewayQueue(hear, guilds.heard)
    await guilds.catch_up(GatewayClient(queue, store.marks), {"id": "1"}, ())
    slow, quick = (
        queue.hear("message", {"id": message, "channel_id": room, "guild_id": "1"})
        for message, room in (("5000", "7"), ("6000", "8"))
    )
    assert slow
    assert quick
    await quick
    assert await store.bookmarks.all(SHELF) == {"1": "4999"}
    gate.set()
    await slow
    assert await store.bookmarks.all(SHELF) == {"1": "6000"}
    await store.close()


async def test_a_guild_that_is_unavailable_keeps_its_read_position_until_it_is_back() -> None:
    store = store_in_memory()
    guilds = Guilds(store.bookmarks, forums=(), rooms=())
    follower = Follower(nothing_received, nothing_seen, store.bookmarks, guilds=guilds)
    client = GatewayClient(GatewayQueue(Ear()), store.marks)
    await follower.read_guild(client, {"id": "1", "unavailable": True})
    assert await store.bookmarks.all(SHELF) == {}
    await asyncio.gather(
        *(follower.read_guild(client, {"id": "1", "channels": [], "threads": []}) for _twice in range(2))
    )
    assert set(await store.bookmarks.all(SHELF)) == {"1"}
    await store.close()
