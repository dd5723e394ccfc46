"""Stores timers in Redis: one sorted set per shard. A member names the timer's kind, its guards and its commit."""

from adapters.storage.records.record import PROMISES, STATUSES
from adapters.storage.wire import ScriptCall, Wire, script
from flows.events import TimerRang


class RedisAlarms:
    """Implements the port Alarms."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def due(self, lease: int, limit: int) -> tuple[TimerRang, ...]:
        """Return timers that rang, each hidden from other callers for `lease` ms. An event's key names its timer."""
        keys = self._wire.keys
        looks = [ScriptCall(script("due"), [shard.alarms], [limit]) for shard in keys.shards]
        rang: list[tuple[float, str]] = []
        for found in await self._wire.run_all(looks):
            rang += [(float(score), timer) for timer, score in zip(found[1::3], found[2::3], strict=True)]
        oldest = [timer for _, timer in sorted(rang)[:limit]]
        hides = [ScriptCall(script("hide"), [keys.shard(timer).alarms], [timer, lease]) for timer in oldest]
        hidden = await self._wire.run_all(hides)
        return tuple(_timer_event(timer) for timer, mine in zip(oldest, hidden, strict=True) if mine)

    async def dismiss(self, rang: TimerRang) -> None:
        """Delete a timer that was handled, or whose guarded turn or status has passed."""
        await self._wire.ask(
            "ZREM", self._wire.keys.shard(rang.conversation).alarms, rang.key.removeprefix(PREFIX)
        )


PREFIX = "timer "


def _timer_event(timer: str) -> TimerRang:
    """Return the event of a timer, whose name is `ID KIND.TURN.LETTER.VERSION`."""
    conversation, name = timer.split(" ", 1)
    kind, turn, letter, _ = name.rsplit(".", 3)
    return TimerRang(
        key=PREFIX + timer,
        actor="timer",
        conversation=conversation,
        kind=PROMISES.get(kind, kind),
        turn=int(turn),
        status=STATUSES[letter].value,
    )
