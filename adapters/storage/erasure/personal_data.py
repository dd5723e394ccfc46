"""Erases what the store keeps of a person: conversations, traces in others', and everything beside them."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from redis.asyncio import RedisCluster
from redis.exceptions import ResponseError

from adapters.storage.archive.conversation_unit import unit_keys
from adapters.storage.erasure.people import REWRITE
from adapters.storage.erasure.redaction import redacted_record, redacted_row
from adapters.storage.failures import answering
from adapters.storage.keys import is_conversation_id
from adapters.storage.kinds import kind_of
from adapters.storage.records.conversations import RedisConversations
from adapters.storage.uploads import RedisUploads
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import Contended, KnownPerson
from bot.telemetry import log
from flows.events import Spoken
from flows.text.likely import excerpt

UNLOADED: Final = 13
"""Number of keys of the scripts that write no list of conversations."""

TRIES: Final = 20
"""Times that a redaction is decided anew because the conversation went on."""

REWRITE_S: Final = 300
"""Seconds that the server may take to rewrite its append-only file."""

LOOK_S: Final = 0.1
"""Seconds between two looks whether it is done."""

SHORTEST: Final = 6
"""Characters from which a user id alone names a person beyond doubt."""


class RedisPersonalData:
    """Implements the port PersonalData."""

    def __init__(self, wire: Wire, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """`pause` waits so many seconds."""
        self._wire = wire
        self._pause = pause
        self._conversations = RedisConversations(wire)
        self._uploads = RedisUploads(wire)

    async def silence(self, conversation_id: str) -> Mapping[str, str] | None:
        """Drop a conversation's timers and what waits to be sent. Return the receipts of what was sent, by effect;
        None while something is being sent.
        """
        shard = self._wire.keys.shard(conversation_id)
        keys = unit_keys(shard, conversation_id)[:UNLOADED]
        if await self._wire.run(ScriptCall(script("erasure/silence"), keys, [conversation_id])):
            return None
        return dict(await self._wire.ask("HGETALL", shard.receipts + conversation_id))

    async def erase(self, person: KnownPerson, conversation_id: str) -> None:  # noqa: ARG002 (whose it is)
        """Erase a conversation, with its files, and the texts in it that were kept elsewhere."""
        if not is_conversation_id(conversation_id):
            return
        await self._drop((await self._conversations.words(conversation_id)).values())
        await self._uploads.drop_all(conversation_id)
        keys = unit_keys(self._wire.keys.shard(conversation_id), conversation_id)
        await self._wire.run(ScriptCall(script("erasure/erase"), keys, [conversation_id]))
        await self._wire.ask("DEL", self._wire.keys.viewed(conversation_id))

    async def _drop(self, spoken: Iterable[Spoken]) -> None:
        """Drop the files of messages, and their texts that were kept elsewhere."""
        files = [file for each in spoken for file in each.files]
        await self._uploads.drop(files)
        if files:
            await self._wire.ask_all([("DEL", self._wire.keys.kept(file.id)) for file in files])
        await self._drop_unmatched([each.text for each in spoken])

    async def redact(self, person: KnownPerson, conversation_id: str) -> None:
        """Erase a person from another one's conversation. Raises Contended if it never rests."""
        for _ in range(TRIES):
            if await self._redacted(person, conversation_id):
                return
        raise Contended(f"conversation {conversation_id} changes all the time")

    async def _redacted(self, person: KnownPerson, conversation_id: str) -> bool:
        shard = self._wire.keys.shard(conversation_id)
        record, journal, words = (
            stem + conversation_id for stem in (shard.records, shard.journals, shard.words)
        )
        fields = dict(await self._wire.ask("HGETALL", record))
        if not fields:
            return True
        rows: list[str] = await self._wire.ask("LRANGE", journal, 0, -1)
        changed: list[str | int] = []
        gone: list[int] = []
        for place, row in enumerate(rows):
            clean, wrote = redacted_row(row, person.actors)
            if clean != row:
                changed += (place, clean)
            gone += [place + 1] if wrote else []
        if gone:
            spoken = await self._conversations.words(conversation_id)
            await self._drop([spoken[version] for version in gone if version in spoken])
        names = [f"{version}{suffix}" for version in gone for suffix in ("", "f", "s", "e", "es")]
        pairs = [part for pair in redacted_record(fields, person.actors).items() for part in pair]
        keys = (record, journal, words, shard.board, shard.ended, shard.guiding, shard.records)
        lists = (len(pairs), *pairs, len(changed), *changed, len(names), *names)
        args = (conversation_id, self._wire.keep, fields.get("v", ""), *lists)
        return bool(await self._wire.run(ScriptCall(script("erasure/redact"), keys, args)))

    async def sweep(self, person: KnownPerson) -> None:
        """Erase a person from everything beside conversations."""
        known = [self._wire.keys.contact(actor) for actor in person.actors]
        known += [self._wire.keys.confirmed(actor) for actor in person.actors]
        for key in known:
            await self._wire.ask("DEL", key)
        accounts = [actor.removeprefix("desk:") for actor in person.actors if actor.startswith("desk:")]
        if accounts:
            await self._wire.ask("HDEL", self._wire.keys.accounts, *accounts)
        needles = _needles(person)
        async for key in self._keys():
            kind = kind_of(self._wire.keys.prefix, key)
            if kind is not None:
                await self._clean(key, kind.name, needles, person.own)

    async def _clean(self, key: str, kind: str, needles: Sequence[str], own: Sequence[str]) -> None:
        match kind:
            case "places" | "doors" if await self._wire.ask("GET", key) in own:
                await self._wire.ask("DEL", key)
            case "vault" if _holds(str(await self._wire.ask("GET", key)), needles):
                await self._wire.ask("DEL", key)
            case "bookmarks" | "letters" | "quarantine":
                fields = dict(await self._wire.ask("HGETALL", key))
                gone = [name for name, value in fields.items() if _holds(f"{name}\n{value}", needles)]
                if gone:
                    await self._wire.ask("HDEL", key, *gone)
            case "allowances":
                acts = await self._wire.ask("ZRANGE", key, 0, -1)
                if any(_holds(str(act), needles) for act in acts):
                    await self._wire.ask("DEL", key)
            case _:
                pass  # the others hold nothing of people, or only under a hash that expires

    async def _drop_unmatched(self, texts: Sequence[str]) -> None:
        """Drop the texts that matched no guide and stand in one of these."""
        counts, times = self._wire.keys.unmatched_counts, self._wire.keys.unmatched
        said = [_folded(part) for text in texts for part in (text, excerpt(text))]
        for name in await self._wire.ask("HKEYS", counts) if said else ():
            if any(_folded(name) in text for text in said):
                await self._wire.ask("HDEL", counts, name)
                await self._wire.ask("ZREM", times, name)

    async def rewrite(self) -> tuple[str, ...]:
        """Let every server rewrite its append-only file, which otherwise keeps what was deleted for a while."""
        key = self._wire.keys.erasures
        if not await self._wire.ask("HEXISTS", key, REWRITE):
            return ()
        try:
            client: Any = self._wire.client
            every = {"target_nodes": client.get_nodes()} if isinstance(client, RedisCluster) else {}
            with answering():
                await client.execute_command("BGREWRITEAOF", **every)
            await self._rewritten()
            await self._wire.ask("HDEL", key, REWRITE)
        except (ResponseError, TimeoutError) as refused:
            log("store").warning("the append-only file was not rewritten", reason=str(refused)[:200])
            return ("the store's append-only file: run BGREWRITEAOF on every server of the store",)
        return ()

    async def _rewritten(self) -> None:
        """Wait until no server rewrites any more. Raises TimeoutError."""
        for _ in range(int(REWRITE_S / LOOK_S)):
            infos = await self._wire.infos()
            under_way = ("aof_rewrite_in_progress", "aof_rewrite_scheduled")
            if not any(int(info.get(name, 0)) for info in infos for name in under_way):
                return
            await self._pause(LOOK_S)
        raise TimeoutError("the rewrite takes too long")

    async def _keys(self) -> AsyncIterator[str]:
        client: Any = self._wire.client
        with answering():
            async for key in client.scan_iter(match=self._wire.keys.any(), count=1000):
                yield str(key)


def _needles(person: KnownPerson) -> tuple[str, ...]:
    """Return what names a person or their conversations wherever it stands."""
    users = [actor.rpartition(":")[2] for actor in person.actors]
    return (*person.actors, *(user for user in users if len(user) >= SHORTEST), *person.mails, *person.own)


def _holds(text: str, needles: Sequence[str]) -> bool:
    folded = text.casefold()
    return any(needle.casefold() in folded for needle in needles)


def _folded(text: str) -> str:
    """Return a text as `records/unmatched.py` compares texts."""
    bare = " ".join(text.split())
    return unicodedata.normalize("NFKC", bare).casefold().strip(".,;:!?\"'() \u3002\u3001")
