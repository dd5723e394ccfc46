"""Drafts of steps: read, but what their answers lead to are still names that nobody has looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from flows.authoring.findings import FilePosition

Goal = Literal["next", "step", "fixed", "escalate", "team", "flow", "nowhere"]

WORDS: Final = ("next", "fixed", "escalate")
"""What an answer can lead to by a word of its own; no step may be called so."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Where an answer leads: `name` is a step, a team or a flow, `reason` goes with a team."""

    goal: Goal
    at: FilePosition
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """One answer of a step as written."""

    id: str
    label: str
    lead: Lead
    at: FilePosition
    link: str | None = None
    records: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StepDraft:
    """One step as written. `values` are the fields of the Step that need nothing else of the file."""

    id: str
    at: FilePosition
    parent: str | None
    values: Mapping[str, Any]
    asks: bool
    hint: str | None
    answers: tuple[AnswerDraft, ...]
    nested: "tuple[StepDraft, ...]"
    places: Mapping[str, FilePosition]

    def walk(self) -> "Iterator[StepDraft]":
        """This step and those nested in it, depth first."""
        yield self
        for inner in self.nested:
            yield from inner.walk()
