"""Remembers the names of agents who have acted, so that a note can mention them wherever it is typed."""

from typing import Final

from bot.ports import Bookmarks
from flows.acts import Act, Noted
from flows.events import Event
from flows.text.agent_mentions import mentioned

SHELF: Final = "agents"
"""The shelf of agents' names, by actor."""


class Roster:
    """Knows agents by name, for every process."""

    def __init__(self, bookmarks: Bookmarks) -> None:
        self._bookmarks = bookmarks
        self._met: set[tuple[str, str]] = set()

    async def met(self, event: Event) -> Event:
        """Remember the agent who acts, and return the event, a note with the agents whom it names. Raises StoreDown.

        A platform notifies those whom a note mentions there itself, so agents of the author's platform are left out.
        """
        if not isinstance(event, Act) or not event.actor:
            return event
        if event.name and (event.actor, event.name) not in self._met:
            await self._bookmarks.put(SHELF, event.actor, event.name)
            self._met.add((event.actor, event.name))
        if not isinstance(event, Noted) or "@" not in event.text:
            return event
        names = await self._bookmarks.all(SHELF)
        own = "" if event.aside else f"{event.actor.partition(':')[0]}:"
        others = {actor: name for actor, name in names.items() if not (own and actor.startswith(own))}
        found = mentioned(event.text, others)
        return event.model_copy(update={"mentions": found}) if found else event
