"""Says where a person's own conversation can take place: by the kind of the channel, and by what the bot may do."""

from typing import Final

import discord

from adapters.discord.inbound.events import Acted
from adapters.discord.render.texts import said

NEWS_THREAD, PUBLIC, PRIVATE = 10, 11, 12
"""Types of threads; those of announcement channels have a type of their own."""

NEEDED: Final = {
    NEWS_THREAD: ("send_messages", "create_public_threads", "send_messages_in_threads"),
    PUBLIC: ("create_public_threads", "send_messages_in_threads"),
    PRIVATE: ("create_private_threads", "send_messages_in_threads"),
}
"""Permissions that a thread of that type needs, by the library's names."""


def kind_of_thread(acted: Acted, *, public: bool) -> int | None:
    """Return the type of thread to open there; None for a private one in an announcement channel, which has none."""
    if acted.news:
        return NEWS_THREAD if public else None
    return PUBLIC if public else PRIVATE


def missing(may: int, kind: int | None) -> str:
    """Say why no such thread can be opened; '' if it can, or if Discord did not say what the bot may do."""
    if kind is None:
        return said("only_announcements")
    if not may:
        return ""
    permissions = discord.Permissions(may)
    lacking = [name for name in NEEDED[kind] if not getattr(permissions, name)]
    names = " and ".join(name.replace("_", " ").title() for name in lacking)
    return said("lacks", missing=names, count=len(lacking)) if lacking else ""
