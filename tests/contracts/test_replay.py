"""Tests that after any change, the record and the replayed journal equal the result of `apply`."""

import asyncio
import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.storage.keys import conversation_id
from adapters.storage.records.journal import journalled
from adapters.storage.store import Store
from bot.ports import Commit
from flows.conversation import Conversation
from flows.effects import Change
from flows.engine import apply
from tests.contracts.support.changes import changes, plain, words
from tests.contracts.support.servers import Server

DOORS = (f"door-{number}" for number in itertools.count())


@given(story=st.lists(st.tuples(changes, words), min_size=1, max_size=6))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors])
def test_replaying_the_journal_gives_the_record_whatever_happened(
    server: Server, story: list[tuple[Change, str]]
) -> None:
    asyncio.run(walk(server.store("treplay"), story))


async def walk(store: Store, story: list[tuple[Change, str]]) -> None:
    door = next(DOORS)
    at = Conversation(id=conversation_id(door, "s"))
    stamped, said = [], {}
    for number, (change, text) in enumerate(story):
        done = await store.conversations.commit(
            Commit(before=at, change=change, key=f"k{number}", door="" if number else door, words=text)
        )
        assert done.outcome == "committed"
        assert done.change is not None
        at = done.conversation
        loaded = await store.conversations.load(at.id)
        assert loaded is not None
        assert plain(loaded) == plain(at)
        stamped.append(journalled(done.change))
        if text:
            said[at.version] = text
    rows = await store.conversations.journal(at.id)
    assert rows == tuple(stamped)
    replayed = Conversation(id=at.id)
    for row in rows:
        replayed = apply(replayed, row)
    assert plain(replayed) == plain(at)
    kept = await store.conversations.words(at.id)
    assert {version: spoken.text for version, spoken in kept.items()} == said
    await store.close()
