"""Forwards a message: the new message holds a snapshot of the forwarded one, without its author."""

from typing import Final

from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import Json, Message
from tests.fakes.discord.world import World

FORWARD: Final = 1
"""The type of a reference that forwards; a reply's is 0."""

HAS_SNAPSHOT: Final = 1 << 14
"""The flag of a message that forwards another."""

_COPIED: Final = (
    *("type", "content", "embeds", "attachments", "components", "timestamp", "edited_timestamp"),
    *("flags", "mentions", "mention_roles"),
)


def forward(world: World, message: Message, reference: Json) -> None:
    """Make the message a forward of the message that the reference names. Raises Refusal if there is none."""
    source = world.channels.get(int(reference.get("channel_id") or message.channel.id))
    found = source.messages.get(int(reference["message_id"])) if source is not None else None
    if found is None:
        raise Refusal(10008)
    row = world.payloads.message(found)
    message.origin, message.flags = found, message.flags | HAS_SNAPSHOT
    message.snapshot = found.snapshot or {name: row[name] for name in _COPIED}
