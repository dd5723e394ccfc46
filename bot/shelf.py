"""The flows an operator has: the library's and their own, read from files at the start."""

from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from flows.catalogue import Catalogue
from flows.flow import Flow
from flows.reader import Reading, read


@dataclass(frozen=True)
class Shelf:
    """What was read: every file's reading, and the catalogue of those without errors."""

    catalogue: Catalogue
    readings: tuple[Reading, ...]

    def problems(self) -> tuple[str, ...]:
        """A line for each mistake because of which a flow is not offered, and for each that hides another."""
        lines = [str(finding) for reading in self.readings for finding in reading.errors]
        seen: dict[tuple[Path, str], str] = {}
        for reading in self.readings:
            if reading.flow is None:
                continue
            place = (Path(reading.file).parent, reading.flow.id)
            if place in seen:
                lines.append(
                    f"{reading.file}: flow '{reading.flow.id}' is also in {seen[place]}; this one is offered"
                )
            seen[place] = reading.file
        return tuple(lines)

    def picture(self, revision: str, name: str) -> tuple[bytes, str] | None:
        """A picture that lies beside a flow's file, with its media type; None unless a step of it names it."""
        for reading in self.readings:
            flow = reading.flow
            if flow is None or flow.revision != revision:
                continue
            if any(step.image is not None and step.image.src == name for step in flow.steps):
                path = Path(reading.file).parent / Path(name).name
                if path.is_file():
                    return path.read_bytes(), guess_type(name)[0] or "application/octet-stream"
        return None


def read_shelf(folders: tuple[Path, ...], extra: tuple[Flow, ...] = ()) -> Shelf:
    """Read all flow files of the folders; a later folder's flow replaces one of the same id.

    A file with errors is left out of the catalogue, so that one broken flow takes nothing else down (law L7);
    its findings are in its reading.
    """
    paths = [path for folder in folders for path in sorted(folder.glob("*.y*ml"))]
    readings = tuple(read(path.read_bytes(), str(path)) for path in paths)
    flows = {
        reading.flow.id: reading.flow
        for reading in readings
        if reading.flow is not None and not reading.errors
    }
    flows |= {flow.id: flow for flow in extra}
    return Shelf(catalogue=Catalogue(flows=tuple(flows.values())), readings=readings)
