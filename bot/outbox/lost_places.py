"""Records that a place is gone, so that a deleted thread is opened again, and agents learn what can't be reached."""

from bot.ports import Lease, PlaceGone, Receive
from bot.telemetry import log
from flows.effects import Amend, Brief, Effect, Packet, Recap, Relay
from flows.events import Part, PlaceLost


class LostPlaces:
    """Tells the desk which place an effect could not reach. The same place is recorded once for a conversation."""

    def __init__(self, receive: Receive) -> None:
        """Take the desk's `receive`."""
        self._receive = receive
        self._log = log("outbox")

    async def record(self, lease: Lease, gone: PlaceGone) -> bool:
        """Record the loss. Return whether the effect is done with it: a new thread shows everything.

        Raises what the desk raises; then nothing is recorded, and the effect must be tried again.
        """
        effect = lease.effect
        if effect.end == "agents":
            return await self._agents(lease, _thread_of(effect), gone)
        left = gone.part == "left"
        if effect.end == "customer" and (left or not isinstance(effect, Relay | Amend)):
            # Agents learn from the mark on their reply that a reply did not arrive; that a customer left is news.
            part: Part = "left" if left else "thread" if gone.part == "thread" else "channel"
            await self._receive(PlaceLost.of_customer(lease.conversation, part))
        return False

    async def _agents(self, lease: Lease, of: str, gone: PlaceGone) -> bool:
        effect = lease.effect
        version = effect.version if isinstance(effect, Relay) else 0
        # A new thread replaces a locked one, too.
        part: Part = "thread" if gone.part in ("thread", "locked") else "channel"
        outcome = await self._receive(PlaceLost.of_agents(lease.conversation, part, of, version))
        if part == "thread":
            self._log.info("an agents' thread is gone", conversation=lease.conversation, effect=effect.id)
            return True
        if outcome is not None and outcome.refusal is None and not outcome.repeated:
            self._log.error(
                "cannot post in an agents' channel; the ticket is only on the web desk",
                channel=lease.channel,
                room=outcome.conversation.agents,
                ticket=outcome.conversation.ticket,
                reason=str(gone),
            )
        return False


def _thread_of(effect: Effect) -> str:
    """Return the effect that opened the thread of an effect for agents."""
    match effect:
        case Packet(id=opens):
            return opens
        case Relay(of=of) | Amend(of=of) | Recap(of=of) | Brief(of=of):
            return of
        case _:
            return ""
