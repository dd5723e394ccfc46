"""Draws the copy of a live step for a colleague to whom a customer hands it over. Pure."""

from adapters.slack.render.card import Message, card, note
from flows.conversation import Conversation
from flows.prompts import Prompt
from flows.text.phrases import PHRASES


def step_copy(at: Conversation, prompt: Prompt, live: str, *, first: bool = False) -> Message:
    """Draw the live step for a colleague; `live` is its URL. The text of the `first` drawing says who asked."""
    drawn = card(prompt, _without_thread(at), f"{at.id}.{at.version}.copy")
    told = note(PHRASES.say("handed_to_you", who=at.name or PHRASES["someone"].capitalize()), live)
    return Message(text=told.text if first else drawn.text, blocks=(*told.blocks, *drawn.blocks))


def _without_thread(at: Conversation) -> Conversation:
    """Return the conversation as if in direct messages, where a step offers no hand-over: a copy isn't handed on."""
    address = at.address("customer")
    if address is None:
        return at
    return at.model_copy(update={"customer": str(address.model_copy(update={"thread": ""}))})
