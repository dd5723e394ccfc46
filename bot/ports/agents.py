"""The port of an agents' place: what agents write, press and fill in, and what the place shows them for it."""

from collections.abc import Sequence
from typing import Literal, Protocol

from flows.agent_forms import Answers, Form, Who
from flows.conversation import Conversation
from flows.events import File
from flows.orders import Order
from flows.values import Frozen


class ThreadLine(Frozen):
    """A message that an agent wrote in a ticket's thread. `receipt` names the message, so that it can be marked."""

    who: Who
    text: str
    files: tuple[File, ...] = ()
    receipt: str = ""


class ThreadEdit(Frozen):
    """An agent edited a message of the thread, or deleted it where `text` is empty.

    `of` is the key of the line that it was, `key` that of the edit, `moment` when it was made by the platform's clock
    in µs (0: not known). `actor` is who wrote the message; '' where the platform does not say.
    """

    of: str
    key: str
    text: str
    receipt: str
    actor: str = ""
    moment: int = 0


class Reaction(Frozen):
    """What a place shows an agent for what they did.

    `mark` goes on their message: saved as an internal note, or delivered. `text` is said to them alone, with a button
    for each of `orders`; with `menu` there is one for everything that can be done. `known` is False where an edit is
    about a message that nobody has recorded (yet).
    """

    mark: Literal["", "note", "sent"] = ""
    text: str = ""
    orders: tuple[Order, ...] = ()
    menu: bool = False
    known: bool = True


class AgentsPlace(Protocol):
    """What agents do where they talk. The caller has checked that they are agents (law L11).

    Every method raises StoreDown, Contended and RevisionUnreadable; then nothing was recorded.
    """

    async def line(self, at: Conversation, line: ThreadLine) -> Reaction:
        """A message in the thread of that conversation: a note, a reply, an order, or nobody knows."""

    async def edited(self, at: Conversation, edit: ThreadEdit) -> Reaction:
        """A message of the thread was edited or deleted."""

    async def pressed(self, order: Order, who: Who) -> Reaction | Form:
        """A button: done at once, or a form that asks first."""

    async def submitted(self, order: Order, answers: Answers, who: Who) -> Reaction | Form:
        """A filled form: done, refused with a text, or a further form where one can follow another."""

    async def send_once(self, message: str, conversation: str, who: Who, reply: "HeldReply") -> Reaction:
        """Send to the customer what stands in that message, once, whoever sends it."""


class HeldReply(Frozen):
    """Words that stand in an agents' thread and are to be sent to the customer after all."""

    text: str = ""
    files: Sequence[File] = ()
