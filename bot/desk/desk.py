"""Takes events in: the desk, the one way in, returns when an event is safely recorded."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from bot.ack_priority import AckPriority
from bot.desk.edits import amending
from bot.desk.event_words import answers_unread, confirms, files_of, masked, styled_of, words_of
from bot.desk.growth_limits import GrowthLimits
from bot.desk.likeness_meter import LikenessMeter
from bot.desk.recent_states import RecentStates
from bot.ports import (
    MAIL,
    Armed,
    Commit,
    Committed,
    Contended,
    Conversations,
    Lease,
    Outcome,
    Places,
    Queued,
)
from bot.telemetry import log
from bot.unmatched import UnmatchedCounter
from bot.views.reader import Library
from flows.catalogue import Catalogue
from flows.conversation import Address, Conversation, End
from flows.effects import Change, Delay, Effect, Filing, Mailing, Notify, Promise, Recap, Refusal, Retire
from flows.engine import advance, apply
from flows.events import (
    Edited,
    Event,
    Said,
    Started,
)
from flows.flow import Flow
from flows.rules.agents.notification import concerned
from flows.screen_answers import READING_MS

TRIES: Final = 8
"""Attempts to decide an event whose commit lost a race. Events of one process wait in line: only so many other
processes can make an event fail."""


async def _nothing() -> frozenset[str]:
    return frozenset()


async def _no_one(_actor: str) -> bool:
    return False


async def _unchanged(event: Event) -> Event:
    return event


@dataclass(frozen=True)
class DeskSettings:
    """Holds what the operator has set up for the desk: the available flows, words for them, and a team's delays in ms.

    `pulled` channels draw their own screen from the journal: nothing is sent to them. `lease` is how long a commit
    keeps its lanes, in ms. `promise` returns a promise's delay for a team in ms; None for no promise. `paused` returns
    the paused flows, and `direct` whether an agent wants direct messages. `meet` adds to a note whom it mentions.
    """

    catalogue: Catalogue
    words: Mapping[str, str]
    delay: Callable[[Delay, str], int]
    pulled: frozenset[str] = frozenset()
    lease: int = 30_000
    promise: Callable[[Promise, str], int | None] = field(default=lambda _promise, _team: None)
    paused: Callable[[], Awaitable[frozenset[str]]] = field(default=_nothing)
    direct: Callable[[str], Awaitable[bool]] = field(default=_no_one)
    meet: Callable[[Event], Awaitable[Event]] = field(default=_unchanged)


class Desk:
    """Decides with the engine, commits through the store, and hands granted lanes to `carry`."""

    def __init__(
        self,
        conversations: Conversations,
        library: Library,
        settings: DeskSettings,
        carry: Callable[[Sequence[Lease], float], None],
        name: Callable[[str, str], str],
        places: Places,
        ack_priority: AckPriority | None = None,
        hearing: LikenessMeter | None = None,
        unmatched: UnmatchedCounter | None = None,
        limits: GrowthLimits | None = None,
    ) -> None:
        """Take the ports of one store; `name(door, key)` returns the id of a conversation born at a door. `places` gets
        conversations of channels that messages are sent to. `ack_priority` makes sends wait while an event is recorded.
        `hearing` measures free text; without it plain phrases alone are understood. `unmatched` counts what no guide
        matched. `limits` says what is too much.
        """
        self._conversations = conversations
        self._library = library
        self._settings = settings
        self._carry = carry
        self._name = name
        self._places = places
        self._ack_priority = ack_priority or AckPriority()
        self._hearing = hearing or LikenessMeter()
        self._unmatched = unmatched
        self._limits = limits
        self._recent = RecentStates()
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._log = log("desk")

    @property
    def rooms(self) -> Mapping[str, str]:
        """Return the agents' channels, as texts of addresses by the team's id."""
        return self._settings.catalogue.rooms

    @property
    def mailed(self) -> frozenset[str]:
        """Return the channels whose customers get email if they left and gave an address."""
        return self._settings.catalogue.mailed

    async def receive(self, event: Event) -> Outcome | None:
        """Record the event, or return why it changes nothing; None if there is no such conversation.

        Raises StoreDown, RevisionUnreadable and Contended: then nothing was recorded, and the same event may come again
        under the same key.
        """
        key = f"{event.actor}/{event.key or secrets.token_hex(8)}"
        if isinstance(event, Started):
            conversation_id = self._name(event.door, key)
        else:
            conversation_id = event.conversation
        line = self._lines.setdefault(conversation_id, asyncio.Lock())
        with self._ack_priority.ahead():
            async with line:
                met = await self._settings.meet(event)
                return await self._decide(conversation_id, met.model_copy(update={"key": key}))

    async def _decide(self, conversation_id: str, event: Event) -> Outcome | None:
        at, known = await self._state(conversation_id, event)
        if at is None:
            return None
        if self._limits is not None and await self._limits.exceeded(at, event):
            now = at if known else await self._conversations.load(conversation_id)
            return Outcome(conversation=now, refusal=Refusal(why="too_much")) if now is not None else None
        if isinstance(event, Edited):
            amended = await amending(self._conversations, at, event)
            if amended is None:
                return await self._refuse(at, event, Refusal(why="not_now"))
            event = amended
        for _ in range(TRIES):
            flow, catalogue = await self._flow(at), await self._catalogue(at, event)
            heard = await self._hearing.measured(masked(event, flow, at), flow, at, catalogue)
            verdict = advance(flow, at, heard, catalogue)
            asked = asyncio.get_running_loop().time()
            if isinstance(verdict, Change) and (done := await self._record(at, heard, verdict, known)):
                if done.outcome == "early" and isinstance(event, Said):
                    event = event.model_copy(update={"turn": at.turn - 1})
                elif done.outcome != "conflict":
                    if self._unmatched is not None and done.outcome == "committed":
                        self._unmatched.note(at, heard, verdict)
                    if isinstance(event, Started):
                        await self._list_place(done.conversation)
                    return self._outcome(event, done, asked)
                at, known = done.conversation, True
            elif isinstance(verdict, Refusal) and known:
                return await self._refuse(at, event, verdict)
            else:  # what was only remembered decides nothing that is not recorded
                found = await self._conversations.load(conversation_id)
                if isinstance(event, Started) and found is not None:
                    await self._list_place(found)
                    return Outcome(conversation=found, repeated=True)
                if found is None and not isinstance(event, Started):
                    return None
                at, known = found or at, True
        raise Contended(f"conversation {conversation_id} changed {TRIES} times while one event was decided")

    async def _state(self, conversation_id: str, event: Event) -> tuple[Conversation | None, bool]:
        """Return the state to decide on, and whether it was read from the store just now. None if there is none."""
        if isinstance(event, Started):
            return Conversation(id=conversation_id), False
        # What an edit is about is read from the journal, which must belong to the state.
        at = None if isinstance(event, Edited) else self._recent.get(conversation_id)
        if at is not None:
            return at, False
        return await self._conversations.load(conversation_id), True

    async def _record(self, at: Conversation, event: Event, change: Change, known: bool) -> Committed | None:
        """Record a change. None if that failed because the conversation, which was only remembered, is gone."""
        try:
            done = await self._conversations.commit(self._commit(at, event, change, known))
        except Contended:
            self._recent.forget(at.id)
            if known:
                raise
            return None
        self._recent.put(done.conversation)
        return done

    async def _catalogue(self, at: Conversation, event: Event) -> Catalogue:
        """Return the available flows, the paused ones among them, and the agents to notify directly."""
        paused, available = await self._settings.paused(), self._settings.catalogue
        direct = frozenset([actor for actor in concerned(at, event) if await self._settings.direct(actor)])
        known = {"paused": paused} if paused else {}
        known |= {"direct": direct} if direct else {}
        return available.model_copy(update=known) if known else available

    async def _flow(self, at: Conversation) -> Flow:
        return self._settings.catalogue.picker if at.version == 0 else await self._library.flow(at.revision)

    async def _refuse(self, at: Conversation, event: Event, refusal: Refusal) -> Outcome:
        if at.version and await self._conversations.seen(at.id, event.key):
            return Outcome(conversation=at, repeated=True)
        if refusal.why == "future_turn":
            self._log.warning(
                "a click was for a turn that the store does not have; was an old copy of the store restored?",
                conversation=at.id,
            )
        return Outcome(conversation=at, refusal=refusal)

    async def _list_place(self, at: Conversation) -> None:
        """List a conversation under its contact before its start is acknowledged: without that, it comes again."""
        if self._is_sent_to(at.address("customer")):
            await self._places.note(at.contact, at.id, at.began_at)

    def _outcome(self, event: Event, done: Committed, asked: float) -> Outcome:
        self._carry(done.leases, asked)
        self._log.debug(done.outcome, conversation=done.conversation.id, type=event.type)
        return Outcome(
            conversation=done.conversation,
            repeated=done.outcome == "repeated",
            created=done.outcome == "committed" and isinstance(event, Started),
        )

    def _commit(self, at: Conversation, event: Event, change: Change, known: bool) -> Commit:
        after = apply(at, change)  # the store applies it as well, to answer with the stamped change
        ends = _ends(after)
        kept, queued = self._split_effects(after, ends, change.effects)
        if len(kept) < len(change.effects):
            change = change.model_copy(update={"effects": kept})
        timers = None
        if change.timers is not None:
            timers = tuple(
                Armed(
                    kind=timer.kind,
                    turn=after.turn,
                    status=after.status,
                    after=self._settings.delay(timer.after, after.team),
                )
                for timer in change.timers
            )
        return Commit(
            before=at,
            remembered=not known,
            change=change,
            key=event.key,
            door=event.door if isinstance(event, Started) else "",
            findable=isinstance(event, Started) and self._is_sent_to(ends["customer"]),
            words=words_of(event),
            styled=styled_of(event),
            files=files_of(event),
            amends=event.version if isinstance(event, Edited) else 0,
            beside=isinstance(change.event, Edited) and change.event.beside,
            queued=queued,
            timers=timers,
            promises=self._promises(after, change),
            lease=self._settings.lease,
            readable_ms=READING_MS if answers_unread(event, change) else 0,
            settled_ms=READING_MS if confirms(at, event, change) else 0,
        )

    def _promises(self, after: Conversation, change: Change) -> tuple[Armed, ...]:
        """Return the clocks that outlast a turn, which therefore guard turn 0."""
        due = ((promise, self._settings.promise(promise, after.team)) for promise in change.promises)
        return tuple(
            Armed(kind=promise, turn=0, status=after.status, after=delay)
            for promise, delay in due
            if delay is not None
        )

    def _split_effects(
        self, after: Conversation, ends: Mapping[End, Address | None], effects: Sequence[Effect]
    ) -> tuple[tuple[Effect, ...], tuple[Queued, ...]]:
        """Return the effects to journal, and those of them to send. A Retire that is not sent is not journaled either:
        a channel that draws its own screen has no sent message with buttons.
        """
        kept: list[Effect] = []
        queued: list[Queued] = []
        for effect in effects:
            sent = self._queued(after, ends, effect)
            if sent is not None:
                queued.append(sent)
            if sent is not None or not isinstance(effect, Retire):
                kept.append(effect)
        return tuple(kept), tuple(queued)

    def _queued(
        self, after: Conversation, ends: Mapping[End, Address | None], effect: Effect
    ) -> Queued | None:
        """Return the effect with its lane; None if it is sent nowhere."""
        if isinstance(effect, Filing):
            # Each backend has its own lane, so that one that is down delays neither messages nor other backends.
            # What an agent forwards does not wait for reports that are bundled.
            lane = f"{after.id}/ticket/{effect.to}" + ("/forward" if effect.team else "")
            return Queued(lane=lane, channel=effect.to, effect=effect)
        if isinstance(effect, Mailing):
            return Queued(lane=f"{after.id}/{effect.end}", channel=MAIL, effect=effect)
        if isinstance(effect, Notify):
            channel = effect.to.partition(":")[0]
            return Queued(lane=f"{after.id}/notify/{effect.to}", channel=channel, effect=effect)
        left = effect.room if isinstance(effect, Recap) else ""
        address = Address.parse(left) if left else ends.get(effect.end)
        if address is None or not self._is_sent_to(address):
            return None
        lane = f"{after.id}/{effect.end}" + ("/edits" if isinstance(effect, Retire | Recap) else "")
        # The earlier thread may be on a platform that is down, which must not delay the new thread.
        return Queued(lane=lane + ("/left" if left else ""), channel=address.channel, effect=effect)

    def _is_sent_to(self, address: Address | None) -> bool:
        """Return whether messages are sent to that place: its channel does not draw its own screen."""
        return address is not None and address.channel not in self._settings.pulled


def _ends(at: Conversation) -> Mapping[End, Address | None]:
    """Return the address of each end that has a place."""
    return {"customer": at.address("customer"), "agents": at.address("agents")}
