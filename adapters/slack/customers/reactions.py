"""Handles reactions to the live step: the bot asks whether they mean an answer."""

import asyncio

from adapters.slack.api.ack_budget import lookup_time
from adapters.slack.api.addresses import Place, sent
from adapters.slack.api.client import FAILURES
from adapters.slack.api.payload import text, things
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.inbound.reactions import Reaction
from bot.telemetry import log
from flows.conversation import Conversation
from flows.events import Reacted


class Reactions:
    """Records reactions to the message that shows the live step, of people who may answer it; ignores all others."""

    def __init__(self, conversations: SlackConversations) -> None:
        self._conversations = conversations
        self._ports = conversations.ports

    async def heard(self, reaction: Reaction) -> None:
        """Record a reaction. Raises StoreDown and Contended: Slack then sends the event again."""
        at = await self._own(reaction) or await self._of_thread(reaction)
        if at is None or not at.may_answer(reaction.person.actor):
            return
        event = Reacted(
            conversation=at.id,
            turn=at.turn,
            sign=reaction.sign,
            taken_back=reaction.taken_back,
            actor=reaction.person.actor,
            key=reaction.key,
        )
        await self._ports.receive(event)

    async def _own(self, reaction: Reaction) -> Conversation | None:
        """Find the person's own conversation whose live step has the reaction."""
        for at in await self._ports.finder.of(reaction.person.actor):
            if await self._is_live(at, reaction):
                return at
        return None

    async def _of_thread(self, reaction: Reaction) -> Conversation | None:
        """Find the conversation of the message's thread, which a reaction does not name, for further people."""
        place = Place(workspace=reaction.workspace, channel=reaction.channel)
        thread = "" if reaction.channel.startswith("D") else await self._thread(reaction)
        if not thread:
            return None
        at = await self._ports.finder.at(place.model_copy(update={"thread": thread}).door())
        return at if at is not None and await self._is_live(at, reaction) else None

    async def _is_live(self, at: Conversation, reaction: Reaction) -> bool:
        address = at.address("customer")
        if address is None or address.room != reaction.channel:
            return False
        return sent(await self._ports.finder.asked(at)) == (reaction.channel, reaction.ts)

    async def _thread(self, reaction: Reaction) -> str:
        params = {"channel": reaction.channel, "ts": reaction.ts, "limit": "1"}
        try:
            async with asyncio.timeout(lookup_time()):
                answer = await self._conversations.client.read(
                    reaction.workspace, "conversations.replies", **params
                )
        except FAILURES as failure:
            log("slack").info("a reaction's thread could not be looked up", reason=str(failure)[:200])
            return ""
        return next((text(one.get("thread_ts")) for one in things(answer.get("messages"))), "")
