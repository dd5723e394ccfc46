"""Takes back what the bot wrote in Slack, when a person's data is erased."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from adapters.slack.api.addresses import SLACK, sent
from adapters.slack.api.client import SlackClient, judged
from adapters.slack.api.preflight import Identity
from adapters.slack.rates import Rates
from adapters.slack.render.card import note
from adapters.slack.updates import Updates
from bot.ports import Busy, Limiter, PlaceGone, Undeliverable
from flows.conversation import Address, Conversation
from flows.text.agent_phrases import phrase

_SENT: Final = re.compile(r"[A-Z][A-Z0-9]+:\d+\.\d+")
"""A receipt of Slack's; receipts of other platforms have another form."""

LONGEST_PAUSE_S: Final = 30.0
"""Seconds that a rate may ask to wait; for more, a further run is needed."""


class SlackRetractor:
    """Implements the port Retractor."""

    name = SLACK

    def __init__(
        self,
        client: SlackClient,
        limiter: Limiter,
        identity: Callable[[], Awaitable[Identity]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`identity` gives the agents' workspace, `pause` waits so many seconds."""
        self._identity = identity
        self._pause = pause
        self._updates = Updates(client, Rates(limiter).edit, lambda failure, _address: judged(failure))

    async def retract(self, at: Conversation, receipts: Mapping[str, str]) -> tuple[str, ...]:
        """Delete the messages, and replace the head of the agents' thread. Return what Slack refuses."""
        refused: list[str] = []
        workspace = await self._workspace(at)
        head, _, _ = receipts.get(at.thread_effect, "").partition(" ")
        for receipt in messages(receipts):
            address = Address(channel=SLACK, workspace=workspace(receipt), room=sent(receipt)[0])
            try:
                if not await self._taken_back(address, receipt, is_head=receipt == head):
                    refused.append(f"a message in Slack ({receipt})")
            except (Undeliverable, PlaceGone) as failure:
                refused.append(f"a message in Slack ({receipt}): {failure}")
        return tuple(refused)

    async def _taken_back(self, address: Address, receipt: str, *, is_head: bool) -> bool:
        """Replace or delete a message, as soon as the rate allows it. Return False if Slack refuses."""
        while True:
            try:
                if is_head:
                    return bool(await self._updates.edit(address, receipt, note(phrase("erased"))))
                return bool(await self._updates.delete(address, receipt))
            except Busy as busy:
                if busy.seconds > LONGEST_PAUSE_S:
                    raise
                await self._pause(busy.seconds)

    async def _workspace(self, at: Conversation) -> Callable[[str], str]:
        """Return what names the workspace of a receipt."""
        there = at.address("customer")
        if there is None or there.channel != SLACK:
            there = None
        team = (await self._identity()).team
        return lambda receipt: there.workspace if there and there.room == sent(receipt)[0] else team


def messages(receipts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the receipts of Slack's messages, each once."""
    parts = (part for receipt in receipts.values() for part in receipt.partition("\n")[0].split(" "))
    return tuple(dict.fromkeys(part for part in parts if _SENT.fullmatch(part)))
