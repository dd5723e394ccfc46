"""Holds drafts of steps: their answers still lead to names that no one has looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from flows.authoring.findings import FilePosition

Goal = Literal["next", "step", "fixed", "escalate", "team", "flow", "nowhere"]

WORDS: Final = ("next", "fixed", "escalate")
"""Words for where an answer leads; no step may use one as its id."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Where an answer leads: `name` is a step, a team or a flow; `reason` goes with a team."""

    goal: Goal
    at: FilePosition
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """An answer of a step as written."""

    id: str
    label: str
    lead: Lead
    at: FilePosition
    link: str | None = None
    heard: tuple[tuple[str, FilePosition], ...] = ()
    records: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step as written. `values` are the fields of the Step that need nothing else from the file.

    `findable` is false if the author took *I can't find this* away.
    """

    id: str
    at: FilePosition
    parent: str | None
    values: Mapping[str, Any]
    asks: bool
    hint: str | None
    answers: tuple[AnswerDraft, ...]
    findable: bool
    nested: "tuple[StepDraft, ...]"
    places: Mapping[str, FilePosition]

    def walk(self) -> "Iterator[StepDraft]":
        """Yield this step and the steps nested in it, depth first."""
        yield self
        for inner in self.nested:
            yield from inner.walk()
