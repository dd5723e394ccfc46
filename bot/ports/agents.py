"""Defines the port of an agents' place: agents' messages, clicks and forms, and what the place shows in return."""

from collections.abc import Sequence
from typing import Literal, Protocol

from flows.agent_forms import Answers, Form, Who
from flows.conversation import Conversation
from flows.events import File
from flows.orders import Order
from flows.text.markup.wordtree import Words
from flows.values import Frozen


class ThreadLine(Frozen):
    """An agent's message in a ticket's thread. `receipt` is the message's id, so that the bot can mark it.

    `styled` is the text with its formatting, if it has any.
    """

    who: Who
    text: str
    styled: Words = ()
    files: tuple[File, ...] = ()
    receipt: str = ""


class ThreadEdit(Frozen):
    """An agent's edit of a message in the thread; an empty `text` deletes the message.

    `of` is the key of the original line, `key` the key of the edit, `moment` the time of the edit by the platform's
    clock in µs (0: not known). `actor` is the message's author; '' if the platform does not say.
    """

    of: str
    key: str
    text: str
    receipt: str
    styled: Words = ()
    actor: str = ""
    moment: int = 0


class Reaction(Frozen):
    """What a place shows an agent in return for an act.

    `mark` goes on the agent's message: saved as an internal note, or delivered. Only the agent sees `text`, with a
    button for each of `orders`; with `menu` there is a button for every action. `known` is False if an edit is about a
    message that is not recorded (yet).
    """

    mark: Literal["", "note", "sent"] = ""
    text: str = ""
    orders: tuple[Order, ...] = ()
    menu: bool = False
    known: bool = True


class AgentsPlace(Protocol):
    """Handles what agents do in their channel. The caller has checked that they are agents (law L11).

    Every method raises StoreDown, Contended and RevisionUnreadable; then nothing was recorded.
    """

    async def line(self, at: Conversation, line: ThreadLine) -> Reaction:
        """Handle a message in the conversation's thread: a note, a reply, an order, or one that only its author can
        tell.
        """

    async def edited(self, at: Conversation, edit: ThreadEdit) -> Reaction:
        """Handle an edited or deleted message of the thread."""

    async def pressed(self, order: Order, who: Who) -> Reaction | Form:
        """Handle a button: carry out its order at once, or return the form that asks first."""

    async def submitted(self, order: Order, answers: Answers, who: Who) -> Reaction | Form:
        """Handle a filled form: carry out its order, refuse with a text, or return a further form."""

    async def send_once(self, message: str, conversation: str, who: Who, reply: "HeldReply") -> Reaction:
        """Send the words of that message to the customer, once, whichever agent sends them."""


class DirectMessages(Protocol):
    """Keeps which agents want direct messages about their tickets. Every method raises StoreDown."""

    async def wanted(self, actor: str) -> bool:
        """Return whether that agent wants direct messages."""

    async def choose(self, actor: str, wanted: bool) -> None:
        """Turn direct messages on or off for that agent."""


class HeldReply(Frozen):
    """Words in an agents' thread that an agent sends to the customer after all."""

    text: str = ""
    styled: Words = ()
    files: Sequence[File] = ()
