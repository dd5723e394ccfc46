"""Checks a compiled flow: every step leads to an end, no step is unreachable, every channel can show every step."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from flows import limits
from flows.authoring.doubles import described_twice, doubles
from flows.authoring.findings import START, FilePosition, Finding, Findings, nearest, quoted
from flows.flow import CANT_FIND, Flow, Step
from flows.text.markup.words import WordsError, parse, variables
from flows.text.markup.wordtree import NAME, URL_VARIABLE
from flows.text.phrases import PHRASES

BUILT_IN: Final = ("person", "back", "restart", "later")
"""Phrases of the buttons that every step has besides its answers."""

_SECRET: Final = re.compile(
    r"\b(?:pass ?words?|pass ?codes?|pass ?phrases?|secret keys?|api[ -]?keys?|access tokens?)\b",
    re.IGNORECASE,
)
_PIN: Final = re.compile(r"\bPINs?\b")
_SHOWN: Final = ("title", "text", "test", "why", "warn")
_WORDS: Final = (*_SHOWN, "fixed")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def lint(
    flow: Flow, places: Mapping[str, tuple[int, int]], file: str, *, whole: bool = True
) -> tuple[Finding, ...]:
    """Return the findings about a compiled flow, in the order of the file.

    `places` are the positions from its Reading; a finding without a known position is at the beginning. `whole` is
    false for a flow with answers that lead nowhere: the check then ignores where answers lead.
    """
    check = _Check(flow, places, file)
    check.teams()
    check.variables()
    check.start()
    check.verbatim()
    check.heard()
    for step in flow.steps:
        check.flows(step)
        check.labels(step)
        check.titles(step)
        check.secrets(step)
        check.limits(step)
    if whole:
        check.reachable()
        check.ends()
        check.unused()
    return check.findings.sorted()


class _Check:
    def __init__(self, flow: Flow, places: Mapping[str, tuple[int, int]], file: str) -> None:
        self.flow = flow
        self.places = places
        self.findings = Findings(file)

    def at(self, *names: str) -> FilePosition:
        """Return the position of the first name that has one."""
        return next((FilePosition(*self.places[name]) for name in names if name in self.places), START)

    # ------------------------------------------------------------ names

    def teams(self) -> None:
        """Report teams that take over but are not declared."""
        known = {team.id for team in self.flow.teams}
        for team, at in self._teams().items():
            if team and team not in known:
                self.findings.error(
                    at, f"there is no team {quoted(team)} under `teams`{nearest(team, known)}"
                )

    def _teams(self) -> dict[str, FilePosition]:
        used = {self.flow.escalate.team: self.at(".escalate")}
        for step in self.flow.steps:
            for choice in step.choices:
                if choice.escalate is not None:
                    at = self.at(f"{step.id}.answers.{choice.id}", step.id)
                    used.setdefault(choice.escalate.team, at)
        return used

    def variables(self) -> None:
        """Report variables that are not declared."""
        known = {variable.name for variable in self.flow.vars}
        for name, at in self._variables():
            if name not in known:
                self.findings.error(
                    at, f"there is no variable {quoted(name)} under `vars`{nearest(name, known)}"
                )

    def unused(self) -> None:
        """Suggest teams and variables that are declared and never used: the author may have forgotten to use them."""
        teams, variables = set(self._teams()), {name for name, _ in self._variables()}
        for team in self.flow.teams:
            if team.id not in teams:
                self.findings.advice(
                    self.at(f".teams.{team.id}"), f"the team {quoted(team.id)} is never used"
                )
        for variable in self.flow.vars:
            if variable.name not in variables:
                at = self.at(f".vars.{variable.name}")
                self.findings.advice(at, f"the variable {quoted(variable.name)} is never used")

    def _variables(self) -> Iterator[tuple[str, FilePosition]]:
        for name, at, text in self._texts():
            for variable in sorted(_named(text)):
                yield variable, self.at(at, name)
        for step in self.flow.steps:
            for link in step.links:
                if found := URL_VARIABLE.fullmatch(link.url):
                    yield found[1], self.at(f"{step.id}.links", step.id)

    def _texts(self) -> Iterator[tuple[str, str, str]]:
        """Yield every text that is read as words: its step, its position's name, the text."""
        yield "", ".intro", self.flow.intro
        yield "", ".again", self.flow.again or ""
        for team in self.flow.teams:
            yield "", f".teams.{team.id}", team.name
        for step in self.flow.steps:
            for key in _WORDS:
                yield step.id, self._key(step, key), getattr(step, key) or ""

    def _key(self, step: Step, key: str) -> str:
        if key != "text":
            return f"{step.id}.{key}"
        return f"{step.id}.ask" if step.observes else f"{step.id}.say"

    # ------------------------------------------------------------ the parts

    def start(self) -> None:
        """Report captures without a proper name of their own, and words after a capture, which no text could match."""
        for index, pattern in enumerate(self.flow.start):
            at = self.at(f".start.{index}")
            names = _BRACES.findall(pattern)
            for name in names:
                if not NAME.fullmatch(name):
                    self.findings.error(
                        at, f"a capture is {{name}}, of a-z, 0-9 and underscores, not {quoted(name)}"
                    )
                elif names.count(name) > 1:
                    self.findings.error(at, f"the capture {quoted(name)} is used twice")
            rest = _BRACES.sub("", pattern)
            if "{" in rest or "}" in rest:
                self.findings.error(at, "unmatched brace; write a capture as {name}")
            if len(re.findall(r"\w", rest)) < 4:
                self.findings.error(at, f"{quoted(pattern)} would match nearly every text; add more words")
            if any(re.search(r"\}.*\S", line) for line in pattern.splitlines()):
                self.findings.error(
                    at, "a capture extends to the end of its line, so nothing can follow it there"
                )

    def verbatim(self) -> None:
        """Report variables in texts that are shown as written."""
        shown = [(".title", "", self.flow.title)]
        for step in self.flow.steps:
            shown += [(f"{step.id}.answers.{choice.id}", step.id, choice.label) for choice in step.choices]
            shown += [(f"{step.id}.links", step.id, link.label) for link in step.links]
            shown += [(f"{step.id}.image", step.id, step.image.alt)] if step.image else []
        for name, step_id, text in shown:
            if "{" in text or "}" in text:
                self.findings.error(
                    self.at(name, step_id),
                    f"{quoted(text)} is shown as written and cannot contain a {{variable}}",
                )

    def flows(self, step: Step) -> None:
        """Report answers that lead to this flow as if it were another one."""
        for choice in step.choices:
            if choice.flow == self.flow.id:
                at = self.at(f"{step.id}.answers.{choice.id}", step.id)
                self.findings.error(
                    at, "`flow` must name another flow; for a step of this one, write `to: STEP`"
                )

    def labels(self, step: Step) -> None:
        """Report buttons of a step with equal labels."""
        seen = {_folded(PHRASES[name]): "a button that every step has" for name in BUILT_IN}
        for choice in step.choices:
            at = self.at(f"{step.id}.answers.{choice.id}", step.id)
            label = _folded(choice.label)
            if label in seen:
                self.findings.error(at, f"the label {quoted(choice.label)} is already used by {seen[label]}")
            seen.setdefault(label, "another answer of this step")

    def heard(self) -> None:
        """Suggest to delete words under `heard` that mean another answer or a button, or nothing new."""
        for name, reason in described_twice(self.flow):
            self.findings.advice(self.at(name), reason)
        for step in self.flow.steps:
            for name, reason in doubles(step):
                self.findings.advice(self.at(name, step.id), reason)

    def titles(self, step: Step) -> None:
        """Suggest another title for a step with *Fixed it* that asks a question: people would answer the title."""
        if not step.observes and re.search(r"\w\s*[?\uff1f]$", step.title):
            reason = (
                "a step with `say` offers Fixed it, so give it a title that says what to do, not a question"
            )
            self.findings.advice(self.at(f"{step.id}.title", step.id), reason)

    def secrets(self, step: Step) -> None:
        """Report a step that mentions a password without a warning not to type it here."""
        words = "\n".join(getattr(step, key) or "" for key in _SHOWN)
        found = _SECRET.search(words) or _PIN.search(words)
        if found is not None and not step.secret:
            what = found[0].lower()
            self.findings.error(
                self.at(step.id),
                f"the step mentions {what!r}; add `secret: {what}` to warn customers not to type it here",
            )

    def limits(self, step: Step) -> None:
        """Report a step that does not fit into one message of the strictest channel."""
        shown = sum(len(getattr(step, key) or "") for key in _SHOWN) + len(self.flow.again or "")
        shown += sum(len(link.label) + len(link.url) for link in step.links)
        if shown > limits.SHOWN:
            self.findings.error(
                self.at(step.id),
                f"the step has {shown} characters in total; at most {limits.SHOWN} fit on every channel",
            )
        if len(step.choices) > limits.CHOICES:
            self.findings.error(
                self.at(f"{step.id}.answers", step.id),
                f"a step can have at most {limits.CHOICES} answers, including the built-in ones",
            )

    # ------------------------------------------------------------ the graph

    def reachable(self) -> None:
        """Report steps that no answer leads to."""
        leads = {step.id: [choice.to for choice in step.choices if choice.to] for step in self.flow.steps}
        for step_id in leads.keys() - _closure({self.flow.first.id}, leads):
            self.findings.error(
                self.at(f"{step_id}.id", step_id), f"no answer leads to the step {quoted(step_id)}"
            )

    def ends(self) -> None:
        """Report steps whose answers never lead to an end; *I can't find this* does not count."""
        back: dict[str, list[str]] = {}
        ended = set()
        for step in self.flow.steps:
            for choice in step.choices:
                if choice.id == CANT_FIND:
                    continue
                if choice.to is None:
                    ended.add(step.id)
                else:
                    back.setdefault(choice.to, []).append(step.id)
        ending = _closure(ended, back)
        for step in self.flow.steps:
            if step.id not in ending:
                self.findings.error(
                    self.at(f"{step.id}.answers", step.id),
                    f"the answers of {quoted(step.id)} only lead in a circle; at least one must lead to an end",
                )


def _closure(begin: set[str], leads: Mapping[str, list[str]]) -> set[str]:
    """Return everything that can be reached from `begin`, `begin` included."""
    seen, todo = set(begin), list(begin)
    while todo:
        for name in leads.get(todo.pop(), ()):
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return seen


def _named(text: str) -> frozenset[str]:
    try:
        return variables(parse(text))
    except WordsError:
        return frozenset()


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
