"""The post in memory: what customers were mailed, and faults on command."""

from collections import deque
from dataclasses import dataclass, field

from bot.ports import Busy, Mail, Undeliverable


@dataclass
class PostOffice:
    """The port Post. `faults` are taken one a mail: busy, refuse, lose-request, lose-answer."""

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
