"""What an agent sees of a conversation: the customer's screen, and all of its history, notes among agents included."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from flows.acts import (
    Act,
    Allowed,
    Claimed,
    Concluded,
    Forwarded,
    HandedBack,
    Noted,
    Released,
    Replied,
    Showed,
    Snoozed,
    Transferred,
    Woken,
    Wrote,
)
from flows.conversation import Conversation, Status
from flows.effects import Change
from flows.events import (
    Answered,
    Detailed,
    Edited,
    Escalated,
    Event,
    File,
    Joined,
    Rated,
    Reopened,
    Said,
    Shared,
    Spoken,
    Started,
    TimerRang,
    Withdrawn,
)
from flows.flow import Flow
from flows.phrases import ACTS, PHRASES, reason_label
from flows.promises import PROMISES
from flows.prompts import Settings, owner
from flows.screen import Screen, screen, verbatim
from flows.trail import Frame, amended, label_of, replay, title_of
from flows.values import Frozen
from flows.words import Words, fill, parse, plain

Kind = Literal["said", "answer", "reply", "note", "act"]


class Line(Frozen):
    """One happening as agents read it, by the `version` it came with.

    `kind` "said" and "answer" are the customer's side, "reply" is what an agent said to the customer, "note" what
    agents said among themselves, "act" everything else, as a sentence. `who` is a name, `actor` who that is. `at` ms.
    `since` says what became of the words: they were changed, or taken back ("gone"). `about` is the version of the line
    that was changed with this one.
    """

    version: int
    kind: Kind
    who: str
    actor: str
    words: Words
    files: tuple[File, ...] = ()
    at: int = 0
    since: Literal["", "changed", "gone"] = ""
    about: int = 0


def brought(line: Line, left: tuple[File, ...]) -> Line:
    """The line once its files have been carried over, but for those that are `left`; who sent files alone said their
    names.
    """
    names = ", ".join(file.name for file in line.files if file not in left and file.name)
    words = line.words if plain(line.words).strip() or not names else verbatim(f"📎 {names}")
    return line.model_copy(update={"files": left, "words": words})


class Dossier(Frozen):
    """Everything that is known, for agents: `screen` is what the customer sees."""

    screen: Screen
    lines: tuple[Line, ...]

    @property
    def conversation(self) -> Conversation:
        """Where it stands."""
        return self.screen.conversation

    def at(self, version: int) -> Line | None:
        """The line of that version, if it made one."""
        return next((line for line in self.lines if line.version == version), None)


def dossier(
    conversation: Conversation,
    rows: Sequence[Change],
    words: Mapping[int, Spoken],
    flows: Mapping[str, Flow],
    settings: Settings,
) -> Dossier:
    """Draw it; the arguments are those of `flows.screen.screen`."""
    frames = tuple(replay(conversation.id, rows, flows))
    edits = amended(rows)
    names = {conversation.contact: conversation.name or PHRASES["the_customer"]}
    lines = []
    for frame in frames:
        event = frame.change.event
        if isinstance(event, Act | Joined) and event.name:
            names[event.actor] = event.name
        elif isinstance(event, Shared) and event.name:
            names[event.to] = event.name
        line = _line(frame, words, names, settings, edits)
        if line is not None:
            lines.append(line)
    return Dossier(screen=screen(conversation, rows, words, flows, settings), lines=tuple(lines))


def _line(
    frame: Frame,
    words: Mapping[int, Spoken],
    names: Mapping[str, str],
    settings: Settings,
    edits: frozenset[int],
) -> Line | None:
    event, version = frame.change.event, frame.change.version
    kind = _KINDS.get(type(event), "act")
    spoken = words.get(version, Spoken())
    left = bool(spoken.text or spoken.files)
    if kind in ("said", "reply", "note") and left:
        text = verbatim(spoken.text) if spoken.text else ()
        text += _come_back(frame) if isinstance(event, Said) else ()
    elif kind in ("reply", "note") or (kind == "said" and (isinstance(event, Said) or version in edits)):
        text = fill(parse(PHRASES["taken_back"]), {})
    else:
        told = _told(frame, settings)
        if told is None:
            return None
        kind, text = ("answer" if isinstance(event, Answered) else "act"), told
        if isinstance(event, Concluded | Rated | Reopened) and spoken.text:
            text += verbatim(spoken.text)
    return Line(
        version=version,
        kind=kind,
        who=names.get(event.actor, "") if event.actor else "",
        actor=event.actor,
        words=text,
        files=spoken.files,
        at=frame.change.at,
        since="" if version not in edits else "changed" if left else "gone",
        about=event.version if isinstance(event, Edited) else 0,
    )


def _come_back(frame: Frame) -> Words:
    """Whose it is by that, where what had ended is with people again."""
    if not frame.before.status.ended or frame.after.status.ended or not frame.before.had:
        return ()
    sentence = "reopen_held" if frame.after.status is Status.WITH_AGENT else "reopen_waiting"
    return fill(parse(ACTS[sentence]), {"agent": frame.before.had_by or PHRASES["an_agent"]})


_KINDS: Final[Mapping[type, Kind]] = MappingProxyType(
    {Started: "said", Said: "said", Detailed: "said", Wrote: "reply", Replied: "reply", Noted: "note"}
)


def _told(frame: Frame, settings: Settings) -> Words | None:
    """What happened, as a sentence without its subject; None for what agents need not read."""
    event = frame.change.event
    if isinstance(event, Reopened) and (back := _come_back(frame)):
        return back
    values = _VALUES.get(type(event), _nothing)(event, frame, settings)
    if values is None:
        return None
    sentence = ACTS.get(values.pop("sentence", event.type))
    return fill(parse(sentence), values) if sentence else None


Values = dict[str, str]


def _nothing(_event: Event, _frame: Frame, _settings: Settings) -> Values:
    return {}


def _answered(_event: Event, frame: Frame, settings: Settings) -> Values:
    return {"title": title_of(frame.was, frame.before.step, settings), "label": label_of(frame)}


def _escalated(_event: Event, frame: Frame, _settings: Settings) -> Values | None:
    fresh = [reason for reason in frame.after.reasons if reason not in frame.before.reasons]
    return {"reason": "; ".join(map(reason_label, fresh))} if fresh else None


def _transferred(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Transferred)
    if not event.to:
        return {"sentence": "transferred_team", "team": event.team}
    return {"to": event.to_name or event.to} if event.to != event.actor else {"sentence": "claimed"}


def _handed_back(event: Event, frame: Frame, settings: Settings) -> Values:
    assert isinstance(event, HandedBack)
    return {"title": title_of(frame.now, frame.after.step, settings)}


def _concluded(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Concluded)
    return {"reason": event.reason} if event.reason else {"sentence": "concluded_plainly"}


def _snoozed(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Snoozed)
    return {"sentence": f"snoozed_{event.until}"}


def _forwarded(event: Event, frame: Frame, settings: Settings) -> Values:
    assert isinstance(event, Forwarded)
    return {"team": owner(frame.now, event.team, settings)[0]}


def _edited(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Edited)
    if not event.version:
        return {}
    return {"sentence": "edited_gone" if event.gone else "edited_changed"}


def _showed(event: Event, frame: Frame, settings: Settings) -> Values:
    assert isinstance(event, Showed)
    return {"title": title_of(frame.now, event.step, settings)}


def _shared(event: Event, _frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Shared)
    return {"to": event.name or event.to}


def _rated(event: Event, frame: Frame, _settings: Settings) -> Values:
    assert isinstance(event, Rated)
    return {"score": str(event.score), "sentence": "rated_why" if frame.before.rated else "rated"}


def _withdrawn(_event: Event, frame: Frame, _settings: Settings) -> Values:
    return {"sentence": "went_on" if frame.before.status is Status.WITH_AGENT else "withdraw"}


def _rang(event: Event, frame: Frame, settings: Settings) -> Values | None:
    assert isinstance(event, TimerRang)
    changed = frame.before.status is not frame.after.status
    if not (changed or event.kind == "nudge" or event.kind in PROMISES):
        return None
    team, _ = owner(frame.now, frame.after.team, settings)
    return {"sentence": f"rang_{event.kind}", "team": team, "ticket": str(frame.after.ticket)}


_VALUES: Final[Mapping[type, Callable[[Event, Frame, Settings], Values | None]]] = MappingProxyType(
    {
        Answered: _answered,
        Detailed: _escalated,
        Escalated: _escalated,
        Allowed: _nothing,
        Claimed: _nothing,
        Withdrawn: _withdrawn,
        Released: _nothing,
        Transferred: _transferred,
        HandedBack: _handed_back,
        Concluded: _concluded,
        Snoozed: _snoozed,
        Woken: _nothing,
        Showed: _showed,
        Forwarded: _forwarded,
        Edited: _edited,
        Shared: _shared,
        Rated: _rated,
        TimerRang: _rang,
    }
)
