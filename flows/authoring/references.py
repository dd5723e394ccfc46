"""Checks the names that a flow file uses and that only its surroundings can hold: other flows, and pictures."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from flows.authoring.findings import START, FilePosition, Finding, Findings, nearest, quoted

if TYPE_CHECKING:
    from flows.authoring.reader import Reading


def missing(reading: "Reading", flows: Collection[str], files: Collection[str]) -> tuple[Finding, ...]:
    """Return findings for other flows and pictures that are missing, in the order of the file.

    `flows` are the ids of all known flows, `files` the names beside this file. A file with errors gets no findings. A
    conversation survives both: an answer to a missing flow leads to an agent, a missing picture is not shown.
    """
    findings = Findings(reading.file)
    for name, flow in _flows(reading):
        if flow not in flows:
            findings.error(_place(reading, name), f"there is no flow {quoted(flow)}{nearest(flow, flows)}")
    for name, file in _pictures(reading):
        if file not in files:
            hint = nearest(file, files) or "; put it there, or give an https address"
            findings.error(
                _place(reading, name), f"there is no picture {quoted(file)} beside this file{hint}"
            )
    return findings.sorted()


def _flows(reading: "Reading") -> Iterator[tuple[str, str]]:
    for step in reading.flow.steps if reading.flow else ():
        for choice in step.choices:
            if choice.flow is not None:
                yield f"{step.id}.answers.{choice.id}", choice.flow


def _pictures(reading: "Reading") -> Iterator[tuple[str, str]]:
    for step in reading.flow.steps if reading.flow else ():
        if step.image is not None and not step.image.src.startswith("https://"):
            yield f"{step.id}.image", step.image.src


def _place(reading: "Reading", name: str) -> FilePosition:
    at = reading.places.get(name) or reading.places.get(name.partition(".")[0])
    return FilePosition(*at) if at else START
