"""Welcomes a person who opens the Messages tab for the first time."""

import asyncio
from typing import Final

from adapters.slack.api.ack_budget import lookup_time
from adapters.slack.api.client import FAILURES
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.inbound.events import MessagesOpened
from adapters.slack.render.home import welcome
from bot.telemetry import log

WELCOME_ONCE_S: Final = 365 * 24 * 3600
"""Seconds in which a person is welcomed only once. After that, their direct messages are no longer empty."""


class Welcome:
    """Says what the bot does, and offers the guides, in direct messages that are still empty."""

    def __init__(self, conversations: SlackConversations) -> None:
        self._conversations = conversations
        self._ports = conversations.ports

    async def opened(self, opened: MessagesOpened) -> None:
        """Welcome the person, once."""
        mark = f"welcomed/{opened.person.actor}"
        if not await self._ports.marks.first(mark, WELCOME_ONCE_S):
            return
        try:
            if await self._is_empty(opened):
                await self._post(opened)
        except FAILURES as failure:
            await self._ports.marks.clear(mark)
            log("slack").info("a person could not be welcomed", reason=str(failure)[:200])

    async def _is_empty(self, opened: MessagesOpened) -> bool:
        place = opened.place
        async with asyncio.timeout(lookup_time()):
            answer = await self._conversations.client.read(
                place.workspace, "conversations.history", channel=place.channel, limit="1"
            )
        return not answer.get("messages")

    async def _post(self, opened: MessagesOpened) -> None:
        drawn = welcome([(flow.id, flow.title) for flow in self._ports.catalogue().flows])
        params = {"channel": opened.place.channel, "text": drawn.text, "blocks": list(drawn.blocks)}
        await self._conversations.client.at_once(opened.place.workspace, "chat.postMessage", **params)
