"""Holds a frozen value for each kind of event in Slack that concerns the bot; `parse.py` reads them."""

import re
from typing import Final, Literal

from adapters.slack.api.addresses import Person, Place
from adapters.slack.render.tokens import Token
from flows.button import Button
from flows.events import File
from flows.text.markup.wordtree import Words
from flows.values import Frozen

_TIME: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")


class Written(Frozen):
    """A person wrote a message.

    `hidden` are files of which Slack gives only the ids. `mention` says that the message mentions the bot; `text` is
    then without the mention. `shared` says that the channel is shared with other teams, `public` that everyone in
    the workspace can write in it, `group` that it is a group DM. `ours` says that the bot started the message's
    thread. `seconds` is the time of writing, by Slack's clock. `styled` is the text with its formatting, if it has any.
    """

    person: Person
    place: Place
    ts: str
    text: str
    styled: Words = ()
    files: tuple[File, ...] = ()
    hidden: tuple[str, ...] = ()
    mention: bool = False
    shared: bool = False
    public: bool = False
    group: bool = False
    ours: bool = False

    @property
    def key(self) -> str:
        """The message's key, the same for every event about the message."""
        return message_key(self.place.channel, self.ts)

    @property
    def beside(self) -> Place:
        """The place where a note about the message is visible."""
        return beside(self.place, self.ts)

    @property
    def seconds(self) -> float:
        """The time of writing, in seconds since 1970; 0 if `ts` is no time."""
        return _seconds(self.ts)

    @property
    def written_ms(self) -> int:
        """The time of writing, in milliseconds since 1970."""
        return microseconds(self.ts) // 1000

    @property
    def after(self) -> float:
        """Seconds from the start of the thread to this message."""
        return self.seconds - _seconds(self.place.thread)


class MessageEdited(Frozen):
    """A person edited a message, or deleted it if the text is empty.

    `moment` is the time of the edit, by Slack's clock in µs, or 0. `mention` says whether it now mentions the bot.
    """

    person: Person
    place: Place
    ts: str
    text: str
    event: str
    styled: Words = ()
    moment: int = 0
    mention: bool = False

    @property
    def written(self) -> int:
        """The time when the message itself was written, in µs."""
        return microseconds(self.ts)

    @property
    def of(self) -> str:
        """The key of the message."""
        return message_key(self.place.channel, self.ts)


class Pressed(Frozen):
    """A person pressed a button or chose an option. `place` is None on the Home tab, `action` if it is not ours."""

    person: Person
    place: Place | None
    action: Token | None
    key: str
    trigger: str
    ts: str = ""


class CommandCalled(Frozen):
    """A person called the bot with `/fix` or the global shortcut."""

    person: Person
    workspace: str
    text: str
    key: str
    trigger: str


class MessageShortcut(Frozen):
    """A person used a shortcut on a message, "Troubleshoot this" or another.

    `author` wrote the message; None if no person did. `key` is that of the shortcut.
    """

    person: Person
    author: Person | None
    place: Place
    ts: str
    text: str
    key: str
    answer: str
    shortcut: str = ""
    styled: Words = ()
    files: tuple[File, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def of(self) -> str:
        """The key of the message, as if its author had written it to the bot."""
        return message_key(self.place.channel, self.ts)

    @property
    def beside(self) -> Place:
        """The place where a note about the message is visible."""
        return beside(self.place, self.ts)


class Submitted(Frozen):
    """A person submitted a form."""

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


class MessagesOpened(Frozen):
    """A person opened the Messages tab: their direct messages with the bot."""

    person: Person
    place: Place


class HomeOpened(Frozen):
    """A person opened the Home tab."""

    person: Person
    workspace: str


def microseconds(ts: str) -> int:
    """Convert a time of Slack's to µs; 0 if the text is no time."""
    return round(_seconds(ts) * 1_000_000)


def _seconds(ts: str) -> float:
    return float(ts) if _TIME.fullmatch(ts) else 0.0


def message_key(channel: str, ts: str) -> str:
    """Make the key of a message."""
    return f"{channel}/{ts}"


def beside(place: Place, ts: str) -> Place:
    """Return the place of a note about a message: its thread, or the channel if it has no thread yet.

    Slack shows no one a note in a thread without messages.
    """
    return place if place.thread != ts else place.model_copy(update={"thread": ""})
