"""Events in: something that has happened, with a key, an actor and (once committed) a time.

The key names the happening, not the try: the same click delivered twice has the same key. The desk prefixes it
with the source and the actor before anything is decided. Every field is a claim of whoever sent it.
"""

from typing import Annotated, Literal

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
from flows.event_parts import SHARED_AT_ONCE as SHARED_AT_ONCE
from flows.event_parts import File as File
from flows.event_parts import Happening as Happening
from flows.event_parts import Spoken as Spoken

Nap = Literal["hour", "tomorrow", "computer"]
"""How long Later waits: an hour, until tomorrow, or until the customer comes back by themselves."""

REASONS = ("asked", "cannot_find", "not_at_computer", "different_error", "will_not_open", "hosted", "other")
"""The one-tap reasons a customer can give on the way to a person; flows and the bot have further ones."""


class Started(Happening):
    """A contact came to a door. With `flow` they picked one, with `text` they said what is wrong, else the picker.

    `door` names the place a conversation is born at, known before anything is sent ("web/VISITOR/FLOW");
    `address` is the customer's end as text. One open conversation per door and contact. `zone` is the contact's
    time zone by its IANA name, where the platform tells it.
    """

    type: Literal["started"] = "started"
    door: str = ""
    address: str = ""
    flow: str = ""
    text: str = ""
    name: str = ""
    locale: str = ""
    zone: str = ""
    files: tuple[File, ...] = ()


class Answered(Happening):
    """A button was pressed. All but `choice` is what the button claims of the conversation it stood in."""

    type: Literal["answered"] = "answered"
    turn: int | None = None
    choice: str = ""


class Said(Happening):
    """Free text. `turn` is that of the prompt it was typed under, where the channel knows it."""

    type: Literal["said"] = "said"
    text: str = ""
    turn: int | None = None
    files: tuple[File, ...] = ()


class Edited(Happening):
    """Somebody changed what they had said, or took it back where `text` is empty. What was decided by it stays decided.

    `of` is the key of the event that brought the words, as its receiver made it; who knows no keys gives the
    `version` they came with. `moment` is when it was changed, by the platform's clock in µs: of two changes that are
    heard the wrong way round the later one stays (0: not known). The desk finds the `version`, writes down what kind of
    event it was (`was`), and whether the words are `gone`.
    """

    type: Literal["edited"] = "edited"
    of: str = ""
    text: str = ""
    moment: int = 0
    version: int = 0
    was: str = ""
    gone: bool = False


class Back(Happening):
    """Return to the step before."""

    type: Literal["back"] = "back"
    turn: int | None = None


class Restarted(Happening):
    """Start over from the flow's first step."""

    type: Literal["restart"] = "restart"
    turn: int | None = None


class Escalated(Happening):
    """Talk to a person. Counts from any turn (laws L1 and L7)."""

    type: Literal["escalate"] = "escalate"
    reason: str = "asked"


class Withdrawn(Happening):
    """The customer takes the ticket back and goes on with the guide; from an agent only where they allowed it."""

    type: Literal["withdraw"] = "withdraw"


class Napped(Happening):
    """Later: no nudges until then."""

    type: Literal["later"] = "later"
    until: Nap = "hour"


class Reopened(Happening):
    """It's back."""

    type: Literal["reopen"] = "reopen"


class Detailed(Happening):
    """What the customer adds to their ticket: a reason with one tap, text, how to reach them; each may be empty."""

    type: Literal["details"] = "details"
    reason: str = ""
    text: str = ""
    reach: str = ""
    files: tuple[File, ...] = ()


class Rated(Happening):
    """How it went, said by the customer after it was solved: 1 (badly) to 5 (well), and words if they like."""

    type: Literal["rated"] = "rated"
    score: int = 0
    text: str = ""


class Joined(Happening):
    """A further person may press the buttons: they came by a one-time link, or said in the contact's own place that
    they are at the computer (`actor` is that person, whom the receiver let in).
    """

    type: Literal["joined"] = "joined"
    name: str = ""


class Shared(Happening):
    """The contact hands the buttons to a colleague as well: `to` is that person's actor."""

    type: Literal["shared"] = "shared"
    to: str = ""
    name: str = ""


class TimerRang(Happening):
    """A timer came due. `turn` and `status` are what it guards: when they have passed it does nothing (law L10)."""

    type: Literal["timer"] = "timer"
    kind: str = ""
    turn: int = 0
    status: str = ""


Event = Annotated[
    Started
    | Answered
    | Said
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
    | TimerRang,
    Field(discriminator="type"),
]
