"""Defines events: what has happened, with a key, an actor and (once committed) a time.

The key names the happening, not the attempt: the same click delivered twice has the same key. The desk prefixes the key
with the source and the actor before anything is decided. Every field is a claim of the sender. `styled` is a `text`
with its formatting, if it has any.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from flows.acts import Allowed as Allowed
from flows.acts import Claimed as Claimed
from flows.acts import Concluded as Concluded
from flows.acts import Forwarded as Forwarded
from flows.acts import HandedBack as HandedBack
from flows.acts import Noted as Noted
from flows.acts import Released as Released
from flows.acts import Replied as Replied
from flows.acts import Showed as Showed
from flows.acts import Snoozed as Snoozed
from flows.acts import Transferred as Transferred
from flows.acts import Woken as Woken
from flows.acts import Wrote as Wrote
from flows.event_parts import BOT as BOT
from flows.event_parts import SHARED_AT_ONCE as SHARED_AT_ONCE
from flows.event_parts import File as File
from flows.event_parts import Happening as Happening
from flows.event_parts import Part as Part
from flows.event_parts import PlaceLost as PlaceLost
from flows.event_parts import Spoken as Spoken
from flows.event_parts import TimerRang as TimerRang
from flows.text.likely import Likeness as Likeness
from flows.text.markup.wordtree import Words
from flows.text.visible import Name

Nap = Literal["hour", "tomorrow", "computer"]
"""How long Later waits: an hour, until tomorrow, or until the customer returns on their own."""

REASONS = ("asked", "cannot_find", "not_at_computer", "different_error", "will_not_open", "hosted", "other")
"""Reasons that a customer can give with one click on the way to a person; flows and the bot have further ones."""


class Started(Happening):
    """A contact starts a conversation: in `flow`, or with a `text` that describes the problem, else in the picker.

    `door` names the place where the conversation is born, known before anything is sent ("web/VISITOR/FLOW"); `address`
    is the customer's end as text. A contact has one open conversation per door. `zone` is the contact's time zone by
    its IANA name, if the platform tells it. `ticket` is the reason to open a ticket at once, or ''.
    """

    type: Literal["started"] = "started"
    door: str = ""
    address: str = ""
    flow: str = ""
    text: str = ""
    styled: Words = ()
    name: Name = ""
    locale: str = ""
    zone: str = ""
    files: tuple[File, ...] = ()
    likeness: Likeness | None = None
    ticket: str = ""

    def said_in(self, conversation: str, key: str = "") -> "Said | None":
        """Return the start's words as said in an open conversation; None without words."""
        if not (self.text or self.files):
            return None
        return Said(
            conversation=conversation,
            actor=self.actor,
            key=key or self.key,
            text=self.text,
            styled=self.styled,
            files=self.files,
        )


class Answered(Happening):
    """The customer presses a button. All fields but `choice` are the button's claims about its conversation."""

    type: Literal["answered"] = "answered"
    turn: int | None = None
    choice: str = ""


class Said(Happening):
    """The customer writes free text.

    `turn` is the turn of the prompt that the customer could read when they wrote, if the channel knows it: words answer
    no later prompt. The desk fills in `likeness`. `closed_since` says that a person closed the place after the customer
    wrote there: such words are kept, and open nothing.
    """

    type: Literal["said"] = "said"
    text: str = ""
    styled: Words = ()
    turn: int | None = None
    files: tuple[File, ...] = ()
    likeness: Likeness | None = None
    closed_since: bool = False


class Dismissed(Happening):
    """The customer says that their words did not mean the suggested answer."""

    type: Literal["dismissed"] = "dismissed"
    turn: int | None = None


class Reacted(Happening):
    """The customer reacts to the live prompt with a sign of `flows.screen_answers.SIGNS`, or takes that back."""

    type: Literal["reacted"] = "reacted"
    turn: int | None = None
    sign: str = ""
    taken_back: bool = False


class Edited(Happening):
    """A person edits their earlier message, or deletes it (`text` is empty). Decisions made by the old words stay.

    `of` is the key of the event that brought the words, as its receiver made it; a receiver that knows no keys gives
    the `version` of the words. `moment` is the time of the edit by the platform's clock in µs: if two edits arrive in
    the wrong order, the later one stays (0: not known). The desk finds the `version`, and writes down the type of the
    first event (`was`) and whether the words are `gone`. `beside` says that the words stand beside the first ones,
    because these were answered already: here, or in an earlier edit.
    """

    type: Literal["edited"] = "edited"
    of: str = ""
    text: str = ""
    styled: Words = ()
    moment: int = 0
    version: int = 0
    was: str = ""
    gone: bool = False
    beside: bool = False


class Back(Happening):
    """The customer returns to the step before."""

    type: Literal["back"] = "back"
    turn: int | None = None


class Restarted(Happening):
    """The customer starts over at the flow's first step."""

    type: Literal["restart"] = "restart"
    turn: int | None = None


class Escalated(Happening):
    """The customer asks for a person. Counts from any turn (laws L1 and L7)."""

    type: Literal["escalate"] = "escalate"
    reason: str = "asked"


class Withdrawn(Happening):
    """The customer cancels the ticket and continues the guide.

    If an agent is assigned, that agent must have allowed it.
    """

    type: Literal["withdraw"] = "withdraw"


class Napped(Happening):
    """The customer chooses Later: the bot sends no nudges until then."""

    type: Literal["later"] = "later"
    until: Nap = "hour"


class Reopened(Happening):
    """The customer says that the problem is back."""

    type: Literal["reopen"] = "reopen"


class Detailed(Happening):
    """The customer adds to their ticket: a reason with one click, text, an email or phone number; each may be empty."""

    type: Literal["details"] = "details"
    reason: str = ""
    text: str = ""
    reach: str = ""
    files: tuple[File, ...] = ()


class Rated(Happening):
    """The customer rates the help after a solution: 1 (poor) to 5 (great), with a comment if they like."""

    type: Literal["rated"] = "rated"
    score: int = 0
    text: str = ""


class Joined(Happening):
    """A further person may press the buttons: by a one-time link, or because they said that they are at the computer.

    `actor` is that person. They said so in the contact's own place, and the receiver has let them in.
    """

    type: Literal["joined"] = "joined"
    name: Name = ""


class Shared(Happening):
    """The contact lets a colleague press the buttons, too: `to` is that colleague's actor.

    `way` says where the bot reaches the colleague: in the conversation's own thread, or by direct message.
    """

    type: Literal["shared"] = "shared"
    to: str = ""
    name: Name = ""
    way: Literal["thread", "direct"] = "thread"


OF_CONTACTS: Final = (
    Started,
    Answered,
    Said,
    Back,
    Restarted,
    Escalated,
    Withdrawn,
    Napped,
    Reopened,
    Detailed,
    Rated,
    Reacted,
    Dismissed,
    Joined,
    Shared,
)
"""Events of customers. Their words and files are shown to the customer and to agents, whatever the event does.

A note is an agent's act, so nothing that is built from these events can show one (law L12).
"""

Event = Annotated[
    Started
    | Answered
    | Said
    | Reacted
    | Dismissed
    | Edited
    | Back
    | Restarted
    | Escalated
    | Withdrawn
    | Napped
    | Reopened
    | Detailed
    | Rated
    | Joined
    | Shared
    | Wrote
    | Claimed
    | Released
    | Transferred
    | Replied
    | Noted
    | HandedBack
    | Concluded
    | Snoozed
    | Woken
    | Showed
    | Allowed
    | Forwarded
    | PlaceLost
    | TimerRang,
    Field(discriminator="type"),
]
