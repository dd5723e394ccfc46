"""Questions the terminal asks by itself, before there is an event: how much later, which details, which of two."""

from collections.abc import Iterable

from adapters.terminal import render
from adapters.terminal.inbound import Offer, naps
from adapters.terminal.lines import Lines
from adapters.terminal.sender import Terminal
from flows.conversation import Conversation
from flows.events import REASONS, Detailed
from flows.phrases import reason_label


class Left(Exception):
    """The person leaves: by `q`, or because the input has ended."""


class Seat:
    """Where somebody sits: a terminal to show things on, and the lines they type."""

    def __init__(self, terminal: Terminal, lines: Lines) -> None:
        """Both belong to the same person."""
        self.terminal = terminal
        self._lines = lines

    async def line(self) -> str:
        """The next line without blanks around it. Raises Left at the end of the input."""
        self.terminal.mark()
        try:
            line = await self._lines.next()
        finally:
            self.terminal.typed()
        if line is None:
            raise Left
        return line.strip()

    async def pasted(self) -> tuple[str, ...]:
        """The lines that came together with the last one."""
        return await self._lines.pasted()

    async def ask(self, question: str, rows: Iterable[tuple[str, str]] = ()) -> str:
        """Ask, with what can be typed for which answer; gives what was typed."""
        self.terminal.show(render.note(question))
        if listed := tuple(rows):
            self.terminal.show(render.numbered(listed))
        return await self.line()


async def how_long(seat: Seat, conversation: Conversation) -> Offer | None:
    """How much later; None for not at all."""
    offered = naps(conversation)
    rows = ((offer.key, offer.label) for offer in offered)
    typed = (await seat.ask("When shall we go on? (Enter: now)", rows)).casefold()
    return next((offer for offer in offered if typed in (offer.key, offer.id, offer.label.casefold())), None)


async def details(seat: Seat, conversation: Conversation) -> Detailed | None:
    """Three questions for the ticket, each of which may be skipped; None when all were."""
    reasons = {str(number): reason for number, reason in enumerate(REASONS, start=1)}
    rows = ((number, reason_label(reason)) for number, reason in reasons.items())
    reason = reasons.get(await seat.ask("Which of these fits best? (Enter skips a question.)", rows), "")
    text = await seat.ask("What else should the person know who will help you?")
    reach = await seat.ask("How can they reach you?")
    if not (reason or text or reach):
        return None
    return Detailed(conversation=conversation.id, reason=reason, text=text, reach=reach)


async def goes_on(seat: Seat, old: str, new: str) -> bool:
    """Whether to go on with the conversation that is open here, or to begin the one asked for."""
    rows = (("1", f"Go on with it: {old}"), ("2", f"Put it aside and begin: {new}"))
    typed = await seat.ask("You have a conversation open here.", rows)
    while typed not in ("1", "2"):
        typed = await seat.ask("Please type 1 or 2.")
    return typed == "1"
