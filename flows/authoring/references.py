"""Checks a flow file against its surroundings: other flows and pictures that it names, and flows that are too alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from flows.authoring.findings import START, FilePosition, Finding, Findings, nearest, quoted
from flows.flow import Flow
from flows.prompts import owner

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


def unaddressed(reading: "Reading", settings: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return an error for each external team without an address, because customers could not write to it.

    `settings` are the operator's, which may give the address instead of the file. A conversation survives a missing
    address: the ticket then stays with the operator's own agents.
    """
    findings, flow = Findings(reading.file), reading.flow
    for team in flow.teams if flow else ():
        if flow and team.external and not owner(flow, team.id, settings)[1]:
            name = f"TEAM_{team.id.upper().replace('-', '_')}_EMAIL"
            reason = f"the external team {quoted(team.id)} has no address; give it an `email`, or set {name}"
            findings.error(_place(reading, f".teams.{team.id}"), reason)
    return findings.sorted()


def alike(readings: Sequence["Reading"], available: Collection[Flow]) -> tuple[Finding, ...]:
    """Return findings for files that come in each other's way, in the order of the readings.

    Two files of one folder with the same flow id are an error, because only the later one is available. Two available
    flows with one title, with one error text in `on_text`, or with the same words under `heard` are a suggestion:
    customers cannot tell the titles apart, and a pasted text starts only one of the flows.
    """
    found: list[Finding] = []
    ids: dict[tuple[PurePath, str], str] = {}
    words: dict[str, tuple[str, str]] = {}
    for reading in readings:
        if reading.flow is None:
            continue
        findings = Findings(reading.file)
        place = (PurePath(reading.file).parent, reading.flow.id)
        if place in ids:
            known = PurePath(ids[place]).name
            findings.error(
                _place(reading, ".flow"), f"{known} has the flow {quoted(reading.flow.id)}, too; rename one"
            )
        ids.setdefault(place, reading.file)
        for name, text in _words(reading.flow) if reading.flow in available else ():
            flow, file = words.setdefault(" ".join(text.casefold().split()), (reading.flow.id, reading.file))
            if flow != reading.flow.id:
                findings.advice(_place(reading, name), f"{PurePath(file).name} has {quoted(text)}, too")
        found += findings.sorted()
    return tuple(found)


def _words(flow: Flow) -> Iterator[tuple[str, str]]:
    """Yield the title, the error texts and the customers' words of a flow, each with the name of its position."""
    yield ".title", flow.title
    yield from ((f".start.{index}", text) for index, text in enumerate(flow.start))
    yield from ((f".heard.{index}", text) for index, text in enumerate(flow.heard))


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
