"""Marks on what agents write in their room: among agents, delivered, or not delivered and why."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapters.discord.api.addresses import DISCORD, sent
from adapters.discord.api.client import FAILURES, DiscordClient, code_of
from adapters.discord.render.agent_texts import DISCORD_AGENT_PHRASES, discord_phrase
from adapters.discord.render.agent_thread import hint
from adapters.discord.render.card import V2, Message, payload
from bot.ports import ReplyStatus
from bot.telemetry import log
from flows.text.agent_phrases import AGENT_PHRASES, customer_name, phrase

AMONG: Final = "🔒"
SENT: Final = "✅"
MAILED: Final = "📧"
FAILED: Final = "⚠️"
"""The reactions that are the marks."""

REASONS: Final[Mapping[str, str]] = MappingProxyType({"10003": "failed_place", "10013": "failed_account"})
"""The shared sentences for Discord's codes of what cannot be delivered: no such channel, no such user."""


class DeliveryMarks:
    """A `bot.ports.Marker`."""

    name = DISCORD

    def __init__(self, client: DiscordClient) -> None:
        """`client` as the bot."""
        self._client = client

    async def mark(self, fate: ReplyStatus) -> None:
        """A reply was delivered, or never will be; or a change of it stays here. What cannot be shown is no reason to
        fail.
        """
        _, thread = sent(fate.thread)
        if not thread:
            return
        if fate.stays:
            await self._told(thread, hint(phrase("edit_stays")), f"s{fate.version}.{fate.conversation.id}")
            return
        await self.put(FAILED if fate.reason else MAILED if fate.mailed else SENT, *sent(fate.line))
        if fate.reason:
            await self._explained(fate, thread)

    async def put(self, sign: str, room: str, message: str) -> None:
        """That mark on that message; without Add Reactions the line stays without it."""
        if not message.isdigit():
            return
        path = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"
        try:
            await self._client.ask("PUT", path, channel_id=room, message_id=message, emoji=sign)
        except FAILURES as failure:
            log("discord").info("a message could not be marked", code=code_of(failure))

    async def _explained(self, fate: ReplyStatus, thread: str) -> None:
        """Why it did not arrive and what to do, for everybody in the thread."""
        code = fate.reason.partition(" ")[0]
        sentence = REASONS.get(code, f"failed_{code}")
        values = {"agent": fate.name or phrase("an_agent"), "who": customer_name(fate.conversation)}
        if sentence in DISCORD_AGENT_PHRASES:
            shown = hint(discord_phrase(sentence, **values))
        else:
            known = sentence if sentence in AGENT_PHRASES else "failed_other"
            shown = hint(phrase(known, **values, reason=fate.reason[:200]))
        await self._told(thread, shown, f"f{fate.version}.{fate.conversation.id}")

    async def _told(self, thread: str, shown: Message, name: str) -> None:
        """A line of ours in the thread, once by that name."""
        body = payload(shown, nonce=name)
        body["flags"] = V2
        try:
            await self._client.ask("POST", "/channels/{channel_id}/messages", body, channel_id=thread)
        except FAILURES as failure:
            log("discord").warning("cannot show agents the status of a reply", code=code_of(failure))
