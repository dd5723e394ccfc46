"""Holds the states that this process committed a moment ago, so that what they lead to is sent without a read."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from bot.ports import Lease
from flows.conversation import Conversation

FRESH_S: Final = 1.0
"""Seconds for which a committed state counts as current. A send may take longer than that after it read the record."""

MOST: Final = 512
"""Conversations and leases that are remembered at most; each is needed for a moment."""


class FreshStates:
    """Holds states by conversation, and the leases that their commits granted.

    The attempt of such a lease was recorded as begun in the commit itself, so a later commit can no longer cancel it
    (law L6): it may be carried out on the state of that commit, or of a newer one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds."""
        self._clock = clock
        self._states: OrderedDict[str, tuple[float, Conversation]] = OrderedDict()
        self._granted: OrderedDict[str, None] = OrderedDict()

    def note(self, at: Conversation, granted: Iterable[Lease]) -> None:
        """Remember the state that a commit recorded a moment ago, and the leases that it granted."""
        self._states[at.id] = self._clock() + FRESH_S, at
        self._states.move_to_end(at.id)
        self._granted.update((lease.effect.id, None) for lease in granted if lease.attempts <= 1)
        for held in (self._states, self._granted):
            while len(held) > MOST:
                held.popitem(last=False)

    def take(self, lease: Lease) -> Conversation | None:
        """Return the newest state for a lease that a commit granted, once; None if it must be read."""
        if lease.effect.id not in self._granted:
            return None
        del self._granted[lease.effect.id]
        until, at = self._states.get(lease.conversation, (0.0, None))
        return at if self._clock() < until else None
