"""Reads the state of a thread or post, and decides whether a person or Discord's clock closed it. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from adapters.discord.api.addresses import Place, made
from adapters.discord.api.payload import Json, inner, number, rows, snowflake, text
from flows.event_parts import How
from flows.values import Frozen

CHANGED: Final = 111
"""The audit log's type of an entry about a changed thread."""

TOGETHER_MS: Final = 60_000
"""Milliseconds between an archive's time and its entry in the audit log, at most."""

MINUTE_MS: Final = 60_000


class ThreadState(Frozen):
    """A thread's state. Times are milliseconds since 1970: the last change of `archived`, and the last message.

    `idle_ms` is the silence after which Discord archives the thread. `owner` opened it, and may close it.
    """

    place: Place
    owner: str = ""
    archived: bool = False
    locked: bool = False
    archived_ms: int = 0
    active_ms: int = 0
    idle_ms: int = 0


class AuditEntry(Frozen):
    """An entry of the audit log: who archived the thread, and when."""

    user: str
    at_ms: int


def thread_state(data: Json) -> ThreadState | None:
    """Read a thread from its event, or as Discord returns it; None for a channel that is no thread."""
    thread, details = snowflake(data, "id"), inner(data, "thread_metadata")
    if not thread or not details:
        return None
    return ThreadState(
        place=Place(guild=snowflake(data, "guild_id"), channel=snowflake(data, "parent_id"), thread=thread),
        owner=snowflake(data, "owner_id"),
        archived=details.get("archived") is True,
        locked=details.get("locked") is True,
        archived_ms=_moment_ms(text(details, "archive_timestamp")),
        active_ms=max(made(thread), made(snowflake(data, "last_message_id"))),
        idle_ms=number(details, "auto_archive_duration") * MINUTE_MS,
    )


def archivers(data: Json, thread: str) -> tuple[AuditEntry, ...]:
    """Read from the audit log who archived the thread, newest first."""
    return tuple(
        AuditEntry(user=snowflake(entry, "user_id"), at_ms=made(snowflake(entry, "id")))
        for entry in rows(data, "audit_log_entries")
        if snowflake(entry, "target_id") == thread and any(map(_archives, rows(entry, "changes")))
    )


def what_became(
    thread: ThreadState, entries: Iterable[AuditEntry], customers: Collection[str], bot: str
) -> How | None:
    """Return what a person did to the thread; None if Discord archived it for inactivity, or the bot did.

    The audit log names the person, if the bot may read it (else there are no entries). Without it the time tells: only
    a person archives a thread before it was inactive for the time that its setting allows. That may be its owner or a
    moderator: in a thread that the bot opened it is a moderator, in the customer's own it is taken for the customer.
    """
    if thread.locked:
        return "locked"
    if not thread.archived:
        return "open"
    near = (each.user for each in entries if abs(each.at_ms - thread.archived_ms) <= TOGETHER_MS)
    by = next(near, "")
    if by:
        return None if by == bot else "closed" if by in customers else "moderated"
    early = 0 < thread.archived_ms < thread.active_ms + thread.idle_ms
    if not early:
        return None
    return "closed" if not thread.owner or thread.owner in customers else "moderated"


def _archives(change: Json) -> bool:
    return change.get("key") == "archived" and change.get("new_value") is True


def _moment_ms(written: str) -> int:
    try:
        return max(0, int(datetime.fromisoformat(written).timestamp() * 1000))
    except (ValueError, OverflowError, OSError):
        return 0
