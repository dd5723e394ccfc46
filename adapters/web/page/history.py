"""The conversation so far, sorted for the page: what lies behind, what led here, what was said under the live step."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from adapters.web.page.markup import html
from adapters.web.texts import PAGE
from flows.text.phrases import PHRASES
from flows.text.words import plain
from flows.views.screen import Screen, ScreenMessage


@dataclass(frozen=True)
class HistoryLine:
    """A line somebody said. `who` is bot, contact or agent; `pressed` marks the label of a button. `name` is what an
    agent is called, `place` where their words are found on the page, `files` are the names of what was sent with it,
    each with the end of its address, `changed` that it was said otherwise at first.
    """

    who: str
    words: Markup
    pressed: bool = False
    name: str = ""
    files: tuple[tuple[str, str], ...] = ()
    place: str = ""
    changed: bool = False


@dataclass(frozen=True)
class HistoryStep:
    """A step that lies behind, with what was answered and said while it was shown."""

    title: str
    lines: tuple[HistoryLine, ...]


@dataclass(frozen=True)
class History:
    """The conversation so far: `parts` lie behind, `last` is the answer that led here, `lead` comes before the
    live step, `since` is what has been said under it. `tried` counts the steps that lie behind.
    """

    parts: tuple[HistoryStep, ...] = ()
    last: HistoryStep | None = None
    lead: tuple[HistoryLine, ...] = ()
    since: tuple[HistoryLine, ...] = ()
    tried: int = 0


def past(screen: Screen) -> History:
    """Sort the messages: what lies behind, what led here, and what has been said under the live step."""
    live = _place(screen.live)
    before = [message for message in screen.messages if _place(message.id) < live]
    under = [message for message in screen.messages if _place(message.id) > live]
    if screen.prompt.kind == "held":
        before, under = _with_them(before, under)
    shown = [index for index, message in enumerate(before) if message.kind == "step"]
    lead = [message for message in before if _leads(message, live[0], bool(shown))]
    behind = before[: len(before) - len(lead)]
    last = None
    if shown and behind and _place(behind[-1].id)[0] == live[0]:
        last = HistoryStep(title=plain(before[shown[-1]].words), lines=(_said(behind[-1]),))
        behind = behind[:-2] if behind[-2].kind == "step" else behind[:-1]
    return History(
        parts=_parts(behind),
        last=last,
        lead=tuple(_said(message) for message in lead),
        since=tuple(_said(message) for message in under if not _on_ticket(message, screen)),
        tried=len({message.step for message in screen.messages if message.kind == "step"}),
    )


def _with_them(
    before: list[ScreenMessage], under: list[ScreenMessage]
) -> tuple[list[ScreenMessage], list[ScreenMessage]]:
    """What was said since the guide was left stays in sight for as long as people have it, whatever card they show."""
    steps = [message for message in before if message.kind == "step" and not _is_held(message)]
    left = _place(steps[-1].id) if steps else (0, 0)
    spoken = [message for message in before if _place(message.id) > left and message.kind == "said"]
    kept = [
        message
        for message in before
        if message not in spoken and not (message.kind == "step" and _place(message.id) > left)
    ]
    return kept, [*spoken, *under]


def _is_held(message: ScreenMessage) -> bool:
    """Whether that is a card of a conversation with an agent. Its title names the agent, so titles differ."""
    opens, _, ends = PHRASES["title_held"].partition("{agent}")
    title = plain(message.words)
    return title.startswith(opens) and title.endswith(ends)


def _leads(message: ScreenMessage, version: int, walked: bool) -> bool:
    """Whether that came with the live step and belongs right before it; before the first step, everything does."""
    return not walked or (_place(message.id)[0] == version and message.who == "bot")


def _on_ticket(message: ScreenMessage, screen: Screen) -> bool:
    """Whether the open ticket's card beside the step says the same: that sentence came with the ticket."""
    ticket = screen.ticket
    shown = ticket is not None and ticket.open and screen.prompt.kind == "step"
    return shown and ticket is not None and message.kind == "told" and message.at == ticket.opened


def _place(message_id: str) -> tuple[int, int]:
    version, _, index = message_id.partition(".")
    return int(version or 0), int(index or 0)


def _said(message: ScreenMessage) -> HistoryLine:
    return HistoryLine(
        who=message.who,
        words=html(message.words),
        pressed=message.kind == "answer",
        name=message.name,
        place=f"m{message.id.partition('.')[0]}" if message.who == "agent" else "",
        files=tuple(
            (file.name or PAGE["unnamed_file"], f"{_place(message.id)[0]}/{number}")
            for number, file in enumerate(message.files)
        ),
        changed=message.changed,
    )


def _parts(messages: Sequence[ScreenMessage]) -> tuple[HistoryStep, ...]:
    parts: list[HistoryStep] = []
    for message in messages:
        if message.kind == "step":
            parts.append(HistoryStep(title=plain(message.words), lines=()))
            continue
        known = parts.pop() if parts else HistoryStep(title="", lines=())
        parts.append(HistoryStep(title=known.title, lines=(*known.lines, _said(message))))
    return tuple(parts)
