"""Tests that a committed state serves each lease of its commit once, for a moment, and only in this process."""

from bot.outbox.fresh_states import FRESH_S, MOST, FreshStates
from bot.ports import Lease
from flows.conversation import Conversation
from flows.effects import Tell


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def lease(effect: str, conversation: str = "c1", attempts: int = 1) -> Lease:
    tell = Tell(id=effect, words="saved")
    return Lease(
        conversation=conversation,
        lane="c1/customer",
        channel="sent",
        token="t",
        effect=tell,
        attempts=attempts,
    )


def state(version: int, conversation: str = "c1") -> Conversation:
    return Conversation(id=conversation, version=version)


def test_each_lease_of_a_commit_gets_its_state_once() -> None:
    fresh = FreshStates()
    fresh.note(state(3), [lease("e1"), lease("e2")])
    assert fresh.take(lease("e1")) == state(3)
    assert fresh.take(lease("e2")) == state(3)
    assert fresh.take(lease("e1")) is None
    assert fresh.take(lease("other")) is None


def test_a_newer_commit_of_the_same_process_counts() -> None:
    fresh = FreshStates()
    fresh.note(state(3), [lease("e1")])
    fresh.note(state(4), [])
    assert fresh.take(lease("e1")) == state(4)


def test_a_lease_that_may_have_sent_something_before_is_read_from_the_store() -> None:
    fresh = FreshStates()
    fresh.note(state(3), [lease("e1", attempts=2)])
    assert fresh.take(lease("e1", attempts=2)) is None


def test_a_state_counts_for_a_moment_only() -> None:
    clock = Clock()
    fresh = FreshStates(clock)
    fresh.note(state(3), [lease("e1")])
    clock.now += FRESH_S
    assert fresh.take(lease("e1")) is None


def test_no_more_than_so_many_are_remembered() -> None:
    fresh = FreshStates()
    for number in range(MOST + 1):
        fresh.note(state(1, f"c{number}"), [lease(f"e{number}", f"c{number}")])
    assert fresh.take(lease("e0", "c0")) is None
    assert fresh.take(lease("e1", "c1")) == state(1, "c1")
    assert len(fresh._states) == MOST
