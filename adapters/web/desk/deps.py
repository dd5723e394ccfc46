"""Holds the ports that the desk needs and customers' pages do not: dossiers, the queue, accounts and flows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.ports import (
    Accounts,
    Arrivals,
    Eraser,
    Inspect,
    InspectPast,
    Noticeboard,
    OpenTicket,
    Quarantine,
    Queue,
    SavedReplies,
    SignIn,
    UnmatchedTexts,
)
from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.flow import Flow
from flows.prompts import team_names
from flows.rules.agents.forward_targets import Recipient

if TYPE_CHECKING:
    from adapters.web.desk.oidc.issuer import Issuer


@dataclass(frozen=True)
class DeskDeps:
    """Holds the ports and settings of the desk.

    `inspect` and `past` return a conversation's dossier, now and at an earlier version. `replies` returns the saved
    replies, `recipients` the teams that a ticket can be forwarded to. `flow` returns the flow of any revision (raises
    RevisionUnreadable), `catalogue` the available flows. `words` are the operator's texts by setting. `standing`
    returns an open ticket's entry on the board. `sign_in` signs agents in by link. `issuer` signs agents in by OpenID
    Connect, if one is set; `links` says whether one-time links are allowed.
    """

    inspect: Inspect
    past: InspectPast
    replies: SavedReplies
    recipients: Callable[[Conversation], Awaitable[tuple[Recipient, ...]]]
    queue: Queue
    standing: Callable[[str], Awaitable[OpenTicket | None]]
    accounts: Accounts
    sign_in: SignIn
    noticeboard: Noticeboard
    unmatched: UnmatchedTexts
    quarantine: Quarantine
    eraser: Eraser
    arrivals: Arrivals
    flow: Callable[[str], Awaitable[Flow]]
    catalogue: Callable[[], Catalogue]
    words: Mapping[str, str]
    issuer: "Issuer | None" = None
    links: bool = True

    def teams(self) -> dict[str, str]:
        """Return the teams of all available flows: names by id, in the order of the flows."""
        return team_names(self.catalogue().by_id.values(), self.words)
