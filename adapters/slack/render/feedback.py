"""Draws the buttons of a ticket's or an ended conversation's card: continue, reopen, and feedback. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.render.blocks import Json, actions, button, context, meaning
from adapters.slack.render.forms import WHAT, WHY, modal, question, typed
from flows.button import BuiltIn, Button, rating
from flows.conversation import Conversation
from flows.prompts import Prompt
from flows.text.phrases import PHRASES, SCORES

ENDS: Final = ("resolved", "closed")


def ending(prompt: Prompt, conversation: Conversation) -> Iterator[Json]:
    """Draw *Continue the guide*, with *Talk to a person* beside it in a paused guide, or *It's happening again*."""
    if prompt.goes_on:
        goes = Button(conversation=conversation.id, turn=prompt.turn, built_in="withdraw")
        yield button(PHRASES["go_on"], str(goes), meaning(goes), primary=True)
    if prompt.kind == "paused":
        person = Button(conversation=conversation.id, turn=prompt.turn, built_in="person")
        yield button(PHRASES["person"], str(person), meaning(person))
    if prompt.kind in ENDS:
        again = Button(conversation=conversation.id, turn=prompt.turn, built_in="reopen")
        yield button(PHRASES["reopen"], str(again), meaning(again))


def of_ticket(conversation: Conversation) -> Iterator[tuple[str, BuiltIn]]:
    """List what an open ticket offers, each as a button."""
    if not conversation.ticket_open:
        return
    yield PHRASES["add_details"], "details"
    yield PHRASES["summary"], "summary"


def how_it_went(prompt: Prompt, conversation: Conversation, of: str) -> Iterator[Json]:
    """Draw the feedback question with a button for each score; after a score, a button to add a comment."""
    if prompt.asks_how:
        scores = [rating(conversation.id, prompt.turn, score) for score in range(1, len(SCORES) + 1)]
        yield context(PHRASES["how_was_it"])
        yield from actions(
            [
                button(f"{score} · {SCORES[score - 1]}", str(which), meaning(which))
                for score, which in enumerate(scores, start=1)
            ],
            f"{of}.rating",
        )
    elif prompt.asks_words:
        why = Button(conversation=conversation.id, turn=prompt.turn, built_in="rate-more")
        yield context(PHRASES["rated"])
        yield from actions([button(PHRASES["say_why"], str(why), meaning(why))], f"{of}.rating")


def why_form(which: Button, score: int) -> dict[str, Any]:
    """Draw the form for a comment on a score; its metadata holds the button of that score."""
    scored = rating(which.conversation, which.turn, score)
    words = question(WHAT, PHRASES["rating_words"], typed(WHAT, limits.INPUT, lines=True), optional=False)
    return modal(WHY, PHRASES["how_was_it"], [words], str(scored), submit=PHRASES["send"])
