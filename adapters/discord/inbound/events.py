"""What can happen in Discord that concerns us: a frozen value for each kind; `parse.py` reads them."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from adapters.discord.api.addresses import Person, Place
from adapters.discord.render.tokens import Token
from flows.events import File
from flows.values import Frozen


class Written(Frozen):
    """A person wrote a message.

    `place` is where, a thread or a channel alike under `channel`. `mention` says that the bot is named in it; `text`
    is then without that. `first` says that it is the first message of a forum's post. `blank` says that nothing of
    it could be read, `aside` that it answers somebody else than the bot.
    """

    person: Person
    place: Place
    message: str
    text: str = ""
    files: tuple[File, ...] = ()
    mention: bool = False
    first: bool = False
    blank: bool = False
    aside: bool = False

    @property
    def key(self) -> str:
        """The message, however it is told of."""
        return message_key(self.place.room, self.message)


class MessageEdited(Frozen):
    """A message was changed; or deleted, and then nobody says by whom it was written, nor when (`moment`, µs)."""

    place: Place
    message: str
    event: str
    person: Person | None = None
    text: str = ""
    moment: int = 0

    @property
    def of(self) -> str:
        """The key of what it once said."""
        return message_key(self.place.room, self.message)


class MemberLeft(Frozen):
    """Somebody left a guild."""

    person: Person
    guild: str


class Acted(Frozen):
    """What every interaction tells. `token` is a credential for fifteen minutes: never logged, never stored.

    `may` are the bot's own permissions there. `message` is the message that was pressed or from which a form was
    opened, `hidden` that only this person sees it. `parent` says that the place is a thread.
    """

    id: str
    token: str = Field(repr=False)
    application: str
    person: Person
    place: Place
    locale: str = ""
    may: int = 0
    message: str = ""
    hidden: bool = False

    @property
    def key(self) -> str:
        """The happening, however often it is told of."""
        return self.id


class Pressed(Acted):
    """Somebody pressed a button or chose an option. `action` says which; None for a button that is not ours."""

    action: Token | None


class CommandCalled(Acted):
    """`/fix`; `data` is the interaction's own part, which `api/slash_commands.py` reads."""

    data: Mapping[str, Any]


class ReplyCommand(Acted):
    """`/reply`, with what an agent writes to the customer of a thread."""

    text: str


class Autocomplete(Acted):
    """Somebody types into an option that completes itself."""

    data: Mapping[str, Any]


class MessageShortcut(Acted):
    """Somebody pointed at a message with a command of its menu, `menu`. `author` wrote it; None where no person did."""

    menu: str
    author: Person | None
    of: str
    text: str = ""
    files: tuple[File, ...] = ()


class Submitted(Acted):
    """Somebody sent a form. `action` says which form; `chosen` is what was chosen in its menus, by the menus' ids, and
    `people` are the chosen people.
    """

    action: Token | None
    reason: str = ""
    text: str = ""
    reach: str = ""
    files: tuple[File, ...] = ()
    chosen: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    people: tuple[Person, ...] = ()


Interaction = Pressed | CommandCalled | ReplyCommand | Autocomplete | MessageShortcut | Submitted


def message_key(room: str, message: str) -> str:
    """The key of a message."""
    return f"{room}/{message}"
