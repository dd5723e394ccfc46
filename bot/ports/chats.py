"""The ports that every chat platform's receiver is given, whichever platform it is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.ports.desk import Finder, Look, Ready, Receive
from bot.ports.lookups import Fate, Marks, Vault
from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.flow import Flow
from flows.rules.forward_targets import Recipient
from flows.views.dossier import Dossier


@dataclass(frozen=True)
class TeamRooms:
    """Where teams talk on one platform, and what agents are told there.

    `rooms` are ids of channels; no customer is helped there. `names` are teams by id. `thread` finds the conversation
    of an agents' thread by the receipt of its head. `fate` says what became of the reply that was written in the
    message with that receipt. `replies` are the saved replies, `recipients` whom a ticket can be forwarded to. On
    `pulled` channels a reply is on the customer's screen as soon as it is recorded.
    """

    rooms: frozenset[str]
    names: Callable[[], Mapping[str, str]]
    thread: Callable[[str], Awaitable[Conversation | None]]
    dossier: Callable[[str], Awaitable[Dossier | None]]
    flow: Callable[[Conversation], Awaitable[Flow]]
    fate: Callable[[str, str], Awaitable[Fate | None]]
    replies: Ready
    recipients: Callable[[Conversation], Awaitable[tuple[Recipient, ...]]]
    pulled: frozenset[str] = field(default_factory=frozenset)


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
