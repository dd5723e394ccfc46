"""Tests that after any change, the record, the replayed journal and the lists equal the result of `apply`."""

import asyncio
import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.storage.keys import conversation_id
from adapters.storage.records.journal.rows import journalled
from adapters.storage.store import Store
from bot.ports import Commit, OpenTicket
from flows.conversation import Conversation, Status
from flows.effects import Change
from flows.engine import apply
from tests.contracts.support.changes import changes, plain, words
from tests.contracts.support.servers import Server
from tests.contracts.test_board import standing

DOORS = (f"door-{number}" for number in itertools.count())


@given(story=st.lists(st.tuples(changes, words), min_size=1, max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors])
def test_the_journal_gives_the_record_and_one_list_has_it_whatever_happened(
    server: Server, story: list[tuple[Change, str]]
) -> None:
    # Keys of its own: `standing` reads the whole board, which is not to hold what other stories left on it.
    asyncio.run(walk(server.store(f"treplay-{next(DOORS)}"), story))


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
        await listed_once(store, at)
        stamped.append(journalled(done.change))
        if text:
            said[at.version] = text
    await store.board.correct(at.id)
    await listed_once(store, at)
    rows = await store.conversations.journal(at.id)
    assert rows == tuple(stamped)
    replayed = Conversation(id=at.id)
    for row in rows:
        replayed = apply(replayed, row)
    assert plain(replayed) == plain(at)
    kept = await store.conversations.words(at.id)
    assert {version: spoken.text for version, spoken in kept.items()} == said
    await store.close()


async def listed_once(store: Store, at: Conversation) -> None:
    shard = store.wire.keys.shard(at.id)
    on = {
        "board": await store.wire.ask("HEXISTS", shard.board, at.id),
        "ended": await store.wire.ask("ZSCORE", shard.ended, at.id) is not None,
        "guiding": await store.wire.ask("ZSCORE", shard.guiding, at.id) is not None,
    }
    guiding = at.status is Status.GUIDING
    assert {name for name, is_on in on.items() if is_on} == (
        {"guiding"} if guiding else set() if not at.ticket else {"ended"} if at.status.ended else {"board"}
    )
    if on["board"]:
        found = (await standing(store))[at.id]
        shown = set(OpenTicket.model_fields) & set(Conversation.model_fields)
        assert found.model_dump(include=shown) == at.model_dump(include=shown)
