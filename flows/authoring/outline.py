"""Reads the steps as written, with the steps nested in them, before their answers are resolved."""

from collections.abc import Iterator
from typing import Any, Final

from flows import limits
from flows.authoring import keys
from flows.authoring.answers import AnswerReader
from flows.authoring.document import Node, Pairs, Scalar, kind
from flows.authoring.drafts import WORDS, StepDraft
from flows.authoring.fields import Fields, text
from flows.authoring.findings import Findings
from flows.authoring.keys import Key
from flows.flow import HelpLink, Image

_TEXTS: Final = ("test", "why", "warn", "fixed", "check", "secret")
_IMAGE: Final = Key(name="image", kind="source", about="", limit=limits.ADDRESS)


class Outline:
    """Reads steps; mistakes go to the findings."""

    def __init__(self, findings: Findings) -> None:
        """Start without any step."""
        self.findings = findings
        self.nameless = 0

    def step(self, node: Node) -> StepDraft | None:
        """Read a step of the file's own list."""
        if not isinstance(node, Pairs):
            self.findings.error(
                node.at, f"a step must be a mapping with id, title and say or ask, not {kind(node)}"
            )
            return None
        return self._step(Fields(node, keys.STEP, self.findings), None)

    def _step(self, fields: Fields, parent: str | None) -> StepDraft:
        step_id = self._id(fields)
        asks = self._asks(fields)
        answers = AnswerReader(self.findings, lambda inner: self._step(inner, step_id))
        return StepDraft(
            id=step_id,
            at=fields.at,
            parent=parent,
            asks=asks,
            values=self._values(fields, asks),
            hint=fields.text("hint") if fields.has("hint") else None,
            answers=answers.read(fields, asks=asks),
            findable=answers.findable,
            nested=tuple(answers.nested),
            places=fields.places,
        )

    def _values(self, fields: Fields, asks: bool) -> dict[str, Any]:
        """Return the fields of the Step that the file spells the same."""
        values: dict[str, Any] = {name: fields.text(name) for name in _TEXTS}
        values["title"] = fields.text("title") or "?"
        values["text"] = fields.text("ask" if asks else "say") or "?"
        values["observes"] = asks
        values["image"] = self._image(fields)
        values["links"] = tuple(self._links(fields))
        values["was"] = tuple(was for was, _ in fields.texts("was"))
        if fields.shape is keys.STEP:
            values["records"] = fields.records("records")
        return values

    def _id(self, fields: Fields) -> str:
        step_id = fields.text("id")
        if step_id in WORDS:
            self.findings.error(
                fields.place("id"), f"a step's id cannot be {step_id!r}, which has a meaning as an answer"
            )
        if step_id is None:
            self.nameless += 1
            return f"?{self.nameless}"
        return step_id

    def _asks(self, fields: Fields) -> bool:
        """Return whether the step is one to look at; report keys that are missing or too many for its kind."""
        asks, says = fields.has("ask"), fields.has("say")
        if asks and says:
            self.findings.error(
                fields.place("ask"),
                "a step can have `say` (something to do) or `ask` (something to look at), not both",
            )
        elif not asks and not says:
            self.findings.error(
                fields.at, "a step needs `say` (something to do) or `ask` (something to look at)"
            )
        if asks and not fields.has("answers"):
            self.findings.error(fields.place("ask"), "a step with `ask` needs `answers`")
        if fields.has("hint") and not asks:
            self.findings.error(
                fields.place("hint"), "`hint` says how to find what a question is about, so it needs `ask`"
            )
        return asks and not says

    def _image(self, fields: Fields) -> Image | None:
        node = fields.node("image")
        if node is None:
            return None
        if isinstance(node, Scalar):
            alone = text(node, _IMAGE, self.findings)
            image = Image(src=alone) if alone else None
        else:
            pairs = fields.pairs("image")
            inner = Fields(pairs, keys.IMAGE, self.findings) if pairs else None
            src = inner.text("src") if inner else None
            image = Image(src=src, alt=inner.text("alt") or "") if inner and src else None
        if image and not image.alt:
            self.findings.advice(node.at, "give the image an `alt`, for people who cannot see it")
        return image

    def _links(self, fields: Fields) -> Iterator[HelpLink]:
        items = fields.items("links")
        if len(items) > limits.LINKS:
            self.findings.error(items[limits.LINKS].at, f"a step can have at most {limits.LINKS} links")
        for item in items:
            if not isinstance(item, Pairs):
                self.findings.error(item.at, f"a link must be a mapping with label and url, not {kind(item)}")
                continue
            inner = Fields(item, keys.LINK, self.findings)
            label, url = inner.text("label"), inner.text("url")
            if label and url:
                yield HelpLink(label=label, url=url)
