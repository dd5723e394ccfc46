"""The terminal's sender: shows what the outbox carries to one person's terminal."""

from typing import Final

from rich.console import Console, RenderableType

from adapters.terminal.render import WIDEST, card, draw
from bot.ports import Busy, Delivery
from flows.conversation import Conversation
from flows.effects import Amend
from flows.prompts import Prompt

AWAY_RETRY_S: Final = 5.0
"""Seconds until it is worth asking again whether somebody sits at their terminal."""


class Terminal:
    """One person's terminal: a `bot.ports.Channel`, on which the receiver shows its own sentences too.

    A terminal forgets: what an earlier one showed cannot be seen here, so `settle` knows of this one only.
    """

    name = "terminal"
    idempotent = False

    def __init__(self, person: str, console: Console) -> None:
        """`person` is who sits here; what is meant for somebody else is not shown."""
        self.person = person
        self.console = console
        self.live = ("", 0)
        self._shown: set[str] = set()
        self._marked = False

    async def send(self, delivery: Delivery) -> str:
        """Show it, unless it is for somebody who does not sit here just now."""
        if delivery.address.person != self.person:
            raise Busy(AWAY_RETRY_S)
        if isinstance(delivery.effect, Amend):
            return ""  # what was printed stays
        drawn = draw(delivery)
        if drawn is not None:
            self.show(drawn)
        if delivery.prompt is not None:
            self.live = (delivery.conversation.id, delivery.prompt.turn)
        self._shown.add(delivery.effect.id)
        return delivery.effect.id

    async def settle(self, delivery: Delivery) -> str | None:
        """Whether this terminal has shown it."""
        return delivery.effect.id if delivery.effect.id in self._shown else None

    def show(self, drawn: RenderableType) -> None:
        """Print it; where somebody is just typing, on a line of its own and with a fresh marker after it."""
        marked = self._marked
        if marked:
            self.console.print()
        self.console.print(drawn, width=min(self.console.width, WIDEST), crop=False)
        if marked:
            self.mark()

    def prompt(self, prompt: Prompt, conversation: Conversation, again: bool = False) -> None:
        """Show where the conversation stands, whether or not the outbox did so before."""
        self.show(card(prompt, conversation, again))
        self.live = (conversation.id, prompt.turn)

    def mark(self) -> None:
        """Show that it is the person's turn to type; scripts need no marker."""
        self._marked = self.console.is_terminal
        if self._marked:
            self.console.print("> ", end="", style="bold")

    def typed(self) -> None:
        """A line was typed (or the input ended): the marker is used up."""
        self._marked = False
