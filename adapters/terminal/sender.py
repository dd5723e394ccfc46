"""Prints the outbox's deliveries on one customer's terminal."""

from typing import Final

from rich.console import Console, RenderableType

from adapters.terminal.render import WIDEST, card, draw
from bot.ports import Busy, Delivery
from flows.conversation import Conversation
from flows.effects import Amend
from flows.prompts import Prompt

AWAY_RETRY_S: Final = 5.0
"""Seconds until the next attempt to deliver to a customer whose terminal is not open."""


class Terminal:
    """Prints on one customer's terminal: implements `bot.ports.Channel`, and shows the receiver's own sentences, too.

    Knows only what it printed itself, so `settle` cannot find what an earlier terminal printed.
    """

    name = "terminal"
    idempotent = False

    def __init__(self, person: str, console: Console) -> None:
        """`person` is the customer at this terminal. Deliveries to other people are not shown."""
        self.person = person
        self.console = console
        self.live = ("", 0)
        self._shown: set[str] = set()
        self._marked = False

    async def send(self, delivery: Delivery) -> str:
        """Print a delivery and return its receipt. Raises Busy if it is for a customer who is not at this terminal."""
        if delivery.address.person != self.person:
            raise Busy(AWAY_RETRY_S)
        if isinstance(delivery.effect, Amend):
            return ""  # printed text cannot be edited
        drawn = draw(delivery)
        if drawn is not None:
            self.show(drawn)
        if delivery.prompt is not None:
            self.live = (delivery.conversation.id, delivery.prompt.turn)
        self._shown.add(delivery.effect.id)
        return delivery.effect.id

    async def settle(self, delivery: Delivery) -> str | None:
        """Return the receipt of a delivery that this terminal has shown, or None."""
        return delivery.effect.id if delivery.effect.id in self._shown else None

    def show(self, drawn: RenderableType) -> None:
        """Print something. If the customer is typing, print it on a new line and repeat the input marker after it."""
        marked = self._marked
        if marked:
            self.console.print()
        self.console.print(drawn, width=min(self.console.width, WIDEST), crop=False)
        if marked:
            self.mark()

    def prompt(self, prompt: Prompt, conversation: Conversation, again: bool = False) -> None:
        """Show the conversation's prompt, whether or not the outbox has shown it."""
        self.show(card(prompt, conversation, again))
        self.live = (conversation.id, prompt.turn)

    def mark(self) -> None:
        """Print the input marker, unless the output is not a terminal (a script)."""
        self._marked = self.console.is_terminal
        if self._marked:
            self.console.print("> ", end="", style="bold")

    def typed(self) -> None:
        """Note that a line was typed, or that the input ended, so that the marker no longer shows."""
        self._marked = False
