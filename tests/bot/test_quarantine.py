"""Tests that agents learn of damaged data: by a ticket if there is none, and by an internal note."""

from bot.ports import Quarantined
from bot.quarantine import EVERY_S, DamageReports, masked
from flows.conversation import Status
from flows.events import Noted
from flows.text.markup.words import plain
from tests.fakes.world import World


class Clock:
    """A clock in seconds that a test sets forward."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_damaged_timer_opens_a_ticket_for_its_conversation_once() -> None:
    world, clock = World(), Clock()
    at = await world.start()
    store = world.store
    await store.wire.ask("ZADD", store.wire.keys.shard(at.id).alarms, 0, f"{at.id} nudge.x.g.1")
    assert await store.alarms.due(60_000, 10) == ()
    reports = DamageReports(store.quarantine, store.conversations, world.app.receive, clock)
    for _ in range(3):
        await reports.tell()
        clock.now += EVERY_S
    now = await store.conversations.load(at.id)
    assert now is not None
    assert (now.status, now.reasons) == (Status.WAITING, ("damaged",))
    rows = await store.conversations.journal(at.id)
    assert sum(isinstance(row.event, Noted) for row in rows) == 1
    dossier = await world.app.reader.dossier(at.id)
    assert dossier is not None
    assert any("was damaged" in plain(line.quote or line.words) for line in dossier.lines)
    await world.close()


async def test_a_record_that_cannot_be_read_is_reported_to_the_operator_alone() -> None:
    world = World()
    at = await world.start()
    store = world.store
    await store.wire.ask("HSET", store.wire.keys.shard(at.id).records + at.id, "s", "?")
    reports = DamageReports(store.quarantine, store.conversations, world.app.receive, Clock())
    assert await world.app.queue.find(at.id) == at.id
    await reports.tell()
    assert [entry.told for entry in await store.quarantine.entries()] == [True]
    await world.close()


def test_content_is_masked_for_people() -> None:
    entry = Quarantined(id="1", kind="record", place="c:1", reason="?", raw="password: hunter2secret")
    assert "hunter2secret" not in masked(entry).raw
