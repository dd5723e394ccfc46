"""What solves things: the short list an agent chooses from when they resolve a conversation."""

from typing import Final

from flows.flow import Flow

USUAL: Final = (
    "A step in the guide",
    "Something the guide doesn't cover",
    "Fixed on our side",
    "Answered a question",
    "Passed to another team",
    "The customer stopped responding",
)
"""Where a flow has no list of its own."""


def solutions(flow: Flow) -> tuple[str, ...]:
    """The flow's own list, or the usual one."""
    return flow.solutions or USUAL
