"""Tests that the keys of a conversation expire together, and that all keys of a script share a slot."""

from collections.abc import Sequence
from typing import Any

from redis.crc import key_slot

from adapters.storage.store import Store
from adapters.storage.wire import ScriptCall
from bot.ports import Account, Lease, Queued, Rate
from flows.conversation import Conversation
from flows.effects import Retire
from tests.contracts.support.commits import (
    all_keys,
    armed,
    ask,
    begun,
    follow,
    record,
    resolved,
    start,
    taken,
    tell,
    ticketed,
)
from tests.contracts.test_lookups import FLOW
from tests.fakes.wait import until

HOUR = 3_600_000


async def everything(store: Store) -> Conversation:
    """Fill a store with every kind of data: conversations, tickets, timers, lanes in every state, dead letters."""
    at = (await record(store, start(words="it is dark", findable=True))).conversation
    done = await record(store, ask(at, "a", words="still dark", timers=armed(at, "nudge", HOUR)))
    (at, lease) = (done.conversation, done.leases[0])
    at = (await record(store, tell(at, "b"))).conversation
    following = await store.outbox.done(lease, "receipt", HOUR)
    assert isinstance(following, Lease)
    await store.outbox.bury(following, "no", HOUR)
    at = (await record(store, ticketed(at, "c"))).conversation
    again = await record(store, tell(at, "d"))
    await store.outbox.give_back(again.leases[0], 0, unsent=True)
    await taken(store)
    edit = Queued(lane=f"{at.id}/customer/edits", channel="slack", effect=Retire(id="e", of="x"))
    at = (await record(store, follow(again.conversation, "e", queued=(edit,)))).conversation
    ended = await begun(store, door="elsewhere")
    ended = (await record(store, ticketed(ended, "person"))).conversation
    await record(store, resolved(ended, "fixed"))
    ringing = await begun(store, door="third")
    await record(store, follow(ringing, "a", timers=armed(ringing)))
    (rang,) = await until(lambda: store.alarms.due(HOUR, 10))
    await store.alarms.dismiss(rang)
    await store.revisions.keep(FLOW)
    await store.vault.take(await store.vault.put("text", 60))
    await store.vault.put("text", 60)
    await store.vault.secret("web")
    await store.limiter.wait_for("ana", 10)
    rate = Rate(name="posts", per_minute=60, at_once=1)
    await store.limiter.reserve("T1", "sent", (rate,))
    assert await store.limiter.reserve("T1", "waits", (rate,)) > 0
    await store.limiter.hold("T1", rate, 1)
    await store.marks.first("offered", 60)
    await store.marks.put("off in C1")
    await store.accounts.put(Account(id="a", name="Ana", role="agent"))
    await store.places.note("slack:ana", at.id, 5)
    await store.unmatched.count("no guide has this")
    await store.wire.ask("ZADD", store.wire.shards[0].alarms, 0, "damaged")
    await store.alarms.due(HOUR, 10)
    return at


async def test_every_key_of_a_conversation_lives_as_long_as_the_others(store: Store) -> None:
    at = await everything(store)
    mine = [key async for key in all_keys(store) if at.id in key]
    assert len(mine) >= 8
    for key in mine:
        assert store.wire.keep - 60 <= await store.wire.ask("TTL", key) <= store.wire.keep, key


async def test_a_commit_gives_a_conversation_its_full_time_again_once_a_day(store: Store) -> None:
    at = (await record(store, start(words="dark"))).conversation
    shard = store.wire.keys.shard(at.id)
    mine = [key async for key in all_keys(store) if at.id in key or key.startswith(shard.doors)]
    assert len(mine) == 5
    for age_hours, renewed in ((12, False), (25, True), (24 * 89, True)):
        left = store.wire.keep - age_hours * 3600
        for key in mine:
            await store.wire.ask("EXPIRE", key, left)
        at = (await record(store, follow(at, f"after {age_hours} hours"))).conversation
        for key in mine:
            assert (await store.wire.ask("TTL", key) > left) is renewed, (key, age_hours)


async def test_a_conversation_that_is_kept_for_a_few_days_loses_at_most_an_eighth_of_them(
    store: Store,
) -> None:
    store.wire.keep = store.wire.keep_unanswered = 16 * 3600
    at = await begun(store)
    key = store.wire.keys.shard(at.id).records + at.id
    seen = store.wire.keys.shard(at.id).seen + at.id
    for age_hours, renewed in ((1, False), (3, True)):
        for name in (key, seen):
            await store.wire.ask("EXPIRE", name, store.wire.keep - age_hours * 3600)
        at = (await record(store, follow(at, f"after {age_hours} hours"))).conversation
        left = await store.wire.ask("TTL", key)
        assert (left > store.wire.keep - age_hours * 3600) is renewed, age_hours


async def test_a_key_that_is_made_anew_is_forgotten_with_the_others(store: Store) -> None:
    at = (await record(store, start(words="dark"))).conversation
    shard = store.wire.keys.shard(at.id)
    for number, stem in enumerate((shard.journals, shard.seen, shard.words)):
        await store.wire.ask("DEL", stem + at.id)
        at = (await record(store, follow(at, f"{number}", words="dark"))).conversation
        assert store.wire.keep - 60 <= await store.wire.ask("TTL", stem + at.id) <= store.wire.keep, stem


async def test_a_forgotten_conversation_leaves_its_door_free_and_no_timer_or_lane_that_harms(
    store: Store,
) -> None:
    at = await everything(store)
    async for key in all_keys(store):
        if at.id in key:
            await store.wire.ask("DEL", key)
    assert await store.conversations.load(at.id) is None
    assert (await store.conversations.commit(start(key="another"))).outcome == "committed"
    await store.outbox.take(("slack",), HOUR, 100)
    assert all(letter.conversation != at.id for letter in await store.backlog.waiting())


class Watched:
    """Records the keys of every script that runs."""

    def __init__(self, store: Store) -> None:
        self.calls: list[ScriptCall] = []
        run, run_all = store.wire.run, store.wire.run_all

        async def watched(call: ScriptCall) -> Any:
            self.calls.append(call)
            return await run(call)

        async def all_watched(calls: Sequence[ScriptCall]) -> list[Any]:
            self.calls += calls
            return await run_all(calls)

        store.wire.run, store.wire.run_all = watched, all_watched  # type: ignore[method-assign] # to look on


async def test_all_keys_of_every_script_are_in_one_slot(store: Store) -> None:
    """The stems count, too. The strict cluster of this suite refuses foreign keys that a script makes of a stem."""
    watched = Watched(store)
    at = await everything(store)
    await store.backlog.waiting()
    await store.board.look()
    await store.board.ended(0, 9)
    await store.board.correct(at.id)
    (letter,) = await store.backlog.buried()
    await store.backlog.retry(letter.effect.id)
    (damaged,) = await store.quarantine.entries()
    await store.quarantine.mark_told(damaged)
    assert await store.quarantine.retry(damaged.id)
    for call in watched.calls:
        assert len({key_slot(key.encode()) for key in call.keys}) == 1, call.keys
    names = {call.script.text.split("\n", 1)[0] for call in watched.calls}
    assert len(names) == 19, "a script was not run here"
    mine = [key async for key in all_keys(store) if at.id in key]
    assert {key_slot(key.encode()) for key in mine} == {
        key_slot(store.wire.keys.shard(at.id).records.encode())
    }


async def test_two_prefixes_on_one_server_know_nothing_of_each_other(store: Store) -> None:
    at = await begun(store)
    other = Store(store.wire.client, prefix=f"{store.wire.keys.prefix}x")
    assert await other.conversations.load(at.id) is None
    assert (await other.conversations.commit(start())).outcome == "committed"
