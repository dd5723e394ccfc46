"""Follows agents' replies: whether each one arrived, is on its way, or was given up and why."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from bot.customer_mail import MailReceipt, mailed, mailing
from bot.ports import (
    FILES_MISSING,
    Arrival,
    Backlog,
    ConfirmedAddresses,
    Conversations,
    Lease,
    Marker,
    Outbox,
    PartialReceipt,
    ReadPositions,
    ReplyStatus,
    Unsure,
)
from bot.telemetry import log
from bot.views.reader import Read
from flows.conversation import Conversation
from flows.effects import Amend, Change, Mailing, Relay
from flows.events import Replied


class Arrivals:
    """Says how replies arrived, from the outbox of one store: the port Arrivals."""

    def __init__(
        self,
        conversations: Conversations,
        outbox: Outbox,
        backlog: Backlog,
        pulled: Iterable[str],
        views: ReadPositions,
        addresses: ConfirmedAddresses,
    ) -> None:
        """Take the ports; on `pulled` channels a reply is on the customer's page, and `views` says what they saw."""
        self._conversations = conversations
        self._outbox = outbox
        self._backlog = backlog
        self._pulled = frozenset(pulled)
        self._views = views
        self._addresses = addresses

    async def of(self, at: Conversation) -> Mapping[int, Arrival]:
        """Return the arrival of each reply by its version."""
        rows = await self._conversations.journal(at.id)
        relays = {
            row.version: effect.id
            for row in rows
            if isinstance(row.event, Replied)
            for effect in row.effects
            if isinstance(effect, Relay) and effect.end == "customer"
        }
        if not relays:
            return {}
        if at.customer.partition("|")[0] in self._pulled:
            return await self._on_page(at, rows, frozenset(relays))
        letters, changes = await self._failure_reasons(), _changes(rows)
        found = await asyncio.gather(
            *(self._arrival(at.id, effect, changes.get(reply), letters) for reply, effect in relays.items())
        )
        return dict(zip(relays, found, strict=True))

    async def _failure_reasons(self) -> Mapping[str, str]:
        return {letter.effect.id: letter.reason for letter in await self._backlog.buried()}

    async def _on_page(
        self, at: Conversation, rows: Sequence[Change], replies: frozenset[int]
    ) -> Mapping[int, Arrival]:
        """Return which replies the customer has seen on the page, and which of the others were emailed."""
        seen = await self._views.seen(at.id)
        mails = {row.version: effect.id for row in rows if (effect := mailing(row)) is not None}
        if max(replies) <= seen or not mails:
            return {reply: Arrival(state="seen" if reply <= seen else "waits") for reply in replies}
        sent = await mailed(self._outbox, at.id, rows)
        letters = await self._failure_reasons()
        unconfirmed = not await self._addresses.confirmed(at.contact, at.mail)

        def one(reply: int) -> Arrival:
            if reply <= seen:
                return Arrival(state="seen")
            if reply in mails and any(reply <= mail.upto for mail in sent):
                return Arrival(state="mailed")
            if (reason := letters.get(mails.get(reply, ""))) is not None:
                return Arrival(state="failed", reason=reason)
            mails_it = reply in mails
            return Arrival(state="waits", mails=mails_it, unconfirmed=mails_it and unconfirmed)

        return {reply: one(reply) for reply in replies}

    async def _arrival(
        self, conversation_id: str, effect: str, change: str | None, letters: Mapping[str, str]
    ) -> Arrival:
        if effect in letters:
            return Arrival(state="failed", reason=letters[effect])
        try:
            receipt = await self._outbox.receipt(conversation_id, effect)
        except Unsure:
            receipt = None
        if not receipt:
            return Arrival(state="under_way")
        done = change is None or await self._carried_out(conversation_id, change)
        waits = done is None and change not in letters
        edit: Literal["", "under_way", "stays"] = "" if done else "under_way" if waits else "stays"
        return Arrival(state="delivered", change=edit, without=_missing_files(receipt))

    async def _carried_out(self, conversation_id: str, effect: str) -> bool | None:
        """Return whether the effect has a receipt; None while it waits."""
        try:
            return bool(await self._outbox.receipt(conversation_id, effect))
        except Unsure:
            return None


def _missing_files(receipt: str) -> str:
    """Return the names of the files that did not arrive with a message."""
    code, _, names = receipt.reason.partition(" ") if isinstance(receipt, PartialReceipt) else ("", "", "")
    return names if code == FILES_MISSING else ""


def _changes(rows: Sequence[Change]) -> Mapping[int, str]:
    """Return the last edit of each reply on its way to the customer, by the reply's version."""
    amends = (effect for row in rows for effect in row.effects if isinstance(effect, Amend))
    return {effect.version: effect.id for effect in amends if effect.end == "customer"}


class ReplyFollower:
    """Follows replies and marks their status for agents; a reply has arrived when its message has a receipt."""

    def __init__(
        self,
        conversations: Conversations,
        outbox: Outbox,
        pulled: Iterable[str] = (),
        markers: Sequence[Marker] = (),
    ) -> None:
        """Take the ports and markers; on `pulled` channels a recorded reply is on the customer's screen at once."""
        self._conversations = conversations
        self._outbox = outbox
        self.pulled = frozenset(pulled)
        self._markers = {marker.name: marker for marker in markers}
        self._log = log("fates")

    async def of(self, conversation_id: str, line: str) -> ReplyStatus | None:
        """Return the status of the reply written in that message; None if the message is no reply."""
        rows = await self._conversations.journal(conversation_id)
        wrote = (row for row in rows if isinstance(row.event, Replied) and row.event.line == line)
        return await self._status(conversation_id, next(wrote, None))

    async def tell(self, lease: Lease, reason: str, read: Read | None = None) -> None:
        """Mark a reply in the agents' place after its relay or email was carried out, or given up for that `reason`.

        An edit of a reply is marked only if it did not arrive. `read` is what the delivery read of the conversation.
        Raises nothing: a mark is a courtesy, and the outbox has its own records.
        """
        effect = lease.effect
        if not isinstance(effect, Relay | Amend | Mailing) or (reason and effect.end == "agents"):
            return
        if isinstance(effect, Amend) and effect.end == "agents":
            return
        try:
            rows = read.rows if read else await self._conversations.journal(lease.conversation)
            for row in await self._carried_rows(lease.conversation, effect, rows):
                await self._mark(await self._status(lease.conversation, row), effect, reason)
        except Exception as failure:  # noqa: BLE001  # no failure of a mark may hold up a lane
            self._log.warning(
                "cannot show the status of a reply", effect=lease.effect.id, reason=type(failure).__name__
            )

    async def _carried_rows(
        self, conversation_id: str, effect: Relay | Amend | Mailing, rows: Sequence[Change]
    ) -> Sequence[Change]:
        """Return the rows that the effect carried: the row of its version, and for an email all rows it contained."""
        last = effect.version
        if isinstance(effect, Mailing):
            sent = MailReceipt.of(await self._receipt(conversation_id, effect.id))
            last = sent.upto if sent is not None else last
        among = [row for row in rows if effect.version <= row.version <= last]
        return [row for row in among if not isinstance(effect, Mailing) or mailing(row) is not None]

    async def _mark(self, fate: ReplyStatus | None, effect: Relay | Amend | Mailing, reason: str) -> None:
        marker = self._markers.get(fate.conversation.agents.partition("|")[0]) if fate is not None else None
        if fate is None or marker is None:
            return
        if isinstance(effect, Amend):
            if not await self._receipt(fate.conversation.id, effect.id):
                await marker.mark(fate.model_copy(update={"stays": True, "reason": reason}))
            return
        if isinstance(effect, Mailing):
            sent = MailReceipt.of(await self._receipt(fate.conversation.id, effect.id)) is not None
            if not (sent or reason):
                return
            fate = fate.model_copy(update={"mailed": sent})
        if reason:
            fate = fate.model_copy(update={"reason": reason, "explained": False})
        if fate.reason or fate.delivered:
            await marker.mark(fate)

    async def _status(self, conversation_id: str, row: Change | None) -> ReplyStatus | None:
        if row is None or not isinstance(row.event, Replied):
            return None
        at = await self._conversations.load(conversation_id)
        if at is None:
            return None
        ends = {effect.end: effect.id for effect in row.effects if isinstance(effect, Relay)}
        sent = await self._receipt(at.id, ends.get("customer", ""))
        return ReplyStatus(
            conversation=at,
            version=row.version,
            actor=row.event.actor,
            name=row.event.name,
            thread=await self._receipt(at.id, at.thread_effect),
            line=row.event.line or await self._receipt(at.id, ends.get("agents", "")),
            sent=sent,
            reason=sent.reason if isinstance(sent, PartialReceipt) else "",
            explained=isinstance(sent, PartialReceipt),
            delivered=bool(sent) or at.customer.partition("|")[0] in self.pulled,
        )

    async def _receipt(self, conversation_id: str, effect_id: str) -> str:
        try:
            return (await self._outbox.receipt(conversation_id, effect_id) or "") if effect_id else ""
        except Unsure:
            return ""
