"""Brings what was sent up to date: heads of threads, answered steps, words that were changed or taken back."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import sent
from adapters.slack.api.client import SlackClient, error_of
from adapters.slack.render.agent_thread import line_of, to_customer
from adapters.slack.render.card import Message
from bot.ports import Delivery
from flows.conversation import Address
from flows.views.dossier import AttributedWords

Words = TypeVar("Words", bound=AttributedWords)

EDITS: Final = (50, 25)
"""`chat.update` and `chat.delete` are of tier 3: 50 a minute for each workspace."""

NOT_THERE: Final = frozenset(["message_not_found", "cant_update_message", "edit_window_closed"])
"""Answers to an edit of a message that is gone, or stays as it is for good."""

STAYS: Final = frozenset(["cant_delete_message", "compliance_exports_prevent_deletion"])
"""Answers to taking back a message that stays for good."""


class Updates:
    """Edits and deletes what the outbox sent earlier."""

    def __init__(
        self,
        client: SlackClient,
        allowed: Callable[[str, str, tuple[int, int]], Awaitable[None]],
        told: Callable[[SlackApiError, Address], Exception],
        *,
        carries: bool = False,
    ) -> None:
        """`allowed` raises Busy while that would be too often, `told` says what a failure means for the outbox.
        `carries` says that files were brought along, in front of the words; else they are named below them.
        """
        self._carries = carries
        self._client = client
        self._allowed = allowed
        self._told = told

    async def edit(self, address: Address, receipt: str, drawn: Message) -> str:
        """What it is to show from now on; '' where it stays as it was."""
        given = {"text": drawn.text, "blocks": list(drawn.blocks)}
        return receipt if await self._done(address, "chat.update", receipt, NOT_THERE, **given) else ""

    async def delete(self, address: Address, receipt: str) -> str:
        """It is gone from now on, or was already; '' where it stays."""
        return receipt if await self._done(address, "chat.delete", receipt, STAYS) else ""

    async def reply(self, delivery: Delivery, url: str) -> str:
        """Bring the customer's copy of a reply up to date. Returns its receipt, or '' where the copy stays."""
        reply = delivery.reply
        if reply is None:
            return ""
        if reply.since == "gone":
            return await self.delete(delivery.address, delivery.copied)
        return await self.edit(delivery.address, delivery.copied, to_customer(self._alone(reply), url))

    async def line(self, delivery: Delivery, url: str) -> str:
        """A line of the agents' thread; '' where it has to be told in a line of its own."""
        if delivery.line is None or not delivery.copied:
            return ""
        drawn = line_of(self._alone(delivery.line), delivery.conversation, url)
        return await self.edit(delivery.address, delivery.copied, drawn)

    def _alone(self, words: Words) -> Words:
        return words.with_files_left(()) if self._carries else words

    async def _done(
        self, address: Address, method: str, receipt: str, never: frozenset[str], **given: Any
    ) -> bool:
        channel, ts = sent(receipt)
        await self._allowed(address.workspace, "edit", EDITS)
        try:
            await self._client.ask(address.workspace, method, channel=channel, ts=ts, **given)
        except SlackApiError as failure:
            error = error_of(failure)
            if error in never:
                return False
            if method == "chat.delete" and error == "message_not_found":
                return True
            raise self._told(failure, address) from failure
        return True
