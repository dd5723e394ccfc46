"""Tests the port Alarms: a commit arms a timer, which rings for one caller and stays dismissed (law L10)."""

import asyncio

from adapters.storage.store import Store
from bot.ports import Armed
from flows.conversation import Conversation
from tests.contracts.support.commits import armed, ask, begun, follow, record, start
from tests.fakes.wait import until

HOUR = 3_600_000


async def ring_at(store: Store, conversation: Conversation) -> dict[str, float]:
    """Return when each timer of the conversation rings, by kind."""
    found = await store.wire.ask("ZRANGE", store.wire.keys.shard(conversation.id).alarms, 0, -1, "WITHSCORES")
    flat = found if not found or isinstance(found[0], str) else [part for pair in found for part in pair]
    names = dict(zip(flat[::2], flat[1::2], strict=True))
    return {
        name.split(" ")[1].split(".")[0]: float(score)
        for name, score in names.items()
        if name.startswith(conversation.id)
    }


async def test_a_timer_rings_with_what_it_guards(store: Store) -> None:
    done = await record(store, start(timers=(Armed(kind="nudge", turn=1, status="guiding", after=0),)))
    (rang,) = await until(lambda: store.alarms.due(HOUR, 10))
    assert (rang.conversation, rang.kind, rang.turn, rang.status) == (
        done.conversation.id,
        "nudge",
        1,
        "guiding",
    )
    assert rang.actor == "timer"
    assert rang.key


async def test_a_timer_rings_when_its_delay_is_over_by_the_stores_clock_and_not_before(store: Store) -> None:
    done = await record(store, start(timers=(Armed(kind="close", turn=1, status="guiding", after=HOUR),)))
    assert await store.alarms.due(HOUR, 10) == ()
    assert await ring_at(store, done.conversation) == {"close": done.conversation.changed_at + HOUR}


async def test_of_fifty_callers_one_hears_a_timer(store: Store, other: Store) -> None:
    before = await begun(store)
    await record(store, follow(before, "a", timers=armed(before)))
    await until(lambda: rings_now(store, before))
    heard = await asyncio.gather(*(each.alarms.due(HOUR, 10) for each in [store, other] * 25))
    assert sum(len(rang) for rang in heard) == 1


async def rings_now(store: Store, conversation: Conversation) -> bool:
    """Return whether the timer's time has come, as another conversation's later commit shows."""
    later = (await begun(store, door=f"later/{asyncio.get_running_loop().time()}")).changed_at
    return later > (await ring_at(store, conversation))["nudge"]


async def test_a_timer_that_nobody_dealt_with_rings_again_under_the_same_key(store: Store) -> None:
    before = await begun(store)
    await record(store, follow(before, "a", timers=armed(before)))
    (first,) = await until(lambda: store.alarms.due(1, 10))
    (second,) = await until(lambda: store.alarms.due(HOUR, 10))
    assert first == second
    assert await store.alarms.due(HOUR, 10) == ()


async def test_a_dismissed_timer_stays_gone(store: Store) -> None:
    before = await begun(store)
    at = (await record(store, ask(before, "a", timers=armed(before)))).conversation
    (rang,) = await until(lambda: store.alarms.due(1, 10))
    await store.alarms.dismiss(rang)
    await store.alarms.dismiss(rang)
    assert await ring_at(store, at) == {}
    assert await store.alarms.due(HOUR, 10) == ()


async def test_a_timer_that_fired_is_not_brought_back_by_a_late_receipt(store: Store) -> None:
    before = await begun(store)
    done = await record(store, ask(before, "a", timers=armed(before)))
    (rang,) = await until(lambda: store.alarms.due(1, 10))
    await store.alarms.dismiss(rang)
    await store.outbox.done(done.leases[0], "arrived at last", HOUR)
    assert await ring_at(store, done.conversation) == {}


async def test_the_receipt_of_its_prompt_moves_a_timer_later_and_never_earlier(store: Store) -> None:
    before = await begun(store)
    timers = armed(before, "nudge", HOUR) + armed(before, "close", 2 * HOUR)
    done = await record(store, ask(before, "a", timers=timers))
    alarms = store.wire.keys.shard(before.id).alarms
    (nudge,) = [
        name
        for name in await store.wire.ask("ZRANGE", alarms, 0, -1)
        if name.startswith(f"{before.id} nudge")
    ]
    await store.wire.ask("ZADD", alarms, 5, nudge)
    first = await ring_at(store, done.conversation)
    await until(lambda: later_than(store, done.conversation.changed_at))
    await store.outbox.done(done.leases[0], "arrived", HOUR)
    then = await ring_at(store, done.conversation)
    assert then["nudge"] > first["close"] - HOUR
    assert then["close"] > first["close"]
    assert then["close"] - then["nudge"] == HOUR


async def later_than(store: Store, moment: int) -> bool:
    return (await begun(store, door=f"later/{asyncio.get_running_loop().time()}")).changed_at > moment


async def test_a_timer_moved_beyond_its_delay_is_not_moved_back_by_the_receipt(store: Store) -> None:
    before = await begun(store)
    done = await record(store, ask(before, "a", timers=armed(before)))
    (_,) = await until(lambda: store.alarms.due(HOUR, 10))
    hidden = await ring_at(store, done.conversation)
    await store.outbox.done(done.leases[0], "arrived", HOUR)
    assert await ring_at(store, done.conversation) == hidden


async def test_the_receipt_of_an_older_prompt_moves_nothing(store: Store) -> None:
    before = await begun(store)
    first = await record(store, ask(before, "a", timers=armed(before, "nudge", HOUR)))
    at = first.conversation
    second = await record(store, ask(at, "b", timers=armed(at, "nudge", HOUR)))
    await until(lambda: later_than(store, second.conversation.changed_at))
    armed_at = await ring_at(store, at)
    await store.outbox.done(first.leases[0], "arrived", HOUR)
    assert await ring_at(store, at) == armed_at


async def test_a_commit_replaces_what_is_armed_or_leaves_it(store: Store) -> None:
    first = await begun(store)
    timers = armed(first, "nudge", HOUR) + armed(first, "close", 2 * HOUR)
    at = (await record(store, follow(first, "a", timers=timers))).conversation
    both = await ring_at(store, at)
    assert set(both) == {"nudge", "close"}
    at = (await record(store, follow(at, "b"))).conversation
    assert await ring_at(store, at) == both
    at = (await record(store, follow(at, "c", timers=armed(at, "close", HOUR)))).conversation
    assert set(await ring_at(store, at)) == {"close"}
    at = (await record(store, follow(at, "d", timers=()))).conversation
    assert await ring_at(store, at) == {}


async def test_a_timer_armed_again_for_the_same_turn_is_another_one(store: Store) -> None:
    """Otherwise the second ring would count as a repeat of the first, and Later would never end."""
    at = await begun(store)
    keys = []
    for key in ("a", "b"):
        nudge = (Armed(kind="nudge", turn=1, status="guiding", after=0),)
        at = (await record(store, follow(at, key, change={"set": {}}, timers=nudge))).conversation
        (rang,) = await until(lambda: store.alarms.due(HOUR, 10))
        keys.append(rang.key)
    assert len(set(keys)) == 2


async def test_one_conversations_timers_are_not_anothers(store: Store) -> None:
    ana, ben = await begun(store), await begun(store, contact="slack:ben", key="t")
    assert ana.id[:2] == ben.id[:2]
    ana = (await record(store, follow(ana, "a", timers=armed(ana, "nudge", HOUR)))).conversation
    ben = (await record(store, follow(ben, "a", timers=armed(ben, "nudge", HOUR)))).conversation
    await record(store, follow(ana, "b", timers=()))
    assert await ring_at(store, ana) == {}
    assert set(await ring_at(store, ben)) == {"nudge"}


async def test_no_more_timers_are_heard_than_asked_for_and_the_oldest_first(store: Store) -> None:
    begins = [await begun(store, door=f"slack/{n}") for n in range(9)]
    for each in begins:
        await record(store, follow(each, "a", timers=armed(each)))
    await until(lambda: rings_now(store, begins[-1]))
    heard = [rang.conversation for _ in range(4) for rang in await store.alarms.due(HOUR, 3)]
    assert set(heard) == {each.id for each in begins}
    assert len(heard) == 9
