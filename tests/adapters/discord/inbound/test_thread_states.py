"""Tests the rule that says whether a person closed a thread, or Discord's clock did."""

from collections.abc import Iterable

import pytest

from adapters.discord.api.addresses import Place, since
from adapters.discord.inbound.thread_states import (
    AuditEntry,
    ThreadState,
    archivers,
    thread_state,
    what_became,
)
from flows.event_parts import How

WRITTEN_MS = 1_780_000_000_000
HOUR_MS = 3_600_000
ANA, BOT, MO = "11", "22", "33"


def state(
    archived_ms: int, *, archived: bool = True, locked: bool = False, idle_ms: int = HOUR_MS, owner: str = ANA
) -> ThreadState:
    where = {"place": Place(guild="1", channel="2", thread="3"), "active_ms": WRITTEN_MS, "idle_ms": idle_ms}
    what = {"archived": archived, "locked": locked, "archived_ms": archived_ms, "owner": owner}
    return ThreadState.model_validate({**where, **what})


EARLY, LATE = WRITTEN_MS + HOUR_MS - 1, WRITTEN_MS + HOUR_MS


@pytest.mark.parametrize(
    ("thread", "entries", "how"),
    [
        (state(EARLY), [], "closed"),
        (state(EARLY, owner=BOT), [], "moderated"),
        (state(LATE, owner=BOT), [], None),
        (state(LATE), [], None),
        (state(LATE, idle_ms=0), [], None),
        (state(0), [], None),
        (state(LATE), [(ANA, LATE)], "closed"),
        (state(EARLY), [(MO, EARLY + 900)], "moderated"),
        (state(EARLY), [(BOT, EARLY)], None),
        (state(LATE), [(ANA, LATE - 2 * HOUR_MS)], None),
        (state(LATE), [(MO, LATE - 2 * HOUR_MS), (ANA, LATE)], "closed"),
        (state(EARLY, locked=True), [], "locked"),
        (state(EARLY, locked=True, archived=False), [], "locked"),
        (state(EARLY, archived=False), [], "open"),
    ],
)
def test_a_person_closes_a_thread_early_or_by_the_audit_log(
    thread: ThreadState, entries: Iterable[tuple[str, int]], how: How | None
) -> None:
    log = [AuditEntry(user=user, at_ms=at_ms) for user, at_ms in entries]
    assert what_became(thread, log, {ANA}, BOT) == how


def test_a_thread_and_its_entries_are_read_as_discord_writes_them() -> None:
    moment = "2026-05-28T20:26:40.000000+00:00"
    details = {"archived": True, "locked": False, "auto_archive_duration": 60, "archive_timestamp": moment}
    ids = {"id": since(WRITTEN_MS - HOUR_MS), "guild_id": "1", "parent_id": "2", "owner_id": BOT}
    data = {**ids, "thread_metadata": details}
    read = thread_state({**data, "last_message_id": since(WRITTEN_MS)})
    assert read is not None
    assert (read.archived, read.active_ms, read.idle_ms, read.owner) == (True, WRITTEN_MS, HOUR_MS, BOT)
    assert read.archived_ms == WRITTEN_MS
    assert (thread_state({"id": "5", "guild_id": "1"}), thread_state({})) == (None, None)
    change = {"key": "archived", "old_value": False, "new_value": True}
    entry = {"id": since(LATE), "target_id": "3", "user_id": ANA, "action_type": 111, "changes": [change]}
    opened = {**entry, "changes": [{"key": "archived", "old_value": True, "new_value": False}]}
    log = {"audit_log_entries": [opened, {**entry, "target_id": "4"}, entry, {}, None]}
    assert archivers(log, "3") == (AuditEntry(user=ANA, at_ms=LATE),)
    assert archivers({"audit_log_entries": "none"}, "3") == ()
