"""Tells a stream of events from other responses by its media type."""

from collections.abc import Mapping
from typing import Any, Final

_STREAM: Final = b"text/event-stream"


def is_stream(start: Mapping[str, Any]) -> bool:
    """Return whether a response's first message begins a stream of events."""
    headers = start.get("headers", ())
    return any(name.lower() == b"content-type" and value.startswith(_STREAM) for name, value in headers)
