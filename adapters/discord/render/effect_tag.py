"""The number in a message that says which effect it carried out, so that it can be found again. Pure."""

import zlib
from collections.abc import Mapping
from typing import Any

from adapters.discord.render.card import Message


def mark(effect: str) -> int:
    """The number by which a message that carried out that effect is known: a component's id, of 31 bits, never 0."""
    return zlib.crc32(effect.encode()) & 0x7FFF_FFFF or 1


def marked(drawn: Message, effect: str) -> Message:
    """The message with that number as the id of its first component."""
    first, *rest = drawn.components
    return drawn.model_copy(update={"components": ({**first, "id": mark(effect)}, *rest)})


def mark_of(row: Mapping[str, Any]) -> int:
    """The number in a message of a bot's, as Discord tells of it; 0 where there is none."""
    components = row.get("components") or ()
    found = components[0].get("id") if components and (row.get("author") or {}).get("bot") else 0
    return found if isinstance(found, int) else 0
