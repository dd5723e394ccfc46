"""Stores timers in Redis: one sorted set per shard. A member names the timer's kind, its guards and its commit."""

from adapters.storage.keys import Shard, is_conversation_id
from adapters.storage.records.damage import Damage, intact
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.records.record import PROMISES, STATUSES
from adapters.storage.wire import ScriptCall, Wire, script
from flows.events import TimerRang


class RedisAlarms:
    """Implements the port Alarms."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._quarantine = RedisQuarantine(wire)

    async def due(self, lease: int, limit: int) -> tuple[TimerRang, ...]:
        """Return timers that rang, each hidden from other callers for `lease` ms. An event's key names its timer."""
        keys = self._wire.keys
        looks = [ScriptCall(script("due"), [shard.alarms], [limit]) for shard in keys.shards]
        rang: list[tuple[float, str]] = []
        for shard, found in zip(keys.shards, await self._wire.run_all(looks), strict=True):
            for timer, score in zip(found[1::3], found[2::3], strict=True):
                if await self._read(shard, timer) is not None:
                    rang.append((float(score), timer))
        oldest = [timer for _, timer in sorted(rang)[:limit]]
        hides = [ScriptCall(script("hide"), [keys.shard(timer).alarms], [timer, lease]) for timer in oldest]
        hidden = await self._wire.run_all(hides)
        return tuple(_timer_event(timer) for timer, mine in zip(oldest, hidden, strict=True) if mine)

    async def _read(self, shard: Shard, timer: str) -> TimerRang | None:
        """Return a timer's event. A timer that cannot be read is set aside, and None is returned."""
        try:
            event = _timer_event(intact(timer))
            if self._wire.keys.shard(event.conversation) is not shard:
                raise Damage("it belongs to another shard")
        except (ValueError, KeyError, Damage) as why:
            await self._quarantine.member(shard.alarms, "timer", timer, why)
            return None
        return event

    async def dismiss(self, rang: TimerRang) -> None:
        """Delete a timer that was handled, or whose guarded turn or status has passed."""
        await self._wire.ask(
            "ZREM", self._wire.keys.shard(rang.conversation).alarms, rang.key.removeprefix(PREFIX)
        )


PREFIX = "timer "


def _timer_event(timer: str) -> TimerRang:
    """Return the event of a timer, whose name is `ID KIND.TURN.LETTER.VERSION`. Raises ValueError, KeyError, Damage."""
    conversation, name = timer.split(" ", 1)
    if not is_conversation_id(conversation):
        raise Damage("it begins with no id of a conversation")
    kind, turn, letter, version = name.rsplit(".", 3)
    if not (kind and version.isdecimal()):
        raise Damage("it lacks its kind or version")
    return TimerRang(
        key=PREFIX + timer,
        actor="timer",
        conversation=conversation,
        kind=PROMISES.get(kind, kind),
        turn=int(turn),
        status=STATUSES[letter].value,
    )
