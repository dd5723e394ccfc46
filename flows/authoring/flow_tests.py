"""Reads rehearsals: the walks that a flow file lists under `tests:`, and the end that each expects."""

import re
from collections.abc import Collection, Iterator
from typing import Final, Literal

from flows.authoring import keys
from flows.authoring.document import Node, Pairs, kind
from flows.authoring.fields import Fields
from flows.authoring.findings import FilePosition, Findings, nearest, quoted
from flows.values import Frozen

_ENDS: Final = re.compile(
    r"(?P<how>resolved|escalated) +at +(?P<step>[a-z0-9-]+)"
    r"(?: +(?!to\b)(?P<reason>[a-z0-9_]+))?(?: +to +(?P<team>[a-z0-9-]+))?"
)


class WalkEnd(Frozen):
    """How a walk ends; '' for parts that the file leaves open."""

    how: Literal["resolved", "escalated"]
    step: str
    reason: str = ""
    team: str = ""


class Rehearsal(Frozen):
    """A walk: the answers given, by id or label, and its expected end ("resolved at STEP", "escalated at STEP …")."""

    name: str
    do: tuple[str, ...]
    ends: str
    line: int = 1

    @property
    def end(self) -> WalkEnd:
        """Return `ends` in its parts.

        Raises ValueError for a text that is no end; the reader has refused such texts.
        """
        return parse_end(self.ends)


def parse_end(text: str) -> WalkEnd:
    """Read `resolved at STEP` or `escalated at STEP [REASON] [to TEAM]`. Raises ValueError for everything else."""
    found = _ENDS.fullmatch(text.strip())
    if found is None or (found["how"] == "resolved" and (found["reason"] or found["team"])):
        raise ValueError("must be `resolved at STEP` or `escalated at STEP [REASON] [to TEAM]`")
    parts = {name: part for name, part in found.groupdict().items() if part}
    return WalkEnd.model_validate(parts)


def rehearsals(
    nodes: tuple[Node, ...], steps: Collection[str], teams: Collection[str], findings: Findings
) -> Iterator[Rehearsal]:
    """Yield the walks of the file, each checked against the flow's steps and teams."""
    names: dict[str, FilePosition] = {}
    for node in nodes:
        if not isinstance(node, Pairs):
            findings.error(node.at, f"a test must be a mapping with name, do and ends, not {kind(node)}")
            continue
        fields = Fields(node, keys.TEST, findings)
        name, ends = fields.text("name"), fields.text("ends")
        do = tuple(answer for answer, _ in fields.texts("do"))
        if name in names:
            findings.error(fields.place("name"), f"the test in line {names[name].line} has the same name")
        elif name:
            names[name] = fields.place("name")
        if ends and _is_possible(ends, steps, teams, fields) and name and do:
            yield Rehearsal(name=name, do=do, ends=ends, line=node.at.line)


def _is_possible(ends: str, steps: Collection[str], teams: Collection[str], fields: Fields) -> bool:
    at = fields.places["ends"]
    try:
        end = parse_end(ends)
    except ValueError as error:
        fields.findings.error(at, f"'ends' {error}, not {quoted(ends)}")
        return False
    if end.step not in steps:
        fields.findings.error(at, f"there is no step {quoted(end.step)}{nearest(end.step, steps)}")
    if end.team and end.team not in teams:
        fields.findings.error(at, f"there is no team {quoted(end.team)}{nearest(end.team, teams)}")
    return True
