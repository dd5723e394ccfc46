"""Defines the ports of questions that no one answers, and of how much one person may start in an hour."""

from typing import Literal, Protocol

from flows.values import Frozen


class Question(Frozen):
    """A message that no guide fits and that waits for an answer. It holds ids alone, never the message's words.

    `channel` is the platform's name, `room` where the answer would come, `door` where a conversation about the message
    would start, `author` the actor who wrote it and `asked` when (ms). `begun` says that a worker took the marks of its
    offer: if that worker died, the next one goes on.
    """

    channel: str
    room: str
    door: str
    author: str
    asked: int
    begun: bool = False


class Questions(Protocol):
    """Keeps the messages that wait for an answer. Every method raises StoreDown."""

    async def wait(self, question: Question) -> None:
        """Keep the question until it is answered or help is offered. Of one author in a room, the first is kept."""

    async def answered(self, channel: str, room: str, door: str = "", by: str = "") -> None:
        """Drop the room's questions that this answers: of others than `by`, and only that of the `door`, if given."""


Waits = Literal["waits", "answered", "unknown"]
"""Whether a question still waits; "unknown" if the platform does not say right now."""


class Offerer(Protocol):
    """Offers help on a platform where a question waits."""

    name: str

    async def state(self, question: Question) -> Waits:
        """Ask the platform whether the question still waits for an answer."""

    async def offer(self, question: Question, away: str) -> None:
        """Post the line with the two buttons; `away` says when the team is back, '' while it works.

        Raises Busy if the same may succeed later. A lost line is better than two, so other failures raise nothing.
        """


Costly = Literal["guide", "thread", "pulled"]
"""What one person can do too often: begin a guide, open a thread, ask for help for another person."""


class PersonLimits(Protocol):
    """Limits what one person may start, in all processes together."""

    async def check(self, actor: str, what: Costly, key: str) -> None:
        """Count the act of that `key`, once. Raises TooMany with the answer to the person, and StoreDown."""


class Allowances(Protocol):
    """Counts acts in a window of time, each key once."""

    async def wait_for(self, who: str, key: str, most: int, seconds: int) -> float:
        """Return 0.0 if the act is among the `most` of `who` in the last `seconds`, else the seconds to wait."""
