"""Walks a flow with given answers, without a store: for `play`, and for the `tests:` of a flow file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from flows.authoring.findings import Finding, quoted
from flows.authoring.reader import Reading, Rehearsal
from flows.catalogue import Catalogue
from flows.conversation import Conversation, Status
from flows.effects import Change, Refusal, Tell
from flows.engine import advance, apply
from flows.events import Answered, Back, Escalated, Event, Restarted, Started
from flows.flow import Flow
from flows.prompts import Option, Settings, prompt, tell_words
from flows.rules.case import Verdict
from flows.text.markup.words import Words, plain
from flows.text.phrases import PHRASES
from flows.values import Frozen

ALWAYS: Final[Mapping[str, type[Back | Restarted | Escalated]]] = {
    "back": Back,
    "restart": Restarted,
    "person": Escalated,
}
"""Answers that every step takes, by the name that a script gives them; the label is the phrase of that id."""

TICKET: Final = 1
"""The number on the ticket of a walk, which opens no real ticket."""

_CUSTOMER: Final = "customer"


class Turn(Frozen):
    """A step as the customer sees it, in plain text; the first one's text starts with the intro."""

    step: str
    title: str
    text: str
    warning: str | None = None
    choices: tuple[Option, ...] = ()


class Ended(Frozen):
    """How a walk ended: resolved at a step, or escalated with a reason to a team."""

    ended: Literal["resolved", "escalated"]
    at: str
    reason: str | None = None
    team: str | None = None
    text: str = ""


class NotOffered(Exception):
    """Raised for an answer that is not on screen. `offered` lists the answers that are, with their labels."""

    def __init__(self, answer: str, step: str, offered: tuple[Option, ...]) -> None:
        """Name the answer, its step, and the answers on screen."""
        self.answer = answer
        self.step = step
        self.offered = offered
        named = ", ".join(_named(option) for option in offered)
        super().__init__(
            f"{answer!r} is not an answer at {step!r}; available: {named}"
            if offered
            else f"{answer!r} comes after the end at {step!r}"
        )


def walk(
    catalogue: Catalogue, flow: Flow, answers: Iterable[str], settings: Settings | None = None
) -> Iterator[Turn | Ended]:
    """Play the answers from the flow's first step: yield every turn, and the end if the answers lead to one.

    An answer is a choice's id or label in any case, or back, restart or person. Without an Ended the answers ran out.
    Raises NotOffered for an answer that is not on screen, also for one that follows the end.
    """
    stage = _Stage(catalogue, flow, settings or {})
    change = stage.do(Started(door="walk", flow=flow.id))
    yield stage.turn(change)
    for answer in answers:
        change = stage.do(stage.event(answer))
        yield stage.turn(change) if stage.going else stage.end(change)


def rehearse(reading: Reading, catalogue: Catalogue | None = None) -> tuple[Finding, ...]:
    """Walk the tests of a file and return a finding for each with another end.

    `catalogue` holds the flows they lead to.
    """
    flow = reading.flow
    if flow is None:
        return ()
    found = ((test, _difference(catalogue or Catalogue(), flow, test)) for test in reading.tests)
    return tuple(
        Finding(
            file=reading.file,
            line=test.line,
            column=1,
            reason=f"the test {quoted(test.name)} should be {test.ends}, but {why}",
        )
        for test, why in found
        if why
    )


def _difference(catalogue: Catalogue, flow: Flow, test: Rehearsal) -> str:
    """Return what happened instead of the expected end; '' if the test ended as it should."""
    try:
        *_, last = walk(catalogue, flow, test.do)
    except NotOffered as error:
        return str(error)
    if isinstance(last, Turn):
        return f"it is still at {last.step!r} after its last answer"
    wanted = test.end
    step_id = flow.by_id[wanted.step].id if wanted.step in flow.by_id else wanted.step
    expected = (wanted.how, step_id, wanted.reason or last.reason, wanted.team or last.team)
    return (
        "" if expected == (last.ended, last.at, last.reason, last.team) else f"it was {_end_as_written(last)}"
    )


def _end_as_written(end: Ended) -> str:
    """Return an end in the words of a flow file."""
    reason = f" {end.reason}" if end.reason else ""
    team = f" to {end.team}" if end.team else ""
    return f"{end.ended} at {end.at}{reason}{team}"


def _named(option: Option) -> str:
    return option.id if _folded(option.label) in ("", _folded(option.id)) else f"{option.id} ({option.label})"


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("\u2019", "'").split())


class _Stage:
    """Plays one customer without a store: it makes up versions and the ticket's number, and no time passes."""

    def __init__(self, catalogue: Catalogue, flow: Flow, settings: Settings) -> None:
        others = tuple(other for other in catalogue.flows if other.id != flow.id)
        self.catalogue = Catalogue(flows=(flow, *others))
        self.settings = settings
        self.at = Conversation(id="walk")
        self.flow = flow
        self.going = True

    def do(self, event: Event) -> Change:
        """Advance the conversation by the event. Raises NotOffered for a refused event."""
        verdict = self._verdict(event)
        if isinstance(verdict, Refusal):
            raise NotOffered(event.type, self.at.step, self.offered())
        stamped = verdict.model_copy(update={"version": self.at.version + 1, "ticket": TICKET})
        self.at = apply(self.at, stamped)
        self.flow = self.catalogue.by_id[self.at.flow]
        self.going = self.at.status is Status.GUIDING
        return stamped

    def _verdict(self, event: Event) -> Verdict:
        keyed = event.model_copy(update={"key": f"walk/{self.at.version}", "actor": _CUSTOMER})
        return advance(self.flow, self.at, keyed, self.catalogue)

    def event(self, answer: str) -> Event:
        """Return the event that an answer makes at this step. Raises NotOffered if the answer is not on screen."""
        said = _folded(answer)
        offered = self.offered()
        for name in (_ids, _labels):
            for option in offered:
                if name(option) == said:
                    kind = ALWAYS.get(option.id)
                    return kind() if kind else Answered(turn=self.at.turn, choice=option.id)
        raise NotOffered(answer, self.at.step, offered)

    def offered(self) -> tuple[Option, ...]:
        """Return every answer of this step, the built-in ones last; none after the end."""
        if not self.going:
            return ()
        shown = prompt(self.flow, self.at, self.settings)
        return (
            *shown.choices,
            *(Option(id=name, label=PHRASES[name]) for name in ALWAYS if name != "back" or shown.back),
        )

    def turn(self, change: Change) -> Turn:
        """Return what is on screen now."""
        shown = prompt(self.flow, self.at, self.settings)
        return Turn(
            step=shown.step,
            title=shown.title,
            text=plain(self._words_sent(change) + shown.text + shown.test),
            warning=plain(shown.warning) or None,
            choices=shown.choices,
        )

    def end(self, change: Change) -> Ended:
        """Return how the walk has ended."""
        shown = prompt(self.flow, self.at, self.settings)
        resolved = self.at.status is Status.RESOLVED
        text = shown.text if resolved or self.at.exited else self._words_sent(change)
        return Ended(
            ended="resolved" if resolved else "escalated",
            at=self.at.step,
            reason=None if resolved else self.at.reasons[-1],
            team=None if resolved else self.at.team,
            text=plain(text),
        )

    def _words_sent(self, change: Change) -> Words:
        told_now = [effect.words for effect in change.effects if isinstance(effect, Tell)]
        return tuple(
            block for words in told_now for block in tell_words(words, self.flow, self.at, self.settings)
        )


def _ids(option: Option) -> str:
    return _folded(option.id)


def _labels(option: Option) -> str:
    return _folded(option.label)
