"""Breaks the product on purpose, so that the audit can be seen to fail. Each plant names what it breaks."""

import asyncio
import itertools
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.desk.desk import Desk
from bot.outbox import attempt
from bot.outbox.carrier import Carrier
from flows.effects import Relay
from flows.events import Answered, Noted, Replied, Said

EVERY: Final = 4
"""One of so many is broken."""


def _unrecorded() -> None:
    """Acknowledge some clicks and words before they are recorded, and then lose them."""
    receive, count = Desk.receive, itertools.count(1)

    async def broken(self: Desk, event: Any) -> Any:
        if isinstance(event, Answered | Said) and next(count) % EVERY == 0:
            at = await self._conversations.load(event.conversation)
            if at is not None:
                from bot.ports import Outcome

                return Outcome(conversation=at)
        return await receive(self, event)

    Desk.receive = broken  # type: ignore[method-assign]  # a fault on purpose


def _dropped() -> None:
    """Drop some messages of a lane, as if they had been sent."""
    one_attempt, count = Carrier._attempt, itertools.count(1)

    async def broken(self: Carrier, lease: Any, at: Any) -> Any:
        if isinstance(lease.effect, Relay) and next(count) % EVERY == 0:
            return await self._outbox.done(lease, "", self.hold)
        return await one_attempt(self, lease, at)

    Carrier._attempt = broken  # type: ignore[method-assign]  # a fault on purpose


def _leaked() -> None:
    """Take some notes for replies."""
    receive, count = Desk.receive, itertools.count(1)

    async def broken(self: Desk, event: Any) -> Any:
        if isinstance(event, Noted) and next(count) % EVERY == 0:
            given = event.model_dump(exclude={"type", "mentions"})
            event = Replied(**given)
        return await receive(self, event)

    Desk.receive = broken  # type: ignore[method-assign]  # a fault on purpose


def _undeduplicated() -> None:
    """Give each delivery of an event a key of its own."""
    receive = Desk.receive

    async def broken(self: Desk, event: Any) -> Any:
        if isinstance(event, Said | Replied | Noted):
            event = event.model_copy(update={"key": secrets.token_hex(8)})
        return await receive(self, event)

    Desk.receive = broken  # type: ignore[method-assign]  # a fault on purpose


def _repeated() -> None:
    """Send again whatever has an unknown outcome, without asking the platform."""

    async def broken(_channel: Any, _lease: Any, _delivery: Any) -> None:
        return None

    attempt._earlier_receipt = broken  # type: ignore[assignment]  # its arguments have other names


def _hurried() -> None:
    """Send the messages of a lane side by side: the later ones overtake some earlier ones."""
    send, count = Carrier._send, itertools.count(1)

    async def broken(self: Carrier, channel: Any, lease: Any, found: Any) -> Any:
        if isinstance(lease.effect, Relay) and next(count) % EVERY == 0:

            async def later() -> None:
                await asyncio.sleep(2)
                await channel.send(found.delivery)

            self.begin(later())
            return await self._outbox.done(lease, "", self.hold)
        return await send(self, channel, lease, found)

    Carrier._send = broken  # type: ignore[method-assign]  # a fault on purpose


PLANTS: Final[Mapping[str, Callable[[], None]]] = {
    "acknowledge-unrecorded": _unrecorded,
    "drop-messages": _dropped,
    "send-notes": _leaked,
    "count-repeats": _undeduplicated,
    "send-unasked": _repeated,
    "send-unordered": _hurried,
}
"""Plants by their name on the command line."""
