"""Sorts a conversation's messages for the page: past steps, the last answer, and messages under the live step. Pure."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from adapters.web.page.markup import html
from adapters.web.page.memo import Memo
from adapters.web.texts import PAGE
from flows.catalogue import PICKER
from flows.text.markup.words import plain
from flows.text.phrases import PHRASES
from flows.views.screen import Screen, ScreenMessage


@dataclass(frozen=True)
class HistoryLine:
    """A message in the history. `who` is bot, contact or agent; `pressed` marks the label of a button. `name` is the
    agent's name, `place` the anchor of an agent's message on the page, `files` the names of its files, each with the
    end of its address. `quote` are the customer's words that became an answer. `changed` says that the message was
    edited, and `edited` are the new words if they stand beside the first.
    """

    who: str
    words: Markup
    pressed: bool = False
    name: str = ""
    files: tuple[tuple[str, str], ...] = ()
    place: str = ""
    changed: bool = False
    quote: str = ""
    edited: str = ""


@dataclass(frozen=True)
class HistoryStep:
    """A past step, with the answers and messages while it was shown."""

    title: str
    lines: tuple[HistoryLine, ...]


@dataclass(frozen=True)
class History:
    """The conversation so far: `parts` are past steps, `talk` is what agents and the customer said to each other,
    `last` the step with the last answer, `lead` the messages right before the live step, `since` those under it.
    `tried` counts the steps that were answered; the choice of the problem is none.
    """

    parts: tuple[HistoryStep, ...] = ()
    talk: tuple[HistoryLine, ...] = ()
    last: HistoryStep | None = None
    lead: tuple[HistoryLine, ...] = ()
    since: tuple[HistoryLine, ...] = ()
    tried: int = 0


Lines = Memo[ScreenMessage, HistoryLine]


def past(screen: Screen, lines: Lines | None = None) -> History:
    """Sort a screen's messages into past steps, the talk, the last answer, and messages around the live step.

    `lines` are those of an earlier page, so that a message that was drawn need not be drawn again.
    """
    lines = Memo() if lines is None else lines

    def line(message: ScreenMessage) -> HistoryLine:
        return lines.of(message, _line)

    live = _position(screen.live) if screen.live else _END
    before = [message for message in screen.messages if _position(message.id) < live]
    under = [message for message in screen.messages if _position(message.id) > live]
    held = screen.prompt.kind == "held"
    spoken = _talk(before, held)
    apart = {message.id for message in spoken}
    before = [message for message in before if message.id not in apart and not _is_agent_card(message)]
    if held:
        opened = screen.ticket.opened if screen.ticket else 0
        under = [*(message for message in spoken if message.at >= opened), *under]
        spoken = [message for message in spoken if message.at < opened]
    shown = [index for index, message in enumerate(before) if message.kind == "step"]
    lead = [message for message in before if _is_lead(message, live[0], bool(shown))]
    behind = before[: len(before) - len(lead)]
    last = None
    if shown and behind and _position(behind[-1].id)[0] == live[0]:
        last = HistoryStep(title=plain(before[shown[-1]].words), lines=(line(behind[-1]),))
        behind = behind[:-2] if behind[-2].kind == "step" else behind[:-1]
    return History(
        parts=_steps(behind, line),
        talk=tuple(line(message) for message in spoken),
        last=last,
        lead=tuple(line(message) for message in lead),
        since=tuple(line(message) for message in under if not _repeats_ticket_card(message, screen)),
        tried=len({row.step for row in screen.tried if row.flow != PICKER}),
    )


_END: Final = (sys.maxsize, 0)
"""The position after all messages: an agent took over with a reply, so that no step is live."""


def _talk(before: Sequence[ScreenMessage], held: bool) -> list[ScreenMessage]:
    """Return what people said around agents' messages, which stays in sight when the guide goes on.

    The talk begins after the step at which the first agent came, and ends with the step that followed the last agent.
    While an agent is assigned who has not written yet, it is what was said since the last step.
    """
    steps = [_position(message.id) for message in before if _is_guide_step(message)]
    agents = [_position(message.id) for message in before if message.who == "agent"]
    if not (agents or held):
        return []
    first, last = (agents[0], agents[-1]) if agents else (_END, _END)
    begin = max((step for step in steps if step < first), default=(0, 0))
    end = min((step for step in steps if step > last), default=_END)
    return [message for message in before if message.kind == "said" and begin < _position(message.id) < end]


def _is_guide_step(message: ScreenMessage) -> bool:
    return message.kind == "step" and not _is_agent_card(message)


def _is_agent_card(message: ScreenMessage) -> bool:
    """Return whether the message is the card of a conversation with an agent. Its title contains the agent's name."""
    if message.kind != "step":
        return False
    opens, _, ends = PHRASES["title_held"].partition("{agent}")
    title = plain(message.words)
    return title.startswith(opens) and title.endswith(ends)


def _is_lead(message: ScreenMessage, version: int, had_steps: bool) -> bool:
    """Return whether the bot sent the message with the live step. Before the first step, every message counts."""
    return not had_steps or (_position(message.id)[0] == version and message.who == "bot")


def _repeats_ticket_card(message: ScreenMessage, screen: Screen) -> bool:
    """Return whether the message came with the open ticket, whose card beside the step says the same."""
    ticket = screen.ticket
    shown = ticket is not None and ticket.open and screen.prompt.kind == "step"
    return shown and ticket is not None and message.kind == "told" and message.at == ticket.opened


@lru_cache(10_000)
def _position(message_id: str) -> tuple[int, int]:
    version, _, index = message_id.partition(".")
    return int(version or 0), int(index or 0)


def _line(message: ScreenMessage) -> HistoryLine:
    return HistoryLine(
        who=message.who,
        words=html(message.words),
        pressed=message.kind == "answer",
        name=message.name,
        place=f"m{message.id.partition('.')[0]}" if message.who == "agent" else "",
        files=tuple(
            (file.name or PAGE["unnamed_file"], f"{_position(message.id)[0]}/{number}")
            for number, file in enumerate(message.files)
        ),
        changed=message.changed,
        quote=html(message.quote),
        edited=html(message.edited),
    )


def _steps(
    messages: Sequence[ScreenMessage], line: Callable[[ScreenMessage], HistoryLine]
) -> tuple[HistoryStep, ...]:
    parts: list[tuple[str, list[HistoryLine]]] = []
    for message in messages:
        if message.kind == "step":
            parts.append((plain(message.words), []))
            continue
        if not parts:
            parts.append(("", []))
        parts[-1][1].append(line(message))
    return tuple(HistoryStep(title=title, lines=tuple(lines)) for title, lines in parts)
