"""Defines a flow in its compiled form, which the reader makes from a file and the engine walks.

Words stay Markdown text here (`flows.text.markup.words` turns them into a tree to show them); ids are slugs; every
answer is already resolved to its target.
"""

import hashlib
import json
from functools import cached_property
from typing import Final

from flows.values import Frozen

FORMAT: Final = 1
"""Number of the compiled form; it grows when the same JSON would be read differently."""

FIXED: Final = "fixed"
STILL_FAILING: Final = "still-failing"
CANT_FIND: Final = "cant-find"
STILL_WORKING: Final = "still-working"
"""The answer to the message the day after a fix; no step offers it."""

RESERVED: Final = frozenset({FIXED, STILL_FAILING, "back", "restart", "person", "later", CANT_FIND})
"""Ids that an author cannot give to an answer of their own: they mean the same in every flow."""

RESOLVED: Final = "=resolved"
ESCALATED: Final = "=escalated"
ELSEWHERE: Final = "=flow/"
"""States of the tree that are not steps: no slug starts with an equals sign."""


class Team(Frozen):
    """A team that takes escalations; `name` may hold {variables}; an external team has only an address."""

    id: str
    name: str
    email: str | None = None
    external: bool = False


class Variable(Frozen):
    """A value that the operator sets: {name} in the words becomes the setting, or `default`."""

    name: str
    setting: str
    default: str = ""


class Escalation(Frozen):
    """A way out to a person: which team, and the reason on the ticket."""

    team: str
    reason: str


class Choice(Frozen):
    """An answer that a step offers. Exactly one of `to`, `fixed`, `escalate`, `flow` says where it leads.

    A choice with a `link` is one that a provided link could answer; its target here is its `else`. `heard` are further
    words that a customer may type for it.
    """

    id: str
    label: str
    to: str | None = None
    fixed: bool = False
    escalate: Escalation | None = None
    flow: str | None = None
    link: str | None = None
    records: tuple[tuple[str, str], ...] = ()
    heard: tuple[str, ...] = ()

    @cached_property
    def target(self) -> str:
        """Return the state of the tree that this choice leads to: a step id, or a name that starts with '='."""
        if self.fixed:
            return RESOLVED
        if self.escalate is not None:
            return f"{ESCALATED}/{self.escalate.team}/{self.escalate.reason}"
        return ELSEWHERE + self.flow if self.flow is not None else str(self.to)


class Image(Frozen):
    """A picture of a step: an https address, or the name of a file beside the flow."""

    src: str
    alt: str = ""


class HelpLink(Frozen):
    """A link to a helpful page at a step; `url` is https or one {variable}, and an empty link is not shown."""

    label: str
    url: str


class Step(Frozen):
    """One thing to try (`observes` is false) or to look at (`observes` is true).

    `part` counts the steps of the file's own list from 1; a nested step has the part of its parent, so that the
    progress line never jumps. `parent` is the step around it, if any. `secret` names what the customer must never type
    here ("password"). `fixed` is the bot's message after this step solved the problem; `test` tells the customer how to
    check.
    """

    id: str
    title: str
    text: str
    observes: bool = False
    part: int = 1
    parent: str | None = None
    test: str | None = None
    why: str | None = None
    warn: str | None = None
    fixed: str | None = None
    image: Image | None = None
    links: tuple[HelpLink, ...] = ()
    choices: tuple[Choice, ...] = ()
    records: tuple[tuple[str, str], ...] = ()
    check: str | None = None
    secret: str | None = None
    was: tuple[str, ...] = ()

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """Return the ids of the choices."""
        return tuple([choice.id for choice in self.choices])

    def choice(self, choice_id: str) -> Choice | None:
        """Return the choice with that id, or None if this step does not offer it."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        return None


class Flow(Frozen):
    """A troubleshooting tree, read from one file. A conversation starts at the first step.

    `start` are the error texts that lead here, `heard` the words with which customers describe the problem. `solutions`
    are what agents choose from when they resolve a ticket; empty for the usual list (`USUAL`).
    """

    format: int = FORMAT
    id: str
    title: str
    intro: str = ""
    again: str | None = None
    start: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    vars: tuple[Variable, ...] = ()
    teams: tuple[Team, ...]
    escalate: Escalation
    steps: tuple[Step, ...]
    solutions: tuple[str, ...] = ()

    @cached_property
    def revision(self) -> str:
        """Return the first 16 hexadecimal digits of the hash of the compiled form."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()[:16]

    def canonical(self) -> str:
        """Return the compiled form as JSON: the same text for the same flow, on every machine."""
        return json.dumps(
            self.model_dump(mode="json", exclude_defaults=True) | {"format": self.format},
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )

    @cached_property
    def by_id(self) -> dict[str, Step]:
        """Return the steps by id, former ids (`was`) included."""
        former = {old: step for step in self.steps for old in step.was}
        return former | {step.id: step for step in self.steps}

    @cached_property
    def parts(self) -> int:
        """Return the number of steps in the file's own list, against which progress is counted."""
        return max(step.part for step in self.steps)

    @property
    def first(self) -> Step:
        """Return the first step."""
        return self.steps[0]

    def team(self, team_id: str) -> Team | None:
        """Return the team with that id, or None."""
        return next((team for team in self.teams if team.id == team_id), None)


USUAL: Final = (
    "A step in the guide",
    "Something the guide doesn't cover",
    "Fixed on our side",
    "Answered a question",
    "Passed to another team",
    "The customer stopped responding",
)
"""The solutions of a flow that lists none."""


def solutions(flow: Flow) -> tuple[str, ...]:
    """Return the flow's own list of solutions, or the usual list."""
    return flow.solutions or USUAL
