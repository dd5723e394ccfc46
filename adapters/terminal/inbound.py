"""Turns a typed line into an event: lists the menu's items, and finds the item that a line means. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from adapters.terminal.texts import TEXTS
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.events import (
    Answered,
    Back,
    Dismissed,
    Escalated,
    Event,
    Napped,
    Rated,
    Reopened,
    Restarted,
    Said,
    Withdrawn,
)
from flows.prompts import Prompt
from flows.rules.free_text import yes_or_no
from flows.text.phrases import PHRASES, SCORES

Act = Literal["later", "details", "ticket", "help", "leave"]
"""What the terminal does without an event, or before it makes one."""

LEAVE: Final = frozenset({"q", "quit", "exit", "leave", "bye"})


@dataclass(frozen=True)
class MenuItem:
    """An item that the customer can type now: its key, its label, and what it does.

    The key is a number for an answer and a letter for other items. `id` is the choice's id, which may be typed, too.
    The receiver adds the event's key and actor. `suggested` marks the answers to the question what words meant.
    """

    key: str
    label: str
    does: Event | Act
    id: str = ""
    suggested: bool = False

    @property
    def is_answer(self) -> bool:
        """Return whether the item is an answer. Answers are listed one per line, other items on one line."""
        return self.key.isdigit()


@dataclass(frozen=True)
class UnknownNumber:
    """A typed number that no item has."""

    typed: str


def offers(prompt: Prompt, conversation: Conversation) -> tuple[MenuItem, ...]:
    """List the items of this prompt's menu in the order shown: the numbered answers, then the letters."""
    answers: list[tuple[str, Event, str]] = [
        (option.label, Answered(conversation=conversation.id, turn=prompt.turn, choice=option.id), option.id)
        for option in prompt.choices
    ]
    if prompt.kind in ("resolved", "closed"):
        answers.append((PHRASES["reopen"], Reopened(conversation=conversation.id), "reopen"))
    numbered = (MenuItem(str(number), *answer) for number, answer in enumerate(answers, start=1))
    suggested = _suggested(prompt, conversation, len(answers) + 1)
    return (*numbered, *suggested, *_letters(prompt, conversation))


def _suggested(prompt: Prompt, conversation: Conversation, start: int) -> Iterator[MenuItem]:
    """Yield the answers to the open suggestion, numbered after the prompt's own."""
    if prompt.suggestion is None:
        return
    here, turn = conversation.id, prompt.turn
    for number, each in enumerate(prompt.suggestion.choices, start):
        event = Answered(conversation=here, turn=turn, choice=each.choice)
        yield MenuItem(str(number), each.yes, event, suggested=True)
    last = str(start + len(prompt.suggestion.choices))
    yield MenuItem(last, prompt.suggestion.dismiss, Dismissed(conversation=here, turn=turn), suggested=True)


def _letters(prompt: Prompt, conversation: Conversation) -> Iterator[MenuItem]:
    here, turn = conversation.id, prompt.turn
    if prompt.back:
        yield MenuItem("b", PHRASES["back"], Back(conversation=here, turn=turn))
    if prompt.kind in ("step", "waiting"):
        if conversation.flow != PICKER:
            yield MenuItem("r", PHRASES["restart"], Restarted(conversation=here, turn=turn))
        yield MenuItem("l", PHRASES["later"], "later")
    if conversation.ticket_open:
        yield MenuItem("d", PHRASES["add_details"], "details")
        yield MenuItem("t", TEXTS["show_ticket"], "ticket")
        if prompt.kind in ("step", "waiting"):
            yield MenuItem("w", PHRASES["cancel_ticket"], Withdrawn(conversation=here))
    elif prompt.kind in ("step", "paused"):
        yield MenuItem("p", PHRASES["person"], Escalated(conversation=here))
    if prompt.goes_on:
        yield MenuItem("g", PHRASES["go_on"], Withdrawn(conversation=here), "withdraw")
    if prompt.asks_how:
        for score, label in enumerate(SCORES, start=1):
            yield MenuItem(f"r{score}", label, Rated(conversation=here, score=score))
    yield MenuItem("q", TEXTS["quit"], "leave")


def naps(conversation: Conversation) -> tuple[MenuItem, ...]:
    """List the times that the customer can choose after Later."""
    here = conversation.id
    return (
        MenuItem("1", PHRASES["later_hour"], Napped(conversation=here, until="hour"), "hour"),
        MenuItem("2", PHRASES["later_tomorrow"], Napped(conversation=here, until="tomorrow"), "tomorrow"),
        MenuItem("3", PHRASES["later_computer"], Napped(conversation=here, until="computer"), "computer"),
    )


_YES_NO: Final = ("yes", "no")


def _to_suggestion(typed: str, offered: Sequence[MenuItem]) -> MenuItem | None:
    """Return the answer that a yes or no gives to the suggestion that was on screen when the line was typed."""
    suggested = [offer for offer in offered if offer.suggested]
    if len(suggested) != len(_YES_NO):  # with several choices a yes names none of them
        return None
    return dict(zip(_YES_NO, suggested, strict=True)).get(yes_or_no(typed))


def meaning(
    line: str, offered: Sequence[MenuItem], prompt: Prompt, here: str
) -> MenuItem | Said | UnknownNumber:
    """Find what a line that is not blank means: an offered item (by key, label or id), or free text.

    `here` is the conversation's id.
    """
    typed = " ".join(line.split())
    folded = typed.casefold()
    for offer in offered:
        if folded in (offer.key, offer.label.casefold(), offer.id):
            return offer
    if (reply := _to_suggestion(typed, offered)) is not None:
        return reply
    if folded in LEAVE:
        return MenuItem("q", TEXTS["quit"], "leave")
    if folded in ("?", "help"):
        return MenuItem("?", TEXTS["help"], "help")
    if folded.isdigit() and len(folded) < 3:
        return UnknownNumber(typed)
    return Said(conversation=here, turn=prompt.turn, text=typed)
