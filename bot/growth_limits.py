"""Limits how much customers may add to a conversation, and one person to all of theirs, so that neither grows for ever.

No one meets these limits by solving a problem. The page and the API limit network addresses besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.ports import Budgets, Conversations, Cost, Outcome, Receive
from flows.effects import Refusal
from flows.events import OF_CONTACTS, Edited, Escalated, Event, Started
from flows.text.kept_text import KEPT

DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True)
class DailyBudget:
    """A budget of so many units at once, of which so many come back each day."""

    name: str
    at_once: int
    a_day: int

    def cost(self, amount: int = 1) -> Cost:
        """Return the cost of so many units."""
        return Cost(
            budget=self.name, amount=amount, per_minute=self.a_day / DAY_MINUTES, at_once=self.at_once
        )


EVENTS: Final = DailyBudget("events", at_once=3000, a_day=300)
"""What customers do in one conversation: reading its journal must stay quick."""

WORDS: Final = DailyBudget("words", at_once=1_000_000, a_day=250_000)
"""Bytes of words that a conversation keeps."""

PERSONS: Final = DailyBudget("persons", at_once=30, a_day=30)
"""Requests for a person in one conversation. The first one opens the ticket (law L7)."""

WORDS_OF_PERSON: Final = DailyBudget("words", at_once=2_000_000, a_day=2_000_000)
"""Bytes of words that one person writes on a chat platform, in all their conversations."""

WEB: Final = "web:"
"""How names of visitors begin: their network addresses are limited instead."""


DESK: Final = "desk:"
"""How names of agents on the web desk begin."""


class GrowthLimits:
    """Implements the port Receive in front of the desk."""

    def __init__(self, receive: Receive, budgets: Budgets, conversations: Conversations) -> None:
        self._receive = receive
        self._budgets = budgets
        self._conversations = conversations

    async def __call__(self, event: Event) -> Outcome | None:
        """Pass the event on, or refuse it as "too_much". Raises what the desk raises."""
        if _is_limited(event):
            wait = await self._budgets.spend(_costs(event))
            if wait.seconds > 0:
                at = await self._conversations.load(event.conversation)
                return None if at is None else Outcome(conversation=at, refusal=Refusal(why="too_much"))
        return await self._receive(event)


def _is_limited(event: Event) -> bool:
    """Return whether an event is one of customers, and neither a start nor the deletion of a message."""
    if isinstance(event, Edited):
        return bool(event.text) and not event.actor.startswith(DESK)
    return isinstance(event, OF_CONTACTS) and not isinstance(event, Started)


def _costs(event: Event) -> Mapping[str, tuple[Cost, ...]]:
    """Return what an event costs, by who pays."""
    place = f"conversation/{event.conversation}"
    if isinstance(event, Escalated):
        return {place: (PERSONS.cost(),)}
    text = getattr(event, "text", "") + getattr(event, "reach", "")
    size = len(text[:KEPT].encode())
    words = (WORDS.cost(size),) if size else ()
    costs = {place: (EVENTS.cost(), *words)}
    if words and not event.actor.startswith(WEB):
        costs[f"person/{event.actor}"] = (WORDS_OF_PERSON.cost(size),)
    return costs
