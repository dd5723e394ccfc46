"""The flows an operator has: the library's and their own, read from files at the start."""

from dataclasses import dataclass
from pathlib import Path

from flows.catalogue import Catalogue
from flows.flow import Flow
from flows.reader import Reading, read


@dataclass(frozen=True)
class Shelf:
    """What was read: every file's reading, and the catalogue of those without errors."""

    catalogue: Catalogue
    readings: tuple[Reading, ...]


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
