"""Tests that data of earlier versions is read, replayed and continued."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.storage.identity import KnownStore
from adapters.storage.store import Store
from flows.conversation import Conversation, Status
from flows.effects import Packet
from flows.engine import apply
from flows.events import Answered, Claimed, Event, Noted, Replied
from flows.views.screen import Screen
from tests.contracts.support.changes import plain
from tests.fakes.platform import Platform, Sender
from tests.fakes.world import World

DUMPS: Final = sorted((Path(__file__).parent / "dumps").glob("*.json"))
"""Dumps of stores of earlier versions, the oldest first."""


MESSAGES: Final = frozenset({"ask", "tell", "relay", "packet", "brief"})
"""The kinds of effects that post a message. A packet of format 1 brings its brief along, and posts two."""


@pytest.fixture(params=DUMPS, ids=lambda path: str(path.stem))
async def dump(request: pytest.FixtureRequest, store: Store) -> dict[str, Any]:
    """Copy the store of an earlier version into the test's store."""
    found: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    prefix = store.wire.keys.prefix
    await store.wire.ask_all([("DEL", shard.identity) for shard in store.wire.shards])
    for key, kept in found["keys"].items():
        await restore(store, key.replace("tt:", f"{prefix}:", 1), kept)
    store.wire.identity.know(KnownStore())
    await store.prepare()
    return found


async def restore(store: Store, key: str, kept: dict[str, Any]) -> None:
    """Write one key as it was, with its type and remaining time."""
    client, value = store.wire.client, kept["value"]
    await client.delete(key)
    match kept["type"]:
        case "string":
            await client.set(key, value)
        case "hash":
            await client.hset(key, mapping=value)
        case "list":
            await client.rpush(key, *value)
        case "set":
            await client.sadd(key, *value)
        case "zset":
            await client.zadd(key, dict(value))
        case other:
            raise AssertionError(f"no key of this product is a {other}")
    if kept["ttl"] > 0:
        await client.pexpire(key, kept["ttl"])


async def test_records_and_words_are_read_as_they_were(store: Store, dump: dict[str, Any]) -> None:
    for conversation_id, known in dump["conversations"].items():
        at = await store.conversations.load(conversation_id)
        assert at is not None
        shown = at.model_dump(mode="json")
        assert {name: shown[name] for name in known if name in shown} == {
            name: value for name, value in known.items() if name in shown
        }
        words = await store.conversations.words(conversation_id)
        assert {str(version): spoken.text for version, spoken in words.items()} == known["words"]


async def test_journals_replay_to_the_record(store: Store, dump: dict[str, Any]) -> None:
    for conversation_id, known in dump["conversations"].items():
        rows = await store.conversations.journal(conversation_id)
        assert len(rows) == known["rows"]
        replayed = Conversation(id=conversation_id)
        for row in rows:
            replayed = apply(replayed, row)
        at = await store.conversations.load(conversation_id)
        assert at is not None
        assert plain(replayed) == plain(at)


async def test_every_conversation_is_drawn_and_continued(store: Store, dump: dict[str, Any]) -> None:
    sender = Platform()
    world = World(store, channels=[Sender(sender, name) for name in ("slack", "discord")], **dump["settings"])
    for conversation_id, known in dump["conversations"].items():
        dossier = await world.app.reader.dossier(conversation_id)
        assert dossier is not None
        assert len(dossier.lines) == known["lines"]
        outcome = await world.app.receive(next_event(dossier.screen, dossier.conversation))
        assert outcome is not None
        assert outcome.refusal is None
        assert outcome.conversation.version == known["version"] + 1
    await world.app.outbox.idle()


async def test_what_waited_to_be_sent_is_sent(store: Store, dump: dict[str, Any]) -> None:
    platform = Platform()
    world = World(
        store, channels=[Sender(platform, name) for name in ("slack", "discord")], **dump["settings"]
    )
    waiting = await store.backlog.waiting()
    assert waiting
    while await store.backlog.waiting():  # an edit waits until the message that it changes is sent
        await world.app.outbox.pick_up()
        await world.app.outbox.idle()
    messages = [letter for letter in waiting if letter.effect.kind in MESSAGES]
    whole = [one.effect for one in messages if isinstance(one.effect, Packet) and not one.effect.briefed]
    assert sum(len(posted) for posted in platform.rooms.values()) == len(messages) + len(whole)


def next_event(screen: Screen, at: Conversation) -> Event:
    """Return the next event of a conversation: an answer while the bot guides, else an agent's act."""
    agent: Any = {"actor": at.holder or "desk:kim", "name": "Kim", "key": "next", "conversation": at.id}
    choices = screen.prompt.choices
    match at.status:
        case Status.GUIDING if choices:
            given: Any = {"key": "next", "actor": at.contact, "conversation": at.id}
            return Answered(choice=choices[0].id, turn=at.turn, **given)
        case Status.WAITING:
            return Claimed(**agent)
        case Status.WITH_AGENT:
            return Replied(text="We are still here.", **agent)
        case _:
            return Noted(text="Read after the upgrade.", **agent)
