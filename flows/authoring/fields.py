"""Reads typed values from a mapping of the file: checks each against the table of keys, and reports each mistake."""

import re
import unicodedata
from typing import Final

from flows import limits
from flows.authoring.document import Listing, Node, Pairs, Scalar, kind
from flows.authoring.findings import FilePosition, Findings, nearest, quoted
from flows.authoring.keys import Key, Shape
from flows.text.markup.words import WordsError, is_address, parse
from flows.text.markup.wordtree import URL_VARIABLE

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REASON: Final = re.compile(r"[a-z][a-z0-9_]*")
_SETTING: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_EMAIL: Final = re.compile(r"[^\s@<>\"'`|,;:\\]+@[^\s@<>\"'`|,;:\\]+\.[^\s@<>\"'`|,;:\\.]+")
_PICTURE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.(?:png|jpg|jpeg|gif|webp)")
YES: Final = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


_SLUGS: Final = "lowercase letters, digits and single dashes"
_FORMS: Final = {
    "slug": (_SLUG, _SLUGS),
    "choice": (_SLUG, _SLUGS),
    "name": (_SLUG, _SLUGS),
    "slugs": (_SLUG, _SLUGS),
    "target": (_SLUG, "next, a step's id, fixed or escalate"),
    "reason": (_REASON, "lowercase letters, digits and underscores, such as guide_exhausted"),
    "setting": (_SETTING, "capital letters, digits and underscores, such as PRODUCT_NAME"),
    "email": (_EMAIL, "an email address such as help@example.com"),
}
"""The pattern of each kind of value, and the words that describe it in a finding."""


class Fields:
    """The values of one mapping by key. Every mistake becomes a finding, and the value None or empty."""

    def __init__(self, node: Pairs, shape: Shape, findings: Findings) -> None:
        """Check the keys: unknown and missing keys are findings."""
        self.at = node.at
        self.shape = shape
        self.findings = findings
        self._nodes: dict[str, Node] = {}
        self._ats: dict[str, FilePosition] = {}
        for name, value in node.pairs:
            if shape.key(name.text) is None:
                findings.error(
                    name.at,
                    f"unknown key {quoted(name.text)} in {shape.name}{nearest(name.text, shape.names)}",
                )
            else:
                self._nodes[name.text] = value
                self._ats[name.text] = name.at
        for key in shape.keys:
            if key.required and key.name not in self._nodes:
                findings.error(
                    node.at, f"{shape.name} is missing the key {key.name!r}: {_lowercase_start(key.about)}"
                )

    def has(self, name: str) -> bool:
        """Return whether the mapping has the key, whatever its value."""
        return name in self._nodes

    @property
    def places(self) -> dict[str, FilePosition]:
        """Return the positions of the values, by key."""
        return {name: node.at for name, node in self._nodes.items()}

    def place(self, name: str) -> FilePosition:
        """Return the position of the key, or of the mapping if the key is missing."""
        return self._ats.get(name, self.at)

    def node(self, name: str) -> Node | None:
        """Return the value as written; None, with a finding, if it is empty."""
        node = self._nodes.get(name)
        if isinstance(node, Scalar) and not node.text.strip():
            key = self.shape.key(name)
            if key is not None and key.empty:
                return None
            self.findings.error(self.place(name), f"{name!r} is empty")
            return None
        return node

    def pairs(self, name: str) -> Pairs | None:
        """Return the value as a mapping that is not empty."""
        node = self.node(name)
        if node is None:
            return None
        if not isinstance(node, Pairs) or not node.pairs:
            self.findings.error(node.at, f"{name!r} must be a mapping (`name: value`), not {kind(node)}")
            return None
        return node

    def items(self, name: str) -> tuple[Node, ...]:
        """Return the value as a list that is not empty."""
        node = self.node(name)
        if node is None:
            return ()
        if not isinstance(node, Listing) or not node.items:
            self.findings.error(node.at, f"{name!r} must be a list (`- item`), not {kind(node)}")
            return ()
        return node.items

    def text(self, name: str) -> str | None:
        """Return the value as a text of the kind that the table demands."""
        node = self.node(name)
        key = self.shape.key(name)
        return None if node is None or key is None else text(node, key, self.findings)

    def texts(self, name: str) -> tuple[tuple[str, FilePosition], ...]:
        """Return the value as one text or a list of texts, each with its position."""
        key = self.shape.key(name)
        node = self.node(name)
        if node is None or key is None:
            return ()
        nodes = (node,) if isinstance(node, Scalar) else self.items(name)
        if key.kind == "heard" and len(nodes) > limits.HEARD_TEXTS:
            reason = f"{name!r} has {len(nodes)} texts; at most {limits.HEARD_TEXTS} are allowed"
            self.findings.error(nodes[limits.HEARD_TEXTS].at, reason)
        found = ((text(each, key, self.findings), each.at) for each in nodes)
        return tuple((words, at) for words, at in found if words is not None)

    def yes(self, name: str) -> bool:
        """Return the value as yes or no; no if the key is missing."""
        node = self.node(name)
        if node is None:
            return False
        said = YES.get(node.text.lower()) if isinstance(node, Scalar) else None
        if said is None:
            self.findings.error(node.at, f"{name!r} must be yes or no")
        return said or False

    def records(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return the value as observations: names and values."""
        node = self.pairs(name)
        if node is None:
            return ()
        key = Key(name=name, kind="line", about="", limit=limits.OBSERVATION)
        seen = (
            (text(name, key, self.findings), text(value, key, self.findings)) for name, value in node.pairs
        )
        return tuple((name, value) for name, value in seen if name and value)


def text(node: Node, key: Key, findings: Findings) -> str | None:
    """Return a text of that key's kind, without spaces around it; None, with a finding, if it is not such a text."""
    if not isinstance(node, Scalar):
        findings.error(node.at, f"{key.name!r} must be text, not {kind(node)}; {_BRACKETS}")
        return None
    value = node.text.strip()
    error = _mistake(value, key)
    if error is None and key.kind in ("words", "heading"):
        return value if _readable(node, findings) else None
    if error is not None:
        findings.error(node.at, error)
        return None
    return value


_BRACKETS: Final = "put text that starts with { or [ in quotes"


def _mistake(value: str, key: Key) -> str | None:
    """Return why the text is not a value for the key; None if it is one."""
    if not value:
        return f"{key.name!r} is empty"
    if len(value) > key.limit:
        return f"{key.name!r} has {len(value)} characters; at most {key.limit} fit on every channel"
    if key.kind not in ("words", "texts") and "\n" in value:
        return f"{key.name!r} must be one line"
    if key.kind == "url" and not (URL_VARIABLE.fullmatch(value) or _is_https(value)):
        return f"{key.name!r} must be https://… or one {{variable}}, not {quoted(value)}"
    if key.kind == "source" and not (_PICTURE.fullmatch(value) or _is_https(value)):
        what = "a file beside the flow (png, jpg, jpeg, gif, webp) or https://…"
        return f"{key.name!r} must be {what}, not {quoted(value)}"
    form = _FORMS.get(key.kind)
    if form is not None and not form[0].fullmatch(value):
        return f"{key.name!r} must be {form[1]}, not {quoted(value)}"
    return None


def _readable(node: Scalar, findings: Findings) -> bool:
    """Return whether the words are in the subset; a finding names the line of the text if the line is known."""
    try:
        parse(node.text.strip())
    except WordsError as error:
        blank = len(node.text) - len(node.text.lstrip())
        skipped = node.text[:blank].count("\n")
        at = (
            FilePosition(node.body.line + skipped + error.line - 1, node.body.column)
            if node.body
            else node.at
        )
        findings.error(at, f"not supported on every channel: {error.reason}")
        return False
    return True


def _is_https(value: str) -> bool:
    return value.startswith("https://") and is_address(value)


def _lowercase_start(about: str) -> str:
    return about[0].lower() + about[1:].rstrip(".")


def slug(label: str) -> str:
    """Return a label as an id: "I don't have it" is i-dont-have-it. '' if no letter or digit is left."""
    bare = unicodedata.normalize("NFKD", label.lower().replace("'", "").replace("\u2019", ""))
    ascii_only = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[a-z0-9]+", ascii_only))
