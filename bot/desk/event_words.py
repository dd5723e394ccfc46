"""Masks the words of an event before it is decided, and returns what the store keeps of them beside the journal."""

from functools import cache
from typing import Final

from flows.conversation import Conversation
from flows.effects import Change
from flows.events import (
    SHARED_AT_ONCE,
    Answered,
    Back,
    Concluded,
    Detailed,
    Edited,
    Event,
    File,
    Noted,
    Rated,
    Reopened,
    Replied,
    Restarted,
    Said,
    Started,
    Wrote,
)
from flows.flow import Flow, Step
from flows.rules.edits import OF_AGENTS
from flows.rules.free_text import yes_or_no
from flows.text.kept_text import shortened
from flows.text.markup.styled import fitting
from flows.text.markup.styled import masked as masked_text
from flows.text.markup.wordtree import Words
from flows.text.reach import reach_line
from flows.text.secrets.masking import mask, mask_file_name

_WORDS: Final = frozenset({"text", "styled", "files", "name", "to_name", "reach"})
"""Fields of events that hold words of people or name something."""

Styled = Said | Edited | Wrote | Replied | Noted
"""Events whose words may have formatting, beside Started."""


def masked(event: Event, flow: Flow, at: Conversation) -> Event:
    """Return the event with secrets masked in its words and in names, before anything is decided (law L9)."""
    if not _holds_words(type(event)):
        return event
    step = flow.by_id.get(at.step) if not isinstance(event, Started) else None
    secret = step.secret if step else None
    if step is not None and secret and isinstance(event, Said) and _is_answer(event.text, step):
        secret = None
    event = event.model_copy(update=_masked_names(event, secret))
    if isinstance(event, Started | Styled):
        return _masked(event, secret)
    if isinstance(event, Concluded | Rated):
        return event.model_copy(update={"text": mask(event.text, secret)})
    if isinstance(event, Detailed):
        return event.model_copy(update={"text": mask(event.text, secret), "reach": mask(event.reach)})
    return event


@cache
def _holds_words(kind: type[Event]) -> bool:
    """Return whether events of that class have a field for words, names or files; a plain answer has none."""
    return not _WORDS.isdisjoint(kind.model_fields)


def _is_answer(text: str, step: Step) -> bool:
    """Return whether the words are an answer that the step itself shows, and so no secret."""
    said = text.strip().rstrip(".!").casefold()
    return any(said == choice.label.casefold() for choice in step.choices)


def _masked_names(event: Event, secret: str | None) -> dict[str, object]:
    """Return the fields of an event that name people and files, with secrets masked."""
    names: dict[str, object] = {
        field: mask(value) for field in _NAMES if isinstance(value := getattr(event, field, None), str)
    }
    files = getattr(event, "files", ())
    if files:
        names["files"] = tuple(
            file.model_copy(update={"name": mask_file_name(file.name, secret)}) for file in files
        )
    return names


_NAMES: Final = ("name", "to_name")


def _masked(event: Started | Styled, secret: str | None) -> Event:
    text, styled = masked_text(event.styled, event.text, lambda said: mask(said, secret))
    return event.model_copy(update={"text": text, "styled": styled})


def answers_unread(event: Event, change: Change) -> bool:
    """Return whether words answer the present prompt although no one knows whether it could be read before them."""
    undated = isinstance(event, Said) and event.turn is None
    return undated and isinstance(change.event, Answered | Back | Restarted | Reopened)


def confirms(before: Conversation, event: Event, change: Change) -> bool:
    """Return whether a typed yes or no answers the bot's own question what was meant, which must be read first."""
    if not (before.suggested and isinstance(event, Said)) or isinstance(change.event, Said):
        return False
    return yes_or_no(event.text) != ""


def words_of(event: Event) -> str:
    """Return the person's words in this event, as the store keeps them beside the journal.

    Of a customer's long text these are the beginning and the end; agents' texts are kept as they are.
    """
    if not _holds_words(type(event)):
        return ""
    if isinstance(event, Started | Said | Rated) or (
        isinstance(event, Edited) and event.was not in OF_AGENTS
    ):
        return shortened(event.text)
    if isinstance(event, Edited | Wrote | Replied | Noted | Concluded):
        return event.text
    if isinstance(event, Detailed):
        return "\n".join(filter(None, (shortened(event.text), reach_line(event.reach))))
    return ""


def styled_of(event: Event) -> Words:
    """Return these words with their formatting; nothing if they have none, or not all of them are kept."""
    if not _holds_words(type(event)):
        return ()
    return fitting(event.styled, words_of(event)) if isinstance(event, Started | Styled) else ()


def files_of(event: Event) -> tuple[File, ...]:
    """Return the event's files; more than `SHARED_AT_ONCE` files of one message stay only on their platform."""
    if not _holds_words(type(event)):
        return ()
    if isinstance(event, Started | Said | Wrote | Replied | Noted | Detailed):
        return event.files[:SHARED_AT_ONCE]
    return ()
