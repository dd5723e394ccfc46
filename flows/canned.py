"""Canned replies: what agents often write, kept in `replies.yaml` beside the flows, with blanks that are filled in."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flows.values import Frozen

BLANKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contact": "the customer's name, or 'there'",
        "agent": "the agent's name",
        "ticket": "the ticket's number, such as #12",
        "team": "the team whose ticket it is",
        "flow": "the guide's title",
        "step": "the step's title",
        "product": "PRODUCT_NAME",
    }
)
"""What may stand in braces, and what it becomes."""

BLANK: Final = re.compile(r"\{([^{}\n]{0,40})\}")


class Canned(Frozen):
    """A reply that agents send again and again. `flows` are those it is offered in; empty for all."""

    id: str
    title: str
    text: str
    flows: tuple[str, ...] = ()
