"""Sends one effect, unless an earlier attempt arrived; and a packet of format 1, which brings its brief along."""

from typing import Final

from bot.ports import Busy, Channel, Delivery, Lease, PlaceGone, Undeliverable, Unsure, copying_time
from bot.telemetry import log
from flows.effects import Brief, Packet

WHOLE: Final = "/packet"
"""The end of the id of a brief whose packet brought it along."""


class BriefMissing(Exception):
    """Raised when a packet was sent without its brief: the next attempt sends the brief."""


async def send_once(channel: Channel, lease: Lease, delivery: Delivery) -> str:
    """Send the effect unless an earlier attempt arrived. Return its receipt (law L4).

    Raises what the channel raises.
    """
    earlier = await _earlier_receipt(channel, lease, delivery)
    receipt = await channel.send(delivery) if earlier is None else earlier
    effect = delivery.effect
    if isinstance(effect, Packet) and not effect.briefed and receipt:
        brief = Brief(id=effect.id + WHOLE, of=effect.id)
        follows = delivery.model_copy(update={"effect": brief, "of": receipt})
        await _send_brief(channel, lease, follows, sent_packet=earlier is None)
    return receipt


async def _send_brief(channel: Channel, lease: Lease, brief: Delivery, *, sent_packet: bool) -> None:
    """Send the brief of a packet. Agents can work with a thread without it; a second thread would be worse."""
    try:
        if await _earlier_receipt(channel, lease, brief) is None:
            await channel.send(brief)
    except PlaceGone:
        raise
    except Undeliverable as refused:
        log("outbox").warning("a thread has no facts", effect=brief.effect.id, reason=str(refused))
    except Busy as busy:
        if not sent_packet:
            raise  # this attempt sent nothing
        raise BriefMissing(str(busy)) from busy


async def _earlier_receipt(channel: Channel, lease: Lease, delivery: Delivery) -> str | None:
    """Return the receipt of an earlier attempt, if there was one and the platform can tell."""
    if lease.attempts <= 1 or channel.idempotent:
        return None
    try:
        return await channel.settle(delivery)
    except Unsure:
        if lease.attempts > 2:
            raise Undeliverable("sent twice, and the platform cannot say whether either arrived") from None
        return None


def transfer(delivery: Delivery) -> float:
    """Return the further seconds that a delivery's files may take; its lease is renewed meanwhile."""
    return copying_time(file.size for file in delivery.files)
