"""Receives the lines that one customer types in a terminal, and turns them into events until the customer quits."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rich.console import RenderableType

from adapters.terminal import render
from adapters.terminal.inbound import Act, MenuItem, UnknownNumber, meaning, offers
from adapters.terminal.lines import Lines
from adapters.terminal.questions import LeftTerminal, Seat, details, goes_on, how_long
from adapters.terminal.sender import Terminal
from adapters.terminal.texts import TEXTS
from bot.ports import Contended, Damaged, Look, Outcome, Receive, StoreDown, Unreadable
from flows.conversation import Address, Conversation
from flows.events import Event, Said, Started
from flows.text.phrases import PHRASES, apology
from flows.views.screen import Screen


@dataclass(frozen=True)
class TerminalVisit:
    """Describes the customer at the terminal and what to start.

    `door` is where the conversation starts; `flow` is '' for the picker; `conversation` is the id of one to reopen,
    even after it has ended. `title` is the heading, `support` an address to name when the store is down, and `command`
    the command that continues the conversation.
    """

    person: str
    door: str
    flow: str = ""
    conversation: str = ""
    title: str = "Troubletree"
    support: str = ""
    command: str = "python -m bot chat"


@dataclass(frozen=True)
class TerminalPorts:
    """Holds the ports of the receiver. `settled` waits until every effect recorded so far has been shown."""

    receive: Receive
    look: Look
    settled: Callable[[], Awaitable[object]]


async def converse(ports: TerminalPorts, terminal: Terminal, lines: Lines, visit: TerminalVisit) -> None:
    """Start the conversation, handle lines until the customer quits, then say how to come back.

    Raises StoreDown if the start cannot be recorded. Later failures are shown to the customer.
    """
    session = _Session(ports, Seat(terminal, lines), visit)
    try:
        await session.begin()
        while True:
            await session.next()
    except LeftTerminal:
        session.farewell()
    except asyncio.CancelledError:
        session.farewell()
        raise


class _Session:
    """Runs one customer's visit to a terminal. Remembers only what was shown last; the store holds the record."""

    def __init__(self, ports: TerminalPorts, seat: Seat, visit: TerminalVisit) -> None:
        self._ports = ports
        self._seat = seat
        self._terminal = seat.terminal
        self._visit = visit
        self._actor = f"terminal:{visit.person}"
        self._screen: Screen | None = None
        self._live = ("", 0)
        self._ticket = (0, False)

    # ------------------------------------------------------------ starting

    async def begin(self) -> None:
        """Start a conversation, or continue the open one. Raises LeftTerminal if neither is possible."""
        self._show(render.heading(self._visit.title))
        await self._ports.settled()
        outcome = await self._reopen() if self._visit.conversation else await self._start(self._visit.door)
        wanted = self._visit.flow
        if wanted and outcome.refusal is None and outcome.conversation.flow != wanted:
            outcome = await self._choose(outcome)
        if outcome.refusal is not None:
            self._show(render.note(PHRASES[outcome.refusal.why]))
            raise LeftTerminal
        await self._ports.settled()
        screen = await self._load_screen(outcome.conversation)
        if not outcome.created:
            self._show(render.recap(screen))
        self._draw(screen, again=not outcome.created)

    async def _reopen(self) -> Outcome:
        """Return the conversation that was asked for by id. Raises LeftTerminal if it is not this customer's."""
        screen = await self._ports.look(self._visit.conversation)
        if screen is None or not screen.conversation.may_answer(self._actor):
            self._show(render.note(PHRASES["no_conversation"]))
            raise LeftTerminal
        return Outcome(conversation=screen.conversation)

    async def _start(self, door: str) -> Outcome:
        person = self._visit.person
        event = Started(
            door=door,
            address=str(Address(channel=self._terminal.name, person=person)),
            flow=self._visit.flow,
            name=person,
            key=secrets.token_hex(8),
            actor=self._actor,
        )
        outcome = await self._ports.receive(event)
        assert outcome is not None, "Started always finds or makes a conversation"
        return outcome

    async def _choose(self, other: Outcome) -> Outcome:
        """Ask whether to continue the other open conversation, or to start the wanted flow at a door of its own."""
        screen = await self._load_screen(other.conversation)
        if await goes_on(self._seat, screen.title, self._visit.title):
            return other
        return await self._start(f"{self._visit.door}/{self._visit.flow}")

    # ------------------------------------------------------------ one line, one event

    async def next(self) -> None:
        """Read a line and do what it means. Raises LeftTerminal if the customer quits."""
        line = await self._seat.line()
        screen = await self._last_drawn()
        offered = offers(screen.prompt, screen.conversation)
        if not line:
            self._show(render.hint(offered))
            return
        match meaning(line, offered, screen.prompt, screen.conversation.id):
            case MenuItem(does=does, label=label):
                await self._do(does, label, screen)
            case Said() as said:
                text = " ".join((said.text, *await self._seat.pasted()))
                if not self._terminal.console.is_terminal:
                    self._show(render.echo(text))
                await self._record(said.model_copy(update={"text": text}))
            case UnknownNumber():
                self._show(render.note(PHRASES["not_offered"]))
                self._show(render.hint(offered))

    async def _do(self, does: Event | Act, label: str, screen: Screen) -> None:
        match does:
            case "leave":
                raise LeftTerminal
            case "help":
                self._terminal.prompt(screen.prompt, screen.conversation, again=True)
            case "ticket":
                if screen.ticket is not None:
                    self._show(render.ticket_card(screen.ticket))
            case "later":
                nap = await how_long(self._seat, screen.conversation)
                if nap is None:
                    self._show(render.hint(offers(screen.prompt, screen.conversation)))
                else:
                    await self._do(nap.does, nap.label, screen)
            case "details":
                detailed = await details(self._seat, screen.conversation)
                if detailed is None:
                    self._show(render.note(TEXTS["nothing_added"]))
                else:
                    await self._record(detailed)
            case _:
                self._show(render.echo(label))
                await self._record(does)

    # ------------------------------------------------------------ recording and showing

    async def _record(self, event: Event) -> None:
        """Send an event to the desk and show the result, or say why the event could not be recorded."""
        stamped = event.model_copy(update={"key": secrets.token_hex(8), "actor": self._actor})
        try:
            outcome = await self._ports.receive(stamped)
            if outcome is None:
                self._show(render.note(PHRASES["no_conversation"]))
                raise LeftTerminal
            await self._ports.settled()
            screen = await self._load_screen(outcome.conversation)
        except (StoreDown, Contended, Unreadable) as error:
            self._show(render.note(self._apology(error)))
            return
        if outcome.refusal is not None:
            self._show(render.note(PHRASES[outcome.refusal.why]))
        self._draw(screen, anew=outcome.refusal is not None)

    def _apology(self, error: Exception) -> str:
        if isinstance(error, Unreadable) and not isinstance(error, Damaged):
            return TEXTS["newer_version"]
        if isinstance(error, Damaged):
            return apology("damaged", self._visit.support)
        phrase = "contended" if isinstance(error, Contended) else "store_down"
        return apology(phrase, self._visit.support)

    async def _load_screen(self, conversation: Conversation) -> Screen:
        screen = await self._ports.look(conversation.id)
        assert screen is not None, "what was just recorded can be seen"
        self._screen = screen
        return screen

    async def _last_drawn(self) -> Screen:
        """Return the screen of the prompt that was drawn last, by this receiver or by the outbox.

        A typed number refers to that prompt.
        """
        known = self._screen
        assert known is not None, "begin comes first"
        if self._terminal.live == self._live:
            return known
        self._live = self._terminal.live
        try:
            return await self._load_screen(known.conversation)
        except StoreDown:
            return known

    def _draw(self, screen: Screen, again: bool = False, anew: bool = False) -> None:
        """Show what the outbox did not show: the prompt if it is missing, the ticket, and the menu."""
        live = (screen.conversation.id, screen.prompt.turn)
        if again or anew or self._terminal.live != live:
            self._terminal.prompt(screen.prompt, screen.conversation, again)
            fresh = True
        else:
            fresh = live != self._live
        self._live = live
        ticket_shown = self._draw_ticket(screen)
        if ticket_shown or not fresh:
            self._show(render.hint(offers(screen.prompt, screen.conversation)))

    def _draw_ticket(self, screen: Screen) -> bool:
        """Show the ticket if it was opened or closed since it was last shown. Returns whether a card was shown."""
        ticket = screen.ticket
        state = (ticket.number, ticket.open) if ticket else (0, False)
        if ticket is None or state == self._ticket:
            return False
        known, self._ticket = self._ticket, state
        if ticket.open:
            self._show(render.ticket_card(ticket))
        elif known[1]:
            self._show(render.note(PHRASES.say("ticket_was_closed", ticket=ticket.number)))
        return ticket.open

    def farewell(self) -> None:
        """Say that progress is saved and how to come back."""
        command, screen = self._visit.command, self._screen
        if screen is None:
            self._show(render.parting(TEXTS["nothing_started"], command))
        elif screen.conversation.status.ended:
            again = f"{command} --again {screen.conversation.id}"
            self._show(render.parting(TEXTS["ended"], again))
        else:
            known, is_open = self._ticket
            saved = TEXTS.say("saved_ticket", ticket=known) if is_open else TEXTS["saved"]
            self._show(render.parting(saved, command))

    def _show(self, drawn: RenderableType) -> None:
        self._terminal.show(drawn)
