"""The ports that every chat platform's receiver is given, whichever platform it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.ports.agents import AgentsPlace
from bot.ports.desk import Finder, Look, Receive
from bot.ports.lookups import Marks, Vault
from flows.catalogue import Catalogue
from flows.conversation import Conversation


@dataclass(frozen=True)
class TeamRooms:
    """Where teams talk on one platform, and what they do there.

    `rooms` are ids of channels; no customer is helped there. `thread` finds the conversation of an agents' thread by
    the receipt of its head. `agents` decides what agents do there.
    """

    rooms: frozenset[str]
    thread: Callable[[str], Awaitable[Conversation | None]]
    agents: AgentsPlace


@dataclass(frozen=True, kw_only=True)
class ChatPorts:
    """What a chat platform's receiver needs. `support` is whom customers can write to when nothing can be recorded;
    `teams` is None where no team talks on that platform.
    """

    receive: Receive
    look: Look
    finder: Finder
    marks: Marks
    vault: Vault
    catalogue: Callable[[], Catalogue]
    support: str = ""
    teams: TeamRooms | None = None
