"""The finder: from a place, or from a person, to the conversations that are theirs."""

import asyncio
from typing import Final

from bot.ports import Conversations, Look, Outbox, Places, RevisionUnreadable, Unsure
from flows.conversation import Conversation
from flows.views.screen import Screen

SHOWN: Final = 15
"""A person's own conversations that are looked at; each costs three reads to draw."""


class Finder:
    """The port Finder, over indexes that may be behind: whatever they name is loaded before it is believed."""

    def __init__(self, places: Places, conversations: Conversations, outbox: Outbox, look: Look) -> None:
        self._places = places
        self._conversations = conversations
        self._outbox = outbox
        self._look = look

    async def at(self, door: str) -> Conversation | None:
        """The newest conversation born at that door."""
        found = await self._places.at(door)
        return await self._conversations.load(found) if found else None

    async def of(self, contact: str) -> tuple[Conversation, ...]:
        """A person's own conversations, the newest first."""
        listed = await self._places.of(contact, SHOWN)
        found = await asyncio.gather(*(self._conversations.load(each) for each in listed))
        return tuple(at for at in found if at is not None)

    async def mine(self, contact: str) -> tuple[Screen, ...]:
        """The same as their screens."""
        screens = []
        for conversation_id in await self._places.of(contact, SHOWN):
            try:
                screen = await self._look(conversation_id)
            except RevisionUnreadable:
                continue
            if screen is not None:
                screens.append(screen)
        return tuple(screens)

    async def asked(self, conversation: Conversation) -> str:
        """The receipt of the message that shows the live prompt."""
        if not conversation.prompt_effect:
            return ""
        try:
            return await self._outbox.receipt(conversation.id, conversation.prompt_effect) or ""
        except Unsure:
            return ""
