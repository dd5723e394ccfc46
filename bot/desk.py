"""The desk: the one way in. Takes an event, returns when it is safely recorded."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from bot.ack_priority import AckPriority
from bot.edits import amending
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
from bot.views.reader import Library
from flows.catalogue import Catalogue
from flows.conversation import Address, Conversation, End
from flows.effects import Change, Effect, Filing, Mailing, Promise, Recap, Refusal, Retire
from flows.engine import advance, apply
from flows.events import (
    SHARED_AT_ONCE,
    Concluded,
    Detailed,
    Edited,
    Event,
    File,
    Noted,
    Rated,
    Replied,
    Said,
    Started,
    Wrote,
)
from flows.flow import Flow
from flows.text.masking import mask

TRIES: Final = 8
"""How often a commit that lost a race is decided anew. Rivals of one process wait in line, so only as many other
processes as this can make it fail."""


async def _nothing() -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class DeskSettings:
    """What the operator has set up: the flows on offer, words for them, delays in ms by name, and the channels
    that draw their own screen from the journal, so that nothing is sent to them. `lease` is how long a commit
    holds the lanes it is granted, in ms. `promise` gives the delay of a promise for a team; None: not promised.
    `paused` tells which flows are paused now.
    """

    catalogue: Catalogue
    words: Mapping[str, str]
    delays: Mapping[str, int]
    pulled: frozenset[str] = frozenset()
    lease: int = 30_000
    promise: Callable[[Promise, str], int | None] = field(default=lambda _promise, _team: None)
    paused: Callable[[], Awaitable[frozenset[str]]] = field(default=_nothing)


class Desk:
    """Decides with the engine, commits through the store, hands granted lanes to `carry`."""

    def __init__(
        self,
        conversations: Conversations,
        library: Library,
        house: DeskSettings,
        carry: Callable[[Sequence[Lease]], None],
        name: Callable[[str, str], str],
        places: Places,
        precedence: AckPriority | None = None,
    ) -> None:
        """`name(door, key)` gives the id of a conversation born at a door; the store knows how. On channels that are
        sent to, `places` knows afterwards where and whose it is. `precedence` is told who waits for an answer.
        """
        self._conversations = conversations
        self._library = library
        self._house = house
        self._carry = carry
        self._name = name
        self._places = places
        self._precedence = precedence or AckPriority()
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._log = log("desk")

    @property
    def rooms(self) -> Mapping[str, str]:
        """Where teams talk, as texts of addresses by the team's id."""
        return self._house.catalogue.rooms

    @property
    def mailed(self) -> frozenset[str]:
        """The channels whose customers are mailed to where they left and gave an address."""
        return self._house.catalogue.mailed

    async def receive(self, event: Event) -> Outcome | None:
        """Record the event, or say why it changes nothing; None when there is no such conversation.

        Raises StoreDown, RevisionUnreadable and Contended: then nothing was recorded, and it may come again
        under the same key.
        """
        key = f"{event.actor}/{event.key or secrets.token_hex(8)}"
        if isinstance(event, Started):
            conversation_id = self._name(event.door, key)
        else:
            conversation_id = event.conversation
        line = self._lines.setdefault(conversation_id, asyncio.Lock())
        with self._precedence.ahead():
            async with line:
                return await self._decide(conversation_id, event.model_copy(update={"key": key}))

    async def _decide(self, conversation_id: str, event: Event) -> Outcome | None:
        at = await self._conversations.load(conversation_id)
        if isinstance(event, Started):
            if at is not None:
                await self._noted(at)
                return Outcome(conversation=at, repeated=True)
            at = Conversation(id=conversation_id)
        elif at is None:
            return None
        elif isinstance(event, Edited):
            found = await amending(self._conversations, at, event)
            if found is None:
                return await self._refused(at, event, Refusal(why="not_now"))
            event = found
        for _ in range(TRIES):
            flow = await self._flow(at)
            masked = _masked(event, flow, at)
            verdict = advance(flow, at, masked, await self._catalogue())
            if isinstance(verdict, Refusal):
                return await self._refused(at, event, verdict)
            done = await self._conversations.commit(self._commit(at, masked, verdict))
            if done.outcome != "conflict":
                if isinstance(event, Started):
                    await self._noted(done.conversation)
                return self._recorded(event, done)
            at = done.conversation
        raise Contended(f"conversation {conversation_id} changed {TRIES} times while one event was decided")

    async def _catalogue(self) -> Catalogue:
        """What is on offer now, and which of it is paused."""
        paused = await self._house.paused()
        on_offer = self._house.catalogue
        return on_offer.model_copy(update={"paused": paused}) if paused else on_offer

    async def _flow(self, at: Conversation) -> Flow:
        return self._house.catalogue.picker if at.version == 0 else await self._library.flow(at.revision)

    async def _refused(self, at: Conversation, event: Event, refusal: Refusal) -> Outcome:
        if at.version and await self._conversations.seen(at.id, event.key):
            return Outcome(conversation=at, repeated=True)
        if refusal.why == "future_turn":
            self._log.warning(
                "a click was for a turn that the store does not have; was an old copy of the store restored?",
                conversation=at.id,
            )
        return Outcome(conversation=at, refusal=refusal)

    async def _noted(self, at: Conversation) -> None:
        """List it under its contact, before the start is acknowledged: who is not acknowledged asks again."""
        if self._pushes(at.address("customer")):
            await self._places.note(at.contact, at.id, at.began_at)

    def _recorded(self, event: Event, done: Committed) -> Outcome:
        self._carry(done.leases)
        self._log.debug(done.outcome, conversation=done.conversation.id, type=event.type)
        return Outcome(
            conversation=done.conversation,
            repeated=done.outcome == "repeated",
            created=done.outcome == "committed" and isinstance(event, Started),
        )

    def _commit(self, at: Conversation, event: Event, change: Change) -> Commit:
        after = apply(at, change)  # the store applies it as well, to answer with the stamped change
        ends = _ends(after)
        kept, queued = self._parted(after, ends, change.effects)
        if len(kept) < len(change.effects):
            change = change.model_copy(update={"effects": kept})
        timers = None
        if change.timers is not None:
            timers = tuple(
                Armed(
                    kind=timer.kind,
                    turn=after.turn,
                    status=after.status,
                    after=self._house.delays[timer.after],
                )
                for timer in change.timers
            )
        return Commit(
            before=at,
            change=change,
            key=event.key,
            door=event.door if isinstance(event, Started) else "",
            findable=isinstance(event, Started) and self._pushes(ends["customer"]),
            words=_words(event),
            files=_files(event),
            amends=event.version if isinstance(event, Edited) else 0,
            queued=queued,
            timers=timers,
            promises=self._promises(after, change),
            lease=self._house.lease,
        )

    def _promises(self, after: Conversation, change: Change) -> tuple[Armed, ...]:
        """Clocks that outlast turns, so that theirs is 0."""
        due = ((promise, self._house.promise(promise, after.team)) for promise in change.promises)
        return tuple(
            Armed(kind=promise, turn=0, status=after.status, after=delay)
            for promise, delay in due
            if delay is not None
        )

    def _parted(
        self, after: Conversation, ends: Mapping[End, Address | None], effects: Sequence[Effect]
    ) -> tuple[tuple[Effect, ...], tuple[Queued, ...]]:
        """What is journalled, and what of it is sent. A channel that draws its own screen has no sent message whose
        buttons could be taken away, so a Retire that is not sent is not journalled either.
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
        """In which lane it goes; None where it goes nowhere."""
        if isinstance(effect, Filing):
            # A lane for each backend: one that is down keeps neither messages nor the others waiting.
            return Queued(lane=f"{after.id}/ticket/{effect.to}", channel=effect.to, effect=effect)
        if isinstance(effect, Mailing):
            return Queued(lane=f"{after.id}/{effect.end}", channel=MAIL, effect=effect)
        left = effect.room if isinstance(effect, Recap) else ""
        address = Address.parse(left) if left else ends.get(effect.end)
        if address is None or not self._pushes(address):
            return None
        lane = f"{after.id}/{effect.end}" + ("/edits" if isinstance(effect, Retire | Recap) else "")
        # What is left behind may be on a platform that is down, and keeps nothing waiting where it went.
        return Queued(lane=lane + ("/left" if left else ""), channel=address.channel, effect=effect)

    def _pushes(self, address: Address | None) -> bool:
        """Whether that place is sent to, and does not draw its own screen."""
        return address is not None and address.channel not in self._house.pulled


def _ends(at: Conversation) -> Mapping[End, Address | None]:
    """Where each end is that has a place."""
    return {"customer": at.address("customer"), "agents": at.address("agents")}


def _masked(event: Event, flow: Flow, at: Conversation) -> Event:
    """The event with what looks like a secret taken out of its words, before anything is decided (law L9)."""
    if isinstance(event, Started):
        return event.model_copy(update={"text": mask(event.text)})
    step = flow.by_id.get(at.step)
    secret = step.secret if step else None
    if isinstance(event, Said | Edited | Wrote | Replied | Noted | Concluded | Rated):
        return event.model_copy(update={"text": mask(event.text, secret)})
    if isinstance(event, Detailed):
        return event.model_copy(update={"text": mask(event.text, secret), "reach": mask(event.reach)})
    return event


def _words(event: Event) -> str:
    """What a person said with this event, as it is kept beside the journal."""
    if isinstance(event, Started | Said | Edited | Wrote | Replied | Noted | Concluded | Rated):
        return event.text
    if isinstance(event, Detailed):
        reach = f"How to reach me: {event.reach}" if event.reach else ""
        return "\n".join(filter(None, (event.text, reach)))
    return ""


def _files(event: Event) -> tuple[File, ...]:
    """What came with it; more than `SHARED_AT_ONCE` files of one message stay where they were sent."""
    if isinstance(event, Started | Said | Wrote | Replied | Noted | Detailed):
        return event.files[:SHARED_AT_ONCE]
    return ()
