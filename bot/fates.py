"""What became of what agents said to customers: looked up, and told to where agents talk about it."""

from collections.abc import Iterable, Sequence

from bot.ports import Conversations, Fate, Lease, Marker, Outbox, Unsure
from bot.telemetry import log
from flows.effects import Change, Relay
from flows.events import Replied


class Fates:
    """Follows replies; a reply has arrived when its message has a receipt."""

    def __init__(
        self,
        conversations: Conversations,
        outbox: Outbox,
        pulled: Iterable[str] = (),
        markers: Sequence[Marker] = (),
    ) -> None:
        """On channels that are `pulled` a reply is on the customer's screen as soon as it is recorded."""
        self._conversations = conversations
        self._outbox = outbox
        self.pulled = frozenset(pulled)
        self._markers = {marker.name: marker for marker in markers}
        self._log = log("fates")

    async def of(self, conversation_id: str, line: str) -> Fate | None:
        """Of the reply that was written in that message; None where there is none."""
        rows = await self._conversations.journal(conversation_id)
        wrote = (row for row in rows if isinstance(row.event, Replied) and row.event.line == line)
        return await self._of(conversation_id, next(wrote, None))

    async def tell(self, lease: Lease, reason: str) -> None:
        """A relay was carried out, or given up for that `reason`: tell the agents' place when it is a reply.

        Raises nothing: what is told here is a courtesy, and the outbox has its own records.
        """
        if not isinstance(lease.effect, Relay) or (reason and lease.effect.end == "agents"):
            return
        try:
            version = lease.effect.version
            rows = await self._conversations.journal(lease.conversation)
            row = next((row for row in rows if row.version == version), None)
            fate = await self._of(lease.conversation, row)
            if fate is None:
                return
            marker = self._markers.get(fate.conversation.agents.partition("|")[0])
            if marker is not None and (reason or fate.delivered):
                await marker.mark(fate.model_copy(update={"reason": reason}))
        except Exception as failure:  # noqa: BLE001  # whatever is wrong there must not hold up a lane
            self._log.warning("could not be told", effect=lease.effect.id, reason=type(failure).__name__)

    async def _of(self, conversation_id: str, row: Change | None) -> Fate | None:
        at = await self._conversations.load(conversation_id)
        if at is None or row is None or not isinstance(row.event, Replied):
            return None
        ends = {effect.end: effect.id for effect in row.effects if isinstance(effect, Relay)}
        sent = await self._receipt(at.id, ends.get("customer", ""))
        return Fate(
            conversation=at,
            version=row.version,
            actor=row.event.actor,
            name=row.event.name,
            thread=await self._receipt(at.id, at.packet),
            line=row.event.line or await self._receipt(at.id, ends.get("agents", "")),
            sent=sent,
            delivered=bool(sent) or at.customer.partition("|")[0] in self.pulled,
        )

    async def _receipt(self, conversation_id: str, effect_id: str) -> str:
        try:
            return (await self._outbox.receipt(conversation_id, effect_id) or "") if effect_id else ""
        except Unsure:
            return ""
