"""What agents do, recorded: by their buttons, their lines and their forms; and why not, said to them alone."""

from typing import Any

from adapters.discord.places import Person
from adapters.discord.roomwords import told as say
from bot.ports import Outcome
from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.events import Event
from flows.orders import Order, Verb, act
from flows.phrases import PHRASES


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
