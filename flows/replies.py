"""Defines saved replies: texts that agents send often, from `replies.yaml` beside the flows, with blanks to fill in."""

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
        "team": "the name of the ticket's team",
        "flow": "the guide's title",
        "step": "the step's title",
        "product": "PRODUCT_NAME",
    }
)
"""The blanks that a saved reply may hold in braces, and what fills each."""

BLANK: Final = re.compile(r"\{([^{}\n]{0,40})\}")


class Canned(Frozen):
    """A saved reply. `flows` are the flows that offer it; empty for all."""

    id: str
    title: str
    text: str
    flows: tuple[str, ...] = ()
