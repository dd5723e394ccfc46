"""Composes the product on a store in memory, with a terminal that writes to a text, and typed lines."""

import asyncio
import os
from collections.abc import AsyncIterator
from io import StringIO

import pytest
from rich.console import Console

from adapters.terminal.lines import Lines
from adapters.terminal.receiver import TerminalPorts, TerminalVisit, converse
from adapters.terminal.sender import Terminal
from bot.ports import Encoder, Look, Receive
from flows.catalogue import Catalogue
from flows.views.screen import Screen
from tests.fakes.world import World


class Paper(StringIO):
    """Collects what a terminal prints, and knows whether the input marker was printed."""

    def __init__(self) -> None:
        """The text is empty at first."""
        super().__init__()
        self.marked = asyncio.Event()

    def write(self, text: str) -> int:
        """Append a text."""
        if text.endswith("> "):
            self.marked.set()
        return super().write(text)


class Table:
    """The place of `person`. Every visit has a new terminal, as every start of the program has."""

    def __init__(
        self, shelf: Catalogue | None = None, person: str = "ana", encoder: Encoder | None = None
    ) -> None:
        self.terminal = Terminal(person, self.console(StringIO()))
        self.world = World(shelf=shelf, channels=(self.terminal,), encoder=encoder)
        self.receive: Receive = self.world.app.receive
        self.look: Look = self.world.app.look
        self.person = person

    @staticmethod
    def console(out: StringIO, *, terminal: bool = False) -> Console:
        """Make a screen of 80 columns that writes to a text."""
        return Console(file=out, width=80, force_terminal=terminal, color_system=None)

    def ports(self) -> TerminalPorts:
        """Return the receiver's ports, as the composition root makes them."""

        async def settled() -> None:
            await self.world.app.outbox.pick_up()
            await self.world.app.outbox.idle()

        return TerminalPorts(self.receive, self.look, settled)

    def visit(self, flow: str = "", **more: str) -> TerminalVisit:
        """Return the visit of this person."""
        return TerminalVisit(person=self.person, door=f"terminal/{self.person}", flow=flow, **more)

    async def sit(self, *typed: str, flow: str = "", **more: str) -> str:
        """Type these lines and end the input. Return what the terminal printed."""
        out = StringIO()
        self.terminal.console = self.console(out)
        self.terminal.live = ("", 0)
        reader, writer = os.pipe()
        os.write(writer, "".join(f"{line}\n" for line in typed).encode())
        os.close(writer)
        try:
            await converse(self.ports(), self.terminal, Lines(reader), self.visit(flow, **more))
        finally:
            os.close(reader)
        return "\n".join(line.rstrip() for line in out.getvalue().splitlines())

    async def screen(self, number: int = 0) -> Screen:
        """Return the screen of the customer with that ticket."""
        entry = await self.world.store.index.ticket(number) if number else None
        assert entry is not None
        screen = await self.world.app.look(entry.conversation)
        assert screen is not None
        return screen


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    """Make a table for Ana."""
    made = Table()
    yield made
    await made.world.close()
