"""Draws what a customer can press at a prompt: its answers, the ticket's buttons, and a select called More."""

from collections.abc import Iterator
from typing import Final

from adapters.discord.api.limits import ANSWERS, LABEL, size
from adapters.discord.render.components import Part, Style, button, option, row, select
from adapters.discord.render.texts import said
from adapters.discord.render.tokens import WriteMessage
from flows.button import BuiltIn, Button, rating
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.prompts import Option, Prompt
from flows.text.phrases import PHRASES, SCORES

ANSWER: Final = "answer:"
MORE: Final = "more:"
"""Prefixes of the two selects' ids; the turn follows, so that Discord forgets the choice in the select before. A
chosen value is a button as text.
"""


def button_rows(prompt: Prompt, conversation: Conversation, person: str, typed: bool) -> list[Part]:
    """Draw the rows below a prompt. `person` labels the request for a person; `typed` says if free text arrives."""
    return [*_rows(prompt, conversation, person, typed)]


def ticket_buttons(conversation: str, turn: int) -> tuple[Part, Part, Part]:
    """Draw *Add details*, *Summary* and *Cancel ticket*."""
    return (
        _built_in("details", PHRASES["add_details"], conversation, turn),
        _built_in("summary", PHRASES["summary"], conversation, turn),
        _built_in("withdraw", PHRASES["cancel_ticket"], conversation, turn),
    )


def _rows(prompt: Prompt, conversation: Conversation, person: str, typed: bool) -> Iterator[Part]:
    here, turn = conversation.id, prompt.turn
    walks = prompt.kind in ("step", "waiting")
    first = _answer_buttons(prompt, here)
    asks = [_person(person, here, turn)] if prompt.kind in ("step", "paused") else []
    if conversation.ticket_open:
        asks = []
    if len(first) == 1 and first[0]["type"] == row()["type"]:
        yield first[0]
        first = []
    if first or asks:
        yield row(*first, *asks)
    if conversation.ticket_open:
        details, summary, withdraw = ticket_buttons(here, turn)
        write = [] if typed else [button(PHRASES["send_message"], str(WriteMessage.at(here, turn)))]
        yield row(*write, details, summary, *([withdraw] if walks else []))
    yield from _how_it_went(prompt, here)
    if walks:
        placeholder = said("more" if prompt.back else "more_later")
        yield select(f"{MORE}{turn}", placeholder, [*_more(prompt, conversation)])


def _how_it_went(prompt: Prompt, here: str) -> Iterator[Part]:
    """Draw a button for each score; after a score, a button to add a comment."""
    if prompt.asks_how:
        yield row(
            *(
                button(f"{score} · {label}", str(rating(here, prompt.turn, score)))
                for score, label in enumerate(SCORES, start=1)
            )
        )
    elif prompt.asks_words:
        yield row(_built_in("rate-more", PHRASES["say_why"], here, prompt.turn))


def _answer_buttons(prompt: Prompt, here: str) -> list[Part]:
    """Draw the answers as buttons, or all of them as a row with a select."""
    if prompt.kind in ("resolved", "closed"):
        works = [button(choice.label, _value(choice, prompt, here), "success") for choice in prompt.choices]
        return [*works, _built_in("reopen", PHRASES["reopen"], here, prompt.turn, "primary")]
    if prompt.goes_on:
        return [_built_in("withdraw", PHRASES["go_on"], here, prompt.turn, "primary")]
    choices = prompt.choices
    if len(choices) > ANSWERS or any(size(choice.label) > LABEL for choice in choices):
        options = [option(choice.label, _value(choice, prompt, here)) for choice in choices]
        return [select(f"{ANSWER}{prompt.turn}", PHRASES["choose_answer"], options)]
    return [
        button(choice.label, _value(choice, prompt, here), "success" if choice.primary else "secondary")
        for choice in choices
    ]


def _value(choice: Option, prompt: Prompt, here: str) -> str:
    return str(Button(conversation=here, turn=prompt.turn, choice=choice.id))


def _built_in(name: BuiltIn, label: str, here: str, turn: int, style: Style = "secondary") -> Part:
    return button(label, str(Button(conversation=here, turn=turn, built_in=name)), style)


def _person(label: str, here: str, turn: int) -> Part:
    """Draw the request for a person: not red, since it is harmless, and with a hand unlike the answers."""
    return _built_in("person", label, here, turn) | {"emoji": {"name": "🙋"}}


def _more(prompt: Prompt, conversation: Conversation) -> Iterator[Part]:
    """List Back and Start over, unless there is no previous step, and when to check in."""
    listed: list[tuple[BuiltIn, str, str]] = []
    if prompt.back:
        listed.append(("back", PHRASES["back"], said("back_for")))
        if conversation.flow != PICKER:
            listed.append(("restart", PHRASES["restart"], said("restart_for")))
    listed.append(("hour", said("hour"), said("later_for")))
    listed.append(("tomorrow", said("tomorrow"), said("later_for")))
    listed.append(("computer", said("computer"), said("computer_for")))
    for name, label, meaning in listed:
        value = str(Button(conversation=conversation.id, turn=prompt.turn, built_in=name))
        yield option(label, value, meaning)
