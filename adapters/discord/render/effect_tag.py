"""Tags each message with the number of its effect, so that the message can be found again. Pure."""

import zlib
from collections.abc import Mapping
from typing import Any

from adapters.discord.render.card import Message


def mark(effect: str) -> int:
    """Compute the effect's number: the id of a component, of 31 bits, never 0."""
    return zlib.crc32(effect.encode()) & 0x7FFF_FFFF or 1


def marked(drawn: Message, effect: str) -> Message:
    """Set the effect's number as the id of the message's first component."""
    first, *rest = drawn.components
    return drawn.model_copy(update={"components": ({**first, "id": mark(effect)}, *rest)})


def mark_of(row: Mapping[str, Any]) -> int:
    """Read the number from a bot's message, as Discord returns it; 0 if there is none."""
    components = row.get("components") or ()
    number = components[0].get("id") if components and (row.get("author") or {}).get("bot") else 0
    return number if isinstance(number, int) else 0
