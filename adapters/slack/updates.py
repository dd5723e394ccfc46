"""Edits and deletes sent messages: heads of threads, answered steps, edited and deleted texts."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import sent
from adapters.slack.api.client import SlackClient, error_of
from adapters.slack.render.agent_thread import line_of, replies
from adapters.slack.render.card import Message
from bot.ports import Delivery
from flows.conversation import Address
from flows.views.dossier import AttributedWords

Words = TypeVar("Words", bound=AttributedWords)

NOT_THERE: Final = frozenset(["message_not_found", "cant_update_message", "edit_window_closed"])
"""Error codes for an edit of a message that is deleted, or can no longer be edited."""

STAYS: Final = frozenset(["cant_delete_message", "compliance_exports_prevent_deletion"])
"""Error codes for a deletion that Slack refuses for good."""


class Updates:
    """Edits and deletes messages that the outbox sent earlier."""

    def __init__(
        self,
        client: SlackClient,
        allowed: Callable[[Address, str], Awaitable[None]],
        judge: Callable[[SlackApiError, Address], Exception],
        *,
        uploads: bool = False,
    ) -> None:
        """`allowed` raises Busy while the rate is used up, `judge` says what a failure means for the outbox.
        `uploads` says that files were uploaded before the text; else the text names them.
        """
        self._uploads = uploads
        self._client = client
        self._allowed = allowed
        self._judge = judge

    async def edit(self, address: Address, receipt: str, drawn: Message) -> str:
        """Edit a sent message. Return its receipt, or '' if it can no longer be edited."""
        params = {"text": drawn.text, "blocks": list(drawn.blocks)}
        return receipt if await self._done(address, "chat.update", receipt, NOT_THERE, **params) else ""

    async def delete(self, address: Address, receipt: str) -> str:
        """Delete a sent message; an already deleted one counts as done. Return its receipt, or '' if Slack refuses."""
        return receipt if await self._done(address, "chat.delete", receipt, STAYS) else ""

    async def reply(self, delivery: Delivery, url: str) -> str:
        """Bring the customer's copy of a reply up to date. Return the receipts of the messages that show it from now
        on, all of them for a deleted one, or '' if it cannot be edited.
        """
        reply = delivery.reply
        if reply is None:
            return ""
        shown = delivery.copied.split(" ")
        drawn = () if reply.since == "gone" else replies(self.without_files(reply), url)
        changed = [
            await self.edit(delivery.address, receipt, drawn[number])
            if number < len(drawn)
            else await self.delete(delivery.address, receipt)
            for number, receipt in enumerate(shown)
        ]
        return " ".join(changed[: len(drawn) or None]) if all(changed) else ""

    async def line(self, delivery: Delivery, url: str) -> str:
        """Edit a line of the agents' thread. Return '' if agents need a new line instead."""
        if delivery.line is None or not delivery.copied:
            return ""
        drawn = line_of(self.without_files(delivery.line), delivery.conversation, url)
        return await self.edit(delivery.address, delivery.copied, drawn)

    def without_files(self, words: Words) -> Words:
        """Return the words without their files, if those were uploaded."""
        return words.with_files_left(()) if self._uploads else words

    async def _done(
        self, address: Address, method: str, receipt: str, never: frozenset[str], **params: Any
    ) -> bool:
        channel, ts = sent(receipt)
        await self._allowed(address, f"{method} {receipt}")
        try:
            await self._client.ask(address.workspace, method, channel=channel, ts=ts, **params)
        except SlackApiError as failure:
            error = error_of(failure)
            if error in never:
                return False
            if method == "chat.delete" and error == "message_not_found":
                return True
            raise self._judge(failure, address) from failure
        return True
