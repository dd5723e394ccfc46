"""Stores the emails to customers in memory, and fails on command."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.ports import Busy, Confirmation, Mail, Undeliverable


@dataclass
class PostOffice:
    """Implements the port Post; `asked` are the emails that ask to confirm an address.

    Each email takes one of `faults`: busy, refuse, lose-request, lose-answer.
    """

    sent: list[Mail] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    asked: list[Confirmation] = field(default_factory=list)

    async def confirm(self, asked: Confirmation) -> None:
        self._fail_or(lambda: self.asked.append(asked))

    async def send(self, mail: Mail) -> None:
        self._fail_or(lambda: self.sent.append(mail))

    def _fail_or(self, accept: Callable[[], None]) -> None:
        fault = self.faults.popleft() if self.faults else ""
        if fault == "busy":
            raise Busy(0.0)
        if fault == "refuse":
            raise Undeliverable("no such mailbox")
        if fault == "lose-request":
            raise ConnectionError("never arrived")
        accept()
        if fault == "lose-answer":
            raise ConnectionError("the answer was lost")
