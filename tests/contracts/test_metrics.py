"""Tests the ports SharedMetrics and Figures: what processes counted, and what the store holds."""

from adapters.storage.records.metrics import FRESH_S, RedisSharedMetrics
from adapters.storage.store import Store
from bot.ports import MAIL, ProcessMetrics
from tests.contracts.support.commits import HOUR, begun, record, tell


async def test_processes_share_what_they_counted_until_they_are_gone(store: Store, other: Store) -> None:
    clock = 1_000_000.0

    def now() -> float:
        return clock

    web, worker = RedisSharedMetrics(store.wire, now), RedisSharedMetrics(other.wire, now)
    await web.publish(ProcessMetrics(process="web-a", text="first"))
    await worker.publish(ProcessMetrics(process="worker-b", text="other"))
    await web.publish(ProcessMetrics(process="web-a", text="second"))
    assert [(each.process, each.text) for each in await worker.collect()] == [
        ("web-a", "second"),
        ("worker-b", "other"),
    ]
    clock += FRESH_S
    await worker.publish(ProcessMetrics(process="worker-b", text="later"))
    assert [each.process for each in await web.collect()] == ["worker-b"]


async def test_the_store_says_what_waits_and_since_when(store: Store) -> None:
    empty = await store.figures.figures()
    assert (empty.waiting, empty.dead_letters, empty.late_timers, empty.latest_timer) == ({}, 0, 0, 0)
    first = await record(store, tell(await begun(store), "a"))
    at = (await record(store, tell(first.conversation, "b"))).conversation
    shard = store.wire.keys.shard(at.id)
    hold = f"{shard.holds}{first.leases[0].lane}"
    since = int(await store.wire.ask("HGET", hold, "q"))
    assert since == first.conversation.changed_at
    await store.wire.ask("HSET", hold, "q", since - HOUR)  # as if the lane had waited for an hour
    found = await store.figures.figures()
    assert found.waiting == {"slack": 1}
    assert found.oldest["slack"] >= HOUR
    await store.outbox.bury(first.leases[0], "DMs closed", HOUR)
    found = await store.figures.figures()
    assert (found.waiting, found.dead_letters) == ({"slack": 1}, 1)
    assert found.oldest["slack"] >= HOUR, "the lane has had effects to send all the time"


async def test_a_timer_that_no_worker_rings_is_late(store: Store) -> None:
    at = await begun(store)
    seconds, _ = await store.wire.ask("TIME")
    alarms = store.wire.keys.shard(at.id).alarms
    await store.wire.ask("ZADD", alarms, int(seconds) * 1000 - HOUR, f"{at.id} nudge.1.g.1")
    found = await store.figures.figures()
    assert found.late_timers == 1
    assert found.latest_timer >= HOUR


async def test_email_that_waits_on_purpose_is_not_late(store: Store) -> None:
    done = await record(store, tell(await begun(store), "a", channel=MAIL))
    shard = store.wire.keys.shard(done.conversation.id)
    await store.wire.ask(
        "HSET", f"{shard.holds}{done.leases[0].lane}", "q", done.conversation.changed_at - HOUR
    )
    assert (await store.figures.figures()).oldest == {MAIL: 0}, "its first attempt has just begun"
    await store.outbox.give_back(done.leases[0], HOUR, unsent=True)
    found = await store.figures.figures()
    assert (found.waiting, found.oldest) == ({MAIL: 1}, {MAIL: 0})


async def test_email_that_its_server_did_not_take_is_late(store: Store) -> None:
    done = await record(store, tell(await begun(store), "a", channel="email"))
    shard = store.wire.keys.shard(done.conversation.id)
    since = done.conversation.changed_at - HOUR
    await store.wire.ask("HSET", f"{shard.holds}{done.leases[0].lane}", "q", since)
    await store.outbox.give_back(done.leases[0], HOUR, unsent=False)
    assert (await store.figures.figures()).oldest["email"] >= HOUR
