"""The ports of what goes out: channels that carry effects to people, and backends that keep tickets."""

from typing import Protocol

from flows.conversation import Address, Conversation
from flows.effects import Effect
from flows.events import File
from flows.prompts import Prompt
from flows.text.words import Words
from flows.values import Frozen
from flows.views.dossier import CustomerReply, Dossier, Line


class Delivery(Frozen):
    """An effect with everything that a sender needs to carry it out.

    To the customer: `prompt` for an Ask, `words` for a Tell, `reply` for a Relay or an Amend (nothing else of agents
    reaches customers, law L12); for a Retire, `of` is the receipt of the message to retire and `words` the line that
    the message shrinks to: the step and its answer.

    To agents: `dossier` is all that is known, `of` the receipt of the packet whose thread it goes to ('' for the packet
    itself). For a Relay, `line` is what happened; for a Filing, too. For an Amend, `line` is the line as it is now, and
    `news` says what happened where no message shows that line or the message can no longer be edited. `ping` is whom
    the message alerts, as the operator wrote it for the team; `path` is where the web desk replays the conversation
    ('' without a public address).

    `copied` is, for an Amend at either end, the receipt of the message that shows the words.
    """

    effect: Effect
    conversation: Conversation
    address: Address
    prompt: Prompt | None = None
    words: Words = ()
    of: str = ""
    dossier: Dossier | None = None
    reply: CustomerReply | None = None
    line: Line | None = None
    copied: str = ""
    news: Line | None = None
    ping: str = ""
    path: str = ""

    @property
    def files(self) -> tuple[File, ...]:
        """The files that go with the words."""
        words = self.reply if self.reply is not None else self.line
        return words.files if words is not None else ()

    def with_files_left(self, left: tuple[File, ...]) -> "Delivery":
        """Return the delivery once its files were sent; only those in `left` are still to be named in the message."""
        reply, line = (
            self.reply and self.reply.with_files_left(left),
            self.line and self.line.with_files_left(left),
        )
        return self.model_copy(update={"reply": reply, "line": line})


class Channel(Protocol):
    """A sender: carries effects to one platform, usable in any process; holds no conversation in memory.

    `idempotent` says that the platform drops a repeated delivery of the same effect id by itself.
    """

    name: str
    idempotent: bool

    async def send(self, delivery: Delivery) -> str:
        """Carry it out and return the receipt; '' for an Amend where the customer's copy stays as it was.

        Raises Busy, Undeliverable; anything else is an unknown outcome.
        """

    async def settle(self, delivery: Delivery) -> str | None:
        """Ask the platform whether an earlier attempt arrived: its receipt, None for no, or raise Unsure."""


class TicketReport(Frozen):
    """A ticket as a backend is told of it. Of two reports of a number the one with the greater `version` holds.

    `address` is its team's email address ('' for none), `forwarded` says that an agent sent it there. `happened` is
    what it is reported for, `who` did that, and `quoted` says that those are their words. `summary` is what the
    customer tried, saw and said. No note is ever part of it (law L12). `opened` is in ms; `link` leads to the desk.
    """

    number: int
    version: int
    conversation: str
    status: str
    open: bool
    flow: str
    title: str
    team: str
    address: str = ""
    forwarded: bool = False
    reasons: tuple[str, ...] = ()
    contact: str = ""
    holder: str = ""
    opened: int = 0
    summary: str = ""
    who: str = ""
    happened: str = ""
    quoted: bool = False
    link: str = ""


class TicketBackend(Protocol):
    """A system that an operator keeps tickets in. Told the same report twice, it shows it once."""

    name: str

    async def file(self, report: TicketReport) -> str:
        """Take the report in; returns what the ticket is called there ('' where it has no name).

        Raises Busy with the seconds to wait, Undeliverable for never; anything else is tried again, later and later.
        """
