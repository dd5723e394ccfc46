"""What agents do, recorded: by their buttons, their lines and their forms; and why not, said to them alone."""

from typing import Any

from adapters.discord.api.addresses import Person
from bot.ports import Outcome
from flows.events import Event
from flows.orders import Order, Verb, act, refused, why
from flows.text.agent_phrases import phrase


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


def explained(outcome: Outcome | None) -> tuple[str, tuple[Order, ...]]:
    """Return why an agent's act changed nothing, and the orders to offer instead; '' where it did, or had before."""
    if outcome is None:
        return phrase("gone"), ()
    at, refusal = outcome.conversation, outcome.refusal
    return (refused(at, refusal), why(at, refusal)[1]) if refusal is not None else ("", ())
