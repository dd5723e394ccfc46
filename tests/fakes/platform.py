"""Provides a platform in memory: rooms store the messages sent to them, and sends fail on command."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Literal

from bot.ports import Busy, Delivery, PlaceGone, Undeliverable, Unsure
from flows.effects import Amend, Ask, Brief, Packet, Recap, Relay, Retire
from flows.text.markup.words import plain
from flows.views.dossier import Line

Fault = Literal["fine", "busy", "refuse", "lose-request", "lose-answer", "delete-thread"]


@dataclass
class Posted:
    """A message in a room. `thread` is the first message of its thread, and `opens` says that the message is one."""

    effect: str
    text: str
    buttons: tuple[str, ...]
    collapsed: str = ""
    thread: str = ""
    opens: bool = False


@dataclass
class Platform:
    """Holds the messages by room. Each send takes one of `faults`; `can_tell` says whether `settle` gets an answer.

    `unnoticed` says that threads were deleted and nothing was sent to one since, so that no sender can know.
    """

    rooms: dict[str, list[Posted]] = field(default_factory=lambda: defaultdict(list))
    faults: deque[Fault] = field(default_factory=deque)
    can_tell: bool = True
    calls: int = 0
    unnoticed: bool = False
    gate: asyncio.Event | None = None

    def texts(self, room: str) -> list[str]:
        """Return the texts of a room's messages, oldest first."""
        return [posted.text for posted in self.rooms[room]]

    def delete_threads(self) -> None:
        """Delete every thread of agents, with all its messages."""
        self.unnoticed = True
        for room in self.rooms.values():
            room[:] = [posted for posted in room if not (posted.opens or posted.thread)]


class Sender:
    """Sends deliveries to the platform."""

    def __init__(self, platform: Platform, name: str = "sent", idempotent: bool = False) -> None:
        """`platform` may be shared by several senders, as several processes do."""
        self.platform = platform
        self.name = name
        self.idempotent = idempotent

    async def send(self, delivery: Delivery) -> str:
        """Post a delivery, or fail as the next fault says."""
        self.platform.calls += 1
        if self.platform.gate is not None:
            await self.platform.gate.wait()
        fault = self.platform.faults.popleft() if self.platform.faults else None
        if fault == "busy":
            raise Busy(0.0)
        if fault == "refuse":
            raise Undeliverable("DMs closed")
        if fault == "lose-request":
            raise ConnectionError("never arrived")
        if fault == "delete-thread":
            self.platform.delete_threads()
        self._need_thread(delivery)
        self._post(delivery)
        if fault == "lose-answer":
            raise ConnectionError("the answer was lost")
        # An edited message stays the same message, so a later edit must find it.
        return delivery.copied if delivery.copied and delivery.reply is not None else delivery.effect.id

    async def settle(self, delivery: Delivery) -> str | None:
        """Return the receipt of a delivery that is in its room, or None."""
        if not self.platform.can_tell:
            raise Unsure
        room = self.platform.rooms[delivery.address.room]
        return delivery.effect.id if any(posted.effect == delivery.effect.id for posted in room) else None

    def _need_thread(self, delivery: Delivery) -> None:
        """Refuse a message to a thread that is gone."""
        if delivery.effect.end != "agents" or not isinstance(delivery.effect, Relay | Amend | Brief):
            return
        room = self.platform.rooms[delivery.address.room]
        if not any(posted.effect == delivery.of for posted in room):
            self.platform.unnoticed = False
            raise PlaceGone("no such thread", "thread")

    def _post(self, delivery: Delivery) -> None:
        room = self.platform.rooms[delivery.address.room]
        effect = delivery.effect
        if isinstance(effect, Retire):
            for posted in room:
                if posted.effect == delivery.of:
                    posted.buttons = ()
                    posted.collapsed = plain(delivery.words)
            return
        if isinstance(effect, Recap):
            for posted in room:
                if posted.effect == delivery.of:
                    posted.text = _head(delivery)
            return
        if isinstance(effect, Amend):
            self._amend(delivery, room)
            return
        if self.idempotent and any(posted.effect == effect.id for posted in room):
            return
        shown = delivery.prompt if isinstance(effect, Ask) else None
        text = f"[{shown.title}]" if shown else plain(delivery.words)
        buttons = tuple(option.id for option in shown.choices) if shown else ()
        if delivery.suggestion is not None:
            text = delivery.suggestion.question
            buttons = tuple(label for label, _ in delivery.suggestion.buttons("", 0))
        if isinstance(effect, Packet):
            text = _head(delivery)
        elif isinstance(effect, Brief):
            text = "\n".join(_line(line) for line in _lines(delivery))
        elif isinstance(effect, Relay) and delivery.line is not None:
            text = _line(delivery.line)
        elif isinstance(effect, Relay) and delivery.reply is not None:
            text = plain(delivery.reply.words)
        thread = delivery.of if effect.end == "agents" else ""
        opens = isinstance(effect, Packet)
        room.append(Posted(effect=effect.id, text=text, buttons=buttons, thread=thread, opens=opens))

    def _amend(self, delivery: Delivery, room: list[Posted]) -> None:
        """Edit the message that shows the changed text. If there is none, tell agents about the change."""
        line, reply, news = delivery.line, delivery.reply, delivery.news
        shown = next((posted for posted in room if posted.effect == delivery.copied), None)
        if shown is not None and reply is not None:
            shown.text = "" if reply.since == "gone" else plain(reply.words)
        elif shown is not None and line is not None:
            shown.text = f"{_line(line)} ({line.since})"
        elif news is not None and not any(posted.effect == delivery.effect.id for posted in room):
            room.append(Posted(effect=delivery.effect.id, text=_line(news), buttons=(), thread=delivery.of))


def _lines(delivery: Delivery) -> tuple[Line, ...]:
    return delivery.dossier.lines if delivery.dossier is not None else ()


def _head(delivery: Delivery) -> str:
    at = delivery.conversation
    return f"#{at.ticket} {at.status} {at.holder_name} at {at.step}"


def _line(line: Line) -> str:
    return f"{line.kind}: {line.who} {plain(line.words)}"
