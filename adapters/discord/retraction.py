"""Takes back what the bot wrote in Discord, when a person's data is erased."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from adapters.discord.api.addresses import DISCORD, sent
from adapters.discord.api.client import FAILURES, DiscordClient, code_of
from adapters.discord.rates import Calls
from adapters.discord.render.card import V2, note
from adapters.discord.updates import ABSENT, Updates
from bot.ports import Busy, Limiter
from flows.conversation import Conversation
from flows.text.agent_phrases import phrase

_SENT: Final = re.compile(r"\d+:\d+(:\d+)?")
"""A receipt of Discord's; receipts of other platforms have another form."""

UNKNOWN_CHANNEL: Final = 10003
"""The error code for a channel or thread that was deleted."""

LONGEST_PAUSE_S: Final = 30.0
"""Seconds that a rate may ask to wait; for more, a further run is needed."""


class DiscordRetractor:
    """Implements the port Retractor."""

    name = DISCORD

    def __init__(
        self,
        client: DiscordClient,
        limiter: Limiter,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`pause` waits so many seconds."""
        self._client = client
        self._calls = Calls(limiter)
        self._pause = pause
        self._updates = Updates(client, self._allowed)

    async def retract(self, at: Conversation, receipts: Mapping[str, str]) -> tuple[str, ...]:
        """Delete the messages, and replace the head and the name of the agents' thread. Return what Discord refuses."""
        refused: list[str] = []
        head, _, _ = receipts.get(at.thread_effect, "").partition(" ")
        for receipt in messages(receipts):
            if receipt == head:
                drawn = note(phrase("erased")).model_copy(update={"flags": V2})
                done = bool(await self._updates.edit(receipt, drawn)) and await self._renamed(receipt)
            else:
                done = bool(await self._updates.delete(receipt))
            if not done:
                refused.append(f"a message in Discord ({receipt})")
        return tuple(refused)

    async def _renamed(self, receipt: str) -> bool:
        """Rename the thread of a message, which has the message's id."""
        await self._allowed()
        body = {"name": phrase("erased")}
        try:
            await self._client.ask("PATCH", "/channels/{channel_id}", body, channel_id=sent(receipt)[1])
        except FAILURES as failure:
            return code_of(failure) in (ABSENT, UNKNOWN_CHANNEL)
        return True

    async def _allowed(self) -> None:
        """Take one call from the rate as soon as it allows one."""
        while True:
            try:
                return await self._calls.allowed()
            except Busy as busy:
                if busy.seconds > LONGEST_PAUSE_S:
                    raise
                await self._pause(busy.seconds)


def messages(receipts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the receipts of Discord's messages, each once."""
    parts = (part for receipt in receipts.values() for part in receipt.partition("\n")[0].split(" "))
    return tuple(dict.fromkeys(part for part in parts if _SENT.fullmatch(part)))
