"""Limits what one person may start on a chat platform in an hour, in all processes together."""

from collections.abc import Mapping
from typing import Final

from bot.ports import Allowances, Costly, TooMany
from flows.hours import MINUTE, duration
from flows.text.phrases import PHRASES

WINDOW_S: Final = 3600
"""Seconds in which acts are counted."""

MOST: Final[Mapping[Costly, int]] = {"guide": 20, "thread": 10, "pulled": 10}
"""Acts of each kind that one person may do in the window."""

ANSWERS: Final[Mapping[Costly, str]] = {
    "guide": "too_many_guides",
    "thread": "too_many_threads",
    "pulled": "too_many_pulled",
}
"""The phrases that answer one act too many."""


class HourlyLimits:
    """Implements the port PersonLimits."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances

    async def check(self, actor: str, what: Costly, key: str) -> None:
        """Count the act, once, or raise TooMany, which says when the person may do it again."""
        seconds = await self._allowances.wait_for(f"{what}/{actor}", key, MOST[what], WINDOW_S)
        if seconds > 0:
            raise TooMany(PHRASES.say(ANSWERS[what], wait=duration(_rounded_up(int(seconds * 1000)))))


def _rounded_up(ms: int) -> int:
    """Return whole minutes, or whole seconds within the last minute: who comes back then is not refused again."""
    unit = MINUTE if ms > MINUTE else 1000
    return -(-ms // unit) * unit
