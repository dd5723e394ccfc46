"""Finds the flow that a command names, by its id or by its file."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.commands.failures import BROKEN, WRONG, complain, stop

if TYPE_CHECKING:
    from bot.wiring.settings import Settings
    from flows.authoring.reader import Reading
    from flows.authoring.replies import Replies
    from flows.flow import Flow

REPLIES: Final = "replies.yaml"
"""The name of the file of saved replies, which is not a flow."""


@dataclass(frozen=True)
class NamedFlow:
    """A flow, and whether it came from a file, which may lie outside of the operator's flows."""

    flow: "Flow"
    from_file: bool


def flow_named(name: str, settings: "Settings") -> NamedFlow:
    """Find the flow. Ends the command with code 2 if there is none, with code 1 if its file has errors."""
    if is_file(name):
        return NamedFlow(whole(read_file(name)), from_file=True)
    from bot.wiring.app import read_flows

    flows = {flow.id: flow for flow in read_flows(settings).catalogue.flows}
    if name not in flows:
        raise stop(_unknown(name, tuple(flows)), WRONG)
    return NamedFlow(flows[name], from_file=False)


def is_file(name: str) -> bool:
    """Return whether the name means a file; a flow's id has neither dots nor slashes."""
    return Path(name).suffix in (".yaml", ".yml") or "/" in name or Path(name).is_file()


def read_file(name: str) -> "Reading":
    """Read a flow file. Ends the command with code 2 if it cannot be opened."""
    from flows.authoring.reader import read

    return read(_bytes(name), name)


def read_replies_file(name: str) -> "Replies":
    """Read a `replies.yaml`. Ends the command with code 2 if it cannot be opened."""
    from flows.authoring.replies import read_replies

    return read_replies(_bytes(name), name)


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as failure:
        raise stop(
            f"Cannot open {name}: {(failure.strerror or 'it cannot be read').lower()}", WRONG
        ) from None


def whole(reading: "Reading") -> "Flow":
    """Return the file's flow. Prints its errors, if any, and ends the command with code 1."""
    if reading.flow is None:
        for finding in reading.findings:
            complain(str(finding))
        raise stop(f"{reading.file} has errors. Fix them and try again.", BROKEN)
    return reading.flow


def _unknown(name: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    return (
        f"There is no flow {name!r}.{guess} Choose one of: {', '.join(known)}. "
        "For a file, give its path with the ending .yaml."
    )
