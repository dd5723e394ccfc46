"""Findings: what is wrong in a flow file, each in one line with its place."""

import difflib
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from flows import limits
from flows.values import Frozen

Level = Literal["error", "advice"]

_QUOTED: Final = 48


class FilePosition(NamedTuple):
    """Where something stands in a file, both counted from 1."""

    line: int
    column: int


START: Final = FilePosition(1, 1)


class Finding(Frozen):
    """One thing to fix ("error") or to consider ("advice"); as text it is `FILE:LINE:COLUMN: reason`."""

    file: str
    line: int
    column: int
    reason: str
    level: Level = "error"

    def __str__(self) -> str:
        """One line that editors and terminals can turn into a link."""
        mark = "suggestion: " if self.level == "advice" else ""
        return f"{self.file}:{self.line}:{self.column}: {mark}{self.reason}"


class Findings:
    """Collects the findings of one file."""

    def __init__(self, file: str) -> None:
        """Nothing found yet in the file of that name."""
        self.file = file
        self._found: dict[Finding, None] = {}

    def error(self, at: FilePosition, reason: str) -> None:
        """Add something to fix: the file gives no flow."""
        self._add(at, reason, "error")

    def advice(self, at: FilePosition, reason: str) -> None:
        """Add something to consider: the flow works anyway."""
        self._add(at, reason, "advice")

    def add(self, finding: Finding) -> None:
        """One that somebody else made. Beyond a hundred only the first error is still kept."""
        if not self.full or (finding.level == "error" and not self.failed):
            self._found[finding] = None

    def _add(self, at: FilePosition, reason: str, level: Level) -> None:
        self.add(Finding(file=self.file, line=at.line, column=at.column, reason=reason, level=level))

    @property
    def full(self) -> bool:
        """Whether more of them would help nobody."""
        return len(self._found) >= limits.FINDINGS

    @property
    def failed(self) -> bool:
        """Whether there is an error among them."""
        return any(finding.level == "error" for finding in self._found)

    def sorted(self) -> tuple[Finding, ...]:
        """All of them in the order of the file."""
        return tuple(sorted(self._found, key=_order))


def _order(finding: Finding) -> tuple[int, int, bool, str]:
    return finding.line, finding.column, finding.level == "advice", finding.reason


def quoted(text: str) -> str:
    """Somebody's text inside of a reason: in quotes, on one line, not too long."""
    return repr(text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…")


def nearest(word: str, known: Iterable[str]) -> str:
    """What to add to a reason: `; did you mean 'title'?` where one of the known names is close, else nothing."""
    close = difflib.get_close_matches(word[:_QUOTED].lower(), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
