"""Tests that an erasure finds all of a person, also where data is damaged, and takes no one else along."""

from typing import Final

import pytest

from adapters.storage.erasure.people import RedisPeople
from adapters.storage.store import Store
from bot.ports import Clue, Commit, Upload
from bot.privacy.clues import clue_of
from bot.privacy.erasure import DAMAGED
from flows.conversation import Conversation
from flows.effects import Change
from flows.events import File, Said
from tests.contracts.support.commits import begun, record, start
from tests.contracts.test_erasure import ACTOR, MAIL, NAME, TRACES, WORDS, erasure, shared, stored, zoraida
from tests.fakes.world import store_in_memory

KEYS: Final = ("records", "journals", "words", "seen", "receipts")


async def placed(store: Store, door: str, contact: str, customer: str, agents: str = "") -> Conversation:
    """Start a conversation whose customer is at that place."""
    first = start(door=door, contact=contact)
    places = {"customer": customer, "agents": agents}
    change = first.change.model_copy(update={"set": {**first.change.set, **places}})
    return (await record(store, first.model_copy(update={"change": change}))).conversation


async def own(store: Store, clue: Clue | None) -> set[str]:
    assert clue is not None
    found = await RedisPeople(store.wire).find(clue)
    return set(found.own) if found is not None else set()


async def test_an_address_names_every_conversation_of_the_person_who_gave_it() -> None:
    store = store_in_memory()
    at = await zoraida(store)
    second = await placed(store, "slack/second", ACTOR, "slack|T1|C2|2.2|UZORAIDA1")
    assert await own(store, Clue(kind="mail", text=MAIL)) == {at.id, second.id}
    await store.close()


async def test_a_link_names_one_thread_or_direct_messages_and_never_a_whole_channel() -> None:
    store = store_in_memory()
    slack = "https://acme.slack.com/archives"
    discord = "https://discord.com/channels"
    team = "slack|T1|C99|1700000009.000001"
    thread = await placed(store, "a", "slack:T1:U1", "slack|T1|C12|1700000000.000001|U1", team)
    await placed(store, "b", "slack:T1:U2", "slack|T1|C12|1700000000.000002|U2")
    await placed(store, "c", "slack:T1:U3", "slack|T1|C13|1700000000.000001|U3")
    direct = await placed(store, "d", "slack:T1:U4", "slack|T1|D12||U4")
    post = await placed(store, "e", "discord:1", "discord|1|22|33|1")
    await placed(store, "f", "discord:2", "discord|1|22|34|2")
    for link, found in (
        (f"{slack}/C12/p1700000000000001", {thread.id}),
        (f"{slack}/C99/p1700000009000007?thread_ts=1700000009.000001&cid=C99", {thread.id}),
        (f"{slack}/D12/p1700000000000005", {direct.id}),
        (f"{slack}/C12/p1700000000000009", set()),
        (f"{discord}/1/33/44", {post.id}),
        (f"{discord}/1/22/33", {post.id}),
        (f"{discord}/1/22/55", set()),
        (f"{discord}/1/22", set()),
    ):
        assert await own(store, clue_of(link)) == found, link
    await store.close()


@pytest.mark.parametrize("damaged", KEYS)
async def test_a_person_is_erased_whichever_of_their_keys_is_damaged(damaged: str) -> None:
    store = store_in_memory()
    at, _ = await zoraida(store), await shared(store)
    key = getattr(store.wire.keys.shard(at.id), damaged) + at.id
    await store.wire.ask("DEL", key)
    await store.wire.ask("SET", key, "damaged")
    clues = {Clue(kind="conversation", text=at.id), Clue(kind="actor", text=ACTOR)}
    assert [await own(store, clue) for clue in clues] == [{at.id}] * 2
    found = await RedisPeople(store.wire).find(Clue(kind="actor", text=ACTOR))
    assert found is not None

    result = await erasure(store).erase(found)

    assert result.conversations == 1
    assert (DAMAGED in result.unreached) == (damaged == "records")
    after = await stored(store)
    texts = {WORDS} if damaged == "words" else set()  # nothing tells any more that these were theirs
    left = after.casefold().replace(WORDS, "") if texts else after.casefold()
    assert [trace for trace in (*TRACES, at.id) if trace in left] == []
    await store.close()


@pytest.mark.parametrize("row", ["{ACTOR}", '[1,["{ACTOR}"]]', '[1,{"s":"{ACTOR}"}]', "[]"])
async def test_a_damaged_row_in_another_ones_conversation_stops_no_erasure(row: str) -> None:
    store = store_in_memory()
    other = await shared(store)
    journal = store.wire.keys.shard(other.id).journals + other.id
    await store.wire.ask("LSET", journal, 1, row.replace("{ACTOR}", ACTOR))
    found = await RedisPeople(store.wire).find(Clue(kind="actor", text=ACTOR))
    assert found is not None
    assert not (await erasure(store).erase(found)).later
    left = await stored(store)
    assert ACTOR not in left
    assert NAME not in left
    await store.close()


async def test_files_in_another_ones_conversation_and_files_of_unrecorded_messages_go() -> None:
    store = store_in_memory()
    at, other = await zoraida(store), await begun(store, door="slack/other")
    theirs = File(id="sent", name="a.png", size=5, at=f"kept||{other.id}")
    waiting = File(id="waiting", name="b.png", size=5, at=f"kept||{at.id}")
    for file in (theirs, waiting):
        await store.kept.hold([Upload(file=file, content=b"bytes")], {})
    said = Change(event=Said(actor=ACTOR, text=WORDS, files=(theirs,)), set={})
    await record(store, Commit(before=other, change=said, key="file", words=WORDS, files=(theirs,)))
    await store.kept.settle([Upload(file=theirs, content=b"bytes")])
    found = await RedisPeople(store.wire).find(Clue(kind="actor", text=ACTOR))
    assert found is not None
    assert found.beside == (other.id,)
    await erasure(store).erase(found)
    assert [await store.kept.get(file.id) for file in (theirs, waiting)] == [None, None]
    await store.close()


async def test_confirmed_addresses_and_what_teams_were_emailed_about_go_too() -> None:
    store = store_in_memory()
    at = await zoraida(store)
    await store.addresses.confirm("slack:other", MAIL)
    for name, mark in ((at.id, "sent 3 5"), ("04otherotherothero", "waits")):
        await store.bookmarks.put("team-mail/team", name, mark)
    found = await RedisPeople(store.wire).find(Clue(kind="actor", text=ACTOR))
    assert found is not None
    await erasure(store).erase(found)
    assert [await store.addresses.confirmed(each, MAIL) for each in (ACTOR, "slack:other")] == [False, True]
    assert set(await store.bookmarks.all("team-mail/team")) == {"04otherotherothero"}
    await store.close()


async def test_a_removed_account_that_left_nothing_names_no_one() -> None:
    store = store_in_memory()
    await store.vault.put("a support link", 600)
    assert await RedisPeople(store.wire).find(Clue(kind="actor", text="desk:Support")) is None
    await store.close()
