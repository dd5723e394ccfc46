"""Reads the available flows from files at the start: the library's and the operator's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from flows.authoring.reader import Reading, read
from flows.authoring.replies import FILE, Replies, read_replies
from flows.catalogue import Catalogue
from flows.flow import Flow


@dataclass(frozen=True)
class FlowFiles:
    """Holds every file's flows and replies with their findings, and the catalogue of those without errors."""

    catalogue: Catalogue
    readings: tuple[Reading, ...]
    replies: tuple[Replies, ...] = ()

    def problems(self) -> tuple[str, ...]:
        """Return a line for each mistake that makes a flow or reply unavailable, and for each hidden flow."""
        lines = [str(finding) for reading in self.readings for finding in reading.errors]
        lines += [str(finding) for replies in self.replies for finding in replies.errors]
        seen: dict[tuple[Path, str], str] = {}
        for reading in self.readings:
            if reading.flow is None:
                continue
            place = (Path(reading.file).parent, reading.flow.id)
            if place in seen:
                lines.append(
                    f"{reading.file}: the flow '{reading.flow.id}' is also in {seen[place]}, which is ignored"
                )
            seen[place] = reading.file
        return tuple(lines)

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
