"""Collects findings: the mistakes in a flow file, each in one line with its position."""

import difflib
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from flows import limits
from flows.values import Frozen

Level = Literal["error", "advice"]

_QUOTED: Final = 48


class FilePosition(NamedTuple):
    """A position in a file, line and column counted from 1."""

    line: int
    column: int


START: Final = FilePosition(1, 1)


class Finding(Frozen):
    """One mistake to fix ("error") or suggestion to consider ("advice"); as text it is `FILE:LINE:COLUMN: reason`."""

    file: str
    line: int
    column: int
    reason: str
    level: Level = "error"

    def __str__(self) -> str:
        """Return one line that editors and terminals can turn into a link."""
        mark = "suggestion: " if self.level == "advice" else ""
        return f"{self.file}:{self.line}:{self.column}: {mark}{self.reason}"


class Findings:
    """Collects the findings of one file."""

    def __init__(self, file: str) -> None:
        """Start without findings for the file of that name."""
        self.file = file
        self._found: dict[Finding, None] = {}

    def error(self, at: FilePosition, reason: str) -> None:
        """Add a mistake: the file gives no flow."""
        self._add(at, reason, "error")

    def advice(self, at: FilePosition, reason: str) -> None:
        """Add a suggestion: the flow works anyway."""
        self._add(at, reason, "advice")

    def add(self, finding: Finding) -> None:
        """Add a finding made elsewhere. Beyond a hundred, keep only the first error."""
        if not self.full or (finding.level == "error" and not self.failed):
            self._found[finding] = None

    def _add(self, at: FilePosition, reason: str, level: Level) -> None:
        self.add(Finding(file=self.file, line=at.line, column=at.column, reason=reason, level=level))

    @property
    def full(self) -> bool:
        """Return whether there are so many findings that more would not help the author."""
        return len(self._found) >= limits.FINDINGS

    @property
    def failed(self) -> bool:
        """Return whether one of the findings is an error."""
        return any(finding.level == "error" for finding in self._found)

    def sorted(self) -> tuple[Finding, ...]:
        """Return all findings in the order of the file."""
        return tuple(sorted(self._found, key=_order))


def _order(finding: Finding) -> tuple[int, int, bool, str]:
    return finding.line, finding.column, finding.level == "advice", finding.reason


def quoted(text: str) -> str:
    """Return the author's text for use in a reason: in quotes, on one line, not too long."""
    return repr(text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'title'?` for a reason if a known name is close, else ''."""
    close = difflib.get_close_matches(word[:_QUOTED].lower(), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
