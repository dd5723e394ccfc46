"""Tests that an erased person is nowhere in a store, its files included, and that everyone else is still there."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import fakeredis

from adapters.storage.erasure.people import RedisPeople
from adapters.storage.erasure.personal_data import RedisPersonalData
from adapters.storage.store import Store
from bot.ports import Account, Clue, Commit, KnownPerson, Upload
from bot.privacy.erasure import ALWAYS, Erasure
from flows.acts import Claimed, Replied
from flows.conversation import Conversation
from flows.effects import Change
from flows.engine import apply
from flows.events import Escalated, File, Said, Started
from tests.contracts.support.changes import plain
from tests.contracts.support.commits import all_keys, armed, begun, record, start, tell
from tests.contracts.support.servers import Server
from tests.fakes.world import World, store_in_memory

ACTOR: Final = "slack:T1:UZORAIDA1"
NAME: Final = "Zoraida Quill"
MAIL: Final = "Zoraida@Quill.example"
WORDS: Final = "my xylophone plays nothing"
TRACES: Final = ("uzoraida1", "zoraida", "quill", "xylophone")
HOUR = 3_600_000
STRIDE: Final = 8
"""Calls of the store between two instants at which an erasure is killed."""


async def stored(store: Store) -> str:
    """Return everything in the store, and the names of all keys, as one text."""
    client: Any = store.wire.client
    found: list[str] = []
    async for key in all_keys(store):
        match await client.type(key):
            case "string":
                value = await client.get(key)
            case "hash":
                value = await client.hgetall(key)
            case "list":
                value = await client.lrange(key, 0, -1)
            case "set":
                value = await client.smembers(key)
            case _:
                value = await client.zrange(key, 0, -1, withscores=True)
        found.append(f"{key} {value}")
    return "\n".join(found)


def on_disk(server: Server) -> str:
    """Return the append-only files of a server as text."""
    folders: list[Path] = getattr(server, "_folders", None) or [getattr(server, "_folder", Path("nowhere"))]
    files = [path for folder in folders for path in folder.rglob("*.aof")]
    return "\n".join(path.read_bytes().decode("latin-1") for path in files)


async def zoraida(store: Store) -> Conversation:
    """Let a person leave traces everywhere: in conversations of hers and of others, and beside them."""
    first = start(door="slack/z", contact=ACTOR, words=WORDS, findable=True)
    event = Started(actor=ACTOR, flow="lamp", name=NAME)
    change = first.change.model_copy(
        update={
            "event": event,
            "set": {**first.change.set, "name": NAME, "mail": MAIL, "customer": "slack|T1|C1|1.1|UZORAIDA1"},
        }
    )
    at = (await record(store, first.model_copy(update={"change": change}))).conversation
    await store.places.note(ACTOR, at.id, 5)
    await store.places.open("slack/agents/C9:1.2", at.id)
    await store.addresses.confirm(ACTOR, MAIL)
    await store.views.saw(at.id, 1)
    await store.unmatched.count(WORDS)
    await store.bookmarks.put("unanswered/slack", "q", f'{{"author":"{ACTOR}"}}')
    await store.vault.put('{"user":"UZORAIDA1","text":"xylophone"}', 600)
    await store.allowances.wait_for(f"guide/{ACTOR}", f"{ACTOR} k1", 9, 600)
    file = File(id="filezoraida", name="quill.png", size=9, at=f"kept||{at.id}")
    await store.kept.hold([Upload(file=file, content=b"xylophone")], {})
    shown = Change(event=Said(actor=ACTOR, text=WORDS, files=(file,)), set={})
    at = (
        await record(store, Commit(before=at, change=shown, key="said", words=WORDS, files=(file,)))
    ).conversation
    await store.kept.settle([Upload(file=file, content=b"xylophone")])
    escalated = Change(event=Escalated(actor=ACTOR), set={"status": "waiting"}, take_ticket=True)
    at = (await record(store, Commit(before=at, change=escalated, key="e"))).conversation
    done = await record(store, tell(at, "t", timers=armed(at, "nudge", HOUR)))
    await store.outbox.bury(done.leases[0], f"{NAME} blocked the bot", HOUR)
    done = await record(store, tell(done.conversation, "u"))
    await store.outbox.give_back(done.leases[0], HOUR, unsent=True)
    return done.conversation


async def shared(store: Store) -> Conversation:
    """Let her press and write in someone else's conversation, and have her name there."""
    at = await begun(store, door="slack/other")
    fields: dict[str, str | tuple[str, ...]] = {
        "may_press": (ACTOR,),
        "holder": ACTOR,
        "holder_name": NAME,
    }
    joined = Change(event=Said(actor=ACTOR, text=WORDS), set=fields)
    done = await record(store, Commit(before=at, change=joined, key="j", words=WORDS))
    mine = Change(event=Said(actor=at.contact, text="the lamp is dark"), set={})
    said = Commit(before=done.conversation, change=mine, key="m", words="the lamp is dark")
    return (await record(store, said)).conversation


def erasure(store: Store) -> Erasure:
    return Erasure(RedisPeople(store.wire), RedisPersonalData(store.wire), store.conversations, ())


CLUES: Final = (
    Clue(kind="ticket", text=""),
    Clue(kind="mail", text=MAIL.upper()),
    Clue(kind="actor", text=ACTOR),
    Clue(kind="user", text="UZORAIDA1"),
    Clue(kind="thread", text="C1", also="1.1"),
)


async def known(people: RedisPeople, clue: Clue) -> KnownPerson:
    found = await people.find(clue)
    assert found is not None, clue
    return found


async def test_an_erased_person_is_nowhere_and_everyone_else_is_there(store: Store, server: Server) -> None:
    at, other = await zoraida(store), await shared(store)
    before = (await stored(store)).casefold()
    assert all(trace in before for trace in TRACES)
    files = on_disk(server).casefold()
    assert all(trace in files for trace in TRACES) or not files
    people = RedisPeople(store.wire)
    for clue in CLUES:
        named = clue if clue.text else clue.model_copy(update={"text": str(at.ticket)})
        found = await known(people, named)
        assert (found.own, found.beside, found.tickets) == ((at.id,), (other.id,), (at.ticket,)), clue
    assert await people.find(Clue(kind="mail", text="no@one.example")) is None

    result = await erasure(store).erase(await known(people, CLUES[-1]))

    assert result.conversations == 1
    assert result.later == ()
    after = (await stored(store)).casefold()
    assert [trace for trace in TRACES if trace in after] == []
    assert at.id not in after
    if "append-only" not in " ".join(result.unreached):
        assert set(ALWAYS) < set(result.unreached)
        disk = on_disk(server).casefold()
        assert [trace for trace in TRACES if trace in disk] == []
        assert await erasure(store).resume() == type(result)()
    left = await store.conversations.load(other.id)
    assert left is not None
    replayed = Conversation(id=other.id)
    for row in await store.conversations.journal(other.id):
        replayed = apply(replayed, row)
    assert plain(replayed) == plain(left)
    assert {words.text for words in (await store.conversations.words(other.id)).values()} == {
        "the lamp is dark"
    }


class Killed(BaseException):
    """The process was killed."""


class Mortal:
    """Ends a process after so many calls of its store."""

    def __init__(self, store: Store, calls: int) -> None:
        self.left = calls
        for name in ("ask", "ask_all", "run", "run_all", "run_bytes", "ask_bytes"):
            setattr(store.wire, name, self._counted(getattr(store.wire, name)))

    def _counted(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counted(*args: Any) -> Any:
            if self.left <= 0:
                raise Killed
            self.left -= 1
            return await call(*args)

        return counted


async def test_an_erasure_that_is_killed_at_any_instant_is_finished_by_the_next_run() -> None:
    finished, killed = False, 0
    while not finished:
        server = fakeredis.FakeServer(version=(7,))
        store, dying = store_in_memory(server), store_in_memory(server)
        at, _ = await zoraida(store), await shared(store)
        found = await RedisPeople(store.wire).find(Clue(kind="ticket", text=str(at.ticket)))
        assert found is not None
        Mortal(dying, killed)
        try:
            await erasure(dying).erase(found)
            finished = True
        except Killed:
            killed += STRIDE
        again = erasure(store)
        await again.resume()
        if await store.conversations.load(at.id) is not None:  # it was killed before anything was noted
            await again.erase(found)
        after = (await stored(store)).casefold()
        assert [trace for trace in TRACES if trace in after] == [], killed
        await store.close()
        await dying.close()
    assert killed >= 4 * STRIDE


async def test_an_erased_agents_name_goes_and_what_customers_were_told_stays() -> None:
    world = World()
    store = world.store
    await store.accounts.put(Account(id="kim1", name="Kim Quill", role="agent"))
    at = await world.start()
    await world.send(Escalated(conversation=at.id))
    for event in (Claimed(name="Kim Quill"), Replied(text="Press the switch", name="Kim Quill")):
        await world.send(event.model_copy(update={"conversation": at.id}), actor="desk:kim1")
    found = await RedisPeople(store.wire).find(Clue(kind="actor", text="desk:Kim Quill"))
    assert found is not None
    assert (found.own, found.beside) == ((), (at.id,))
    assert "kim1" in await stored(store)

    await erasure(store).erase(found)

    left = await stored(store)
    assert "kim1" not in left
    assert "Quill" not in left
    assert await store.accounts.all() == ()
    now = await store.conversations.load(at.id)
    assert now is not None
    replayed = Conversation(id=at.id)
    for row in await store.conversations.journal(at.id):
        replayed = apply(replayed, row)
    assert plain(replayed) == plain(now)
    dossier = await world.app.reader.dossier(at.id)
    assert dossier is not None
    assert any("Press the switch" in line.in_words for line in dossier.lines)
    await world.close()


async def test_a_damaged_conversation_hides_no_one() -> None:
    store = store_in_memory()
    await store.wire.ask("SET", store.wire.keys.shards[1].records + "01bbbbbbbbbbbbbbbb", "no record")
    at = await zoraida(store)
    found = await RedisPeople(store.wire).find(Clue(kind="mail", text=MAIL))
    assert found is not None
    assert found.own == (at.id,)
    await store.close()
