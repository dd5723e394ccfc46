"""Reads the board from Redis: each shard's lists, which the commit script updates. Caches open tickets in memory."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Any, Final

from adapters.storage.keys import Shard, is_conversation_id
from adapters.storage.records.damage import Damage, intact, mapping
from adapters.storage.records.lookups import pairs
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.records.record import LETTERS, STATUSES, unword, word
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import OpenTicket, Overview, TicketPage, TicketPageRow
from flows.conversation import Status

CHANGES: Final = "#"
"""The field of a shard's board that counts its changes; the other fields are conversations' ids."""

WORDS: Final = 13
"""Number of words in a line before its reasons, in the order of `listing.lua`."""

TURN: Final = "%@"
"""Begins the line's last word: when agents replied, and since when they owe a reply. No reason begins like that; lines
of earlier versions have no such word."""


class _Mirror:
    """Caches a shard's open tickets as they were last read: the stored lines, and the tickets parsed from them."""

    def __init__(self) -> None:
        self.changes = -1
        self.damaged: dict[str, str] = {}
        self.lines: dict[str, str] = {}
        self.tickets: dict[str, OpenTicket] = {}

    def update(self, board: Mapping[str, str]) -> None:
        """Replace the cached tickets by a shard's board. Parses only the lines that differ, and keeps damaged ones
        apart.
        """
        changes = board.get(CHANGES, "0")
        self.changes = int(changes) if changes.isdecimal() else -1
        lines = {name: line for name, line in board.items() if name != CHANGES}
        tickets, self.damaged = {}, {}
        for name, line in lines.items():
            try:
                tickets[name] = (
                    self.tickets[name] if self.lines.get(name) == line else _open_ticket(name, line)
                )
            except (ValueError, KeyError, IndexError, Damage):
                self.damaged[name] = line
        self.tickets = tickets
        self.lines = {name: lines[name] for name in tickets}


class RedisBoard:
    """Implements the port Board. One read serves all callers that wait; a shard is read again only after a change."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._quarantine = RedisQuarantine(wire)
        self._mirrors = [_Mirror() for _ in wire.shards]
        self._reading = asyncio.Lock()
        self._begun = self._done = 0
        self._seen: Overview | None = None

    async def look(self) -> Overview:
        """Return the current overview. Callers that arrive during a read share the result of the next read."""
        before = self._begun
        async with self._reading:
            if self._seen is None or self._done <= before:
                self._begun += 1
                self._seen = await self._read()
                self._done = self._begun
            return self._seen

    async def _read(self) -> Overview:
        looks = [
            ScriptCall(script("look"), (shard.board, shard.ended, shard.guiding), ())
            for shard in self._wire.shards
        ]
        found = await self._wire.run_all(looks)
        changed = [
            number for number, (changes, *_) in enumerate(found) if changes != self._mirrors[number].changes
        ]
        rest = {
            "ended": sum(each[1] for each in found),
            "guiding": sum(each[2] for each in found),
            "latest": max(each[3] for each in found),
        }
        if self._seen is not None and not changed:
            return self._seen.model_copy(update=rest)
        boards = await self._wire.ask_all(
            [("HGETALL", self._wire.shards[number].board) for number in changed]
        )
        for number, lines in zip(changed, boards, strict=True):
            self._mirrors[number].update(mapping(lines))
            await self._set_aside(self._wire.shards[number], self._mirrors[number].damaged)
        stamp = " ".join(str(mirror.changes) for mirror in self._mirrors)
        tickets = [standing for mirror in self._mirrors for standing in mirror.tickets.values()]
        return Overview.model_construct(
            open=tuple(sorted(tickets, key=lambda each: (each.customers_turn, each.since, each.ticket))),
            stamp=hashlib.blake2s(stamp.encode(), digest_size=8).hexdigest(),
            **rest,
        )

    async def _set_aside(self, shard: Shard, damaged: Mapping[str, str]) -> None:
        """Set aside lines that cannot be read. Those of conversations are made anew from their records."""
        for name, line in damaged.items():
            await self._quarantine.field(shard.board, "line of an open ticket", name, line, "it is no line")
            await self.correct(name)

    async def _belong(self, key: str, found: list[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return the members of a list that are conversations. The others are set aside."""
        members = []
        for name, score in found:
            if is_conversation_id(name):
                members.append((name, score))
            else:
                await self._quarantine.member(key, "member of a list", name, "it is no id of a conversation")
        return members

    async def ended(
        self, skip: int, limit: int, *, team: str = "", reason: str = "", status: str = ""
    ) -> TicketPage:
        """Return a page of ended tickets. A filter makes the store's script read the record of each ended ticket."""
        wanted = (
            skip + limit,
            team,
            word(reason) if reason else "",
            LETTERS.get(Status(status), "") if status else "",
        )
        found = await self._wire.run_all(
            [ScriptCall(script("ended"), (shard.ended, shard.records), wanted) for shard in self._wire.shards]
        )
        shards = zip(self._wire.shards, found, strict=True)
        listed = [(total, await self._belong(shard.ended, pairs(lines))) for shard, (total, lines) in shards]
        return _merge(listed, skip, limit)

    async def guiding(self, skip: int, limit: int) -> TicketPage:
        """Return a page of the conversations that the bot guides, the most recently changed first."""
        last = max(0, skip + limit - 1)
        commands: list[tuple[Any, ...]] = [("ZCARD", shard.guiding) for shard in self._wire.shards]
        commands += [("ZREVRANGE", shard.guiding, 0, last, "WITHSCORES") for shard in self._wire.shards]
        found = await self._wire.ask_all(commands)
        half = len(found) // 2
        shards = enumerate(self._wire.shards)
        listed = [
            (found[at], await self._belong(shard.guiding, pairs(found[half + at]))) for at, shard in shards
        ]
        return _merge(listed, skip, limit)

    async def standing(self, conversation_id: str) -> OpenTicket | None:
        """Return a conversation's open ticket, or None."""
        if not is_conversation_id(conversation_id):
            return None
        line = await self._wire.ask("HGET", self._wire.keys.shard(conversation_id).board, conversation_id)
        try:
            return _open_ticket(conversation_id, line) if line else None
        except (ValueError, KeyError, IndexError, Damage):
            await self._set_aside(self._wire.keys.shard(conversation_id), {conversation_id: line})
            return None

    async def correct(self, conversation_id: str) -> None:
        """Put a conversation on the list where its record belongs, and take it off the others."""
        if is_conversation_id(conversation_id):
            await self._wire.run(relisting(self._wire, conversation_id))


def relisting(wire: Wire, conversation_id: str) -> ScriptCall:
    """Return the script call that puts a conversation on the list where its record belongs."""
    shard: Shard = wire.keys.shard(conversation_id)
    keys = (shard.board, shard.ended, shard.guiding, shard.alarms, shard.records)
    return ScriptCall(script("relist"), keys, (conversation_id, wire.keep))


def _merge(shards: Sequence[tuple[int, list[tuple[str, float]]]], skip: int, limit: int) -> TicketPage:
    """Merge the lists of the shards into one page."""
    lines = nlargest(skip + limit, ((score, name) for _, found in shards for name, score in found))
    return TicketPage(
        total=sum(total for total, _ in shards),
        lines=tuple(TicketPageRow(conversation=name, changed=int(score)) for score, name in lines[skip:]),
    )


def _open_ticket(name: str, line: str) -> OpenTicket:
    if not is_conversation_id(name):
        raise Damage("it is no conversation's")
    intact(line)
    words = line.split(" ")
    status, *rest = map(unword, words[:WORDS])
    numbers = [int(text or 0) for text in rest[:9]]
    reasons = [reason for reason in words[WORDS:] if not reason.startswith(TURN)]
    replied, _, owed = next(
        (word[len(TURN) :] for word in words[WORDS:] if word.startswith(TURN)), ""
    ).partition(":")
    values: dict[str, Any] = {
        **dict(zip(_NUMBERS, numbers, strict=True)),
        "conversation": name,
        "status": STATUSES[status],
        "snoozed": rest[9],
        "holder": rest[10],
        "team": rest[11],
        "reasons": tuple(unword(reason) for reason in reasons) if reasons != [""] else (),
        "replied_at": int(replied or 0),
        "owed_since": int(owed or 0),
    }
    return OpenTicket.model_construct(**values)


_NUMBERS: Final = (
    "ticket",
    "version",
    "ticket_at",
    "waiting_since",
    "first_reply_at",
    "first_soon",
    "first_late",
    "solve_soon",
    "solve_late",
)
