"""Marks agents' messages in a team's channel: internal, delivered, or not delivered and why."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapters.discord.api.addresses import DISCORD, sent
from adapters.discord.api.client import FAILURES, DiscordClient, code_of
from adapters.discord.render.agent_texts import DISCORD_AGENT_PHRASES, discord_phrase
from adapters.discord.render.agent_thread import hint
from adapters.discord.render.card import V2, Message, payload
from bot.ports import FILES_MISSING, ReplyStatus
from bot.telemetry import log
from flows.text.agent_phrases import AGENT_PHRASES, customer_name, phrase

AMONG: Final = "🔒"
SENT: Final = "✅"
MAILED: Final = "📧"
FAILED: Final = "⚠️"
"""The reactions that serve as marks."""

REASONS: Final[Mapping[str, str]] = MappingProxyType({"10003": "failed_place", "10013": "failed_account"})
"""The shared sentences for Discord's codes of replies that cannot be delivered: no such channel, no such user."""


class DeliveryMarks:
    """Implements `bot.ports.Marker`."""

    name = DISCORD

    def __init__(self, client: DiscordClient) -> None:
        self._client = client

    async def mark(self, fate: ReplyStatus) -> None:
        """Show agents that a reply was delivered or failed, or that an edit of it cannot reach the customer.

        A mark that cannot be shown raises nothing.
        """
        _, thread = sent(fate.thread)
        if not thread:
            return
        if fate.stays:
            await self._post(thread, hint(phrase("edit_stays")), f"s{fate.version}.{fate.conversation.id}")
            return
        await self.put(FAILED if fate.reason else MAILED if fate.mailed else SENT, *sent(fate.line))
        if fate.reason and not fate.explained:
            await self._explain(fate, thread)

    async def put(self, sign: str, room: str, message: str) -> None:
        """Put a mark on a message; without the permission Add Reactions, the message stays unmarked."""
        if not message.isdigit():
            return
        path = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"
        try:
            await self._client.ask("PUT", path, channel_id=room, message_id=message, emoji=sign)
        except FAILURES as failure:
            log("discord").info("a message could not be marked", code=code_of(failure))

    async def _explain(self, fate: ReplyStatus, thread: str) -> None:
        """Post in the thread why the reply did not arrive, and what to do."""
        code, _, about = fate.reason.partition(" ")
        sentence = REASONS.get(code, f"failed_{code}")
        values = {"agent": fate.name or phrase("an_agent"), "who": customer_name(fate.conversation)}
        if sentence in DISCORD_AGENT_PHRASES:
            shown = hint(discord_phrase(sentence, **values))
        else:
            known = sentence if sentence in AGENT_PHRASES else "failed_other"
            shown = hint(
                phrase(known, **values, reason=(about if code == FILES_MISSING else fate.reason)[:200])
            )
        await self._post(thread, shown, f"f{fate.version}.{fate.conversation.id}")

    async def _post(self, thread: str, shown: Message, nonce: str) -> None:
        """Post a line in the thread; `nonce` makes a repeat harmless."""
        body = payload(shown, nonce=nonce)
        body["flags"] = V2
        try:
            await self._client.ask("POST", "/channels/{channel_id}/messages", body, channel_id=thread)
        except FAILURES as failure:
            log("discord").warning("cannot show agents the status of a reply", code=code_of(failure))
