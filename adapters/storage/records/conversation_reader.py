"""Reads what is stored of a conversation, as far as it can be read, and notes in the quarantine what is damaged."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from redis.exceptions import ResponseError

from adapters.storage.keys import Shard
from adapters.storage.records import record
from adapters.storage.records.damage import Damage, intact, is_newer, readable
from adapters.storage.records.journal.recent_rows import RecentRows
from adapters.storage.records.journal.rows import unrow
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.records.rebuild import SET_ASIDE
from adapters.storage.wire import Wire
from bot.ports import Damaged, RevisionUnreadable
from flows.conversation import Conversation
from flows.effects import Change
from flows.events import File, Spoken
from flows.text.markup.styled import fitting
from flows.text.markup.wordtree import Words

FILES: Final = TypeAdapter(tuple[File, ...])
WORDS: Final = TypeAdapter(Words)

EDITED: Final = "e"
"""The suffix of a stored text that stands beside the first text of its version. The commit script knows it, too."""


class ConversationReader:
    """Reads records, journals and words."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._quarantine = RedisQuarantine(wire)
        self._recent = RecentRows()

    def _shard(self, conversation_id: str) -> Shard:
        return self._wire.keys.shard(conversation_id)

    async def record(self, conversation_id: str) -> Conversation | None:
        """Return a conversation's state; None if there is none. Raises Damaged."""
        key = self._shard(conversation_id).records + conversation_id
        try:
            fields = await self._wire.ask("HGETALL", key)
        except ResponseError as error:
            raise await self._quarantine.note(key, "record", conversation_id, _wrong(error), "") from None
        return await self.decoded(conversation_id, fields) if fields else None

    async def decoded(self, conversation_id: str, fields: Mapping[str, str]) -> Conversation:
        """Return the conversation of a record's fields. Raises Damaged."""
        try:
            if "v" not in fields:
                raise Damage("it has no version")
            for text in fields.values():
                if not text.isascii():
                    intact(text)
            return record.decode(conversation_id, fields)
        except (KeyError, ValueError, Damage) as why:
            key = self._shard(conversation_id).records + conversation_id
            raw = " ".join(f"{name}={text}" for name, text in fields.items())
            raise await self._quarantine.note(key, "record", conversation_id, why, raw) from None

    async def refused(self, conversation_id: str, error: ResponseError) -> Damaged:
        """Note that a commit failed because the record has another type. Return the error to raise."""
        key = self._shard(conversation_id).records + conversation_id
        return await self._quarantine.note(key, "record", conversation_id, _wrong(error), "")

    async def journal(self, conversation_id: str) -> tuple[Change, ...]:
        """Return every change that can be read, oldest first, and note the rows that cannot.

        Raises RevisionUnreadable if a newer version wrote a row, and Damaged if no row can be read.
        """
        key = self._shard(conversation_id).journals + conversation_id
        lines: Sequence[str] = await self._wire.ask("LRANGE", key, 0, -1)
        parsed, before = self._recent.parsed(conversation_id, lines)
        changes, damaged = list(parsed), None
        for line in lines[len(parsed) :]:
            try:
                changes.append(unrow(line if line.isascii() else intact(line), before))
                before = before.then(changes[-1])
            except (
                ValueError,
                KeyError,
                TypeError,
                AttributeError,
                IndexError,
                StopIteration,
                Damage,
            ) as why:
                if isinstance(why, ValidationError) and is_newer(why):
                    raise RevisionUnreadable(
                        f"a newer version wrote the journal of {conversation_id}"
                    ) from None
                before = before._replace(version=before.version + 1)
                if line == SET_ASIDE:
                    damaged = Damaged(f"the journal of conversation {conversation_id} was set aside")
                    continue
                place = f"row {before.version} of the journal"
                damaged = await self._quarantine.note(key, place, conversation_id, why, line)
        if damaged is not None and not changes:
            raise damaged
        if damaged is None and len(parsed) < len(lines):
            self._recent.put(conversation_id, lines, changes, before)
        return tuple(changes)

    async def words(self, conversation_id: str) -> Mapping[int, Spoken]:
        """Return the texts and files that people sent, by the version of their change; without damaged ones."""
        key = self._shard(conversation_id).words + conversation_id
        stored: Mapping[str, str] = await self._wire.ask("HGETALL", key)
        found: dict[int, dict[str, Any]] = {}
        for name, text in stored.items():
            version = name.rstrip(_SUFFIXES)
            field, read = _SPOKEN.get(name[len(version) :], ("", str))
            try:
                if not version.isdecimal():
                    raise Damage("its name begins with no version")
                if field:
                    found.setdefault(int(version), {})[field] = read(intact(text))
            except (ValueError, Damage) as why:
                await self._quarantine.note(key, f"words ({readable(name)})", conversation_id, why, text)
                if field in ("text", "edited") and version.isdecimal():
                    found.setdefault(int(version), {})[field] = readable(text)
        return {version: _spoken(found[version]) for version in sorted(found)}


def _wrong(error: ResponseError) -> str:
    """Say why a key cannot be read. Raises any other error again."""
    if "WRONGTYPE" not in str(error):
        raise error
    return "it has another type"


def _styled(text: str) -> Words:
    """Read words with their formatting; none if a newer version wrote what this version cannot read."""
    try:
        return WORDS.validate_json(text)
    except ValidationError:
        return ()


def _spoken(fields: Mapping[str, Any]) -> Spoken:
    """Return what was sent, with its formatting only if an earlier version did not edit or delete the text alone."""
    spoken = Spoken(**fields)
    styled, edited = fitting(spoken.styled, spoken.text), fitting(spoken.edited_styled, spoken.edited)
    return spoken.model_copy(update={"styled": styled, "edited_styled": edited})


_SPOKEN: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "": ("text", str),
    "f": ("files", FILES.validate_json),
    EDITED: ("edited", str),
    "s": ("styled", _styled),
    f"{EDITED}s": ("edited_styled", _styled),
}
"""Fields of `Spoken` by the suffix under which they are stored after the version, each with its reader."""

_SUFFIXES: Final = "".join({*"".join(_SPOKEN)})
