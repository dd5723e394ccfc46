"""Time and workers on command: everything that is armed rings, everything that waits in a lane is carried out."""

from typing import Any

from bot.timers import ring
from tests.fakes.world import World


async def time_passes(world: World) -> int:
    """Make every timer due, and ring; returns how many rang."""
    await _all_due(world, [shard.alarms for shard in world.store.wire.shards])
    rung = await ring(world.store.alarms, world.app.receive)
    await world.app.outbox.idle()
    return rung


async def settle(world: World, *channels: str) -> None:
    """Carry out what is left in the lanes of those channels, as a worker does; the platform is well again."""
    world.platform.faults.clear()
    for _ in range(50):
        await _all_due(world, [shard.queues + name for shard in world.store.wire.shards for name in channels])
        await world.app.outbox.pick_up()
        await world.app.outbox.idle()
        if not await world.store.backlog.waiting():
            return
    raise AssertionError("something is stuck in a lane")


async def _all_due(world: World, queues: list[str]) -> None:
    client: Any = world.store.wire.client
    for queue in queues:
        for member in await client.zrange(queue, 0, -1):
            await client.zadd(queue, {member: 1}, xx=True)
