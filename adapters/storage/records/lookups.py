"""What is looked up across conversations: tickets, places and people, compiled flows; and small facts."""

import heapq
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Final

from adapters.storage.keys import SHARDS, Shard, place_of
from adapters.storage.wire import Wire
from bot.ports import RevisionUnreadable, TicketEntry
from flows.flow import FORMAT, Flow

HIGHEST: Final = 2**53
"""Beyond this a sorted set no longer tells two numbers apart; no ticket has such a number."""

READ: Final = 50
"""Tickets of a shard that are read at a time by who reads them all."""

LISTED: Final = 50
"""A contact's conversations that are listed; nobody looks further back."""


class RedisIndex:
    """The port Index. A ticket's number says its shard: the shard's counter times 64, plus the shard."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def tickets(self, limit: int) -> tuple[TicketEntry, ...]:
        """The newest tickets first."""
        if limit < 1:
            return ()
        answers = await self._wire.ask_all(
            [("ZREVRANGE", shard.tickets, 0, limit - 1, "WITHSCORES") for shard in self._wire.shards]
        )
        entries = [_entry(member, score) for found in answers for member, score in pairs(found)]
        return tuple(sorted(entries, key=lambda entry: (entry.opened, entry.number), reverse=True)[:limit])

    async def ticket(self, number: int) -> TicketEntry | None:
        """The ticket with that number."""
        if not 0 < number < HIGHEST:
            return None
        shard = self._wire.keys.shard(f"{number % SHARDS:02d}")
        found = await self._wire.ask("ZRANGEBYSCORE", shard.tickets, number, number)
        return _entry(found[0], number) if found else None

    async def every(self) -> AsyncIterator[TicketEntry]:
        """Every ticket, the oldest first: the shards are read a little at a time and merged."""
        shards = [_Walk(self._wire, shard) for shard in self._wire.shards]
        for walk in shards:
            await walk.step()
        ahead = [(walk.entries[0].opened, walk.entries[0].number, walk) for walk in shards if walk.entries]
        heapq.heapify(ahead)
        while ahead:
            *_, walk = heapq.heappop(ahead)
            yield walk.entries.popleft()
            if not walk.entries:
                await walk.step()
            if walk.entries:
                heapq.heappush(ahead, (walk.entries[0].opened, walk.entries[0].number, walk))


class _Walk:
    """Reads a shard's tickets from the first to the last, `READ` at a time; its counter grows as time does."""

    def __init__(self, wire: Wire, shard: Shard) -> None:
        self.entries: deque[TicketEntry] = deque()
        self._wire = wire
        self._shard = shard
        self._last = 0

    async def step(self) -> None:
        """Read on."""
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
        for member, score in pairs(await self._wire.ask(*command)):
            self.entries.append(_entry(member, score))
            self._last = int(score)


def pairs(found: list[object]) -> list[tuple[str, float]]:
    """Members and scores, flat or in pairs as the protocol's version has it."""
    if found and not isinstance(found[0], str):
        return [(str(pair[0]), float(pair[1])) for pair in found]  # type: ignore[index] # then they are pairs
    return [(str(member), float(str(score))) for member, score in zip(found[::2], found[1::2], strict=True)]


def _entry(member: str, number: float) -> TicketEntry:
    conversation, opened = member.split(" ", 1)
    return TicketEntry(number=int(number), conversation=conversation, opened=int(opened))


class RedisPlaces:
    """The port Places. A place's index lies in the slot of what was born there; a contact's list in one of its own."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def at(self, door: str) -> str | None:
        """The newest conversation born at that door; asking for it keeps it findable for as long as it is kept."""
        shard = self._wire.keys.shard_of_door(door)
        found: str | None = await self._wire.ask(
            "GETEX", shard.places + place_of(door), "EX", self._wire.keep
        )
        return found

    async def of(self, contact: str, limit: int) -> tuple[str, ...]:
        """That contact's conversations, the newest first."""
        if limit < 1:
            return ()
        return tuple(await self._wire.ask("ZREVRANGE", self._wire.keys.contact(contact), 0, limit - 1))

    async def note(self, contact: str, conversation_id: str, began: int) -> None:
        """List a conversation as that contact's; of more than `LISTED` the oldest are no longer listed."""
        key = self._wire.keys.contact(contact)
        await self._wire.ask_all(
            [
                ("ZADD", key, began, conversation_id),
                ("ZREMRANGEBYRANK", key, 0, -LISTED - 1),
                ("EXPIRE", key, self._wire.keep),
            ]
        )

    async def open(self, door: str, conversation_id: str) -> None:
        """Make a conversation findable at a further door; its index is checked on use, like every other."""
        shard = self._wire.keys.shard_of_door(door)
        await self._wire.ask("SET", shard.places + place_of(door), conversation_id, "EX", self._wire.keep)


class RedisMarks:
    """The port Marks. What was done once and what is marked for good are two kinds of names."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def first(self, name: str, seconds: int) -> bool:
        """Whether nobody marked that in the last so many seconds; marks it."""
        return bool(await self._wire.ask("SET", self._wire.keys.once(name), "1", "NX", "EX", seconds))

    async def put(self, name: str) -> None:
        """Mark it for good."""
        await self._wire.ask("SET", self._wire.keys.mark(name), "1")

    async def marked(self, name: str) -> bool:
        """Whether it is marked."""
        return bool(await self._wire.ask("EXISTS", self._wire.keys.mark(name)))

    async def clear(self, name: str) -> None:
        """Take the mark away, whichever kind it is: what was done once may be done once more."""
        await self._wire.ask("DEL", self._wire.keys.once(name))
        await self._wire.ask("DEL", self._wire.keys.mark(name))


class RedisBookmarks:
    """The port Bookmarks: a hash for each shelf."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def put(self, shelf: str, name: str, mark: str) -> None:
        """From here on."""
        key = self._wire.keys.bookmarks(shelf)
        await self._wire.ask_all([("HSET", key, name, mark), ("EXPIRE", key, self._wire.keep)])

    async def all(self, shelf: str) -> Mapping[str, str]:
        """The marks of a shelf by name."""
        found = await self._wire.ask("HGETALL", self._wire.keys.bookmarks(shelf))
        if isinstance(found, Mapping):
            return {str(name): str(mark) for name, mark in found.items()}
        return {str(name): str(mark) for name, mark in zip(found[::2], found[1::2], strict=True)}

    async def remove(self, shelf: str, name: str) -> None:
        """Nothing is to be read there any more."""
        await self._wire.ask("HDEL", self._wire.keys.bookmarks(shelf), name)


class RedisRevisions:
    """The port Revisions."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def keep(self, flow: Flow) -> None:
        """Store a compiled flow; storing it again changes nothing."""
        await self._wire.ask("SET", self._wire.keys.revision(flow.revision), flow.canonical(), "NX")

    async def fetch(self, revision: str) -> Flow | None:
        """The flow of that revision; None when unknown; RevisionUnreadable when its format is newer than ours."""
        text = await self._wire.ask("GET", self._wire.keys.revision(revision))
        if text is None:
            return None
        try:
            compiled = json.loads(text)
            if compiled["format"] > FORMAT:
                raise RevisionUnreadable(
                    f"revision {revision} is of format {compiled['format']}, we read {FORMAT}"
                )
            return Flow.model_validate(compiled)
        except (ValueError, KeyError, TypeError) as wrong:
            raise RevisionUnreadable(f"revision {revision} cannot be read: {wrong}") from wrong
