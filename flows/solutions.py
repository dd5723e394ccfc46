"""What solves things: the short list an agent chooses from when they resolve a conversation."""

from typing import Final

from flows.flow import Flow

USUAL: Final = (
    "A step of the guide",
    "Something the guide does not have",
    "Fixed on our side",
    "Answered a question",
    "Passed on to somebody else",
    "The customer went away",
)
"""Where a flow has no list of its own."""


def solutions(flow: Flow) -> tuple[str, ...]:
    """The flow's own list, or the usual one."""
    return flow.solutions or USUAL
