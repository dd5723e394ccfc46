"""Stores conversations and their journals in Redis. One script records a change."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from redis.exceptions import ResponseError

from adapters.storage.formats import BRIEF_ROWS, readable
from adapters.storage.identity import PARTLY
from adapters.storage.keys import Shard, door_of, is_conversation_id, place_of, short
from adapters.storage.records import record
from adapters.storage.records.conversation_reader import EDITED, FILES, WORDS, ConversationReader
from adapters.storage.records.journal.before import Before
from adapters.storage.records.journal.rows import row
from adapters.storage.wire import ScriptCall, Wire, fresh_token, script
from bot.ports import Armed, Commit, Committed, Contended, Damaged, Lease, Queued, StoreDown
from flows.conversation import Conversation, Status
from flows.effects import Change
from flows.engine import apply, stamped
from flows.events import PlaceLost, Spoken, Started, TimerRang


class RedisConversations:
    """Implements the port Conversations."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._read = ConversationReader(wire)

    async def load(self, conversation_id: str) -> Conversation | None:
        """Return a conversation's current state. None if it does not exist or has expired."""
        if not is_conversation_id(conversation_id):
            return None
        at = await self._read.record(conversation_id)
        if at is None:
            await self._wire.identity.recheck(self._wire.keys.shard(conversation_id))
        return at

    async def seen(self, conversation_id: str, key: str) -> int:
        """Return the version in which a conversation recorded the event with that key; 0 if it did not."""
        if not is_conversation_id(conversation_id):
            return 0
        seen = self._wire.keys.shard(conversation_id).seen + conversation_id
        version = await self._wire.ask("HGET", seen, short(key)) or "0"
        return int(version) if version.isdecimal() else 1  # the key is there, whatever its version was

    async def commit(self, commit: Commit) -> Committed:
        """Record a change completely or not at all, in the format that all processes read; see Committed.

        Raises Contended.
        """
        commit = readable(commit, self._wire.writes)
        token = fresh_token()
        try:
            answer = await self._wire.run(commit_call(self._wire, commit, token))
        except ResponseError as error:
            raise await self._read.refused(commit.before.id, error) from None
        if answer[0] == "lost":
            await self._wire.identity.recheck(self._wire.keys.shard(commit.before.id))
            answer = await self._wire.run(commit_call(self._wire, commit, token))
        if answer[0] == "lost":
            raise StoreDown(PARTLY)
        if answer[0] == "committed":
            return _committed(commit, token, answer)
        outcome, whose, flat, held = answer
        if not flat:
            raise Contended(f"conversation {whose} was forgotten meanwhile")
        try:
            at = await self._read.decoded(whose, dict(zip(flat[::2], flat[1::2], strict=True)))
        except Damaged:
            if outcome == "exists" and await self._freed(commit, whose):
                return await self.commit(commit)
            raise
        return Committed(
            outcome=outcome,
            conversation=at,
            leases=_leases(commit, token, held),
        )

    async def _freed(self, commit: Commit, whose: str) -> bool:
        """Let a new conversation start at a door whose open one is damaged. Return whether the door is free now."""
        contact = str(commit.change.set.get("contact", commit.before.contact))
        key = self._wire.keys.shard(commit.before.id).doors + door_of(commit.door, contact)
        return bool(await self._wire.run(ScriptCall(script("free_door"), (key,), (whose,))))

    async def journal(self, conversation_id: str) -> tuple[Change, ...]:
        """Return every change of a conversation, oldest first, stamped with version, time and ticket."""
        if not is_conversation_id(conversation_id):
            return ()
        return await self._read.journal(conversation_id)

    async def words(self, conversation_id: str) -> Mapping[int, Spoken]:
        """Return the texts and files that people sent, by the version of their change."""
        if not is_conversation_id(conversation_id):
            return {}
        return await self._read.words(conversation_id)


def _committed(commit: Commit, token: str, answer: Sequence[Any]) -> Committed:
    """Compute the new state without reading it: apply the stamped change to the state it was decided on."""
    change = commit.change.model_copy(
        update={"version": int(answer[1]), "at": int(answer[2]), "ticket": int(answer[3])}
    )
    return Committed.model_construct(
        outcome="committed",
        conversation=apply(commit.before, change),
        change=change,
        leases=_leases(commit, token, answer[4]),
    )


def _leases(commit: Commit, token: str, lanes: Sequence[str]) -> tuple[Lease, ...]:
    """Return leases on the granted lanes. Each lane was empty, so its head is the first effect queued for it."""
    first: dict[str, Queued] = {}
    for queued in commit.queued:
        first.setdefault(queued.lane, queued)
    return tuple(
        Lease(
            conversation=commit.before.id,
            lane=lane,
            channel=first[lane].channel,
            token=token,
            effect=first[lane].effect,
        )
        for lane in lanes
    )


# ---------------------------------------------------------------- the script's arguments


def commit_call(wire: Wire, commit: Commit, token: str) -> ScriptCall:
    """Return a commit's script call: KEYS as in `commit_keys`, then nine arguments, then lists after their lengths, and
    then what few commits have, as names and values.
    """
    before, change = commit.before, commit.change
    head: tuple[str | int, ...] = (
        before.id,
        before.version,
        short(commit.key),
        wire.keep,
        commit.lease,
        token,
        row(change, _journal_so_far(before), brief=wire.writes >= BRIEF_ROWS),
        wire.identity.known,
        "1" if commit.remembered else "",
    )
    lists = _flatten(_fields(before, change)) + _timers(commit) + _flatten_timers(commit.promises)
    return ScriptCall(
        script("commit"),
        commit_keys(wire.keys.shard(before.id), before.id),
        (*head, *lists, *_lanes(commit), *_rare(wire, commit)),
    )


def _rare(wire: Wire, commit: Commit) -> list[str | int]:
    """Return what few commits have: each name followed by its value, without what is empty."""
    before, change = commit.before, commit.change
    rare: list[str | int] = []
    if change.cancels:
        rare += ("cancels", "1")
    if life := _lasts(wire, commit):
        rare += ("life", life)
    if index := _door_index(before, change):
        rare += ("index", index)
    if before.version == 0:
        rare += ("door", door_of(commit.door, str(change.set.get("contact", before.contact))))
        if commit.findable:
            rare += ("place", place_of(commit.door))
    if change.take_ticket:
        rare += ("ticketed", "1")
    if change.cut is not None:
        rare += ("cut", change.cut)
    if commit.readable_ms:
        rare += ("readable", commit.readable_ms)
    if commit.settled_ms:
        rare += ("settled", commit.settled_ms)
    if commit.words:
        rare += ("said", commit.words)
    if commit.styled:
        rare += ("styled", WORDS.dump_json(commit.styled).decode())
    if commit.files:
        rare += ("files", FILES.dump_json(commit.files).decode())
    if commit.amends:
        rare += ("amends", f"{commit.amends}{EDITED * commit.beside}")
    return rare


def _lasts(wire: Wire, commit: Commit) -> str | int:
    """Return how many seconds the conversation lasts, if not as long as lists keep conversations; else ''.

    A start alone is no answer; a timer's event is none either, and changes nothing about that ("same").
    """
    event = commit.change.event
    if isinstance(event, Started) and not commit.change.take_ticket:
        return wire.keep_unanswered
    return "same" if isinstance(event, TimerRang | PlaceLost) else ""


def commit_keys(shard: Shard, conversation_id: str) -> tuple[str, ...]:
    """Return the keys of a commit in the script's order. The six before the board's three lists are stems."""
    return (
        shard.records + conversation_id,
        shard.journals + conversation_id,
        shard.seen + conversation_id,
        shard.words + conversation_id,
        shard.alarms,
        shard.tickets,
        shard.counter,
        shard.channels,
        shard.news,
        shard.records,
        shard.doors,
        shard.lanes,
        shard.holds,
        shard.queues,
        shard.places,
        shard.board,
        shard.ended,
        shard.guiding,
        shard.identity,
        shard.receipts + conversation_id,
    )


def _fields(before: Conversation, change: Change) -> tuple[list[str], list[str], tuple[str, ...], list[str]]:
    """Return fields to set, fields to delete, steps to add to the path, and fields to stamp with the time."""
    sets, deletes = record.written(change.set)
    for name, text in change.observe.items():
        sets += (record.OBSERVED + name, text)
    return sets, deletes, change.push, [record.FIELDS[name] for name in stamped(before, change)]


def _flatten(lists: tuple[list[str], list[str], tuple[str, ...], list[str]]) -> list[str | int]:
    """Flatten lists, each after its length. The first list holds pairs, so its length is halved."""
    sets, *others = lists
    flat: list[str | int] = [len(sets) // 2, *sets]
    for items in others:
        flat += (len(items), *items)
    return flat


def _timers(commit: Commit) -> list[str | int]:
    """Return timers after their number. -1 keeps the armed timers."""
    if commit.timers is None:
        return [-1]
    return _flatten_timers(commit.timers)


def _flatten_timers(timers: Sequence[Armed]) -> list[str | int]:
    flat: list[str | int] = [len(timers)]
    for timer in timers:
        flat += (
            f"{_timer_letter(timer.kind)}.{timer.turn}.{record.LETTERS[timer.status]}",
            timer.after,
        )
    return flat


def _timer_letter(kind: str) -> str:
    """Return a promise's letter, because records store it for a long time; other kinds keep their name."""
    return next((letter for letter, promise in record.PROMISES.items() if promise == kind), kind)


def _lanes(commit: Commit) -> Iterable[str | int]:
    """Return each lane that gets effects: its name and the effects to add."""
    lanes: dict[str, list[str]] = {}
    for queued in commit.queued:
        lanes.setdefault(queued.lane, []).append(record.entry(queued.effect, queued.channel))
    flat: list[str | int] = [len(lanes)]
    for lane, entries in lanes.items():
        flat += (lane, len(entries), *entries)
    return flat


def _journal_so_far(before: Conversation) -> Before:
    """Return what the journal's lines so far have established, so that the next line may omit it."""
    return Before(
        version=before.version,
        at=before.changed_at,
        contact=before.contact,
        turn=before.turn,
        step=before.step,
        revision=before.revision,
        prompt_effect=before.prompt_effect,
    )


def _door_index(before: Conversation, change: Change) -> str:
    """Return the change to the index of open conversations: "open", "close", or '' for none."""
    ended_before = before.version == 0 or before.status.ended
    ended = Status(str(change.set.get("status", before.status))).ended
    if ended_before is ended:
        return ""
    return "close" if ended else "open"
