"""What is looked up across conversations: tickets by number, compiled flows by revision."""

import json
from typing import Final

from adapters.storage.keys import SHARDS
from adapters.storage.wire import Wire
from bot.ports import RevisionUnreadable, TicketEntry
from flows.flow import FORMAT, Flow

HIGHEST: Final = 2**53
"""Beyond this a sorted set no longer tells two numbers apart; no ticket has such a number."""


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
        entries = [_entry(member, score) for found in answers for member, score in _pairs(found)]
        return tuple(sorted(entries, key=lambda entry: (entry.opened, entry.number), reverse=True)[:limit])

    async def ticket(self, number: int) -> TicketEntry | None:
        """The ticket with that number."""
        if not 0 < number < HIGHEST:
            return None
        shard = self._wire.shards[number % SHARDS]
        found = await self._wire.ask("ZRANGEBYSCORE", shard.tickets, number, number)
        return _entry(found[0], number) if found else None


def _pairs(found: list[object]) -> list[tuple[str, float]]:
    """Members and scores, flat or in pairs as the protocol's version has it."""
    if found and not isinstance(found[0], str):
        return [(str(pair[0]), float(pair[1])) for pair in found]  # type: ignore[index] # then they are pairs
    return [(str(member), float(str(score))) for member, score in zip(found[::2], found[1::2], strict=True)]


def _entry(member: str, number: float) -> TicketEntry:
    conversation, opened = member.split(" ", 1)
    return TicketEntry(number=int(number), conversation=conversation, opened=int(opened))


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
