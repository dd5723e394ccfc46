"""Tests the port Quarantine: what is damaged is set aside, its lane goes on, and it can be put back or deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from redis.exceptions import ResponseError

from adapters.storage.keys import short
from adapters.storage.records.conversations import commit_call
from adapters.storage.store import Store
from adapters.storage.uploads import ENTRY
from bot.ports import ALL_FILES, Commit, Damaged, Upload
from flows.conversation import Conversation
from flows.effects import Tell
from flows.events import File
from tests.contracts.support.commits import begun, follow, record, start, tell, ticketed
from tests.fakes.wait import until

HOUR = 3_600_000


async def test_a_lane_goes_on_behind_a_damaged_entry_which_can_be_put_back(store: Store) -> None:
    at = await begun(store)
    done = await record(store, tell(at, "a"))
    await store.outbox.give_back(done.leases[0], 0, unsent=True)
    await record(store, tell(done.conversation, "b"))
    shard = store.wire.keys.shard(at.id)
    (lease,) = done.leases
    whole = await store.wire.ask("LINDEX", shard.lanes + lease.lane, 0)
    await store.wire.ask("LSET", shard.lanes + lease.lane, 0, "\udcff{no")
    assert await store.outbox.take(["slack"], HOUR, 10) == ()
    (entry,) = await store.quarantine.entries()
    assert (entry.kind, entry.conversation, entry.moved, entry.told) == ("lane entry", at.id, True, False)
    assert entry.raw == "\ufffd{no"
    (following,) = await until(lambda: store.outbox.take(["slack"], HOUR, 10))
    assert isinstance(following.effect, Tell)
    assert following.attempts == 1
    assert await store.outbox.done(following, "r", HOUR) is None
    assert await store.quarantine.retry(entry.id)
    assert await store.wire.ask("LRANGE", shard.lanes + lease.lane, 0, -1) == ["\udcff{no"]
    assert await store.quarantine.entries() == ()
    await store.wire.ask("LSET", shard.lanes + lease.lane, 0, whole)
    assert len(await until(lambda: store.outbox.take(["slack"], HOUR, 10))) == 1


async def test_what_a_newer_release_wrote_stays_where_it_is(store: Store) -> None:
    at = await begun(store)
    done = await record(store, tell(at, "a"))
    await store.outbox.give_back(done.leases[0], 0, unsent=True)
    lane = store.wire.keys.shard(at.id).lanes + done.leases[0].lane
    for newer in ('x1 sing slack {"song": 1}', 'x1 tell slack {"words": "nudge", "aloud": true}'):
        await store.wire.ask("LSET", lane, 0, newer)
        await store.outbox.take(["slack"], HOUR, 10)
        assert await store.wire.ask("LRANGE", lane, 0, -1) == [newer]
        assert await store.quarantine.entries() == ()


async def test_the_same_damage_is_counted_once_however_often_it_is_read(store: Store, other: Store) -> None:
    at = await begun(store)
    await store.wire.ask("HSET", store.wire.keys.shard(at.id).records + at.id, "s", "?")
    for each in (store, other, store):
        with pytest.raises(Damaged):
            await each.conversations.load(at.id)
    (entry,) = await other.quarantine.entries()
    assert (entry.kind, entry.conversation, entry.moved) == ("record", at.id, False)
    await store.quarantine.mark_told(entry)
    assert [each.told for each in await store.quarantine.entries()] == [True]


async def test_a_customer_whose_record_is_damaged_can_start_anew_at_the_same_door(store: Store) -> None:
    at = await begun(store)
    await store.wire.ask("HSET", store.wire.keys.shard(at.id).records + at.id, "v", "many")
    anew = await store.conversations.commit(start(key="again"))
    assert anew.outcome == "committed"
    assert anew.conversation.id != at.id


async def test_a_key_of_another_type_is_set_aside_whole_and_its_index_made_anew(store: Store) -> None:
    at = await begun(store)
    shard = store.wire.keys.shard(at.id)
    await store.wire.ask("DEL", shard.guiding)
    await store.wire.ask("SET", shard.guiding, "\udcfe\x00 ...", "EX", 1000)
    listed = await store.board.guiding(0, 10)
    assert [line.conversation for line in listed.lines] == [at.id]
    (entry,) = await store.quarantine.entries()
    assert entry.reason == "it is a string, not a zset"
    assert not await store.quarantine.retry(entry.id), "its place is taken"
    await store.wire.ask("DEL", shard.guiding)
    assert await store.quarantine.retry(entry.id)
    assert await store.wire.ask("GET", shard.guiding) == "\udcfe\x00 ..."
    assert 0 < await store.wire.ask("TTL", shard.guiding) <= 1000


async def test_what_is_outside_the_shards_is_set_aside_too_and_put_back(store: Store) -> None:
    await store.wire.ask("HSET", store.wire.keys.accounts, "a1", "{}")
    assert await store.accounts.all() == ()
    (entry,) = await store.quarantine.entries()
    assert (entry.kind, entry.raw) == ("account", "{}")
    assert await store.quarantine.retry(entry.id)
    assert await store.wire.ask("HGET", store.wire.keys.accounts, "a1") == "{}"
    assert await store.accounts.get("a1") is None
    (entry,) = await store.quarantine.entries()
    assert await store.quarantine.discard(entry.id)
    assert not await store.quarantine.discard(entry.id)
    assert await store.wire.ask("HGETALL", store.wire.keys.accounts) in ({}, [])


async def test_of_a_scripts_keys_only_those_of_a_wrong_type_are_set_aside(store: Store) -> None:
    at = await begun(store)
    files, times, used = store.wire.keys.uploads
    for name in ("a", "b"):
        file = File(id=name, name=name, kind="x/y", size=1, at=f"kept||{at.id}")
        await store.kept.hold([Upload(file=file, content=b"a")], {ALL_FILES: 10_000})
        await store.wire.ask("DEL", times)
        await store.wire.ask("SET", times, "?")
    assert [entry.place for entry in await store.quarantine.entries()] == [times]
    assert int(await store.wire.ask("HGET", used, ALL_FILES)) == 2 * (1 + ENTRY)
    assert set(await store.wire.ask("HKEYS", files)) == {"a", "b"}


async def test_several_keys_of_a_wrong_type_stop_no_commit(store: Store) -> None:
    at = await begun(store)
    shard = store.wire.keys.shard(at.id)
    for key in (shard.alarms, shard.guiding):
        await store.wire.ask("DEL", key)
        await store.wire.ask("SET", key, "?")
    await record(store, tell(at, "a"))
    assert {entry.kind for entry in await store.quarantine.entries()} == {"alarms", "guiding"}


@pytest.mark.parametrize("follows", [follow, ticketed], ids=["an answer", "a ticket"])
async def test_a_journal_of_another_type_is_set_aside_before_anything_is_written(
    store: Store, follows: Callable[[Conversation, str], Commit]
) -> None:
    """The journal is written first, and its failure must leave nothing of the commit behind."""
    at = await begun(store)
    shard = store.wire.keys.shard(at.id)
    before = await store.wire.ask("HGETALL", shard.records + at.id)
    await store.wire.ask("SET", shard.journals + at.id, "no list")
    assert (await unmended(store, follows(at, "a"))).startswith("WRONGTYPE")
    assert await store.wire.ask("HGETALL", shard.records + at.id) == before
    assert await store.wire.ask("HEXISTS", shard.seen + at.id, short("a")) == 0
    assert await store.wire.ask("GET", shard.counter) is None
    done = await record(
        store, follows(at, "a")
    )  # the journal is set aside and made anew, and the commit repeated
    assert done.conversation.version == 2
    assert len(await store.wire.ask("LRANGE", shard.journals + at.id, 0, -1)) == 2
    assert store.wire.keep - 60 <= await store.wire.ask("TTL", shard.journals + at.id) <= store.wire.keep
    (entry,) = await store.quarantine.entries()
    assert (entry.conversation, entry.moved) == (at.id, True)


async def unmended(store: Store, commit: Commit) -> str:
    """Return the error of a commit's script when nothing mends what is damaged."""
    mend, store.wire.mend = store.wire.mend, None
    try:
        with pytest.raises(ResponseError) as refused:
            await store.wire.run(commit_call(store.wire, commit, "token"))
    finally:
        store.wire.mend = mend
    return str(refused.value)


async def test_what_changed_since_it_was_read_stays(store: Store) -> None:
    for key in (store.wire.keys.accounts, store.wire.shards[0].board):
        await store.wire.ask("HSET", key, "a1", "written meanwhile")
        await store.quarantine.field(key, "entry", "a1", "{}", "?")
        assert await store.wire.ask("HGET", key, "a1") == "written meanwhile"


async def test_a_key_outside_the_shards_is_put_back_unless_a_new_one_is_there(store: Store) -> None:
    key = store.wire.keys.contact("web:ana")
    await store.wire.ask("SET", key, "\udcfe ?", "EX", 1000)
    assert await store.places.of("web:ana", 10) == ()
    (entry,) = await store.quarantine.entries()
    assert await store.wire.ask("EXISTS", key) == 0
    await store.places.note("web:ana", "07aaaaaaaaaaaaaaaa", 1)
    assert not await store.quarantine.retry(entry.id)
    await store.wire.ask("DEL", key)
    assert await store.quarantine.retry(entry.id)
    assert await store.wire.ask("GET", key) == "\udcfe ?"
    assert 0 < await store.wire.ask("TTL", key) <= 1000


async def test_a_damaged_key_that_goes_meanwhile_is_no_error(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = store.wire.keys.contact("web:ana")
    await store.wire.ask("SET", key, "?")
    ask = store.wire.client.execute_command

    async def going(*command: Any, **options: Any) -> Any:
        if command[0] == "DUMP":
            await ask("DEL", key)
        return await ask(*command, **options)

    monkeypatch.setattr(store.wire.client, "execute_command", going)
    assert await store.places.of("web:ana", 10) == ()
    assert await store.quarantine.entries() == ()


async def test_a_quarantine_of_another_type_becomes_an_entry_of_the_next_one(store: Store) -> None:
    at = await begun(store)
    shard = store.wire.keys.shard(at.id)
    await store.wire.ask("SET", shard.quarantine, "\udcfe\x00 ...")
    assert (await store.figures.figures()).quarantined == 1
    (entry,) = await store.quarantine.entries()
    assert (entry.kind, entry.place) == ("quarantine", shard.quarantine)
    assert entry.reason == "it is a string, not a hash"
    await store.wire.ask("HSET", shard.records + at.id, "s", "?")
    with pytest.raises(Damaged):
        await store.conversations.load(at.id)
    assert {each.kind for each in await store.quarantine.entries()} == {"quarantine", "record"}
    assert (await store.figures.figures()).quarantined == 2
    assert not await store.quarantine.retry(entry.id), "its place is taken"
    assert await store.quarantine.discard(entry.id)
    assert [each.kind for each in await store.quarantine.entries()] == ["record"]


async def test_what_is_damaged_is_set_aside_though_the_quarantine_is_damaged_itself(store: Store) -> None:
    at = await begun(store)
    shard = store.wire.keys.shard(at.id)
    await store.wire.ask("SET", shard.quarantine, "?")
    await store.wire.ask("HSET", shard.records + at.id, "s", "?")
    with pytest.raises(Damaged):
        await store.conversations.load(at.id)
    await store.wire.ask("DEL", shard.quarantine)
    await store.wire.ask("SET", shard.quarantine, "?")
    await store.wire.ask("ZADD", shard.alarms, 1, "odd")
    await store.quarantine.member(shard.alarms, "timer", "odd", "odd")
    assert await store.wire.ask("ZCARD", shard.alarms) == 0
    assert {each.kind for each in await store.quarantine.entries()} == {"quarantine", "timer"}
