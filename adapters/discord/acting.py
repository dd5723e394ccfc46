"""What agents do, recorded: by their buttons, their lines and their forms; and why not, said to them alone."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapters.discord.places import Person, Place, receipt
from adapters.discord.roomwords import told as say
from bot.ports import Fate, Outcome, Ready
from flows.conversation import Conversation, Status
from flows.dossier import Dossier
from flows.effects import Refusal
from flows.events import Event
from flows.flow import Flow
from flows.forwarding import Recipient
from flows.orders import Order, Verb, act
from flows.phrases import PHRASES


class Kept(Protocol):
    """Keeps a text for a while under a token."""

    async def put(self, text: str, seconds: int) -> str:
        """The token."""

    async def peek(self, token: str) -> str | None:
        """The text; None when it is unknown or too old."""


@dataclass(frozen=True)
class Teams:
    """Where teams talk, and what is known to agents.

    `rooms` are ids of channels; nobody is helped there. `names` are teams by id. `thread` finds the conversation of an
    agents' thread by the receipt of its head. `fate` says what became of the reply that was written in the message
    with that receipt. `replies` are those that agents keep ready, `recipients` whom a ticket can be forwarded to.
    On `pulled` channels a reply is on the customer's screen as soon as it is recorded.
    """

    rooms: frozenset[str]
    names: Callable[[], Mapping[str, str]]
    thread: Callable[[str], Awaitable[Conversation | None]]
    dossier: Callable[[str], Awaitable[Dossier | None]]
    flow: Callable[[Conversation], Awaitable[Flow]]
    fate: Callable[[str, str], Awaitable[Fate | None]]
    replies: Ready
    recipients: Callable[[Conversation], Awaitable[tuple[Recipient, ...]]]
    vault: Kept
    pulled: frozenset[str] = field(default_factory=frozenset)

    def holds(self, place: Place) -> bool:
        """Whether that is a room of a team's, or a thread of which Discord told that it hangs on one."""
        return place.channel in self.rooms

    async def of(self, thread: str) -> Conversation | None:
        """The conversation that an agents' thread is about; Discord tells of a message its thread alone."""
        if not self.rooms:
            return None
        found = await asyncio.gather(*(self.thread(receipt(room, thread)) for room in sorted(self.rooms)))
        return next((at for at in found if at is not None), None)


def named(person: Person, conversation: str, key: str) -> dict[str, Any]:
    """What every act of that agent's has."""
    return {
        "conversation": conversation,
        "actor": person.actor,
        "name": person.name or person.user,
        "key": key,
    }


def plainly(verb: Verb, person: Person, conversation: str, key: str) -> Event | None:
    """The act that needs nothing further to be known."""
    return act(verb, named(person, conversation, key))


def why(outcome: Outcome | None) -> tuple[str, tuple[Order, ...]]:
    """Why an agent's act changed nothing, and what they can do instead; '' where it did, or had before."""
    if outcome is None:
        return say("gone"), ()
    return _refused(outcome.conversation, outcome.refusal) if outcome.refusal is not None else ("", ())


def _refused(at: Conversation, refusal: Refusal) -> tuple[str, tuple[Order, ...]]:
    claim = (Order(verb="claim", conversation=at.id),)
    if refusal.why == "held":
        return say("held_by", who=at.held_by or say("somebody")), (Order(verb="take", conversation=at.id),)
    if refusal.why == "not_offered":
        return say("no_such_step"), ()
    if refusal.why == "not_now" and at.status.ended:
        return say("ended_now"), claim
    if refusal.why == "not_now" and at.status is not Status.WITH_AGENT:
        return say("claim_first"), claim
    return PHRASES.get(refusal.why, PHRASES["not_now"]), ()
