"""Tests how a platform's rates are shared out: all that is needed or nothing, in order, never above the rate."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as some

from adapters.storage.store import Store
from adapters.storage.vault import PATIENCE_MS, REMEMBERED_MS, RedisLimiter
from bot.ports import Rate
from tests.fakes.world import store_in_memory

ROOM: Final = Rate(name="room", per_minute=60, at_once=2.5)
EVERYWHERE: Final = Rate(name="everywhere", per_minute=240, at_once=4)
BOTH: Final = (ROOM, EVERYWHERE)
NOON: Final = 1_800_000_000_000


@dataclass
class Clock:
    """Says the time in milliseconds, as a test sets it."""

    at: int = NOON

    def __call__(self) -> int:
        return self.at


def limited(store: Store) -> tuple[RedisLimiter, Clock]:
    clock = Clock()
    return RedisLimiter(store.wire, clock), clock


async def test_all_rates_are_taken_from_or_none(store: Store) -> None:
    limiter, clock = limited(store)
    for claim in ("a", "b"):
        assert await limiter.reserve("T1", claim, (EVERYWHERE,), 2) == 0
    assert 0.49 < await limiter.reserve("T1", "c", BOTH, 2) <= 0.5
    assert await limiter.reserve("T1", "d", (ROOM,), 1) > 0, "c's place in the room is kept"
    clock.at += 500
    assert await limiter.reserve("T1", "c", BOTH, 2) == 0
    assert await limiter.reserve("T2", "e", BOTH, 2) == 0, "another workspace has rates of its own"


async def test_whoever_came_first_is_served_first_whatever_their_amount(store: Store, other: Store) -> None:
    clock = Clock()
    first, second = RedisLimiter(store.wire, clock), RedisLimiter(other.wire, clock)
    assert await first.reserve("T1", "a", BOTH, 2) == 0
    assert 1.4 < await first.reserve("T1", "b", BOTH, 2) <= 1.5
    assert 2.4 < await second.reserve("T1", "c", BOTH, 1) <= 2.5
    clock.at += 1000
    assert await second.reserve("T1", "c", BOTH, 1) > 0, "b waits for two"
    clock.at += 500
    assert await second.reserve("T1", "c", BOTH, 1) > 0, "b may come now"
    assert await first.reserve("T1", "b", BOTH, 2) == 0
    clock.at += 1000
    assert await second.reserve("T1", "c", BOTH, 1) == 0


async def test_a_claim_that_does_not_come_back_holds_up_no_one_and_keeps_its_place(store: Store) -> None:
    limiter, clock = limited(store)
    assert await limiter.reserve("T1", "a", BOTH, 2) == 0
    gone = await limiter.reserve("T1", "gone", BOTH, 2)
    assert await limiter.reserve("T1", "b", BOTH, 2) > gone
    clock.at += int(gone * 1000) + PATIENCE_MS + 1
    assert await limiter.reserve("T1", "b", BOTH, 2) == 0
    late = await limiter.reserve("T1", "c", BOTH, 2)
    assert 0 < await limiter.reserve("T1", "gone", BOTH, 2) <= late
    clock.at += 10 * REMEMBERED_MS
    assert await limiter.reserve("T1", "d", BOTH, 2) == 0


async def test_an_amount_above_the_burst_is_granted_after_a_rest_and_paid_back(store: Store) -> None:
    limiter, clock = limited(store)
    assert await limiter.reserve("T1", "a", (ROOM,), 1) == 0
    assert 0.9 < await limiter.reserve("T1", "long", (ROOM,), 6) <= 1
    assert await limiter.reserve("T1", "b", (ROOM,), 1) > 4
    clock.at += 1000
    assert await limiter.reserve("T1", "long", (ROOM,), 6) == 0
    assert await limiter.reserve("T1", "b", (ROOM,), 1) > 4


async def test_the_clock_is_that_of_the_store_and_nothing_is_kept_for_long(store: Store) -> None:
    asks = [store.limiter.reserve("T1", str(number), BOTH, 2) for number in range(3)]
    granted, *waits = sorted(await asyncio.gather(*asks))
    assert granted == 0
    assert 1 < waits[0] < 1.6 < waits[1] < 3.6
    for key in (key for rate in BOTH for key in store.wire.keys.rate("T1", rate.name)):
        assert await store.wire.ask("PTTL", key) < REMEMBERED_MS + PATIENCE_MS + 10_000


async def test_a_rate_that_the_platform_refused_rests_as_long_as_it_says(store: Store) -> None:
    limiter, clock = limited(store)
    assert await limiter.reserve("T1", "a", BOTH, 1) == 0
    await limiter.hold("T1", ROOM, 7)
    assert 6.9 < await limiter.reserve("T1", "b", BOTH, 1) <= 7
    clock.at += 7000
    assert await limiter.reserve("T1", "b", BOTH, 1) == 0
    assert 0.9 < await limiter.reserve("T1", "c", BOTH, 1) <= 1
    await limiter.hold("T1", ROOM, 0)
    assert 0.9 < await limiter.reserve("T1", "c", BOTH, 1) <= 1.1


# ---------------------------------------------------------------- any mix of kinds and amounts


@dataclass
class Lane:
    """Asks for its amounts, one after the other, each `late` ms after it may."""

    name: str
    rates: tuple[Rate, ...]
    amounts: list[int]
    late: int
    due: int = NOON
    since: int = NOON


@dataclass
class Room:
    """Plays many lanes that share the rates, and notes what was granted when, and how long each claim took."""

    lanes: list[Lane]
    granted: list[tuple[int, int, tuple[Rate, ...]]] = field(default_factory=list)
    spent: list[int] = field(default_factory=list)

    async def play(self, limiter: RedisLimiter, clock: Clock) -> None:
        while waiting := [lane for lane in self.lanes if lane.amounts]:
            lane = min(waiting, key=lambda one: one.due)
            clock.at = max(clock.at, lane.due)
            claim = f"{lane.name}.{len(lane.amounts)}"
            wait = await limiter.reserve("T1", claim, lane.rates, lane.amounts[0])
            if wait > 0:
                lane.due = clock.at + int(wait * 1000) + lane.late
                continue
            self.granted.append((clock.at, lane.amounts.pop(0), lane.rates))
            self.spent.append(clock.at - lane.since)
            lane.due = lane.since = clock.at


ROOMS = [(Rate(name=name, per_minute=60, at_once=2.5), EVERYWHERE) for name in ("packets", "lines", "edits")]
LANES = some.lists(
    some.builds(
        Lane,
        name=some.uuids().map(str),
        rates=some.sampled_from([BOTH, *ROOMS]),
        amounts=some.lists(some.integers(1, 4), min_size=1, max_size=4),
        late=some.integers(0, 600),
    ),
    min_size=1,
    max_size=8,
)


@given(lanes=LANES)
@settings(max_examples=10, deadline=None)
async def test_each_claim_gets_through_in_its_turn_and_the_rate_is_never_exceeded(lanes: list[Lane]) -> None:
    store = store_in_memory()
    limiter, clock = limited(store)
    room = Room(lanes)
    await room.play(limiter, clock)
    await store.close()
    for rate in {lane.rates[0] for lane in lanes}:
        never_above(rate, sent(room, rate))
    never_above(EVERYWHERE, sorted(at for at, amount, _ in room.granted for _ in range(amount)))
    # A claim waits for one claim of each other lane that came before it, and for how late those come back.
    most = Counter(lane.rates[0] for lane in lanes).most_common(1)[0][1]
    assert max(room.spent) <= most * (4000 + 600) + len(lanes) * (1000 + 600)


def sent(room: Room, rate: Rate) -> list[int]:
    """Return when each message is sent: those beyond a burst a second apart."""
    times = []
    for at, amount, rates in room.granted:
        if rate in rates:
            times += [at + max(0, number - 1) * 1000 for number in range(amount)]
    return sorted(times)


def never_above(rate: Rate, times: list[int]) -> None:
    """Check every stretch of time."""
    for number, start in enumerate(times):
        for further, end in enumerate(times[number:], start=1):
            assert further <= rate.at_once + (end - start) * rate.per_minute / 60_000 + 0.01
