"""Reads a flow file: bytes to YAML to a Flow, or to findings, each a line that says what to fix and where."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, Protocol

import yaml

from flows import limits
from flows.authoring.compiler import Compiled, compile_file
from flows.authoring.document import Listing, Node, Pairs, Scalar
from flows.authoring.findings import START, FilePosition, Finding, Findings, quoted
from flows.authoring.flow_tests import Rehearsal
from flows.authoring.lint import lint
from flows.flow import Flow
from flows.values import Frozen

__all__ = ["Finding", "Reading", "Rehearsal", "read"]

_STRAY: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Characters that show nothing, end a line only for some programs, or turn the direction of the text after them."""

KEPT: Final = 64
"""Files whose readings are kept."""

_LOADER: Final = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class Reading(Frozen):
    """The result of a file. `flow` is None if there is an error; `findings` are in the order of the file.

    `places` holds positions: a step's by its id, those of its parts by `STEP.key`, those of the whole flow by `.key`.
    """

    file: str
    flow: Flow | None = None
    tests: tuple[Rehearsal, ...] = ()
    findings: tuple[Finding, ...] = ()
    places: Mapping[str, tuple[int, int]] = {}

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the errors, because of which there is no flow."""
        return tuple(finding for finding in self.findings if finding.level == "error")


@lru_cache(maxsize=KEPT)
def read(data: bytes, file: str) -> Reading:
    """Read and check a flow file; findings carry the name `file`. Raises nothing, whatever the bytes.

    A file that has not changed is not read again: a command looks at the same files up to four times.
    """
    findings = Findings(file)
    root = document(data, findings)
    compiled = compile_file(root, findings) if root is not None else Compiled()
    if compiled.flow is not None:
        for finding in lint(compiled.flow, compiled.places, file, whole=not findings.failed):
            findings.add(finding)
    return Reading(
        file=file,
        flow=None if findings.failed else compiled.flow,
        tests=compiled.tests,
        findings=findings.sorted(),
        places=compiled.places,
    )


class _Mark(Protocol):
    """A position as the YAML library gives it, counted from 0."""

    line: int
    column: int


class _Refused(Exception):
    """Stops reading the file; the finding has been made."""


def document(data: bytes, findings: Findings, begin: str = "flow: an-id") -> Node | None:
    """Return the bytes as a document, before any key has a meaning; None, with findings, if they are not a document.

    `begin` is the first line of such a file, to suggest for an empty one.
    """
    text = _text(data, findings)
    if text is None:
        return None
    try:
        root = _Composer(text, findings).document()
        if root is None:
            findings.error(START, f"the file is empty; start with `{begin}`")
        return root
    except _Refused:
        return None
    except yaml.MarkedYAMLError as error:
        at = _place(error.problem_mark or error.context_mark)
        findings.error(
            at, explain(text, at, str(error.problem or "it cannot be read"), str(error.context or ""))
        )
    except (yaml.YAMLError, ValueError) as error:
        findings.error(START, f"not valid YAML: {quoted(str(error))}")
    return None


def _text(data: bytes, findings: Findings) -> str | None:
    """Return the bytes as text; None, with a finding, if they are not text or too many."""
    if len(data) > limits.FILE_BYTES:
        findings.error(START, f"the file has {len(data):,} bytes; the limit is {limits.FILE_BYTES:,}")
        return None
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(errors="replace")
        findings.error(_end(before), f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8")
        return None
    stray = _STRAY.search(text)
    if stray is not None:
        what = f"invisible control character (U+{ord(stray[0]):04X})"
        findings.error(_end(text[: stray.start()]), f"{what}; delete it")
        return None
    return text


def _place(mark: _Mark | None) -> FilePosition:
    return FilePosition(mark.line + 1, mark.column + 1) if mark is not None else START


def _end(text: str) -> FilePosition:
    """Return the position right after a text."""
    lines = re.split(r"\r\n|\r|\n", text)
    return FilePosition(len(lines), len(lines[-1]) + 1)


class _Composer:
    """Makes a document from YAML's events, so that a refused file costs nothing: nothing is ever expanded."""

    def __init__(self, text: str, findings: Findings) -> None:
        self.lines = re.split(r"\r\n|\r|\n", text)
        self.findings = findings
        self.values = 0
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Node | None:
        """Return the only document of the file."""
        root: Node | None = None
        for event in self.events:
            at = _place(event.start_mark)
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._refuse(at, "a file can hold only one document; delete the `---`")
                if event.tags or event.version:
                    self._refuse(at, "YAML directives are not supported; delete the lines that start with %")
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1)
        return root

    def _refuse(self, at: FilePosition, reason: str) -> None:
        self.findings.error(at, reason)
        raise _Refused

    def _node(self, event: yaml.NodeEvent, deep: int) -> Node:
        at = _place(event.start_mark)
        self.values += 1
        if isinstance(event, yaml.AliasEvent):
            self._refuse(at, "YAML reads text that starts with * as an alias; put it in quotes")
        if event.anchor is not None:
            self._refuse(at, "YAML reads text that starts with & as an anchor; put it in quotes")
        if getattr(event, "tag", None) is not None:
            self._refuse(at, "YAML reads text that starts with ! as a tag; put it in quotes")
        if deep > limits.NESTING:
            self._refuse(
                at, "nested too deep; move the inner steps to the list of steps and lead to them by id"
            )
        if self.values > limits.VALUES:
            self._refuse(at, f"more than {limits.VALUES:,} values in one file; split it into several flows")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, at)
        if isinstance(event, yaml.SequenceStartEvent):
            return Listing(items=tuple(self._until(yaml.SequenceEndEvent, deep + 1)), at=at)
        return self._pairs(at, deep + 1)

    def _until(self, end: type[yaml.Event], deep: int) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, end):
                return
            if isinstance(event, yaml.NodeEvent):
                yield self._node(event, deep)

    def _pairs(self, at: FilePosition, deep: int) -> Pairs:
        inside = self._until(yaml.MappingEndEvent, deep)
        pairs: dict[str, tuple[Scalar, Node]] = {}
        for key in inside:
            value = next(inside, None)
            if not isinstance(key, Scalar) or value is None:
                self.findings.error(key.at, "a key must be text; put text that starts with { or [ in quotes")
                continue
            if key.text in pairs:
                line = pairs[key.text][0].at.line
                self.findings.error(key.at, f"the key {quoted(key.text)} is already used in line {line}")
                continue
            if key.text == "<<":
                self.findings.error(key.at, "merge keys are not supported; write the keys out")
                continue
            pairs[key.text] = (key, value)
        return Pairs(pairs=tuple(pairs.values()), at=at)

    def _scalar(self, event: yaml.ScalarEvent, at: FilePosition) -> Scalar:
        stray = _STRAY.search(event.value)
        if stray is not None:
            self.findings.error(
                at, f"invisible control character (U+{ord(stray[0]):04X}) in the text; delete it"
            )
        body = None
        if event.style == "|":
            first = next((line for line in self.lines[at.line :] if line.strip()), "")
            body = FilePosition(at.line + 1, len(first) - len(first.lstrip()) + 1)
        elif event.style in (None, ""):
            self._suggest_quotes(event)
        return Scalar(text=event.value, at=at, body=body)

    def _suggest_quotes(self, event: yaml.ScalarEvent) -> None:
        """Suggest quotes for a word that begins with # after a text: it looks like text and is a comment."""
        end = _place(event.end_mark)
        rest = self.lines[end.line - 1][end.column - 1 :] if end.line <= len(self.lines) else ""
        comment = re.match(r"\s+(#[^\s#]\S*)", rest)
        if comment is not None:
            at = FilePosition(end.line, end.column + comment.start(1))
            self.findings.advice(
                at,
                f"{quoted(comment[1])} starts a comment; if it is text, put the whole text in quotes",
            )


_TROUBLE: Final = (
    (r"[:\-]\s+`|^\s*`", "put text that starts with a backtick in quotes or after `|`"),
    (r":\s+\*", "put text that starts with * in quotes or after `|`"),
    (r"(:|^\s*-)\s+[&!%@]", "put text that starts with & ! % or @ in quotes"),
    (r"(:|^\s*-)\s+[\[{]", "put text that starts with [ or { in quotes"),
    (
        r"(:|^\s*-)\s+([\"']).*\2\s*[^\s#,\]}]",
        "nothing can follow a closing quote; put the whole text in quotes",
    ),
    (r":\s+[^\s\"'|>].*:(\s|$)", "put text that contains `: ` in quotes or after `|`"),
)


def explain(text: str, at: FilePosition, problem: str, context: str) -> str:
    """Return YAML's error in one line, with its most likely cause."""
    lines = re.split(r"\r\n|\r|\n", text)
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    char = line[at.column - 1 : at.column]
    reason = f"not valid YAML: {problem}{' ' + context if context else ''}"
    if "\t" in line[: at.column] and not line[: at.column].strip(" \t"):
        return f"{reason}; indent with spaces, not with a tab"
    if char in ("`", "@", "%"):
        return f"{reason}; put text that starts with {char} in quotes or after `|`"
    hint = next((hint for pattern, hint in _TROUBLE if re.search(pattern, line)), "")
    if not hint and "quoted scalar" in context:
        hint = "a closing quote is missing"
    return f"{reason}; {hint}" if hint else f"{reason}; check the indentation of this line and the one before"
