"""Tests how much memory a conversation takes in a real server, and how many a process handles at once."""

import asyncio

from adapters.storage.store import Store
from tests.bench.click import play
from tests.bench.deciding import shelf
from tests.bench.floor import ANSWERS
from tests.contracts.support.commits import all_keys, begun, follow, record
from tests.contracts.support.rights import LOGIN
from tests.contracts.support.servers import Server
from tests.fakes.world import World

ALLOWED = 1_850
"""Most bytes of a web conversation after seven clicks: record, journal, dedupe and door. More is a bug."""


async def weight(store: Store) -> dict[str, int]:
    """Return the bytes of every key of a conversation under the store's prefix, by kind."""
    found = {}
    async for key in all_keys(store):
        kind = key.partition("}")[2]
        if ":" in kind and not kind.startswith(":"):  # a conversation's key, not one beside the shards
            found[kind.split(":")[0]] = int(await store.wire.ask("MEMORY", "USAGE", key, "SAMPLES", 0))
    return found


async def test_a_web_conversation_weighs_under_1_850_bytes_after_seven_clicks(
    real: Server, prefix: str
) -> None:
    store = real.store(prefix)
    await store.prepare()
    world = World(store=store, shelf=shelf(), channels=())
    at = await play(world, "Xk3_9aQ-mW7tPz0LrYb5Vn2dHs8JcE4u")
    assert at.version == len(ANSWERS) + 1
    real.operate("ACL", "SETUSER", LOGIN.partition(":")[0], "+memory|usage")  # for this test alone
    found = await weight(store)
    real.operate("ACL", "SETUSER", LOGIN.partition(":")[0], "-memory|usage")
    assert set(found) == {"c", "d", "j", "s"}
    assert sum(found.values()) < ALLOWED, found
    await world.close()


async def test_two_thousand_conversations_at_once_on_one_process(real: Server, prefix: str) -> None:
    store = real.store(prefix)
    await store.prepare()
    begins = await asyncio.gather(*(begun(store, door=f"slack/{n}") for n in range(2000)))
    moved = await asyncio.gather(*(record(store, follow(before, "a")) for before in begins))
    assert {done.conversation.version for done in moved} == {2}
    assert len({done.conversation.id for done in moved}) == 2000
    await store.close()
