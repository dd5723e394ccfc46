"""Events in: something that has happened, with a key, an actor and (once committed) a time.

The key names the happening, not the try: the same click delivered twice has the same key. The desk prefixes it
with the source and the actor before anything is decided. Every field is a claim of whoever sent it.
"""

from typing import Annotated, Literal

from pydantic import Field

from flows.values import Frozen

Nap = Literal["hour", "tomorrow", "computer"]
"""How long Later waits: an hour, until tomorrow, or until the customer comes back by themselves."""

REASONS = ("asked", "cannot_find", "not_at_computer", "different_error", "will_not_open", "hosted", "other")
"""The one-tap reasons a customer can give on the way to a person; flows and the bot have further ones."""


class Happening(Frozen):
    """What all events share. `actor` is who did it: a contact's id, or "timer" or "bot".

    `conversation` is whose event it is; it is '' only in Started, whose id follows from the door, and in the
    journal, which belongs to one conversation anyway.
    """

    key: str = ""
    actor: str = ""
    conversation: str = ""


class Started(Happening):
    """A contact came to a door. With `flow` they picked one, with `text` they said what is wrong, else the picker.

    `door` names the place a conversation is born at, known before anything is sent ("web/VISITOR/FLOW");
    `address` is the customer's end as text. One open conversation per door and contact.
    """

    type: Literal["started"] = "started"
    door: str = ""
    address: str = ""
    flow: str = ""
    text: str = ""
    name: str = ""
    locale: str = ""


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
    """The customer takes the ticket back and goes on with the guide."""

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


class Joined(Happening):
    """A further person may press the buttons: they came by a one-time link (`actor` is that person)."""

    type: Literal["joined"] = "joined"


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
    | Back
    | Restarted
    | Escalated
    | Withdrawn
    | Napped
    | Reopened
    | Detailed
    | Joined
    | TimerRang,
    Field(discriminator="type"),
]
