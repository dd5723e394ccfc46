"""Tests where the port Conversations keeps people's words: with their files and formatting, and gone if taken back."""

from typing import Any

from pydantic import TypeAdapter

from adapters.storage.store import Store
from flows.events import Edited, File, Spoken, Started
from flows.text.markup.agent_markdown import formatted
from flows.text.markup.wordtree import Words
from tests.contracts.support.commits import ANA, follow, record, start


async def test_what_people_sent_lies_beside_their_words(store: Store) -> None:
    picture = File(id="F1", name="screen Ü.png", kind="image/png", size=4711)
    first = (await record(store, start(words="it is dark", files=(picture,)))).conversation
    second = await record(store, follow(first, "pic", change={"set": {}}, files=(picture, picture)))
    assert await store.conversations.words(first.id) == {
        1: Spoken(text="it is dark", files=(picture,)),
        2: Spoken(files=(picture, picture)),
    }
    event = Started(actor=ANA, flow="lamp", files=(picture,))
    other = start(door="slack/other")
    assert other.change.event.type == "started"
    journalled = other.model_copy(update={"change": other.change.model_copy(update={"event": event})})
    at = (await record(store, journalled)).conversation
    raw = repr(await store.wire.ask("LRANGE", store.wire.keys.shard(at.id).journals + at.id, 0, -1))
    assert "png" not in raw + repr(await store.conversations.journal(at.id))
    assert second.outcome == "committed"


async def test_words_are_changed_and_taken_back_by_the_version_they_came_with(store: Store) -> None:
    at = (await record(store, start(words="it is drak", files=(picture := File(id="F1"),)))).conversation
    edit: dict[str, Any] = {"event": Edited(actor=ANA, of="s"), "set": {}}
    at = (await record(store, follow(at, "e1", change=edit, words="it is dark", amends=1))).conversation
    assert await store.conversations.words(at.id) == {1: Spoken(text="it is dark", files=(picture,))}
    beside = follow(at, "e2", change=edit, words="it is bright", amends=1).model_copy(update={"beside": True})
    at = (await record(store, beside)).conversation
    both = Spoken(text="it is dark", files=(picture,), edited="it is bright")
    assert await store.conversations.words(at.id) == {1: both}
    at = (await record(store, follow(at, "e3", change=edit, amends=1))).conversation
    assert await store.conversations.words(at.id) == {}
    journal = await store.conversations.journal(at.id)
    assert [row.event.type for row in journal[1:]] == ["edited", "edited", "edited"]


async def test_formatting_lies_beside_its_text_and_goes_with_it(store: Store) -> None:
    dark, bright = (formatted(f"it is **{word}**") for word in ("dark", "bright"))
    event = Started(actor=ANA, flow="lamp", text="it is dark", styled=dark)
    first = start(words="it is dark", styled=dark)
    at = (
        await record(
            store, first.model_copy(update={"change": first.change.model_copy(update={"event": event})})
        )
    ).conversation
    assert await store.conversations.words(at.id) == {1: Spoken(text="it is dark", styled=dark)}
    assert "dark" not in repr(await store.conversations.journal(at.id))
    edit: dict[str, Any] = {"event": Edited(actor=ANA, of="s"), "set": {}}
    plain_edit = follow(at, "e1", change=edit, words="it is on", amends=1)
    at = (await record(store, plain_edit)).conversation
    assert await store.conversations.words(at.id) == {1: Spoken(text="it is on")}
    beside = {"words": "it is bright", "styled": bright, "amends": 1, "beside": True}
    at = (await record(store, follow(at, "e2", change=edit, **beside))).conversation
    both = Spoken(text="it is on", edited="it is bright", edited_styled=bright)
    assert await store.conversations.words(at.id) == {1: both}
    key = store.wire.keys.shard(at.id).words + at.id
    await store.wire.ask("HSET", key, "1s", '[{"kind":"of a later version"}]')
    assert (await store.conversations.words(at.id))[1] == both
    # A process of an earlier version edits and deletes the text alone.
    await store.wire.ask("HSET", key, "1", "hidden", "1s", TypeAdapter(Words).dump_json(dark).decode())
    assert (await store.conversations.words(at.id))[1] == both.model_copy(update={"text": "hidden"})
    at = (await record(store, follow(at, "e3", change=edit, amends=1))).conversation
    assert await store.wire.ask("HGETALL", key) == {}
