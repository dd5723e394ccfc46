"""Erases a person everywhere the product can reach, in an order in which a kill at any instant loses no work.

First their name is noted, so that the next run goes on. Of each conversation, what waits is dropped before the
platforms are asked, and its record, which says what to ask for, goes last. The store's files are rewritten at the end.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

from bot.ports import (
    Clue,
    Contended,
    Conversations,
    Erased,
    KnownPerson,
    Marks,
    People,
    PersonalData,
    Retractor,
    StoreDown,
    Unreadable,
)
from bot.telemetry import log
from flows.conversation import Conversation

SENDING_TRIES: Final = 600
"""Times that an effect is waited for that is being sent: for as long as its lease can last."""

SENDING_S: Final = 0.1
"""Seconds between two of these."""

CHATS: Final = ("slack", "discord")
"""Channels on which messages stay that people wrote themselves."""

LOOK_S: Final = 600
"""Seconds between two looks for interrupted erasures: one that lasts longer was interrupted, or may be helped."""

ALWAYS: Final = (
    "emails that were sent, and tickets in other systems (TICKET_WEBHOOK_URL, SMTP_URL)",
    "files that `export` wrote, backups of the store and logs of other programs",
)
"""What no run can reach, in every case."""


DAMAGED: Final = "the bot's messages of a conversation that is damaged: nothing says any more where they are"
"""What is not reached where a record cannot be read."""


class Erasure:
    """Implements the port Eraser. Any number of runs may follow each other, in any process."""

    def __init__(
        self,
        people: People,
        data: PersonalData,
        conversations: Conversations,
        retractors: Iterable[Retractor],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`pause` waits so many seconds."""
        self._people = people
        self._data = data
        self._conversations = conversations
        self._retractors = {each.name: each for each in retractors}
        self._pause = pause

    async def found(self, clue: Clue) -> KnownPerson | None:
        """Return whom the clue is about; None if nothing is kept of them."""
        return await self._people.find(clue)

    async def resume(self) -> Erased:
        """Finish what was interrupted."""
        result = Erased()
        for person in await self._people.begun():
            result = result.plus(await self.erase(person))
        return result.plus(Erased(unreached=await self._data.rewrite()))

    async def erase(self, person: KnownPerson) -> Erased:
        """Erase a person. Raises StoreDown: then the next run goes on."""
        await self._people.begin(person)
        result = Erased(unreached=ALWAYS)
        for conversation_id in person.own:
            result = result.plus(await self._erase_conversation(person, conversation_id))
        for conversation_id in person.beside:
            result = result.plus(await self._redact(person, conversation_id))
        if result.later:
            return result
        await self._data.sweep(person)
        await self._people.end(person)
        return result.plus(Erased(unreached=await self._data.rewrite()))

    async def _erase_conversation(self, person: KnownPerson, conversation_id: str) -> Erased:
        receipts = await self._silenced(conversation_id)
        if receipts is None:
            return Erased(later=("a message is being sent at the moment",))
        unreached: tuple[str, ...] = ()
        try:
            at = await self._conversations.load(conversation_id)
        except Unreadable:
            at, unreached = None, (DAMAGED,)
        if at is not None:
            try:
                unreached = await self._retract(at, receipts)
            except StoreDown:
                raise
            except Exception as error:  # noqa: BLE001 (whatever a platform's client raises means: ask again later)
                log("privacy").warning("messages could not be deleted yet", error=type(error).__name__)
                return Erased(later=("a platform did not answer",))
        await self._data.erase(person, conversation_id)
        return Erased(conversations=int(at is not None or bool(unreached)), unreached=unreached)

    async def _silenced(self, conversation_id: str) -> Mapping[str, str] | None:
        for _ in range(SENDING_TRIES):
            receipts = await self._data.silence(conversation_id)
            if receipts is not None:
                return receipts
            await self._pause(SENDING_S)
        return None

    async def _retract(self, at: Conversation, receipts: Mapping[str, str]) -> tuple[str, ...]:
        """Ask every platform on which the bot wrote. Raises what a platform raises."""
        places = {place.channel for role in ("customer", "agents") if (place := at.address(role))}
        unreached: tuple[str, ...] = ()
        for channel in sorted(places):
            retractor = self._retractors.get(channel)
            if retractor is not None:
                unreached += await retractor.retract(at, receipts)
            elif channel in CHATS and receipts:
                unreached += (f"messages in {channel.capitalize()}, which is not set up any more",)
            if channel in CHATS:
                unreached += (f"what people wrote in {channel.capitalize()} themselves",)
        return unreached

    async def _redact(self, person: KnownPerson, conversation_id: str) -> Erased:
        try:
            await self._data.redact(person, conversation_id)
        except Contended:
            return Erased(later=("a conversation changes all the time",))
        return Erased()


class InterruptedErasures:
    """Finishes erasures whose process was killed, in one process at a time."""

    def __init__(self, erasure: Erasure, people: People, marks: Marks) -> None:
        self._erasure = erasure
        self._people = people
        self._marks = marks
        self._seen: frozenset[KnownPerson] = frozenset()

    async def look(self) -> None:
        """Finish what was under way at the last look, too. Raises StoreDown."""
        begun = frozenset(await self._people.begun())
        stale, self._seen = begun & self._seen, begun
        if stale and await self._marks.first("erasures", LOOK_S):
            result = await self._erasure.resume()
            log("privacy").info("an interrupted erasure was continued", conversations=result.conversations)
