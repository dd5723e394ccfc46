"""Reads from Redis what waits to be sent, and dead letters, for operators."""

import json
from collections.abc import Sequence
from contextlib import suppress

from pydantic import ValidationError

from adapters.storage.keys import Shard
from adapters.storage.records.damage import Damage, intact, is_newer, mapping
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.records.record import unentry
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import Letter, NewerEffect


class RedisBacklog:
    """Implements the port Backlog."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._quarantine = RedisQuarantine(wire)

    async def waiting(self) -> tuple[Letter, ...]:
        """Return the effects in all lanes, oldest first."""
        letters: list[Letter] = []
        for lane, due, attempts, entries in await self._lanes():
            letters += _waiting(lane, entries, attempts, due)
        return tuple(sorted(letters, key=lambda letter: letter.at))

    async def newer(self) -> tuple[NewerEffect, ...]:
        """Return the effects in all lanes that only a newer release can read, oldest first."""
        found = [
            _newer(lane, entry, due)
            for lane, due, _, entries in await self._lanes()
            for entry in entries
            if _is_newer(entry)
        ]
        return tuple(sorted(found, key=lambda each: each.at))

    async def _lanes(self) -> list[tuple[str, float, str, Sequence[str]]]:
        """Return each lane with the time when it is due, the attempts at its head, and its entries."""
        shards = self._wire.shards
        known = await self._wire.ask_all([("SMEMBERS", shard.channels) for shard in shards])
        places = [
            (shard, channel) for shard, channels in zip(shards, known, strict=True) for channel in channels
        ]
        calls = [
            ScriptCall(script("waiting"), (shard.queues + channel, shard.lanes, shard.holds), ())
            for shard, channel in places
        ]
        return [
            (lane, float(due), attempts, entries)
            for found in await self._wire.run_all(calls)
            for lane, due, attempts, entries in zip(
                found[::4], found[1::4], found[2::4], found[3::4], strict=True
            )
        ]

    async def buried(self) -> tuple[Letter, ...]:
        """Return all dead letters, oldest first. Those that cannot be read are set aside."""
        shards = self._wire.shards
        answers = await self._wire.ask_all([("HGETALL", shard.letters) for shard in shards])
        letters: list[Letter] = []
        for shard, found in zip(shards, answers, strict=True):
            for name, text in mapping(found).items():
                letter = await self._buried(shard, name, text)
                letters += [] if letter is None else [letter]
        return tuple(sorted(letters, key=lambda letter: letter.at))

    async def _buried(self, shard: Shard, name: str, text: str) -> Letter | None:
        try:
            at, attempts, lane, entry, reason = json.loads(intact(text))
            return _letter(lane, entry, int(attempts or 0), float(at), reason)
        except ValidationError as why:
            if is_newer(why):
                return None
            damage: Exception = why
        except (ValueError, TypeError, AttributeError, Damage) as why:
            damage = why
        await self._quarantine.field(shard.letters, "dead letter", name, text, damage)
        return None

    async def retry(self, effect_id: str) -> bool:
        """Put a dead letter back at the end of its lane. Returns False if there is none with that id."""
        calls = [
            ScriptCall(
                script("retry"),
                (shard.letters, shard.channels, shard.lanes, shard.queues),
                (effect_id, self._wire.keep),
            )
            for shard in self._wire.shards
        ]
        return any(await self._wire.run_all(calls))


def _waiting(lane: str, entries: Sequence[str], attempts: str, due: float) -> list[Letter]:
    """Return the effects of a lane; a worker sets aside those that cannot be read when it comes to them."""
    letters = []
    for place, entry in enumerate(entries):
        with suppress(ValidationError, ValueError, TypeError):
            tries = int(attempts) if attempts.isdecimal() and not place else 0
            letters.append(_letter(lane, entry, tries, due))
    return letters


def _letter(lane: str, entry: str, attempts: int, at: float, reason: str = "") -> Letter:
    effect, channel = unentry(entry)
    return Letter(
        conversation=lane.split("/", 1)[0],
        lane=lane,
        channel=channel,
        effect=effect,
        attempts=attempts,
        at=int(at),
        reason=reason,
    )


def _is_newer(entry: str) -> bool:
    """Return whether a newer release wrote what this release cannot read."""
    try:
        unentry(intact(entry))
    except ValidationError as why:
        return is_newer(why)
    except (ValueError, TypeError, Damage):
        pass  # a worker sets it aside when it comes to it
    return False


def _newer(lane: str, entry: str, at: float) -> NewerEffect:
    effect_id, kind, channel, _ = entry.split(" ", 3)
    conversation = lane.split("/", 1)[0]
    return NewerEffect(
        id=effect_id, kind=kind, channel=channel, conversation=conversation, lane=lane, at=int(at)
    )
