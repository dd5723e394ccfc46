"""Makes a Flow of a document: every answer gets the step, the team or the flow that it leads to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flows import limits
from flows.authoring import keys
from flows.authoring.answers import CANT_FIND_LABEL
from flows.authoring.document import Node, Pairs, kind
from flows.authoring.drafts import WORDS, AnswerDraft, Lead, StepDraft
from flows.authoring.fields import Fields, text
from flows.authoring.findings import FilePosition, Findings, nearest, quoted
from flows.authoring.flow_tests import Rehearsal, rehearsals
from flows.authoring.keys import Key
from flows.authoring.outline import Outline
from flows.flow import CANT_FIND, FIXED, STILL_FAILING, Choice, Escalation, Flow, Step, Team, Variable
from flows.text.markup.wordtree import NAME
from flows.text.phrases import PHRASES
from flows.values import Frozen

EXHAUSTED: Final = "guide_exhausted"
CANNOT_FIND: Final = "cannot_find"

_ID: Final = Key(name="the id", kind="slug", about="", limit=limits.NAME)
_CREDENTIAL: Final = re.compile(r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|KEY|DSN)S?(?:_|$)|^REDIS_URL$")


class Compiled(Frozen):
    """The result of a document. A flow with findings may be broken; it then serves only to find more mistakes."""

    flow: Flow | None = None
    tests: tuple[Rehearsal, ...] = ()
    places: Mapping[str, tuple[int, int]] = {}


def compile_file(root: Node, findings: Findings) -> Compiled:
    """Make a flow of the document; mistakes go to `findings`."""
    if not isinstance(root, Pairs):
        findings.error(
            root.at, f"a flow file must be a mapping that starts with `flow: an-id`, not {kind(root)}"
        )
        return Compiled()
    fields = Fields(root, keys.FLOW, findings)
    outline = Outline(findings)
    nodes = fields.items("steps")[: limits.STEPS + 1]
    drafts = [draft for node in nodes if (draft := outline.step(node)) is not None]
    places: dict[str, FilePosition] = {f".{name}": at for name, at in fields.places.items()}
    escalate = _escalate(fields)
    teams = tuple(_teams(fields, places))
    steps = _Steps(drafts, escalate, findings, places).compiled()
    known = {name for step in steps for name in (step.id, *step.was)}
    tests = tuple(rehearsals(fields.items("tests"), known, {team.id for team in teams}, findings))
    if not fields.has("tests"):
        findings.advice(
            root.at, "there are no `tests`; add one for each end, so that no change breaks the flow unnoticed"
        )
    values: dict[str, Any] = {
        "id": fields.text("flow") or "?",
        "title": fields.text("title") or "?",
        "intro": fields.text("intro") or "",
        "again": fields.text("again"),
        "start": tuple(_start(fields, places)),
        "heard": tuple(_heard(fields, places)),
        "vars": tuple(_variables(fields, places)),
        "teams": teams,
        "escalate": escalate,
        "steps": steps,
        "solutions": _solutions(fields),
    }
    return Compiled(flow=Flow(**values) if steps else None, tests=tests, places=places)


def _escalate(fields: Fields) -> Escalation:
    """Return the team that takes over in the end; a team's id alone is short for that team with the usual reason."""
    node = fields.node("escalate")
    if isinstance(node, Pairs):
        inner = Fields(node, keys.ESCALATE, fields.findings)
        return Escalation(team=inner.text("to") or "", reason=inner.text("reason") or EXHAUSTED)
    team = None if node is None else text(node, _named("escalate"), fields.findings)
    return Escalation(team=team or "", reason=EXHAUSTED)


def _named(name: str) -> Key:
    return Key(name=name, kind="name", about="", limit=limits.NAME)


def _teams(fields: Fields, places: dict[str, FilePosition]) -> Iterator[Team]:
    node = fields.pairs("teams")
    for name, value in node.pairs if node else ():
        team_id = text(name, _ID, fields.findings) or "?"
        places[f".teams.{team_id}"] = name.at
        if isinstance(value, Pairs):
            inner = Fields(value, keys.TEAM, fields.findings)
            yield Team(
                id=team_id,
                name=inner.text("name") or "?",
                email=inner.text("email"),
                external=inner.yes("external"),
            )
        else:
            key = Key(name=name.text, kind="heading", about="", limit=limits.LABEL)
            yield Team(id=team_id, name=text(value, key, fields.findings) or "?")


def _variables(fields: Fields, places: dict[str, FilePosition]) -> Iterator[Variable]:
    node = fields.pairs("vars")
    for name, value in node.pairs if node else ():
        places[f".vars.{name.text}"] = name.at
        if not NAME.fullmatch(name.text):
            fields.findings.error(
                name.at,
                f"a variable's name must be a-z, 0-9 and underscores, at most {limits.NAME}, not {quoted(name.text)}",
            )
        if not isinstance(value, Pairs):
            fields.findings.error(
                value.at, f"a variable must be a mapping with setting and default, not {kind(value)}"
            )
            continue
        inner = Fields(value, keys.VARIABLE, fields.findings)
        setting = inner.text("setting") or ""
        if _CREDENTIAL.search(setting):
            fields.findings.error(
                inner.places["setting"], f"{setting} looks like a credential, which a flow must not show"
            )
        default = inner.text("default")
        yield Variable(name=name.text, setting=setting, default=default or "")


def _start(fields: Fields, places: dict[str, FilePosition]) -> Iterator[str]:
    node = fields.pairs("start")
    if node is None:
        return
    for index, (pattern, at) in enumerate(Fields(node, keys.START, fields.findings).texts("on_text")):
        places[f".start.{index}"] = at
        yield pattern


def _heard(fields: Fields, places: dict[str, FilePosition]) -> Iterator[str]:
    for index, (words, at) in enumerate(fields.texts("heard")):
        places[f".heard.{index}"] = at
        yield words


def _solutions(fields: Fields) -> tuple[str, ...]:
    """Return the solutions that agents choose from: none twice, and no more than a menu holds."""
    listed = fields.texts("solutions")
    seen: dict[str, FilePosition] = {}
    for solution, at in listed:
        if solution.lower() in seen:
            line = seen[solution.lower()].line
            fields.findings.error(at, f"the solution {quoted(solution)} is already in line {line}")
        seen.setdefault(solution.lower(), at)
    if len(listed) > limits.SOLUTIONS:
        at = listed[limits.SOLUTIONS][1]
        fields.findings.error(at, f"a flow can have at most {limits.SOLUTIONS} solutions")
    return tuple(solution for solution, _ in listed)


class _Steps:
    """Makes steps from drafts and resolves where their answers lead."""

    def __init__(
        self,
        drafts: list[StepDraft],
        escalate: Escalation,
        findings: Findings,
        places: dict[str, FilePosition],
    ) -> None:
        self.drafts = drafts
        self.escalate = escalate
        self.findings = findings
        self.places = places
        self.known = {draft.id for draft in self._walk()}
        self.known |= {f"{draft.id}-hint" for draft in self._walk() if draft.hint is not None}

    def compiled(self) -> tuple[Step, ...]:
        """Return the steps in order: each with its hint and its nested steps."""
        follows = [*(top.id for top in self.drafts[1:]), None][: len(self.drafts)]
        steps: list[Step] = []
        for part, (top, after) in enumerate(zip(self.drafts, follows, strict=True), start=1):
            for draft in top.walk():
                step = self._step(draft, part, after)
                steps.append(step)
                if draft.hint is not None:
                    steps.append(self._hint(step, draft))
        self._unique()
        if len(steps) > limits.STEPS:
            self.findings.error(
                self.drafts[0].at,
                f"more than {limits.STEPS} steps, including hints; split the flow and lead from one part to the other",
            )
        return tuple(steps)

    def _step(self, draft: StepDraft, part: int, after: str | None) -> Step:
        self._mark(draft.id, draft)
        own = tuple(self._choice(answer, after) for answer in draft.answers)
        if draft.asks:
            lost = self._cant_find(f"{draft.id}-hint" if draft.hint is not None else None)
            choices = (*own, lost) if draft.findable else own
        else:
            failing = Choice(id=STILL_FAILING, label=PHRASES["still_failing"], **self._next(after))
            choices = (Choice(id=FIXED, label=PHRASES["fixed"], fixed=True), failing, *own)
        return Step(id=draft.id, part=part, parent=draft.parent, choices=choices, **draft.values)

    def _hint(self, step: Step, draft: StepDraft) -> Step:
        """Return the step that asks the same question once more, with the hint before it."""
        hint_id = f"{step.id}-hint"
        self._mark(hint_id, draft)
        if len(hint_id) > limits.STEP_ID:
            at = draft.places.get("id", draft.at)
            self.findings.error(
                at,
                f"with a hint, the step needs a shorter id: {hint_id!r} has more than {limits.STEP_ID} characters",
            )
        return step.model_copy(
            update={
                "id": hint_id,
                "parent": step.id,
                "text": f"{draft.hint}\n\n{step.text}",
                "choices": (*step.choices[:-1], self._cant_find(None)),
                "was": tuple(f"{was}-hint" for was in step.was),
            }
        )

    def _mark(self, step_id: str, draft: StepDraft) -> None:
        self.places[step_id] = draft.at
        self.places |= {f"{step_id}.{name}": at for name, at in draft.places.items()}
        for answer in draft.answers:
            place = f"{step_id}.answers.{answer.id}"
            self.places[place] = answer.at
            self.places |= {f"{place}.heard.{index}": at for index, (_, at) in enumerate(answer.heard)}

    def _walk(self) -> Iterator[StepDraft]:
        for top in self.drafts:
            yield from top.walk()

    def _cant_find(self, hint: str | None) -> Choice:
        if hint is not None:
            return Choice(id=CANT_FIND, label=CANT_FIND_LABEL, to=hint)
        person = Escalation(team=self.escalate.team, reason=CANNOT_FIND)
        return Choice(id=CANT_FIND, label=CANT_FIND_LABEL, escalate=person)

    def _choice(self, answer: AnswerDraft, after: str | None) -> Choice:
        return Choice(
            id=answer.id,
            label=answer.label,
            link=answer.link,
            records=answer.records,
            heard=tuple(words for words, _ in answer.heard),
            **self._target(answer.lead, after),
        )

    def _next(self, after: str | None) -> dict[str, Any]:
        return {"escalate": self.escalate} if after is None else {"to": after}

    def _target(self, lead: Lead, after: str | None) -> dict[str, Any]:
        """Return the field of the choice that says where it leads."""
        match lead.goal:
            case "next":
                return self._next(after)
            case "fixed":
                return {"fixed": True}
            case "team":
                return {"escalate": Escalation(team=lead.name, reason=lead.reason)}
            case "flow":
                return {"flow": lead.name}
            case "step" if lead.name in self.known:
                return {"to": lead.name}
            case "step":
                words = () if self.findings.full else (*self.known, *WORDS)
                self.findings.error(
                    lead.at, f"there is no step {quoted(lead.name)}{nearest(lead.name, words)}"
                )
                return {"escalate": self.escalate}
            case "escalate" | "nowhere":
                return {"escalate": self.escalate}

    def _unique(self) -> None:
        """Report every id that is used twice, former ids and the ids of hints included."""
        seen: dict[str, FilePosition] = {}
        for draft in self._walk():
            at = draft.places.get("id", draft.at)
            was = [(name, draft.places["was"]) for name in draft.values["was"]]
            hint = [(f"{draft.id}-hint", draft.places["hint"])] if draft.hint is not None else []
            for name, place in ((draft.id, at), *hint, *was):
                if name in seen:
                    self.findings.error(
                        place, f"the step id {quoted(name)} is already used in line {seen[name].line}"
                    )
                seen.setdefault(name, place)
