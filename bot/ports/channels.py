"""Defines the ports of what goes out: channels that carry effects to people, and ticket backends."""

from collections.abc import Iterable
from typing import Final, Protocol

from flows.conversation import Address, Conversation
from flows.effects import Effect
from flows.events import File
from flows.prompts import Prompt
from flows.suggestions import Suggestion
from flows.text.markup.words import Words
from flows.values import Frozen
from flows.views.dossier import CustomerReply, Dossier, Line


class Delivery(Frozen):
    """An effect with everything that a sender needs to carry it out.

    To the customer: `prompt` for an Ask, `suggestion` for a Suggest, `words` for a Tell, `reply` for a Relay or an
    Amend (nothing else of agents reaches customers, law L12); for a Retire, `of` is the receipt of the message to
    retire and `words` the line that the message shrinks to: the step and its answer.

    To agents: `dossier` holds all known facts, `of` is the receipt of the packet that opened the thread ('' for the
    packet itself). `line` is what happened, for a Relay and for a Filing. For an Amend, `line` is the line as it is
    now, and `news` says what happened if no message shows that line or the message can no longer be edited. `ping` is
    whom the message alerts, as the operator wrote it for the team, and `mentions` are the actors of agents whom it
    notifies; `path` is where the web desk replays the conversation, and `desk` where it shows the ticket of a Notify
    ('' without a public address).

    For a Notify, `words` is the line of the direct message, and the address has the agent's actor as its person.

    `copied` is, for an Amend at either end and for a Notify after an edit, the receipt of the message that shows the
    words.
    """

    effect: Effect
    conversation: Conversation
    address: Address
    prompt: Prompt | None = None
    suggestion: Suggestion | None = None
    words: Words = ()
    of: str = ""
    dossier: Dossier | None = None
    reply: CustomerReply | None = None
    line: Line | None = None
    copied: str = ""
    news: Line | None = None
    ping: str = ""
    mentions: tuple[str, ...] = ()
    path: str = ""
    desk: str = ""

    @property
    def files(self) -> tuple[File, ...]:
        """Return the files that belong to the words."""
        words = self.reply if self.reply is not None else self.line
        return words.files if words is not None else ()

    def with_files_left(self, left: tuple[File, ...]) -> "Delivery":
        """Return the delivery after its files were sent: the message still names only the files in `left`."""
        reply, line = (
            self.reply and self.reply.with_files_left(left),
            self.line and self.line.with_files_left(left),
        )
        return self.model_copy(update={"reply": reply, "line": line})


FILES_MISSING: Final = "files"
"""The code of a PartialReceipt for files that are missing; their names follow."""


class PartialReceipt(str):
    """The receipt of a message that did not arrive as a whole. `reason` is a code and what it is about, such as the
    names of the files that are missing.
    """

    __slots__ = ("reason",)
    reason: str

    @classmethod
    def of(cls, receipt: str, reason: str) -> str:
        """Return the receipt, as a PartialReceipt if there is a reason."""
        if not reason:
            return receipt
        made = cls(receipt)
        made.reason = reason
        return made

    @classmethod
    def without(cls, receipt: str, files: Iterable[str]) -> str:
        """Return the receipt of a message that arrived without the files of these names, if there are any."""
        names = ", ".join(files)
        return cls.of(receipt, f"{FILES_MISSING} {names}" if names else "")


class Channel(Protocol):
    """Sends effects to one platform, from any process; keeps no conversation in memory.

    `idempotent` says that the platform drops a repeated delivery of the same effect id by itself.
    """

    name: str
    idempotent: bool

    async def send(self, delivery: Delivery) -> str:
        """Carry out the effect and return its receipt, a PartialReceipt if not all of it arrived. For an Amend to the
        customer, the receipt names the messages that show the words from now on; '' if they stay as they were.

        Raises Busy, Undeliverable or PlaceGone; any other error means an unknown outcome.
        """

    async def settle(self, delivery: Delivery) -> str | None:
        """Ask the platform whether an earlier attempt arrived. Return its receipt, or None if not. Raises Unsure."""


class PlatformCheck(Frozen):
    """What a platform says about something that the settings name: a token, a channel.

    `problem` says what is wrong and what to do, `unchecked` why nothing is known; without either, all is well.
    `advice` is what an operator may want to change.
    """

    what: str
    problem: str = ""
    unchecked: str = ""
    advice: str = ""


class Happening(Frozen):
    """What happened to a ticket, and its author.

    `quoted` says that `happened` is the author's own words, `answered` that it is a step and its answer.
    """

    who: str = ""
    happened: str = ""
    quoted: bool = False
    answered: bool = False


class TicketReport(Happening):
    """A ticket as a backend gets it. Of two reports with the same number, the greater `version` wins.

    `address` is the team's email address ('' for none), `forwarded` says that an agent forwarded the ticket, `reply_to`
    is where email about it is read ('': at `address`). `happened` is the event that is reported, `who` its author, and
    `later` is what happened after it, where a report is of more than one event. `summary` is
    what the customer tried, saw and wrote. An internal note is never part of a report (law L12). `opened` is in ms;
    `link` leads to the desk.
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
    later: tuple[Happening, ...] = ()
    reply_to: str = ""
    link: str = ""


class TicketBackend(Protocol):
    """Takes reports for an operator's ticket system. The same report twice appears once."""

    name: str

    async def file(self, report: TicketReport) -> str:
        """Deliver the report; return the ticket's name in that system ('' if it has none).

        Raises Busy with the seconds to wait, Undeliverable if no retry can work; any other error is retried, later and
        later.
        """
