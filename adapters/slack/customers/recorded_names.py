"""Matches people with the names under which earlier events recorded them, on Enterprise Grid."""

import asyncio
from dataclasses import replace

from adapters.slack.api.identity import People
from adapters.slack.ports import Ports
from bot.ports import Outcome
from flows.conversation import Conversation
from flows.events import Event, Shared
from flows.views.screen import Screen


def with_one_name_each(ports: Ports, people: People) -> Ports:
    """Return ports that show everyone by their one name, and hand events to the desk with the recorded one."""
    names = RecordedNames(ports, people)
    return replace(ports, receive=names.receive, look=names.look, finder=names)


class RecordedNames:
    """Translates between the name of a person and the name that a conversation has recorded."""

    def __init__(self, ports: Ports, people: People) -> None:
        self._ports = ports
        self._people = people

    async def receive(self, event: Event) -> Outcome | None:
        """Hand an event to the desk, with its actor as the conversation knows them."""
        if isinstance(event, Shared):
            event = event.model_copy(update={"to": await self._people.of_actor(event.to)})
        outcome = await self._ports.receive(await self._recorded(event))
        if outcome is None:
            return None
        return outcome.model_copy(update={"conversation": await self._shown(outcome.conversation)})

    async def look(self, conversation_id: str) -> Screen | None:
        """Read the screen, with its people by their one name."""
        screen = await self._ports.look(conversation_id)
        return None if screen is None else await self._screen(screen)

    async def at(self, door: str) -> Conversation | None:
        """Return the newest conversation born at that door."""
        found = await self._ports.finder.at(door)
        return None if found is None else await self._shown(found)

    async def of(self, contact: str) -> tuple[Conversation, ...]:
        """Return a person's own conversations, whatever name they have in them, newest first."""
        names = await self._people.all_names(contact)
        lists = await asyncio.gather(*(self._ports.finder.of(name) for name in names))
        found = [at for each in lists for at in each]
        shown = [await self._shown(at) for at in found]
        return tuple(shown) if len(names) == 1 else tuple(sorted(shown, key=_began, reverse=True))

    async def mine(self, contact: str) -> tuple[Screen, ...]:
        """Return the screens of a person's own conversations, whatever name they have in them."""
        names = await self._people.all_names(contact)
        lists = await asyncio.gather(*(self._ports.finder.mine(name) for name in names))
        return tuple([await self._screen(screen) for each in lists for screen in each])

    async def asked(self, conversation: Conversation) -> str:
        """Return the receipt of the message that shows the live prompt."""
        return await self._ports.finder.asked(conversation)

    async def opened(self, conversation: Conversation) -> str:
        """Return the receipt of the first message of the agents' thread."""
        return await self._ports.finder.opened(conversation)

    async def _recorded(self, event: Event) -> Event:
        """Return the event with the name that its conversation knows, if it knows the actor under another."""
        names = await self._people.all_names(event.actor) if event.conversation else ()
        if len(names) < 2:
            return event
        screen = await self._ports.look(event.conversation)
        if screen is None or screen.conversation.may_answer(event.actor):
            return event
        known = next((name for name in names if screen.conversation.may_answer(name)), event.actor)
        return event.model_copy(update={"actor": known})

    async def _screen(self, screen: Screen) -> Screen:
        shown = await self._shown(screen.conversation)
        return screen if shown is screen.conversation else screen.model_copy(update={"conversation": shown})

    async def _shown(self, at: Conversation) -> Conversation:
        """Return the conversation with its people by their one name."""
        contact, *others = [await self._people.of_actor(actor) for actor in (at.contact, *at.may_press)]
        if (contact, *others) == (at.contact, *at.may_press):
            return at
        return at.model_copy(update={"contact": contact, "may_press": tuple(others)})


def _began(at: Conversation) -> int:
    return at.began_at
