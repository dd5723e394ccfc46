"""Draws what agents see of a conversation: the customer's screen and the whole history, internal notes included."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Final, Literal, Self

from flows.acts import (
    Act,
    Concluded,
    Noted,
    Replied,
    Wrote,
)
from flows.conversation import Conversation
from flows.effects import Change
from flows.events import (
    Answered,
    Detailed,
    Edited,
    Event,
    File,
    Joined,
    Said,
    Shared,
    Spoken,
    Started,
)
from flows.flow import Flow
from flows.prompts import Settings
from flows.text.agent_phrases import customer_name
from flows.text.markup.words import Words, fill, parse, plain
from flows.text.phrases import PHRASES
from flows.values import Frozen
from flows.views.act_sentences import returned, sentence
from flows.views.quotes import beside, by_agent, by_customer, verbatim
from flows.views.screen import Screen, screen
from flows.views.trail import NOTHING, amended, spoken_by_contact
from flows.views.walk import Frame, Walk

Kind = Literal["said", "answer", "reply", "note", "act"]


class AttributedWords(Frozen):
    """Words with their author: `who` is the author's name, `actor` their id.

    `since` says whether the author later edited ("changed") or deleted ("gone") the words.
    """

    who: str
    actor: str
    words: Words
    files: tuple[File, ...] = ()
    since: Literal["", "changed", "gone"] = ""

    def with_files_left(self, left: tuple[File, ...]) -> Self:
        """Return the words after their files were sent: the message still names only the files in `left`.

        Without words, the names of the sent files become the words.
        """
        names = ", ".join(file.name for file in self.files if file not in left and file.name)
        words = self.words if plain(self.words).strip() or not names else verbatim(f"📎 {names}")
        return self.model_copy(update={"files": left, "words": words})


class Line(AttributedWords):
    """One event as agents read it, by the `version` that recorded it. `at` is in ms.

    `kind` "said" and "answer" are the customer's, "reply" is an agent's message to the customer, "note" an internal
    note, "act" everything else, as a sentence. `quote` are the customer's words that came with an answer or an act, and
    `edited` the words of a later edit that stand beside the first. `note` is the internal note that came with a
    resolution. `about` is the version of the line that this event edited. `typed` is the text as its author typed it,
    to be edited.
    """

    version: int
    kind: Kind
    at: int = 0
    about: int = 0
    quote: Words = ()
    edited: Words = ()
    note: Words = ()
    typed: str = ""

    @property
    def as_written(self) -> Words:
        """Return the customer's own words with their formatting, or what happened with the words beside it."""
        return self.words if self.kind == "said" and not self.edited else verbatim(self.in_words)

    @property
    def in_words(self) -> str:
        """Return the line as one text: what happened, the words beside it, and their later edit."""
        return beside(plain(self.words), Spoken(text=plain(self.quote), edited=plain(self.edited)))

    @property
    def in_full(self) -> str:
        """Return the line as one text with the names of its files."""
        return beside(self.in_words, Spoken(files=self.files))


class CustomerReply(AttributedWords):
    """An agent's reply as the customer reads it: the only agents' words that a channel sends to customers.

    Only `of` makes a CustomerReply, and it takes nothing but a reply, so that no channel can show an internal note (law
    L12).
    """

    @classmethod
    def of(cls, event: Event, line: Line) -> Self:
        """Make the reply from the recorded event and its line. Raises ValueError for any other event."""
        if not isinstance(event, Replied) or line.kind != "reply":
            raise ValueError(f"a customer is never sent a line of kind {line.kind}")
        return cls(who=line.who, actor=line.actor, words=line.words, files=line.files, since=line.since)


class Dossier(Frozen):
    """Everything that agents may see of a conversation: `screen` is the customer's view."""

    screen: Screen
    lines: tuple[Line, ...]

    @property
    def conversation(self) -> Conversation:
        """Return the conversation in its present state."""
        return self.screen.conversation

    @property
    def by_customers(self) -> tuple[Line, ...]:
        """Return the lines with words or files of customers; those of an answer stand in the trail, too."""
        quoted = (line for line in self.lines if line.kind in ("said", "answer", "act"))
        return tuple(
            line for line in quoted if line.kind == "said" or line.quote or line.edited or line.files
        )

    def at(self, version: int) -> Line | None:
        """Return the line of that version; None if the event made none."""
        return next((line for line in self.lines if line.version == version), None)

    @property
    def solver(self) -> str:
        """Return the name of the customer or agent who resolved the ticket; '' if it is not resolved, or not known."""
        at = self.conversation
        if at.solved_by and at.solved_by == at.contact:
            return customer_name(at)
        return next(
            (line.who for line in reversed(self.lines) if line.actor == at.solved_by and line.who), ""
        )

    @property
    def waiting_since(self) -> int:
        """Return since when the ticket waits, in ms: since it was opened, or since an agent's last act."""
        at = self.conversation
        return max((at.ticket_at, *(line.at for line in self.lines if _by_an_agent(line, at))))


def _by_an_agent(line: Line, at: Conversation) -> bool:
    if line.kind in ("reply", "note"):
        return True
    return line.kind == "act" and ":" in line.actor and not at.may_answer(line.actor)


def dossier(
    conversation: Conversation,
    rows: Sequence[Change],
    words: Mapping[int, Spoken],
    flows: Mapping[str, Flow],
    settings: Settings,
    walk: Walk | None = None,
) -> Dossier:
    """Draw the dossier; the arguments are those of `flows.views.screen.screen`."""
    walk = Walk(conversation.id) if walk is None else walk
    frames = walk.frames(rows, flows)
    edits = amended(rows)
    names = {conversation.contact: customer_name(conversation)}
    lines = []
    for frame in frames:
        event = frame.change.event
        if isinstance(event, Act | Joined) and event.name:
            names[event.actor] = event.name
        elif isinstance(event, Shared) and event.name:
            names[event.to] = event.name
        version = frame.change.version
        given = (
            words.get(version, NOTHING),
            version in edits,
            names.get(event.actor, "") if event.actor else "",
        )
        line = walk.drawn("line", frame, given, partial(_line, frame, *given, settings))
        if line is not None:
            lines.append(line)
    return Dossier(screen=screen(conversation, rows, words, flows, settings, walk), lines=tuple(lines))


def _line(
    frame: Frame,
    spoken: Spoken,
    is_amended: bool,
    who: str,
    settings: Settings,
) -> Line | None:
    event, version = frame.change.event, frame.change.version
    kind = _KINDS.get(type(event), "act")
    left = spoken.left
    own = spoken_by_contact(event, spoken)
    quote: Words = ()
    if kind in ("said", "reply", "note") and left:
        text = by_customer(spoken.text, spoken.styled) if kind == "said" else by_agent(spoken)
        text += returned(frame) if isinstance(event, Said) else ()
    elif kind in ("reply", "note") or (kind == "said" and (isinstance(event, Said) or is_amended)):
        text = fill(parse(PHRASES["taken_back" if is_amended else "no_words"]), {})
    else:
        happened = sentence(frame, settings)
        if happened is None and not own.left:
            return None
        quote = by_customer(own.text, own.styled)
        kind, text = ("answer" if isinstance(event, Answered) else "act"), happened or ()
        if happened is None:
            kind, text, quote = "said", quote, ()
    return Line(
        version=version,
        kind=kind,
        who=who,
        actor=event.actor,
        words=text,
        files=spoken.files,
        at=frame.change.at,
        since="" if not is_amended else "changed" if left else "gone",
        about=event.version if isinstance(event, Edited) else 0,
        quote=quote,
        edited=by_customer(own.edited, own.edited_styled),
        typed=spoken.text if kind in ("reply", "note") else "",
        note=verbatim(spoken.text) if isinstance(event, Concluded) and spoken.text else (),
    )


_KINDS: Final[Mapping[type, Kind]] = MappingProxyType(
    {Started: "said", Said: "said", Detailed: "said", Wrote: "reply", Replied: "reply", Noted: "note"}
)
