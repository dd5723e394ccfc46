"""What agents do. Each is a type of its own: a note is never a reply by a flag (law L12).

Whoever makes one has checked with the agent's platform that `actor` is an agent (law L11); `name` is what the
customer may be told of them.
"""

from typing import Literal

from flows.event_parts import File, Happening

Until = Literal["reply", "hour", "tomorrow"]
"""How long a snoozed conversation stays out of sight: until the customer's next word, or at most so long."""


class Act(Happening):
    """What all of them share. `aside` says that it was not written in the agents' thread, so that it is told there."""

    name: str = ""
    aside: bool = False


class Claimed(Act):
    """The agent takes the conversation; where another has it, that one keeps it."""

    type: Literal["claimed"] = "claimed"


class Released(Act):
    """It waits for anybody again."""

    type: Literal["released"] = "released"


class Transferred(Act):
    """To another agent (`to` is their actor, `to_name` their name; oneself takes it over), or else to a team."""

    type: Literal["transferred"] = "transferred"
    to: str = ""
    to_name: str = ""
    team: str = ""


class Replied(Act):
    """Words for the customer, written where agents talk. Nobody having it, it is claimed by that. `line` is the message
    it was written in, as its platform names one, so that it can be marked; '' where it was none.
    """

    type: Literal["replied"] = "replied"
    line: str = ""
    text: str = ""
    files: tuple[File, ...] = ()


class Noted(Act):
    """Words among agents. Nothing that is shown to a customer is ever made of them."""

    type: Literal["noted"] = "noted"
    text: str = ""
    files: tuple[File, ...] = ()


class Wrote(Act):
    """An agent wrote in the customer's own place: said to the customer, and the conversation is theirs (law L6)."""

    type: Literal["wrote"] = "wrote"
    text: str = ""
    files: tuple[File, ...] = ()


class HandedBack(Act):
    """Back to the bot, at a step: of the present flow, or of `flow`, which starts a guide.

    `done` are steps of that flow which the agent has dealt with. No step is the one that was left, or the first.
    """

    type: Literal["handed_back"] = "handed_back"
    flow: str = ""
    step: str = ""
    done: tuple[str, ...] = ()


class Concluded(Act):
    """The agent has solved it; `reason` is one of the flow's, or of the usual ones."""

    type: Literal["concluded"] = "concluded"
    reason: str = ""
    text: str = ""


class Snoozed(Act):
    """Out of sight for a while."""

    type: Literal["snoozed"] = "snoozed"
    until: Until = "reply"


class Woken(Act):
    """What was put aside is back in sight, before its time."""

    type: Literal["woken"] = "woken"


class Forwarded(Act):
    """The ticket is mailed to that team, such as the vendor behind the product: who it is, what was tried and said."""

    type: Literal["forwarded"] = "forwarded"
    team: str = ""


class Allowed(Act):
    """The customer may go on with the guide by themselves, whenever they like, while the agent has it."""

    type: Literal["allowed"] = "allowed"


class Showed(Act):
    """A step sent to the customer as a message, without buttons."""

    type: Literal["showed"] = "showed"
    step: str = ""
