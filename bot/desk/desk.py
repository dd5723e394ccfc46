"""Takes events in: the desk, the one way in, returns when an event is safely recorded."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from weakref import WeakValueDictionary

from bot.ack_priority import AckPriority
from bot.desk.commits import CommitMaker
from bot.desk.edits import amending
from bot.desk.event_words import masked
from bot.desk.growth_limits import GrowthLimits
from bot.desk.likeness_meter import LikenessMeter
from bot.desk.recent_states import RecentStates
from bot.desk.settings import DeskSettings
from bot.ports import (
    Committed,
    Contended,
    Conversations,
    Lease,
    Outcome,
    Places,
)
from bot.telemetry import log
from bot.unmatched import UnmatchedCounter
from bot.views.reader import Library
from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.effects import Change, Refusal
from flows.engine import advance
from flows.events import (
    Edited,
    Event,
    Said,
    Started,
)
from flows.flow import Flow
from flows.rules.agents.notification import concerned

TRIES: Final = 8
"""Attempts to decide an event whose commit lost a race. Events of one process wait in line: only so many other
processes can make an event fail."""


class Desk:
    """Decides with the engine, commits through the store, and hands granted lanes to `carry`."""

    def __init__(
        self,
        conversations: Conversations,
        library: Library,
        settings: DeskSettings,
        carry: Callable[[Sequence[Lease], float, Callable[[str], Conversation | None]], None],
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
        self._commits = CommitMaker(settings)
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
        """Return the state to decide on, and whether it was read from the store for this. None if there is none."""
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
            done = await self._conversations.commit(
                self._commits.make(at, event, change, remembered=not known)
            )
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
        if self._commits.is_sent_to(at.address("customer")):
            await self._places.note(at.contact, at.id, at.began_at)

    def _outcome(self, event: Event, done: Committed, asked: float) -> Outcome:
        self._carry(done.leases, asked, self._recent.get)
        self._log.debug(done.outcome, conversation=done.conversation.id, type=event.type)
        return Outcome.trusted(
            conversation=done.conversation,
            repeated=done.outcome == "repeated",
            created=done.outcome == "committed" and isinstance(event, Started),
        )
