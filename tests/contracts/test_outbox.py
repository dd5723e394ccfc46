"""Tests the ports Outbox and Backlog: lanes keep order, a lease has one holder, nothing is lost (L4, L5, L6)."""

import asyncio
import random
import time
from collections import defaultdict

import pytest

from adapters.storage.records.conversations import commit_call
from adapters.storage.store import Store
from bot.ports import Lease, PartialReceipt, Queued, Unsure
from flows.conversation import Conversation
from flows.effects import Retire, Tell
from tests.contracts.support.commits import HOUR, begun, due_at, follow, record, taken, tell
from tests.fakes.wait import until


async def test_a_commit_grants_its_lane_to_the_committer_and_to_nobody_else(
    store: Store, other: Store
) -> None:
    before = await begun(store)
    done = await record(store, tell(before, "a"))
    (lease,) = done.leases
    assert lease.lane == f"{before.id}/customer"
    assert (lease.channel, lease.attempts, lease.conversation) == ("slack", 1, before.id)
    assert await other.outbox.take(("slack",), HOUR, 10) == ()


async def test_a_lane_that_is_held_is_neither_granted_nor_moved_by_a_commit(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a"))
    due = await due_at(store, first.conversation)
    second = await record(store, tell(first.conversation, "b"))
    assert second.leases == ()
    assert await due_at(store, first.conversation) == due


async def test_a_lane_that_waits_for_a_rate_limit_is_neither_granted_nor_moved_by_a_commit(
    store: Store,
) -> None:
    first = await record(store, tell(await begun(store), "a"))
    await store.outbox.give_back(first.leases[0], HOUR, unsent=True)
    due = await due_at(store, first.conversation)
    second = await record(store, tell(first.conversation, "b"))
    assert second.leases == ()
    assert await due_at(store, first.conversation) == due
    assert await store.outbox.take(("slack",), HOUR, 10) == ()


async def test_the_holder_drains_the_lane_in_order_and_then_it_is_free(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a", words="one"))
    second = await record(store, tell(first.conversation, "b", words="two"))
    third = await record(store, tell(second.conversation, "c", words="three"))
    held: Lease | None = first.leases[0]
    said = []
    while held is not None:
        assert isinstance(held.effect, Tell)
        assert held.attempts == 1
        said.append(held.effect.words)
        held = await store.outbox.done(held, f"receipt of {held.effect.words}", HOUR)
    assert said == ["one", "two", "three"]
    assert await due_at(store, third.conversation) is None
    assert (await record(store, tell(third.conversation, "d"))).leases


async def test_a_lane_that_only_a_newer_version_can_read_is_left_where_it_is(store: Store) -> None:
    newer, known = [
        (await record(store, tell(await begun(store, f"slack/{door}"), "a"))).leases[0] for door in "xy"
    ]
    for lease in (newer, known):
        await store.outbox.give_back(lease, 0, unsent=True)
    shard = store.wire.keys.shard(newer.conversation)
    (entry,) = await store.wire.ask("LRANGE", shard.lanes + newer.lane, 0, -1)
    await store.wire.ask("LSET", shard.lanes + newer.lane, 0, entry.replace(" tell ", " sing "))
    assert [lease.lane for lease in await store.outbox.take(("slack",), HOUR, 10)] == [known.lane]
    assert await due_at(store, Conversation(id=newer.conversation)) is not None
    assert int(await store.wire.ask("HGET", shard.holds + newer.lane, "n")) == 0, "no attempt is counted"


async def test_done_extends_the_lease_for_what_comes_next(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a", lease=60_000))
    await record(store, tell(first.conversation, "b"))
    before = await due_at(store, first.conversation)
    await store.outbox.done(first.leases[0], "r", HOUR)
    after = await due_at(store, first.conversation)
    assert before is not None
    assert after is not None
    assert after > before + HOUR / 2


async def test_a_holder_extends_its_lease_until_another_takes_the_lane_over(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a", lease=1))
    assert await store.outbox.renew(first.leases[0], 1)
    taken_over = await taken(store)
    assert not await store.outbox.renew(first.leases[0], HOUR)
    assert await store.outbox.renew(taken_over, HOUR)
    due = await due_at(store, first.conversation)
    assert due is not None
    assert due > time.time() * 1000 + HOUR / 2


async def test_what_a_crash_left_is_taken_once_the_lease_has_run_out_and_counts_as_tried(
    store: Store,
) -> None:
    first = await record(store, tell(await begun(store), "a", lease=1))
    lease = await taken(store)
    assert lease.effect == first.leases[0].effect
    assert lease.attempts == 2
    assert lease.token != first.leases[0].token


async def test_of_twenty_workers_exactly_one_gets_a_lane(store: Store, other: Store) -> None:
    before = [await begun(store, door=f"slack/{n}") for n in range(20)]
    for each in before:
        await record(store, tell(each, "a", lease=1))
    for each in before:
        await until(lambda each=each: is_due(store, each))  # type: ignore[misc] # mypy wants no defaults in a lambda
    lanes: list[str] = []
    while len(lanes) < len(before):
        takes = await asyncio.gather(*(each.outbox.take(("slack",), HOUR, 7) for each in [store, other] * 10))
        assert max(len(leases) for leases in takes) in range(1, 8)
        lanes += [lease.lane for leases in takes for lease in leases]
    assert sorted(lanes) == sorted(f"{each.id}/customer" for each in before)


async def is_due(store: Store, conversation: Conversation) -> bool:
    seconds, microseconds = await store.wire.ask("TIME") if await one_clock(store) else (time.time(), 0)
    score = await due_at(store, conversation)
    return score is not None and score < int(seconds) * 1000 + int(microseconds) / 1000


async def one_clock(store: Store) -> bool:
    """Return whether the server has one clock. A cluster has one per node, and all agree on one machine."""
    return not hasattr(store.wire.client, "get_primaries")


async def test_a_holder_whose_lane_was_taken_over_changes_nothing(store: Store, other: Store) -> None:
    first = await record(store, tell(await begun(store), "a", lease=1))
    await record(store, tell(first.conversation, "b"))
    late = first.leases[0]
    new = await taken(other)
    due = await due_at(store, first.conversation)
    assert await store.outbox.done(late, "late", HOUR) is None
    assert await store.outbox.bury(late, "late", HOUR) is None
    await store.outbox.give_back(late, 0, unsent=True)
    assert await store.backlog.buried() == ()
    assert await due_at(store, first.conversation) == due
    with pytest.raises(Unsure):
        await store.outbox.receipt(first.conversation.id, late.effect.id)
    following = await other.outbox.done(new, PartialReceipt.without("in time", ["a.txt"]), HOUR)
    assert following is not None
    assert following.effect != new.effect
    assert await store.outbox.done(late, "later still", HOUR) is None
    receipt = await store.outbox.receipt(first.conversation.id, late.effect.id)
    assert receipt == "in time"
    assert isinstance(receipt, PartialReceipt)
    assert receipt.reason == "files a.txt"


async def test_a_late_holder_cannot_remove_what_came_after(store: Store, other: Store) -> None:
    first = await record(store, tell(await begun(store), "a", lease=1))
    late = first.leases[0]
    assert await other.outbox.done(await taken(other), "r", HOUR) is None
    second = await record(other, tell(first.conversation, "b"))
    assert await store.outbox.done(late, "late", HOUR) is None
    assert [letter.effect for letter in await store.backlog.waiting()] == [second.leases[0].effect]


async def test_a_lane_given_back_comes_again_and_tells_whether_anything_may_have_been_sent(
    store: Store,
) -> None:
    first = await record(store, tell(await begun(store), "a"))
    await store.outbox.give_back(first.leases[0], 0, unsent=True)
    again = await taken(store)
    assert again.attempts == 1
    await store.outbox.give_back(again, 0, unsent=False)
    assert (await taken(store)).attempts == 2


async def test_a_lane_given_back_for_a_while_waits_that_long(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a"))
    await store.outbox.give_back(first.leases[0], HOUR, unsent=True)
    assert await store.outbox.take(("slack",), HOUR, 10) == ()
    (letter,) = await store.backlog.waiting()
    assert letter.at > first.conversation.changed_at + HOUR / 2
    assert letter.attempts == 0


async def test_only_lanes_of_the_channels_asked_for_are_taken(store: Store) -> None:
    slack = await record(store, tell(await begun(store), "a", lease=1))
    discord = await record(store, tell(await begun(store, door="d"), "a", channel="discord", lease=1))
    for done, channel in ((slack, "slack"), (discord, "discord")):
        (lease,) = await until(lambda channel=channel: store.outbox.take((channel,), HOUR, 10))  # type: ignore[misc] # as above
        assert lease.conversation == done.conversation.id
    assert await store.outbox.take((), HOUR, 10) == ()
    assert await store.outbox.take(("slack",), HOUR, 0) == ()


async def test_when_the_place_changes_the_lane_moves_on_to_the_other_channel_in_order(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a"))
    await record(store, tell(first.conversation, "b", channel="discord"))
    assert await store.outbox.take(("discord",), HOUR, 10) == ()
    assert await store.outbox.done(first.leases[0], "r", HOUR) is None
    assert await store.outbox.take(("slack",), HOUR, 10) == ()
    (lease,) = await until(lambda: store.outbox.take(("discord",), HOUR, 10))
    assert (lease.channel, lease.attempts) == ("discord", 1)


async def test_edits_have_a_lane_of_their_own(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a"))
    edit = Queued(
        lane=f"{first.conversation.id}/customer/edits", channel="slack", effect=Retire(id="e", of="x")
    )
    second = await record(store, follow(first.conversation, "b", queued=(edit,)))
    assert [lease.lane for lease in second.leases] == [edit.lane]


async def test_done_said_twice_after_a_lost_answer_gives_the_same_answer(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a"))
    await record(store, tell(first.conversation, "b"))
    once = await store.outbox.done(first.leases[0], "r", HOUR)
    again = await store.outbox.done(first.leases[0], "r", HOUR)
    assert once == again
    assert once is not None


async def test_a_commit_sent_twice_after_a_lost_answer_still_holds_its_lanes(store: Store) -> None:
    call = commit_call(store.wire, tell(await begun(store), "a"), "our-token")
    outcome, *_, granted = await store.wire.run(call)
    assert outcome == "committed"
    outcome, *_, again = await store.wire.run(call)
    assert (outcome, again) == ("repeated", granted)
    assert granted


async def test_a_repeat_by_somebody_else_holds_nothing(store: Store, other: Store) -> None:
    commit = tell(await begun(store), "a")
    assert (await record(store, commit)).leases
    assert (await other.conversations.commit(commit)).leases == ()


async def test_every_lane_is_carried_out_in_order_whoever_carries_it(store: Store, other: Store) -> None:
    """Forty conversations, two processes that commit, and four workers that fail, are slow and lose leases."""
    chance = random.Random(7)
    begins = [await begun(store, door=f"slack/{n}") for n in range(20)]
    wanted = {each.id: [f"w{n}" for n in range(8)] for each in begins}
    arrived: dict[str, list[str]] = defaultdict(list)

    async def walk(at: Conversation, mine: Store) -> None:
        for words in wanted[at.id]:
            done = await record(mine, tell(at, words, words=words, lease=chance.choice((1, 30))))
            at = done.conversation
            for lease in done.leases:
                if chance.random() < 0.5:
                    await carry(mine, lease)
                elif chance.random() < 0.5:
                    await mine.outbox.give_back(lease, chance.randint(0, 5), unsent=chance.random() < 0.5)

    async def carry(mine: Store, held: Lease | None) -> None:
        while held is not None:
            assert isinstance(held.effect, Tell)
            if held.effect.words not in arrived[held.conversation]:
                arrived[held.conversation].append(held.effect.words)
            if chance.random() < 0.1:
                return  # a crash after sending
            held = await mine.outbox.done(held, "r", chance.choice((1, 30)))

    async def work(mine: Store) -> None:
        while await store.backlog.waiting() or not all(walk.done() for walk in walks):
            for lease in await mine.outbox.take(("slack",), chance.choice((1, 30)), 3):
                await carry(mine, lease)

    async with asyncio.timeout(60):
        async with asyncio.TaskGroup() as group:
            walks = [
                group.create_task(walk(at, mine))
                for at, mine in zip(begins, [store, other] * 10, strict=True)
            ]
            for mine in (store, other, store, other):
                group.create_task(work(mine))
    assert arrived == wanted
