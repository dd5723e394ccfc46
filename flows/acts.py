"""Lists the acts of agents. Each act is a type of its own: no flag can turn a note into a reply (law L12).

The receiver that makes an act has checked with the agents' platform that `actor` is an agent (law L11); `name` is the
agent's name as the customer may see it. `styled` is a `text` with its formatting; without it the text is read as
Markdown.
"""

from typing import Literal

from flows.event_parts import File, Happening
from flows.text.markup.wordtree import Words
from flows.text.visible import Name

Until = Literal["reply", "hour", "tomorrow"]
"""How long a ticket stays snoozed: until the customer writes again, or for this time at most.

"reply" is no longer offered, since a ticket waits for its customer after each reply; journals and open forms have it.
"""


class Act(Happening):
    """Holds what all acts share.

    `aside` says that the act was not written in the agents' thread, so the thread shows it.
    """

    name: Name = ""
    aside: bool = False


class Claimed(Act):
    """An agent claims the conversation. If another agent is the assignee, they stay the assignee."""

    type: Literal["claimed"] = "claimed"


class Released(Act):
    """An agent unassigns the ticket; any agent can claim it again."""

    type: Literal["released"] = "released"


class Transferred(Act):
    """An agent transfers the ticket to an agent or to a team.

    `to` is the new assignee's actor, `to_name` their name; the agent's own actor takes the ticket over.
    """

    type: Literal["transferred"] = "transferred"
    to: str = ""
    to_name: Name = ""
    team: str = ""


class Replied(Act):
    """An agent replies to the customer from the agents' thread or the desk. A reply to an unassigned ticket claims it.

    `line` is the agents' message that holds the reply, by its platform's id, so that the bot can mark it; '' for none.
    """

    type: Literal["replied"] = "replied"
    line: str = ""
    text: str = ""
    styled: Words = ()
    files: tuple[File, ...] = ()


class Noted(Act):
    """An agent writes an internal note. No message to a customer is ever made from a note.

    `mentions` are the actors of the agents whom the note names, if no platform has notified them.
    """

    type: Literal["noted"] = "noted"
    mentions: tuple[str, ...] = ()
    text: str = ""
    styled: Words = ()
    files: tuple[File, ...] = ()


class Wrote(Act):
    """An agent writes in the customer's own conversation, and the customer reads it.

    In a private place the line claims what no one is assigned to, and the bot falls silent (law L6). `public` says that
    anyone can write there, as in a forum: then the line claims nothing and only pauses the guide.
    """

    type: Literal["wrote"] = "wrote"
    public: bool = False
    text: str = ""
    styled: Words = ()
    files: tuple[File, ...] = ()


class HandedBack(Act):
    """An agent hands back to the bot at a step: of the present flow, or of `flow`, which starts that guide.

    `done` are steps of that flow which the agent marked as done. Without `step` the bot continues at the step that the
    customer left, or at the first step of another flow.
    """

    type: Literal["handed_back"] = "handed_back"
    flow: str = ""
    step: str = ""
    done: tuple[str, ...] = ()


class Concluded(Act):
    """An agent resolves the ticket; `reason` is a solution from the flow's list or from the usual list."""

    type: Literal["concluded"] = "concluded"
    reason: str = ""
    text: str = ""


class Snoozed(Act):
    """An agent snoozes the ticket: agents' lists hide it for a while."""

    type: Literal["snoozed"] = "snoozed"
    until: Until = "reply"


class Woken(Act):
    """An agent ends the snooze early, so that agents' lists show the ticket again."""

    type: Literal["woken"] = "woken"


class Forwarded(Act):
    """An agent forwards the ticket by email to a team, such as the vendor: customer, steps tried, messages."""

    type: Literal["forwarded"] = "forwarded"
    team: str = ""


class Allowed(Act):
    """An agent lets the customer continue the guide at any time, while the agent stays the assignee."""

    type: Literal["allowed"] = "allowed"


class Showed(Act):
    """An agent sends the customer a step as a message without buttons."""

    type: Literal["showed"] = "showed"
    step: str = ""
