"""Counts in Redis what one person did in a window of time: one sorted set per person, with each act once."""

from adapters.storage.wire import ScriptCall, Wire, script


class RedisAllowances:
    """Implements the port Allowances."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def wait_for(self, who: str, key: str, most: int, seconds: int) -> float:
        """Count the act, unless it is one too many. Return the seconds until the next act counts, or 0.0."""
        call = ScriptCall(script("allowance"), [self._wire.keys.allowance(who)], [key, most, seconds * 1000])
        return int(await self._wire.run(call)) / 1000
