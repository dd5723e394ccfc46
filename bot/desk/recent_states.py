"""Remembers the states that this process recorded last, so that most events are decided without reading the store."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from flows.conversation import Conversation

MOST: Final = 4096
"""Conversations that are remembered: some ten megabytes."""

LASTING_S: Final = 15 * 60
"""Seconds for which a state is remembered. Personal data stays no longer in memory than a person pauses at a step."""


class RecentStates:
    """Holds the newest states, each for a while. Another process may have changed a conversation since.

    So a state found here is only a guess: what is decided on it is recorded only if the store has the same version.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds."""
        self._clock = clock
        self._states: OrderedDict[str, tuple[float, Conversation]] = OrderedDict()

    def get(self, conversation_id: str) -> Conversation | None:
        """Return the state that was recorded last; None if none is remembered."""
        found = self._states.get(conversation_id)
        if found is None or found[0] < self._clock():
            return None
        return found[1]

    def put(self, conversation: Conversation) -> None:
        """Remember a state that was recorded a moment ago, and forget those that are too old or too many."""
        now = self._clock()
        self._states[conversation.id] = now + LASTING_S, conversation
        self._states.move_to_end(conversation.id)
        while len(self._states) > MOST or next(iter(self._states.values()))[0] < now:
            self._states.popitem(last=False)

    def forget(self, conversation_id: str) -> None:
        """Forget a state that is out of date."""
        self._states.pop(conversation_id, None)
