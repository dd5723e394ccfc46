"""Reads the answers of a step as written: their ids, and where each leads."""

from collections.abc import Callable
from typing import Final

from flows import limits
from flows.authoring import keys
from flows.authoring.document import Node, Pairs, Scalar, kind
from flows.authoring.drafts import AnswerDraft, Goal, Lead, StepDraft
from flows.authoring.fields import YES, Fields, slug, text
from flows.authoring.findings import FilePosition, Findings, quoted
from flows.authoring.keys import Key, Shape
from flows.flow import RESERVED

_A_STEP: Final = frozenset({"id", "title", "say", "ask"})
"""Any of these keys makes an answer's mapping a nested step."""

CANT_FIND_LABEL: Final = "I can't find this"
"""The label of the answer that every question has, unless its author takes it away with `no`."""

_LABEL: Final = Key(name="the label", kind="line", about="", limit=limits.LABEL)
_TARGET: Final = Key(name="an answer", kind="target", about="", limit=limits.STEP_ID)


class AnswerReader:
    """Reads the answers of one step; `nest` reads a step nested in an answer.

    `findable` is whether the step keeps *I can't find this*.
    """

    def __init__(self, findings: Findings, nest: Callable[[Fields], StepDraft]) -> None:
        """Start without any answer."""
        self.findings = findings
        self.nest = nest
        self.nested: list[StepDraft] = []
        self.findable = True

    def read(self, fields: Fields, *, asks: bool) -> tuple[AnswerDraft, ...]:
        """Return the answers in the order of the file; `nested` then holds the steps nested in them."""
        node = fields.pairs("answers")
        answers: list[AnswerDraft] = []
        taken: dict[str, FilePosition] = {}
        pairs = [pair for pair in node.pairs if not asks or not self._is_cant_find(*pair)] if node else []
        if node and not pairs:
            self.findings.error(node.at, "a step with `ask` needs an answer of its own")
        if not self.findable and fields.has("hint"):
            self.findings.error(
                fields.place("hint"), f"`hint` is shown after {CANT_FIND_LABEL!r}, which is turned off here"
            )
        for name, value in pairs[: limits.CHOICES + 1]:
            answer = self._answer(name, value)
            if answer.id in taken:
                line = taken[answer.id].line
                self.findings.error(
                    name.at,
                    f"the answer in line {line} has the same id {answer.id!r}; give one of them a `choice:`",
                )
            if answer.id:
                taken[answer.id] = name.at
            answers.append(answer)
        return tuple(answers)

    def _is_cant_find(self, name: Scalar, value: Node) -> bool:
        """Return whether the pair is about the built-in *I can't find this*, which `no` takes away."""
        refused = isinstance(value, Scalar) and YES.get(value.text.lower()) is False
        if refused and slug(name.text) == slug(CANT_FIND_LABEL):
            self.findable = False
            return True
        if " ".join(name.text.casefold().split()) != CANT_FIND_LABEL.casefold():
            return False
        reason = f"every question already has {CANT_FIND_LABEL!r}; write `no` here to take it away"
        self.findings.error(value.at, reason)
        return True

    def _answer(self, name: Scalar, value: Node) -> AnswerDraft:
        label = text(name, _LABEL, self.findings) or ""
        fields = self._fields(value, keys.NESTED, keys.ANSWER)
        linked = fields is not None and fields.has("link")
        return AnswerDraft(
            id=self._id(label, name.at, fields),
            label=label,
            lead=self._linked(fields) if fields and linked else self._lead(value, fields),
            at=name.at,
            link=fields.text("link") if fields and linked else None,
            heard=fields.texts("heard") if fields else (),
            records=fields.records("records") if fields else (),
        )

    def _fields(self, value: Node, step: Shape, other: Shape) -> Fields | None:
        """Return the fields of an answer's mapping; None if the answer is not a mapping."""
        if not isinstance(value, Pairs):
            return None
        nested = any(name.text in _A_STEP for name, _ in value.pairs)
        return Fields(value, step if nested else other, self.findings)

    def _id(self, label: str, at: FilePosition, fields: Fields | None) -> str:
        """Return the answer's id: its `choice`, or the label's slug; '' with a finding if neither gives an id."""
        if fields is not None and fields.has("choice"):
            chosen = fields.text("choice") or ""
            if chosen in RESERVED:
                self.findings.error(fields.place("choice"), f"{chosen!r} is reserved; choose another id")
            return chosen
        made = slug(label)
        if label and not made:
            self.findings.error(at, f"cannot make an id from {quoted(label)}; give the answer a `choice:`")
        elif len(made) > limits.CHOICE_ID:
            shorter = made[: limits.CHOICE_ID].rpartition("-")[0] or made[: limits.CHOICE_ID]
            self.findings.error(
                at,
                f"the id {made!r} has {len(made)} characters; at most {limits.CHOICE_ID} fit on a button,"
                f" so give the answer a shorter one, such as `choice: {shorter}`",
            )
        elif made in RESERVED:
            self.findings.error(
                at, f"the label makes the id {made!r}, which is reserved; give the answer a `choice:`"
            )
        return made

    def _linked(self, fields: Fields) -> Lead:
        """Return where an answer with a link leads if no link is provided."""
        others = [name for name in ("to", "escalate", "reason", "flow") if fields.has(name)]
        if others:
            self.findings.error(fields.place(others[0]), f"with `link`, put {others[0]!r} under `else`")
        other = fields.node("else")
        if other is None:
            if not fields.has("else"):
                self.findings.error(
                    fields.at, "`link` needs `else`: where the answer leads if no link is provided"
                )
            return Lead("nowhere", fields.at)
        return self._lead(other, self._fields(other, keys.ELSE_STEP, keys.ELSE))

    def _lead(self, value: Node, fields: Fields | None) -> Lead:
        if isinstance(value, Scalar):
            return self._target(value)
        if fields is None:
            self.findings.error(
                value.at,
                f"an answer must lead to next, a step's id, fixed, escalate or a mapping, not to {kind(value)}",
            )
            return Lead("nowhere", value.at)
        if fields.shape not in (keys.NESTED, keys.ELSE_STEP):
            return self._lead_elsewhere(fields)
        draft = self.nest(fields)
        self.nested.append(draft)
        return Lead("step", value.at, draft.id)

    def _target(self, value: Scalar) -> Lead:
        name = text(value, _TARGET, self.findings)
        if name is None:
            return Lead("nowhere", value.at)
        words: dict[str, Goal] = {"next": "next", "fixed": "fixed", "escalate": "escalate"}
        return Lead(words.get(name, "step"), value.at, name)

    def _lead_elsewhere(self, fields: Fields) -> Lead:
        """Read where an answer leads from exactly one of `to`, `escalate` and `flow`."""
        ways = [name for name in ("to", "escalate", "flow") if fields.has(name)]
        if len(ways) != 1:
            what = "leads nowhere" if not ways else f"leads to two places ({ways[0]}, {ways[1]})"
            self.findings.error(
                fields.at,
                f"{fields.shape.name} {what}; give it exactly one of to, escalate, flow, link or a nested step",
            )
            return Lead("nowhere", fields.at)
        if fields.has("reason") and ways != ["escalate"]:
            self.findings.error(fields.place("reason"), "`reason` needs `escalate: TEAM`")
        if fields.has("else"):
            self.findings.error(fields.place("else"), "`else` needs `link`")
        node = fields.node(ways[0])
        if node is None:
            return Lead("nowhere", fields.at)
        if ways == ["to"] and isinstance(node, Scalar):
            return self._target(node)
        if ways == ["escalate"] and isinstance(node, Pairs):
            self.findings.error(node.at, "write `escalate: TEAM`, and `reason: WHY` as a key of its own")
            return Lead("nowhere", node.at)
        name = fields.text(ways[0]) or ""
        reason = (fields.text("reason") if fields.has("reason") else None) or "asked"
        goal: Goal = "team" if ways == ["escalate"] else "flow"
        return Lead(goal if name else "nowhere", node.at, name, reason if goal == "team" else "")
