"""Tests the port Conversations: a commit may ask that the prompt was on screen long enough to be read."""

from adapters.storage.store import Store
from flows.events import Said
from tests.contracts.support.commits import HOUR, begun, follow, record
from tests.fakes.clockwork import all_read, prompt_read


async def test_a_commit_on_a_prompt_too_young_to_be_read_is_early_and_records_nothing(store: Store) -> None:
    at = await begun(store)
    answer = await store.conversations.commit(follow(at, "said", words="still failing", readable_ms=HOUR))
    assert answer.outcome == "early"
    assert answer.conversation == at
    assert answer.leases == ()
    assert await store.conversations.load(at.id) == at
    assert len(await store.conversations.journal(at.id)) == 1
    assert await store.conversations.words(at.id) == {}
    assert not await store.conversations.seen(at.id, "said")


async def test_the_same_key_counts_once_it_no_longer_asks_for_a_prompt_that_was_read(store: Store) -> None:
    at = await begun(store)
    early = follow(at, "said", words="still failing", readable_ms=HOUR)
    await store.conversations.commit(early)
    kept = {"event": Said(actor=at.contact, turn=at.turn - 1), "set": {}}
    done = await record(store, follow(at, "said", words="still failing", change=kept))
    assert done.conversation.turn == at.turn
    assert [said.text for said in (await store.conversations.words(at.id)).values()] == ["still failing"]


async def test_a_prompt_that_was_read_is_answered(store: Store) -> None:
    at = await begun(store)
    await prompt_read(store, at.id)
    done = await record(store, follow(at, "said", readable_ms=HOUR))
    assert done.conversation.turn == at.turn + 1


async def test_only_a_new_prompt_starts_the_time_anew(store: Store) -> None:
    at = await begun(store)
    await prompt_read(store, at.id)
    kept = (await record(store, follow(at, "kept", change={"set": {}}))).conversation
    turned = (await record(store, follow(kept, "read", readable_ms=HOUR))).conversation
    answer = await store.conversations.commit(follow(turned, "next", readable_ms=HOUR))
    assert answer.outcome == "early"


async def test_a_commit_that_is_repeated_or_too_late_is_not_called_early(store: Store) -> None:
    first = await begun(store)
    second = (await record(store, follow(first, "a"))).conversation
    for key, outcome in (("a", "repeated"), ("b", "conflict")):
        answer = await store.conversations.commit(follow(first, key, readable_ms=HOUR))
        assert answer.outcome == outcome
        assert answer.conversation == second


async def test_a_commit_after_a_change_too_young_to_be_read_is_early(store: Store) -> None:
    at = await begun(store)
    await prompt_read(store, at.id)
    assert (await store.conversations.commit(follow(at, "yes", settled_ms=HOUR))).outcome == "early"
    await all_read(store, at.id)
    assert (await record(store, follow(at, "yes", settled_ms=HOUR))).conversation.turn == at.turn + 1
