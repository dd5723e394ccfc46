"""Tells people of damaged data: the operator reads the quarantine, and agents get a ticket for the conversation."""

from collections.abc import Callable
from typing import Final

from bot.ports import Contended, Conversations, Damaged, Quarantine, Quarantined, Receive, RevisionUnreadable
from bot.telemetry import log
from flows.conversation import Conversation, Status
from flows.event_parts import BOT
from flows.events import Escalated, Noted
from flows.text.agent_phrases import phrase
from flows.text.secrets.masking import mask

EVERY_S: Final = 5.0
"""Seconds between two looks at the quarantine."""

REASON: Final = "damaged"
"""The reason of a ticket that is opened because a part of the conversation is damaged."""


class DamageReports:
    """Opens a ticket for each conversation of which something was set aside, and says so in an internal note."""

    def __init__(
        self,
        quarantine: Quarantine,
        conversations: Conversations,
        receive: Receive,
        now: Callable[[], float],
    ) -> None:
        """`receive` is the desk's; `now` returns seconds."""
        self._quarantine = quarantine
        self._conversations = conversations
        self._receive = receive
        self._now = now
        self._next = 0.0

    async def tell(self) -> int:
        """Report what was not reported yet; return 0, because nothing is left to be done at once. Raises StoreDown."""
        if self._now() < self._next:
            return 0
        self._next = self._now() + EVERY_S
        for entry in await self._quarantine.entries():
            if entry.conversation and not entry.told:
                await self._report(entry)
        return 0

    async def _report(self, entry: Quarantined) -> None:
        """Report one entry. If this process dies before the mark, the same events come again and count once."""
        try:
            at = await self._conversations.load(entry.conversation)
            if at is not None:
                await self._tell_agents(entry, at)
        except (Contended, RevisionUnreadable):
            return  # the next look tries again
        except Damaged as reason:
            # The customer's page shows the support address, and the operator reads the quarantine.
            log("worker").error(
                "no ticket can be opened for a damaged conversation",
                conversation=entry.conversation,
                reason=str(reason),
            )
        await self._quarantine.mark_told(entry)

    async def _tell_agents(self, entry: Quarantined, at: Conversation) -> None:
        key = f"damage/{entry.id}"
        if at.status is Status.GUIDING:
            await self._receive(Escalated(key=key, actor=at.contact, conversation=at.id, reason=REASON))
        note = phrase("damaged_note", what=entry.kind)
        await self._receive(
            Noted(
                key=f"{key}/note",
                actor=BOT,
                name=phrase("the_bot"),
                conversation=at.id,
                text=note,
                aside=True,
            )
        )


def masked(entry: Quarantined) -> Quarantined:
    """Return the entry as people may read it: what looks like a secret is hidden. The store keeps the content."""
    return entry.model_copy(update={"raw": mask(entry.raw), "place": mask(entry.place)})


class Masked:
    """Implements the port Quarantine for people: it shows entries without what looks like a secret."""

    def __init__(self, quarantine: Quarantine) -> None:
        """Take the store's quarantine."""
        self._quarantine = quarantine

    async def entries(self) -> tuple[Quarantined, ...]:
        """Return all entries, oldest first, masked."""
        return tuple(map(masked, await self._quarantine.entries()))

    async def mark_told(self, entry: Quarantined) -> None:
        """Record that the conversation's people know of the entry."""
        await self._quarantine.mark_told(entry)

    async def retry(self, entry_id: str) -> bool:
        """Put an entry back into its place. Returns False if there is no such entry, or its place is taken."""
        return await self._quarantine.retry(entry_id)

    async def discard(self, entry_id: str) -> bool:
        """Delete an entry for good. Returns False if there is no such entry."""
        return await self._quarantine.discard(entry_id)
