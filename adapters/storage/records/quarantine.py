"""Stores damaged data in Redis: each shard has a quarantine, and what is damaged is moved there in one script.

Keys outside the shards are in other slots of a cluster. They are copied first and deleted afterwards, so that a process
that is killed in between loses nothing.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Literal

from redis.exceptions import ResponseError

from adapters.storage.key_types import COUNTED, LEFT, expected_type
from adapters.storage.keys import Keys, Shard, is_conversation_id, short
from adapters.storage.records.damage import readable, reason_of
from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import Damaged, Quarantined
from bot.telemetry import log

How = Literal["note", "member", "item", "field", "head", "key"]
"""How something is taken out: not at all, from a sorted set, a set, a hash, the head of a lane, or the whole key."""

SHOWN: Final = 500
"""Characters of the content that an entry shows. The store keeps all of it."""


Rebuild = Callable[[str, str], Awaitable[None]]
"""Makes the key of a kind anew from what it is an index of, if it is one."""


class RedisQuarantine:
    """Implements the port Quarantine, and sets aside what the other ports cannot read."""

    def __init__(self, wire: Wire, rebuild: Rebuild | None = None) -> None:
        """`rebuild` makes an index anew after its whole key was set aside."""
        self._wire = wire
        self._rebuild = rebuild

    # ------------------------------------------------------------ setting aside

    async def note(self, key: str, kind: str, conversation: str, why: Exception | str, raw: str) -> Damaged:
        """Note something of a conversation that is skipped where it is. Return the error to raise."""
        reason = reason_of(why)
        await self._keep(key, kind, "note", kind, raw, reason, conversation)
        whose = f" of conversation {conversation}" if conversation else ""
        return Damaged(f"the {kind}{whose} is damaged: {reason}")

    async def member(self, key: str, kind: str, member: str, why: Exception | str) -> None:
        """Set aside a member of a sorted set."""
        await self._keep(key, kind, "member", member, member, reason_of(why), _conversation_in(member))

    async def field(
        self, key: str, kind: str, name: str, text: str, why: Exception | str, conversation: str = ""
    ) -> None:
        """Set aside a field of a hash, unless its text has changed since it was read."""
        found = conversation or _conversation_in(name)
        await self._keep(key, kind, "field", name, text, reason_of(why), found)

    async def whole(self, key: str, kind: str, text: str, why: Exception | str) -> None:
        """Set aside a key that holds one text."""
        await self._keep(key, kind, "key", "", text, reason_of(why), "")

    async def head(
        self, shard: Shard, lane: str, channel: str, token: str, entry: str, why: Exception
    ) -> None:
        """Set aside the head of a lane for its holder, and free the lane for what is behind it."""
        keys = (shard.queues + channel, shard.holds + lane, shard.channels, shard.queues)
        more = (lane, token, channel)
        found = _conversation_in(lane)
        await self._keep(
            shard.lanes + lane, "lane entry", "head", "", entry, reason_of(why), found, keys, more
        )

    async def keys_of(self, keys: Sequence[str], error: ResponseError) -> bool:
        """Set aside the keys whose type is wrong, and those that a script which only counts cannot read.

        Return whether any was, so that the command can be tried again. A script names the key that it made from a stem.
        """
        if type(error) is not ResponseError:
            return False  # what the client knows by a type of its own is about no key
        mended = False
        named = str(error).split(" ")[1:2]
        for key in dict.fromkeys((*keys, *named)):
            kind, wanted = expected_type(self._wire.keys.prefix, key) or ("", "")
            if kind and kind not in LEFT:
                mended |= await self._key(key, kind, wanted, str(error))
        return mended

    async def _key(self, key: str, kind: str, wanted: str, error: str) -> bool:
        """Set a key aside if it is what the error is about. Return whether it was."""
        found = await self._wire.client.execute_command("TYPE", key)
        mistyped = "WRONGTYPE" in error and found != wanted
        unread = (kind in COUNTED and "script" in error.lower()) or error.startswith(f"DAMAGED {key}")
        if "WRONGTYPE" in error and found in (wanted, "none"):
            return True  # another caller has set it aside meanwhile
        if found == "none" or not (mistyped or unread):
            return False
        reason = f"it is a {found}, not a {wanted}" if mistyped else "it cannot be read"
        raw, whose = await self._excerpt(key, found), _conversation_in(key.rpartition(":")[2])
        await self._keep(key, kind, "key", wanted if mistyped else "", raw, reason, whose)
        if self._rebuild is not None:
            await self._rebuild(kind, key)
        return True

    async def _excerpt(self, key: str, found: str) -> str:
        """Return the beginning of a key's content, to show it."""
        commands: dict[str, tuple[Any, ...]] = {
            "string": ("GETRANGE", key, 0, SHOWN),
            "list": ("LRANGE", key, 0, 9),
            "set": ("SRANDMEMBER", key, 10),
            "zset": ("ZRANGE", key, 0, 9),
        }
        if found not in commands:
            return ""
        content = await self._wire.client.execute_command(*commands[found])
        return content if isinstance(content, str) else " ".join(map(str, content))

    async def _keep(
        self,
        key: str,
        kind: str,
        how: How,
        part: str,
        raw: str,
        reason: str,
        conversation: str,
        keys: Sequence[str] = (),
        more: Sequence[str] = (),
    ) -> bool:
        """Set something aside. Return whether it is new."""
        shard, inside = _home(self._wire.keys, key)
        name = short(readable(f"{key}\n{how}\n{part}\n{raw}"), 9)
        shown = part if how in ("member", "item", "field") else ""
        entry = {
            "kind": kind,
            "key": key,
            "part": readable(shown)[:SHOWN],
            "reason": reason,
            "raw": readable(raw)[:SHOWN],
            "conversation": conversation,
            "lane": more[0] if more else "",
            "channel": more[2] if more else "",
        }
        text = json.dumps(entry, ensure_ascii=True)
        if inside:
            new = await self._run(
                "set_aside", (shard.quarantine, key, *keys), (name, text, how, part, raw, *more)
            )
        else:
            new = await self._copy(shard, key, (name, text, how, part, raw))
        if new:
            log("store").error(
                "damaged data was set aside", kind=kind, conversation=conversation, entry=name, reason=reason
            )
        return bool(new)

    async def _copy(self, shard: Shard, key: str, args: tuple[str, str, How, str, str]) -> bool:
        """Copy what is damaged under a key of another slot, then delete it there."""
        name, text, how, part, raw = args
        ask = self._wire.client.execute_command
        extra = "0"
        if how == "member":
            extra = str(await ask("ZSCORE", key, part) or "0")
        elif how == "key":
            raw = await ask("DUMP", key)
            if raw is None:
                return False  # it has expired, or another caller has set it aside
            extra = str(await ask("PTTL", key))
        copied = (name, text, "note", part, raw, how, extra)
        new = await self._run("set_aside", (shard.quarantine, shard.quarantine), copied)
        if how in ("member", "field", "key"):
            await self._run("remove_copied", (key,), (how, part, raw))
        return bool(new)

    # ------------------------------------------------------------ the port

    async def entries(self) -> tuple[Quarantined, ...]:
        """Return all entries, oldest first."""
        calls = [ScriptCall(script("quarantined"), [shard.quarantine], ()) for shard in self._wire.shards]
        found: list[Quarantined] = []
        for flat in await self._wire.run_all(calls):
            found += [_entry(*flat[at : at + 5]) for at in range(0, len(flat), 5)]
        return tuple(sorted(found, key=lambda entry: (entry.at, entry.id)))

    async def mark_told(self, entry: Quarantined) -> None:
        """Record that the conversation's people know of the entry."""
        for shard, _ in await self._holding(entry.id):
            await self._run("mark_told", (shard.quarantine,), (entry.id,))

    async def retry(self, entry_id: str) -> bool:
        """Put an entry back into its place. Returns False if there is no such entry, or its place is taken."""
        return any(
            [await self._put_back(shard, entry_id, stored) for shard, stored in await self._holding(entry_id)]
        )

    async def discard(self, entry_id: str) -> bool:
        """Delete an entry for good. Returns False if there is no such entry."""
        held = await self._holding(entry_id)
        for shard, _ in held:
            await self._wire.ask("HDEL", shard.quarantine, entry_id)
        return bool(held)

    async def _holding(self, entry_id: str) -> list[tuple[Shard, str]]:
        """Return the shard whose quarantine has the entry, and its JSON; an empty list if none has."""
        shards = self._wire.shards
        found = await self._wire.ask_all([("HGET", shard.quarantine, entry_id) for shard in shards])
        held = zip(shards, found, strict=True)
        return [(shard, str(text).partition("\n")[0]) for shard, text in held if text is not None]

    async def _put_back(self, shard: Shard, entry_id: str, stored: str) -> bool:
        try:
            entry = json.loads(stored)
            key, lane, channel = str(entry["key"]), str(entry["lane"]), str(entry["channel"])
        except (ValueError, KeyError, TypeError):
            return False
        if _home(self._wire.keys, key)[1]:
            places = (shard.quarantine, key, shard.queues + channel, shard.channels)
            return bool(await self._run("put_back", places, (entry_id, lane, channel, self._wire.keep)))
        return await self._copy_back(shard, entry_id, key)

    async def _copy_back(self, shard: Shard, entry_id: str, key: str) -> bool:
        """Copy an entry to a key of another slot, then delete the entry."""
        found = await self._run("put_back", (shard.quarantine,), (entry_id,))
        if not found:
            return False  # the entry itself is damaged, or gone meanwhile
        how, part, content, extra = found
        commands: dict[str, tuple[Any, ...]] = {
            "member": ("ZADD", key, "NX", extra, part),
            "field": ("HSETNX", key, part, content),
            "key": ("RESTORE", key, max(0, int(extra or 0)), content),
        }
        if how == "key" and await self._wire.ask("EXISTS", key):
            return False
        if how in commands and not await self._wire.ask(*commands[how]):
            return False
        return await self.discard(entry_id)

    async def _run(self, name: str, keys: Sequence[str], args: Sequence[str | int]) -> Any:
        return await self._wire.run(ScriptCall(script(name), keys, args))


def _entry(name: str, stored: str, at: str, how: str, told: str) -> Quarantined:
    try:
        entry = json.loads(stored)
        part = f" {entry['part']}" if entry["part"] else ""
        values = {name: str(entry[name]) for name in ("kind", "reason", "raw", "conversation")}
        values["place"] = f"{entry['key']}{part}"
    except (ValueError, KeyError, TypeError):
        values = {
            "kind": "quarantine",
            "place": "",
            "reason": "the entry itself is damaged",
            "raw": readable(stored),
        }
    moved = how not in ("", "note")
    return Quarantined(
        id=readable(name), at=int(at) if at.isdigit() else 0, moved=moved, told=told == "1", **values
    )


def _home(keys: Keys, key: str) -> tuple[Shard, bool]:
    """Return the shard whose quarantine takes what is damaged under a key, and whether the key is in its slot."""
    for shard in keys.shards:
        if key.startswith(shard.alarms.removesuffix("alarms")):
            return shard, True
    return keys.shards[0], False


def _conversation_in(text: str) -> str:
    """Return the id of the conversation that a member, field or lane begins with; '' if it does not."""
    return text[:18] if is_conversation_id(text[:18]) else ""
