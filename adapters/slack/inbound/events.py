"""What can happen in Slack that concerns us: a frozen value for each kind; `parse.py` reads them."""

import re
from typing import Final, Literal

from adapters.slack.api.addresses import Person, Place
from adapters.slack.render.tokens import Token
from flows.button import Button
from flows.events import File
from flows.values import Frozen

_TIME: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")


class Written(Frozen):
    """A person wrote a message.

    `hidden` are files of which Slack tells no more than their ids. `mention` says that the bot is named in it;
    `text` is then without that. `shared` is a channel with other teams. `ours` says that the thread it stands in was
    begun by the bot. `seconds` is when, by Slack's clock.
    """

    person: Person
    place: Place
    ts: str
    text: str
    files: tuple[File, ...] = ()
    hidden: tuple[str, ...] = ()
    mention: bool = False
    shared: bool = False
    ours: bool = False

    @property
    def key(self) -> str:
        """The message, however it is told of."""
        return message_key(self.place.channel, self.ts)

    @property
    def beside(self) -> Place:
        """Where a note on it is seen."""
        return beside(self.place, self.ts)

    @property
    def seconds(self) -> float:
        """When it was written; 0 where its name is no time."""
        return _seconds(self.ts)

    @property
    def after(self) -> float:
        """Seconds since its thread began."""
        return self.seconds - _seconds(self.place.thread)


class MessageEdited(Frozen):
    """A message was changed, or deleted where the text is empty; `moment` is when, by Slack's clock in µs, or 0.
    `mention` says that the bot is named in it now.
    """

    person: Person
    place: Place
    ts: str
    text: str
    event: str
    moment: int = 0
    mention: bool = False

    @property
    def written(self) -> int:
        """When the message itself was written, in µs."""
        return microseconds(self.ts)

    @property
    def of(self) -> str:
        """The key of what it once said."""
        return message_key(self.place.channel, self.ts)


class Pressed(Frozen):
    """Somebody pressed a button or chose an option. `place` is None on the Home tab; `action` says
    which; None for a button that is not ours.
    """

    person: Person
    place: Place | None
    action: Token | None
    key: str
    trigger: str
    ts: str = ""


class CommandCalled(Frozen):
    """The bot was called for: by `/fix`, or by the shortcut that stands everywhere."""

    person: Person
    workspace: str
    text: str
    key: str
    trigger: str


class MessageShortcut(Frozen):
    """Somebody pointed at a message with a shortcut, "Troubleshoot this" or another. `author` wrote it; None where no
    person did. `key` is that of pointing at it.
    """

    person: Person
    author: Person | None
    place: Place
    ts: str
    text: str
    key: str
    answer: str
    shortcut: str = ""
    files: tuple[File, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def of(self) -> str:
        """The key of the message, as if its author had written it to the bot."""
        return message_key(self.place.channel, self.ts)

    @property
    def beside(self) -> Place:
        """Where a note on it is seen."""
        return beside(self.place, self.ts)


class Submitted(Frozen):
    """A form was sent."""

    person: Person
    form: Literal["details", "later", "colleague", "rating"]
    button: Button
    key: str
    reason: str = ""
    text: str = ""
    reach: str = ""
    files: tuple[File, ...] = ()
    until: str = ""
    who: str = ""


class HomeOpened(Frozen):
    """Somebody opened the Home tab."""

    person: Person
    workspace: str


def microseconds(ts: str) -> int:
    """A time of Slack's in µs; 0 where it is none."""
    return round(_seconds(ts) * 1_000_000)


def _seconds(ts: str) -> float:
    return float(ts) if _TIME.fullmatch(ts) else 0.0


def message_key(channel: str, ts: str) -> str:
    """The key of a message."""
    return f"{channel}/{ts}"


def beside(place: Place, ts: str) -> Place:
    """Beside that message: in its thread, or in the channel where it has none yet.

    Slack shows nobody a note in a thread that nobody has written in.
    """
    return place if place.thread != ts else place.model_copy(update={"thread": ""})
