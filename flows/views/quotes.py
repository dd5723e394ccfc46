"""Quotes what a customer wrote or sent with an event, to stand beside what the event did."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flows.events import Answered, Event, Rated, Spoken
from flows.text.markup.agent_markdown import formatted
from flows.text.markup.words import Words
from flows.text.markup.wordtree import Paragraph, Text
from flows.text.phrases import PHRASES, SCORES
from flows.views.trail import is_afterthought, spoken_by_contact
from flows.views.walk import Frame

PRESSED: Final[Mapping[str, str]] = {
    "back": "back",
    "restart": "restart",
    "escalate": "person",
    "later": "later",
    "reopen": "reopen",
}
"""Types of events that a standing button makes, and the phrase with the button's label."""

STANDING: Final = frozenset(PHRASES[name] for name in PRESSED.values())
"""Labels of the standing buttons; no answer of a step has one of these."""


def verbatim(text: str) -> Words:
    """Return a person's own text as words, never read as Markdown."""
    return (Paragraph.trusted(inlines=(Text.trusted(text=text),)),)


def by_customer(text: str, styled: Words) -> Words:
    """Return a customer's text as they wrote it: with its formatting if it has any, and never read as Markdown."""
    return styled or (verbatim(text) if text else ())


def by_agent(spoken: Spoken) -> Words:
    """Return an agent's text as they wrote it: with its formatting, or else read as Markdown."""
    return spoken.styled or (formatted(spoken.text) if spoken.text else ())


def quotation(spoken: Spoken) -> str:
    """Return words in quotation marks, their later edit, and the names of the files, in one line of text."""
    parts = [f'"{spoken.text}"'] if spoken.text else []
    parts += [PHRASES.say("edited_to", words=spoken.edited)] if spoken.edited else []
    return " ".join((*parts, *(f"[{file.name or file.id}]" for file in spoken.files)))


def beside(happened: str, spoken: Spoken) -> str:
    """Return what happened with the words and files beside it: `Still failing · "nope same thing" [screen.png]`."""
    return " · ".join(filter(None, (happened, quotation(spoken))))


def button_label(event: Event) -> str:
    """Return the label of the standing button that the event is, or the rating; '' for plain words."""
    if isinstance(event, Rated):
        return SCORES[event.score - 1] if 1 <= event.score <= len(SCORES) else ""
    return PHRASES[PRESSED[event.type]] if event.type in PRESSED else ""


def customers_words(frames: Sequence[Frame], words: Mapping[int, Spoken]) -> Iterator[str]:
    """Yield the customer's words and the names of their files; never agents' words, least of all notes (L12).

    Words that answered a step stand in the trail beside their answer.
    """
    answered = False
    for frame in frames:
        event = frame.change.event
        spoken = spoken_by_contact(event, words.get(frame.change.version))
        answered = answered or isinstance(event, Answered)
        if not spoken.left or isinstance(event, Answered) or (answered and is_afterthought(frame)):
            continue
        label = button_label(event)
        if label:
            yield beside(label, spoken)
            continue
        edited = PHRASES.say("edited_to", words=spoken.edited) if spoken.edited else ""
        if said := " ".join(filter(None, (spoken.text, edited))):
            yield said
        yield from (f"[{file.name or file.id}]" for file in spoken.files)
