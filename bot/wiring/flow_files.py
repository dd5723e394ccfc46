"""Reads the available flows from files at the start: the library's and the operator's own."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from flows.authoring.findings import Finding
from flows.authoring.reader import Reading, read
from flows.authoring.references import alike, missing, unaddressed
from flows.authoring.replies import FILE, Replies, read_replies, unknown_flows
from flows.catalogue import Catalogue
from flows.flow import Flow


@dataclass(frozen=True)
class FlowFiles:
    """Holds every file's flows and replies with their findings, and the catalogue of those without errors."""

    catalogue: Catalogue
    readings: tuple[Reading, ...]
    replies: tuple[Replies, ...] = ()

    def findings(self, words: Mapping[str, str], beside: Sequence[Reading] = ()) -> tuple[Finding, ...]:
        """Return all that is wrong with these files, file by file, and then where they come in each other's way.

        `words` are the operator's settings, `beside` the readings of further available files.
        """
        known = {flow.id for flow in self.catalogue.flows}
        found = [
            finding
            for reading in self.readings
            for finding in (*reading.findings, *_around(reading, known, words))
        ]
        found += [
            finding for read in self.replies for finding in (*read.findings, *unknown_flows(read, known))
        ]
        own = {Path(reading.file).resolve() for reading in self.readings}
        others = [reading for reading in beside if Path(reading.file).resolve() not in own]
        files = {reading.file for reading in self.readings}
        together = alike((*others, *self.readings), self.catalogue.flows)
        return (*found, *(finding for finding in together if finding.file in files))

    def problems(self, words: Mapping[str, str]) -> tuple[Finding, ...]:
        """Return what an operator should know at the start: every error, and flows that customers cannot tell apart."""
        together = frozenset(alike(self.readings, self.catalogue.flows))
        return tuple(
            finding for finding in self.findings(words) if finding.level == "error" or finding in together
        )

    def picture(self, revision: str, name: str) -> tuple[bytes, str] | None:
        """Return a picture beside a flow's file, with its media type; None unless a step of the flow names it."""
        for reading in self.readings:
            flow = reading.flow
            if flow is None or flow.revision != revision:
                continue
            if any(step.image is not None and step.image.src == name for step in flow.steps):
                path = Path(reading.file).parent / Path(name).name
                if path.is_file():
                    return path.read_bytes(), guess_type(name)[0] or "application/octet-stream"
        return None


def _around(reading: Reading, known: Collection[str], words: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what a file names and lacks: other flows, pictures beside it, and addresses of external teams."""
    yield from missing(reading, known, [path.name for path in Path(reading.file).parent.iterdir()])
    yield from unaddressed(reading, words)


def read_flow_files(folders: tuple[Path, ...], extra: tuple[Flow, ...] = ()) -> FlowFiles:
    """Read all flow files and replies of the folders; a later folder's flow or reply replaces one of the same id.

    A file with errors is left out of the catalogue, so that one broken flow takes nothing else down (law L7);
    its findings are in its reading.
    """
    paths = [path for folder in folders for path in sorted(folder.glob("*.y*ml")) if path.name != FILE]
    readings = tuple(read(path.read_bytes(), str(path)) for path in paths)
    flows = {
        reading.flow.id: reading.flow
        for reading in readings
        if reading.flow is not None and not reading.errors
    }
    flows |= {flow.id: flow for flow in extra}
    replies = tuple(read_replies(path.read_bytes(), str(path)) for path in _replies(folders))
    known = {reply.id: reply for read in replies for reply in read.replies}
    catalogue = Catalogue(flows=tuple(flows.values()), replies=tuple(known.values()))
    return FlowFiles(catalogue=catalogue, readings=readings, replies=replies)


def _replies(folders: tuple[Path, ...]) -> Iterator[Path]:
    return (path for folder in folders if (path := folder / FILE).is_file())
