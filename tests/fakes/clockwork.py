"""Time and workers on command: everything that is armed rings, everything that waits in a lane is carried out."""

from collections.abc import Iterable
from typing import Any

from adapters.storage.store import Store
from bot.timers import ring
from tests.fakes.world import World


async def time_passes(world: World) -> int:
    """Make every timer due, and ring; returns how many rang."""
    await alarms_due(world.store)
    rung = await ring(world.store.alarms, world.app.receive)
    await world.app.outbox.idle()
    return rung


async def settle(world: World, *channels: str) -> None:
    """Carry out what is left in the lanes of those channels, as a worker does; the platform is well again."""
    world.platform.faults.clear()
    for _ in range(50):
        await lanes_due(world.store, channels)
        await world.app.outbox.pick_up()
        await world.app.outbox.idle()
        if not await world.store.backlog.waiting():
            return
    raise AssertionError("something is stuck in a lane")


async def alarms_due(store: Store) -> None:
    """Every timer that is armed is due."""
    await _all_due(store, [shard.alarms for shard in store.wire.shards])


async def lanes_due(store: Store, channels: Iterable[str]) -> None:
    """Whatever waits in a lane of those channels for another try is due. Only while no lane is being carried out: one
    that somebody holds would be taken twice.
    """
    await _all_due(store, [shard.queues + name for shard in store.wire.shards for name in channels])


async def _all_due(store: Store, queues: list[str]) -> None:
    client: Any = store.wire.client
    for queue in queues:
        for member in await client.zrange(queue, 0, -1):
            await client.zadd(queue, {member: 1}, xx=True)
