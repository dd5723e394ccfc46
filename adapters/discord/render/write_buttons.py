"""Draws the button that opens a form to write in, for places where the bot can't read messages. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.discord.render.card import Message
from adapters.discord.render.components import BUTTON_TYPE, ROW_TYPE, TEXT_TYPE, Part, button, row
from adapters.discord.render.texts import said
from adapters.discord.render.tokens import WriteMessage, read_token
from flows.conversation import Conversation
from flows.text.phrases import PHRASES


def write_label(agent: str) -> str:
    """Name the button: after the agent, if there is one."""
    return said("write_to", agent=agent) if agent else PHRASES["send_message"]


def with_write_button(drawn: Message, at: Conversation, agent: str = "") -> Message:
    """Add the button below a message; `agent` is whom the customer writes to."""
    pressed = row(button(write_label(agent), str(WriteMessage.at(at.id, at.turn)), "primary"))
    return drawn.model_copy(update={"components": (*drawn.components, pressed)})


def has_write_button(sent: Mapping[str, Any]) -> bool:
    """Return whether a sent message has the button in a row of its own; cards have one among others, which stays."""
    return any(map(_writes, sent.get("components") or ()))


def without_write_button(sent: Mapping[str, Any], files: Sequence[Part] = ()) -> list[Part]:
    """Draw a sent message again without the button; `files` are the components that show its files."""
    texts = [part for part in sent.get("components") or () if part.get("type") == TEXT_TYPE]
    return [*({name: part[name] for name in ("type", "content", "id")} for part in texts), *files]


def _writes(part: Mapping[str, Any]) -> bool:
    inside = part.get("components") or ()
    return part.get("type") == ROW_TYPE and all(
        one.get("type") == BUTTON_TYPE
        and isinstance(read_token(str(one.get("custom_id") or "")), WriteMessage)
        for one in inside
    )
