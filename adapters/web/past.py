"""The conversation so far, sorted for the page: what lies behind, what led here, what was said under the live step."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from adapters.web.markup import html
from flows.prompts import Prompt
from flows.screen import Message, Screen
from flows.words import plain


@dataclass(frozen=True)
class Said:
    """A line somebody said. `who` is bot, contact or agent; `pressed` marks the label of a button."""

    who: str
    words: Markup
    pressed: bool = False


@dataclass(frozen=True)
class Part:
    """A step that lies behind, with what was answered and said while it was shown."""

    title: str
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class Past:
    """The conversation so far: `parts` lie behind, `last` is the answer that led here, `lead` comes before the
    live step, `since` is what has been said under it. `tried` counts the steps that lie behind.
    """

    parts: tuple[Part, ...] = ()
    last: Part | None = None
    lead: tuple[Said, ...] = ()
    since: tuple[Said, ...] = ()
    tried: int = 0


def past(screen: Screen) -> Past:
    """Sort the messages: what lies behind, what led here, and what has been said under the live step."""
    messages = screen.messages
    shown = max((index + 1 for index, message in enumerate(messages) if message.kind == "step"), default=0)
    steps, following = messages[:shown], messages[shown:]
    led = max(
        (index + 1 for index, message in enumerate(following) if _leads(message, screen.prompt)), default=0
    )
    before, under = following[:led], following[led:]
    last = None
    if before:
        last = Part(title=plain(steps[-1].words) if steps else "", lines=(_said(before[-1]),))
        steps = steps[: shown - 1] if led == 1 else steps
    came = _version(before[-1] if before else under[0]) if following else ""
    recent = [message for message in under if not _on_ticket(message, screen)]
    return Past(
        parts=_parts((*steps, *before[:-1])),
        last=last,
        lead=tuple(_said(message) for message in recent if _version(message) == came),
        since=tuple(_said(message) for message in recent if _version(message) != came),
        tried=len({message.step for message in messages if message.kind == "step"}),
    )


def _leads(message: Message, prompt: Prompt) -> bool:
    """Whether that is the press of a button that led to the live prompt."""
    return message.kind == "answer" and (message.step != prompt.step or prompt.kind != "step")


def _on_ticket(message: Message, screen: Screen) -> bool:
    """Whether the open ticket's card beside the step says the same: that sentence came with the ticket."""
    ticket = screen.ticket
    shown = ticket is not None and ticket.open and screen.prompt.kind == "step"
    return shown and ticket is not None and message.kind == "told" and message.at == ticket.opened


def _version(message: Message) -> str:
    return message.id.partition(".")[0]


def _said(message: Message) -> Said:
    return Said(who=message.who, words=html(message.words), pressed=message.kind == "answer")


def _parts(messages: Sequence[Message]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for message in messages:
        if message.kind == "step":
            parts.append(Part(title=plain(message.words), lines=()))
            continue
        known = parts.pop() if parts else Part(title="", lines=())
        parts.append(Part(title=known.title, lines=(*known.lines, _said(message))))
    return tuple(parts)
