"""Runs time and workers on command: rings every armed timer, and carries out every effect in the lanes."""

from collections.abc import Iterable
from typing import Any

from adapters.storage.store import Store
from bot.timers import ring
from tests.fakes.world import World


async def time_passes(world: World) -> int:
    """Make every timer due and ring it. Return how many rang."""
    await alarms_due(world.store)
    rung = await ring(world.store.alarms, world.app.receive)
    await world.app.outbox.idle()
    return rung


async def settle(world: World, *channels: str) -> None:
    """End the platform's faults and carry out every effect in the lanes of those channels, as a worker does."""
    world.platform.faults.clear()
    for _ in range(50):
        await lanes_due(world.store, channels)
        await world.app.outbox.pick_up()
        await world.app.outbox.idle()
        if not await world.store.backlog.waiting():
            return
    raise AssertionError("something is stuck in a lane")


async def alarms_due(store: Store) -> None:
    """Make every armed timer due."""
    await _all_due(store, [shard.alarms for shard in store.wire.shards])


async def lanes_due(store: Store, channels: Iterable[str]) -> None:
    """Make every lane of those channels due that waits for another attempt. Call this only while no sender works,
    because a lane that a sender holds would be taken twice.
    """
    await _all_due(store, [shard.queues + name for shard in store.wire.shards for name in channels])


async def _all_due(store: Store, queues: list[str]) -> None:
    client: Any = store.wire.client
    for queue in queues:
        for member in await client.zrange(queue, 0, -1):
            await client.zadd(queue, {member: 1}, xx=True)


async def prompt_read(store: Store, conversation: str) -> None:
    """Make the live prompt of a conversation as old as time itself, so that the customer has read it."""
    client: Any = store.wire.client
    record = store.wire.keys.shard(conversation).records + conversation
    assert await client.hexists(record, "sh"), "no prompt was ever shown"
    await client.hset(record, "sh", 1)


async def all_read(store: Store, conversation: str) -> None:
    """Make the last change of a conversation, too, as old as time itself: whatever it asked has been read."""
    await prompt_read(store, conversation)
    client: Any = store.wire.client
    await client.hset(store.wire.keys.shard(conversation).records + conversation, "ch", 1)
