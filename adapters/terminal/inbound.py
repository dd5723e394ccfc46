"""Turns a typed line into an event: lists what can be typed now, and finds which of it a line means. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from adapters.terminal.texts import TEXTS
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.events import (
    Answered,
    Back,
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
from flows.text.phrases import PHRASES, SCORES

Act = Literal["later", "details", "ticket", "help", "leave"]
"""What the terminal does itself, without an event, or before there is one."""

LEAVE: Final = frozenset({"q", "quit", "exit", "leave", "bye"})


@dataclass(frozen=True)
class Offer:
    """Something that can be typed now: its key, its label, and what it does.

    The key is a number for an answer and a letter for the rest. `id` is the choice's id, which may be typed as
    well. The event lacks its key and actor still.
    """

    key: str
    label: str
    does: Event | Act
    id: str = ""

    @property
    def is_answer(self) -> bool:
        """Answers are listed one below the other, everything else in one line."""
        return self.key.isdigit()


@dataclass(frozen=True)
class NotOffered:
    """A number that stands nowhere on the screen."""

    typed: str


def offers(prompt: Prompt, conversation: Conversation) -> tuple[Offer, ...]:
    """What can be typed at this prompt, in the order shown: the numbered answers, then the letters."""
    answers: list[tuple[str, Event, str]] = [
        (option.label, Answered(conversation=conversation.id, turn=prompt.turn, choice=option.id), option.id)
        for option in prompt.choices
    ]
    if prompt.kind in ("resolved", "closed"):
        answers.append((PHRASES["reopen"], Reopened(conversation=conversation.id), "reopen"))
    numbered = (Offer(str(number), *answer) for number, answer in enumerate(answers, start=1))
    return (*numbered, *_letters(prompt, conversation))


def _letters(prompt: Prompt, conversation: Conversation) -> Iterator[Offer]:
    here, turn = conversation.id, prompt.turn
    if prompt.back:
        yield Offer("b", PHRASES["back"], Back(conversation=here, turn=turn))
    if prompt.kind in ("step", "waiting"):
        if conversation.flow != PICKER:
            yield Offer("r", PHRASES["restart"], Restarted(conversation=here, turn=turn))
        yield Offer("l", PHRASES["later"], "later")
    if conversation.ticket_open:
        yield Offer("d", PHRASES["add_details"], "details")
        yield Offer("t", TEXTS["show_ticket"], "ticket")
        if prompt.kind in ("step", "waiting"):
            yield Offer("w", PHRASES["cancel_ticket"], Withdrawn(conversation=here))
    elif prompt.kind == "step":
        yield Offer("p", PHRASES["person"], Escalated(conversation=here))
    if prompt.goes_on:
        yield Offer("g", PHRASES["go_on"], Withdrawn(conversation=here), "withdraw")
    if prompt.asks_how:
        for score, label in enumerate(SCORES, start=1):
            yield Offer(f"r{score}", label, Rated(conversation=here, score=score))
    yield Offer("q", TEXTS["quit"], "leave")


def naps(conversation: Conversation) -> tuple[Offer, ...]:
    """How long Later may be."""
    here = conversation.id
    return (
        Offer("1", PHRASES["later_hour"], Napped(conversation=here, until="hour"), "hour"),
        Offer("2", PHRASES["later_tomorrow"], Napped(conversation=here, until="tomorrow"), "tomorrow"),
        Offer("3", PHRASES["later_computer"], Napped(conversation=here, until="computer"), "computer"),
    )


def meaning(line: str, offered: Sequence[Offer], prompt: Prompt, here: str) -> Offer | Said | NotOffered:
    """What a line that is not blank means: something offered (by key, label or id), or free text.

    `here` is the id of the conversation it is typed in.
    """
    typed = " ".join(line.split())
    folded = typed.casefold()
    for offer in offered:
        if folded in (offer.key, offer.label.casefold(), offer.id):
            return offer
    if folded in LEAVE:
        return Offer("q", TEXTS["quit"], "leave")
    if folded in ("?", "help"):
        return Offer("?", TEXTS["help"], "help")
    if folded.isdigit() and len(folded) < 3:
        return NotOffered(typed)
    return Said(conversation=here, turn=prompt.turn, text=typed)
