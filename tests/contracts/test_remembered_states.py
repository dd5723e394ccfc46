"""Tests that a commit decided on a remembered state is refused if the state may not be what the store has."""

import pytest

from adapters.storage.store import Store
from bot.ports import Contended, Damaged, KnownPerson
from flows.acts import Claimed
from tests.contracts.support.commits import begun, follow, record

MAX = "slack:max"


async def test_a_remembered_state_of_the_stored_version_is_as_good_as_a_read_one(store: Store) -> None:
    at = await begun(store)
    done = await record(store, follow(at, "a", remembered=True))
    assert done.conversation == await store.conversations.load(at.id)


async def test_an_older_version_is_a_conflict_with_the_present_state(store: Store) -> None:
    at = await begun(store)
    now = (await record(store, follow(at, "a"))).conversation
    late = await store.conversations.commit(follow(at, "b", remembered=True))
    assert (late.outcome, late.conversation) == ("conflict", now)


async def test_a_state_that_may_name_an_erased_agent_is_a_conflict(store: Store) -> None:
    """Erasing changes the record and not its version."""
    held = {"status": "with_agent", "holder": MAX, "holder_name": "Maximilian"}
    claims = {"event": Claimed(actor=MAX, name="Maximilian"), "set": held}
    at = (await record(store, follow(await begun(store), "claimed", change=claims))).conversation
    await store.personal_data.redact(KnownPerson(actors=(MAX,)), at.id)
    refused = await store.conversations.commit(follow(at, "b", remembered=True))
    assert (refused.outcome, refused.conversation.holder_name) == ("conflict", "")
    assert len(await store.conversations.journal(at.id)) == 2
    again = await store.conversations.commit(follow(refused.conversation, "c", remembered=True))
    assert again.outcome == "conflict", "an older copy may still name them"
    done = await record(store, follow(refused.conversation, "c"))
    assert done.conversation == await store.conversations.load(at.id)


async def test_a_record_whose_status_is_damaged_is_read_and_found_damaged(store: Store) -> None:
    at = await begun(store)
    await store.wire.ask("HSET", store.wire.keys.shard(at.id).records + at.id, "s", "?")
    with pytest.raises(Damaged):
        await store.conversations.commit(follow(at, "b", remembered=True))


async def test_a_conversation_that_is_gone_is_contended(store: Store) -> None:
    at = await begun(store)
    shard = store.wire.keys.shard(at.id)
    for stem in (shard.records, shard.journals, shard.seen):
        await store.wire.ask("DEL", stem + at.id)
    with pytest.raises(Contended):
        await store.conversations.commit(follow(at, "b", remembered=True))
    assert await store.conversations.load(at.id) is None
