"""Limits how much customers may add to a conversation, and one person to all of theirs, so that neither grows for ever.

No one meets these limits by solving a problem. The page and the API limit network addresses besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.ports import Budgets, Cost
from flows.conversation import Conversation
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


UNCOUNTED: Final = 1000
"""Changes of a conversation before what customers do in it is counted. So few need no look at the budget."""

EVENTS: Final = DailyBudget("events", at_once=2000, a_day=300)
"""What customers do in one conversation after those: reading its journal must stay quick."""

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
    """Says which events are too much, before they are decided."""

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets

    async def exceeded(self, at: Conversation, event: Event) -> bool:
        """Take what an event costs from the budgets. Return whether it does not fit. Raises StoreDown."""
        if not _is_limited(event):
            return False
        costs = _costs(at, event)
        return bool(costs) and (await self._budgets.spend(costs)).seconds > 0


def _is_limited(event: Event) -> bool:
    """Return whether an event is one of customers, and neither a start nor the deletion of a message."""
    if isinstance(event, Edited):
        return bool(event.text) and not event.actor.startswith(DESK)
    return isinstance(event, OF_CONTACTS) and not isinstance(event, Started)


def _costs(at: Conversation, event: Event) -> Mapping[str, tuple[Cost, ...]]:
    """Return what an event costs, by who pays."""
    place = f"conversation/{at.id}"
    if isinstance(event, Escalated):
        return {place: (PERSONS.cost(),)}
    fields = vars(event)
    text = fields.get("text", "") + fields.get("reach", "")
    counted = (EVENTS.cost(),) if at.version >= UNCOUNTED else ()
    if not text:
        return {place: counted} if counted else {}
    size = len(text[:KEPT].encode())
    words = (WORDS.cost(size),)
    costs = {place: (*counted, *words)}
    if not event.actor.startswith(WEB):
        costs[f"person/{event.actor}"] = (WORDS_OF_PERSON.cost(size),)
    return costs
