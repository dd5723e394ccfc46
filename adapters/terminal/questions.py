"""Asks the terminal's own questions, before it makes an event: how much later, which details, which conversation."""

from collections.abc import Iterable

from adapters.terminal import render
from adapters.terminal.inbound import MenuItem, naps
from adapters.terminal.lines import Lines
from adapters.terminal.sender import Terminal
from adapters.terminal.texts import TEXTS
from flows.conversation import Conversation
from flows.events import REASONS, Detailed
from flows.text.phrases import PHRASES, reason_label


class LeftTerminal(Exception):
    """The customer quits by `q`, or the input has ended."""


class Seat:
    """Joins a customer's terminal with the lines that they type."""

    def __init__(self, terminal: Terminal, lines: Lines) -> None:
        self.terminal = terminal
        self._lines = lines

    async def line(self) -> str:
        """Read the next line and strip it. Raises LeftTerminal at the end of the input."""
        self.terminal.mark()
        try:
            line = await self._lines.next()
        finally:
            self.terminal.typed()
        if line is None:
            raise LeftTerminal
        return line.strip()

    async def pasted(self) -> tuple[str, ...]:
        """Return the other lines of a paste, after its first was read."""
        return await self._lines.pasted()

    async def ask(self, question: str, rows: Iterable[tuple[str, str]] = ()) -> str:
        """Ask a question and return the typed line. `rows` lists what to type for each answer."""
        self.terminal.show(render.note(question))
        if answers := tuple(rows):
            self.terminal.show(render.numbered(answers))
        return await self.line()


async def how_long(seat: Seat, conversation: Conversation) -> MenuItem | None:
    """Ask when to continue. None means to continue now."""
    offered = naps(conversation)
    rows = ((offer.key, offer.label) for offer in offered)
    typed = (await seat.ask(TEXTS["later_asks"], rows)).casefold()
    return next((offer for offer in offered if typed in (offer.key, offer.id, offer.label.casefold())), None)


async def details(seat: Seat, conversation: Conversation) -> Detailed | None:
    """Ask for a ticket's details in three questions. Each can be skipped; None if all were."""
    reasons = {str(number): reason for number, reason in enumerate(REASONS, start=1)}
    rows = ((number, reason_label(reason)) for number, reason in reasons.items())
    reason = reasons.get(await seat.ask(TEXTS["reason_asks"], rows), "")
    text = await seat.ask(PHRASES["what"])
    reach = await seat.ask(PHRASES["reach"])
    if not (reason or text or reach):
        return None
    return Detailed(conversation=conversation.id, reason=reason, text=text, reach=reach)


async def goes_on(seat: Seat, old: str, new: str) -> bool:
    """Ask whether to continue the open conversation. False starts the new one."""
    rows = (("1", TEXTS.say("continue_it", title=old)), ("2", TEXTS.say("start_other", title=new)))
    typed = await seat.ask(TEXTS["open_already"], rows)
    while typed not in ("1", "2"):
        typed = await seat.ask(TEXTS["one_or_two"])
    return typed == "1"
