"""Finds the conversations of a place or a person."""

import asyncio
from typing import Final

from bot.ports import Conversations, Damaged, Look, Outbox, Places, Unreadable, Unsure
from flows.conversation import Conversation
from flows.views.screen import Screen

SHOWN: Final = 15
"""Conversations of a person that are read; each costs three reads to draw."""


class Finder:
    """Finds conversations over indexes that may be outdated: it loads each conversation before it trusts an index."""

    def __init__(self, places: Places, conversations: Conversations, outbox: Outbox, look: Look) -> None:
        self._places = places
        self._conversations = conversations
        self._outbox = outbox
        self._look = look

    async def at(self, door: str) -> Conversation | None:
        """Return the newest conversation born at that door."""
        found = await self._places.at(door)
        return await self._conversations.load(found) if found else None

    async def of(self, contact: str) -> tuple[Conversation, ...]:
        """Return a person's own conversations, newest first."""
        listed = await self._places.of(contact, SHOWN)
        found = await asyncio.gather(*map(self._loaded, listed))
        return tuple(at for at in found if at is not None)

    async def _loaded(self, conversation_id: str) -> Conversation | None:
        """Return a conversation; None for one that is damaged, which must not hide the others."""
        try:
            return await self._conversations.load(conversation_id)
        except Damaged:
            return None

    async def mine(self, contact: str) -> tuple[Screen, ...]:
        """Return the screens of a person's own conversations, newest first."""
        screens = []
        for conversation_id in await self._places.of(contact, SHOWN):
            try:
                screen = await self._look(conversation_id)
            except Unreadable:
                continue
            if screen is not None:
                screens.append(screen)
        return tuple(screens)

    async def asked(self, conversation: Conversation) -> str:
        """Return the receipt of the message that shows the live prompt."""
        return await self._receipt(conversation, conversation.prompt_effect)

    async def opened(self, conversation: Conversation) -> str:
        """Return the receipt of the first message of the agents' thread."""
        return await self._receipt(conversation, conversation.thread_effect)

    async def _receipt(self, conversation: Conversation, effect: str) -> str:
        try:
            return await self._outbox.receipt(conversation.id, effect) or "" if effect else ""
        except Unsure:
            return ""
