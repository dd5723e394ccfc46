"""Holds a frozen value for each kind of event in Discord that concerns the bot; `parse.py` reads them."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from adapters.discord.api.addresses import Person, Place, made
from adapters.discord.render.tokens import Token
from flows.events import File
from flows.text.markup.wordtree import Words
from flows.values import Frozen


class Written(Frozen):
    """A person wrote a message.

    `place` has the thread's or channel's id as `channel`. `mention` says that the message mentions the bot; `text` is
    then without the mention. `first` says that it is a forum post's first message. `blank` says that Discord sent
    nothing of its content, `aside` that it replies to someone other than the bot. `styled` is the text with its
    formatting, if it has any.
    """

    person: Person
    place: Place
    message: str
    text: str = ""
    styled: Words = ()
    files: tuple[File, ...] = ()
    mention: bool = False
    first: bool = False
    blank: bool = False
    aside: bool = False

    @property
    def written_ms(self) -> int:
        """The time of writing by Discord's clock, in milliseconds since 1970."""
        return made(self.message)

    @property
    def key(self) -> str:
        """The message's key, the same for every event about the message."""
        return message_key(self.place.room, self.message)


class MessageEdited(Frozen):
    """A person edited a message, or deleted it; Discord then names neither its author nor the time (`moment`, µs)."""

    place: Place
    message: str
    event: str
    person: Person | None = None
    text: str = ""
    styled: Words = ()
    moment: int = 0

    @property
    def of(self) -> str:
        """The key of the message."""
        return message_key(self.place.room, self.message)


class MemberLeft(Frozen):
    """A member left a guild."""

    person: Person
    guild: str


class Acted(Frozen):
    """Holds what every interaction has. `token` is a credential for fifteen minutes: never logged, never stored.

    `may` are the bot's own permissions in the place, and `news` says that it is an announcement channel. `message` is
    the message that was pressed or that opened a form; `hidden` says that only this person sees it.
    """

    id: str
    token: str = Field(repr=False)
    application: str
    person: Person
    place: Place
    locale: str = ""
    may: int = 0
    news: bool = False
    message: str = ""
    hidden: bool = False

    @property
    def key(self) -> str:
        """The interaction's id, the same for every delivery of it."""
        return self.id


class Pressed(Acted):
    """A person pressed a button or chose an option. `action` is None if it is not ours."""

    action: Token | None


class CommandCalled(Acted):
    """A person called `/fix`; `data` is the interaction's own part, which `api/slash_commands.py` reads."""

    data: Mapping[str, Any]


class ReplyCommand(Acted):
    """An agent called `/reply`, with a text for the customer of a thread."""

    text: str


class TicketsCommand(Acted):
    """An agent called `/tickets`."""


class Autocomplete(Acted):
    """A person types into an option with autocomplete."""

    data: Mapping[str, Any]


class MessageShortcut(Acted):
    """A person used a command of a message's menu, `menu`. `author` wrote the message; None if no person did."""

    menu: str
    author: Person | None
    of: str
    text: str = ""
    styled: Words = ()
    files: tuple[File, ...] = ()


class Submitted(Acted):
    """A person submitted a form. `action` says which; None if it is not ours.

    `chosen` are the choices in its selects, by the selects' ids, and `people` the chosen people.
    """

    action: Token | None
    reason: str = ""
    text: str = ""
    reach: str = ""
    files: tuple[File, ...] = ()
    chosen: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    people: tuple[Person, ...] = ()


Interaction = (
    Pressed | CommandCalled | ReplyCommand | TicketsCommand | Autocomplete | MessageShortcut | Submitted
)


def message_key(room: str, message: str) -> str:
    """Make the key of a message."""
    return f"{room}/{message}"
