"""Stores the emails to customers in memory, and fails on command."""

from collections import deque
from dataclasses import dataclass, field

from bot.ports import Busy, Mail, Undeliverable


@dataclass
class PostOffice:
    """Implements the port Post. Each email takes one of `faults`: busy, refuse, lose-request, lose-answer."""

    sent: list[Mail] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)

    async def send(self, mail: Mail) -> None:
        fault = self.faults.popleft() if self.faults else ""
        if fault == "busy":
            raise Busy(0.0)
        if fault == "refuse":
            raise Undeliverable("no such mailbox")
        if fault == "lose-request":
            raise ConnectionError("never arrived")
        self.sent.append(mail)
        if fault == "lose-answer":
            raise ConnectionError("the answer was lost")
