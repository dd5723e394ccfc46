"""Looks up tickets, people's conversations, compiled flows, marks and bookmarks in Redis."""

import heapq
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from adapters.storage.keys import SHARDS, Shard, is_conversation_id, place_of
from adapters.storage.records.damage import Damage
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.wire import Wire
from bot.ports import RevisionUnreadable, TicketEntry
from flows.flow import FORMAT, Flow

HIGHEST: Final = 2**53
"""Above this number a sorted set confuses neighboring numbers. No ticket's number is that high."""

READ: Final = 50
"""Number of tickets of a shard to read at a time when reading all of them."""

LISTED: Final = 50
"""Number of a contact's conversations to list. No caller needs older ones."""


class RedisIndex:
    """Implements the port Index. A ticket's number is the shard's counter times 64, plus the shard's number."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def tickets(self, limit: int) -> tuple[TicketEntry, ...]:
        """Return up to `limit` tickets, the newest first."""
        if limit < 1:
            return ()
        answers = await self._wire.ask_all(
            [("ZREVRANGE", shard.tickets, 0, limit - 1, "WITHSCORES") for shard in self._wire.shards]
        )
        entries: list[TicketEntry] = []
        for shard, found in zip(self._wire.shards, answers, strict=True):
            entries += await readable_entries(self._wire, shard, pairs(found))
        return tuple(sorted(entries, key=lambda entry: (entry.opened, entry.number), reverse=True)[:limit])

    async def ticket(self, number: int) -> TicketEntry | None:
        """Return the ticket with that number, or None."""
        if not 0 < number < HIGHEST:
            return None
        shard = self._wire.keys.shard(f"{number % SHARDS:02d}")
        found = await self._wire.ask("ZRANGEBYSCORE", shard.tickets, number, number)
        entries = await readable_entries(self._wire, shard, [(member, number) for member in found])
        return entries[0] if entries else None

    async def every(self) -> AsyncIterator[TicketEntry]:
        """Yield every ticket, the oldest first. Reads a few tickets of each shard at a time and merges them."""
        shards = [_ShardReader(self._wire, shard) for shard in self._wire.shards]
        for reader in shards:
            await reader.read_more()
        ahead = [
            (reader.entries[0].opened, reader.entries[0].number, reader)
            for reader in shards
            if reader.entries
        ]
        heapq.heapify(ahead)
        while ahead:
            *_, reader = heapq.heappop(ahead)
            yield reader.entries.popleft()
            if not reader.entries:
                await reader.read_more()
            if reader.entries:
                heapq.heappush(ahead, (reader.entries[0].opened, reader.entries[0].number, reader))


class _ShardReader:
    """Reads a shard's tickets in order of their numbers, which is the order of time, `READ` at a time."""

    def __init__(self, wire: Wire, shard: Shard) -> None:
        self.entries: deque[TicketEntry] = deque()
        self._wire = wire
        self._shard = shard
        self._last = 0

    async def read_more(self) -> None:
        """Read the next tickets into `entries`."""
        command = (
            "ZRANGEBYSCORE",
            self._shard.tickets,
            f"({self._last}",
            "+inf",
            "WITHSCORES",
            "LIMIT",
            0,
            READ,
        )
        found = pairs(await self._wire.ask(*command))
        while found and not self.entries:  # all of them may be damaged
            self.entries.extend(await readable_entries(self._wire, self._shard, found))
            self._last = int(found[-1][1])
            if not self.entries:
                found = pairs(await self._wire.ask(*command[:2], f"({self._last}", *command[3:]))


def pairs(found: list[object]) -> list[tuple[str, float]]:
    """Return members with their scores. The answer is a flat list or a list of pairs, by version of the protocol."""
    if found and not isinstance(found[0], str):
        return [(str(pair[0]), float(pair[1])) for pair in found]  # type: ignore[index] # then they are pairs
    return [(str(member), float(str(score))) for member, score in zip(found[::2], found[1::2], strict=True)]


async def readable_entries(wire: Wire, shard: Shard, found: Sequence[tuple[str, float]]) -> list[TicketEntry]:
    """Return the entries of a shard's index of tickets. Those that cannot be read are set aside."""
    entries = []
    for member, score in found:
        try:
            entries.append(_entry(member, score))
        except (ValueError, OverflowError, Damage) as why:
            await RedisQuarantine(wire).member(shard.tickets, "entry of a ticket", member, why)
    return entries


def _entry(member: str, number: float) -> TicketEntry:
    conversation, opened = member.split(" ", 1)
    if not is_conversation_id(conversation):
        raise Damage("it begins with no id of a conversation")
    return TicketEntry(number=int(number), conversation=conversation, opened=int(opened))


class RedisPlaces:
    """Implements the port Places. A door's index is in the slot of its conversations; a contact's list has its own."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def at(self, door: str) -> str | None:
        """Return the id of the newest conversation that started at that door. The look-up renews the index entry."""
        shard = self._wire.keys.shard_of_door(door)
        conversation_id: str | None = await self._wire.ask(
            "GETEX", shard.places + place_of(door), "EX", self._wire.keep
        )
        return conversation_id

    async def of(self, contact: str, limit: int) -> tuple[str, ...]:
        """Return the ids of a contact's conversations, the newest first."""
        if limit < 1:
            return ()
        return tuple(await self._wire.ask("ZREVRANGE", self._wire.keys.contact(contact), 0, limit - 1))

    async def note(self, contact: str, conversation_id: str, began: int) -> None:
        """Add a conversation to a contact's list, which keeps the newest `LISTED`."""
        key = self._wire.keys.contact(contact)
        await self._wire.ask_all(
            [
                ("ZADD", key, began, conversation_id),
                ("ZREMRANGEBYRANK", key, 0, -LISTED - 1),
                ("EXPIRE", key, self._wire.keep),
            ]
        )

    async def open(self, door: str, conversation_id: str) -> None:
        """Make a conversation findable at another door. Callers check the entry on use, like every other."""
        shard = self._wire.keys.shard_of_door(door)
        await self._wire.ask("SET", shard.places + place_of(door), conversation_id, "EX", self._wire.keep)


class RedisMarks:
    """Implements the port Marks. Temporary marks (`first`) and permanent ones (`put`) have separate names."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def first(self, name: str, seconds: int) -> bool:
        """Set a temporary mark for that many seconds. Returns False if it was already set."""
        return bool(await self._wire.ask("SET", self._wire.keys.once(name), "1", "NX", "EX", seconds))

    async def put(self, name: str) -> None:
        """Set a permanent mark."""
        await self._wire.ask("SET", self._wire.keys.mark(name), "1")

    async def marked(self, name: str) -> bool:
        """Return whether the permanent mark is set."""
        return bool(await self._wire.ask("EXISTS", self._wire.keys.mark(name)))

    async def clear(self, name: str) -> None:
        """Delete the mark of that name, temporary or permanent."""
        await self._wire.ask("DEL", self._wire.keys.once(name))
        await self._wire.ask("DEL", self._wire.keys.mark(name))


class RedisBookmarks:
    """Implements the port Bookmarks: one hash per shelf."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def put(self, shelf: str, name: str, mark: str, seconds: int | None = None) -> None:
        """Set a shelf's bookmark of that name, and renew the shelf."""
        key = self._wire.keys.bookmarks(shelf)
        await self._wire.ask_all([("HSET", key, name, mark), ("EXPIRE", key, seconds or self._wire.keep)])

    async def all(self, shelf: str) -> Mapping[str, str]:
        """Return the bookmarks of a shelf by name."""
        answer = await self._wire.ask("HGETALL", self._wire.keys.bookmarks(shelf))
        if isinstance(answer, Mapping):
            return {str(name): str(mark) for name, mark in answer.items()}
        return {str(name): str(mark) for name, mark in zip(answer[::2], answer[1::2], strict=True)}

    async def remove(self, shelf: str, name: str) -> None:
        """Delete a shelf's bookmark of that name."""
        await self._wire.ask("HDEL", self._wire.keys.bookmarks(shelf), name)


class RedisRevisions:
    """Implements the port Revisions."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def keep(self, flow: Flow) -> None:
        """Store a compiled flow. Storing the same flow again changes nothing."""
        key = self._wire.keys.revision(flow.revision)
        if await self._wire.ask("SET", key, flow.canonical(), "NX"):
            return
        stored = await self._wire.ask("GET", key)
        if stored != flow.canonical() and _is_damaged(stored):
            await RedisQuarantine(self._wire).whole(key, "flow", stored or "", "it is no flow")
            await self._wire.ask("SET", key, flow.canonical(), "NX")

    async def fetch(self, revision: str) -> Flow | None:
        """Return the flow of that revision, or None. Raises RevisionUnreadable if its format is newer or broken."""
        text = await self._wire.ask("GET", self._wire.keys.revision(revision))
        if text is None:
            return None
        if _is_damaged(text):
            key = self._wire.keys.revision(revision)
            raise await RedisQuarantine(self._wire).note(key, "flow", "", "it is no flow", text)
        try:
            compiled = json.loads(text)
            if compiled["format"] > FORMAT:
                raise RevisionUnreadable(
                    f"revision {revision} is of format {compiled['format']}, we read {FORMAT}"
                )
            return Flow.model_validate(compiled)
        except (ValueError, KeyError, TypeError) as error:
            raise RevisionUnreadable(f"revision {revision} cannot be read: {error}") from error


def _is_damaged(text: str | None) -> bool:
    """Return whether a stored flow is none: a newer release writes JSON with a format, too."""
    try:
        return not isinstance(json.loads(text or "")["format"], int)
    except (ValueError, KeyError, TypeError):
        return True
