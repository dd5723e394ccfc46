"""Defines the ports that the receiver of every chat platform uses."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from bot.ports.agents import AgentsPlace, DirectMessages
from bot.ports.desk import Finder, Look, Receive
from bot.ports.lookups import Marks, Vault
from bot.ports.offers import PersonLimits, Questions
from flows.catalogue import Catalogue
from flows.conversation import Conversation


@dataclass(frozen=True)
class TeamRooms:
    """The agents' channels on one platform, and what agents do there.

    `rooms` are ids of channels; no customer is helped there. `thread` finds the conversation of an agents' thread by
    the receipt of its first message. `agents` handles what agents do there; `direct` keeps who wants direct messages.
    """

    rooms: frozenset[str]
    thread: Callable[[str], Awaitable[Conversation | None]]
    agents: AgentsPlace
    direct: DirectMessages


Ahead = Callable[[], AbstractContextManager[None]]
"""Returns a block during which sends wait, because a caller waits for an answer."""


@dataclass(frozen=True, kw_only=True)
class ChatPorts:
    """The dependencies of a chat platform's receiver.

    `questions` keeps messages that no one answers yet, `limits` is what one person may start in an hour.
    `support` is the address that customers can write to while nothing can be recorded; `teams` is None if no team has a
    channel on that platform. `ahead` makes sends wait while a request is handled for whose answer its sender waits.
    """

    receive: Receive
    look: Look
    finder: Finder
    marks: Marks
    vault: Vault
    questions: Questions
    limits: PersonLimits
    catalogue: Callable[[], Catalogue]
    support: str = ""
    teams: TeamRooms | None = None
    ahead: Ahead = nullcontext
