"""What agents write in their room: notes among themselves, replies behind a !, and what is changed later."""

import json
from typing import Final

from adapters.discord.agents.actions import explained, named, plainly
from adapters.discord.agents.delivery_marks import AMONG, SENT, Marking
from adapters.discord.api.addresses import made, receipt
from adapters.discord.api.client import FAILURES, Calls
from adapters.discord.customers.conversations import Counter
from adapters.discord.inbound.events import Reworded, Written
from adapters.discord.render.agent_thread import everything, hint
from adapters.discord.render.card import Message
from bot.ports import Contended, Fate, Outcome, TeamRooms
from flows.conversation import Conversation
from flows.events import Edited, Event, Noted, Replied
from flows.orders import UNRECORDED_S, Order, meant
from flows.text.agent_phrases import phrase
from flows.text.masking import mask

ONCE: Final = 24 * 3600
"""Seconds in which somebody is told the same only once."""

TRIES: Final = 5
"""How often a message in such a thread is heard again."""

VALID: Final = 24 * 3600
"""Seconds in which what was held back may still be sent."""


class Handling:
    """Hears what is written where teams talk. Discord has no way to answer a message to one person alone, so answers
    stand in the agents' own thread, where no customer reads.
    """

    def __init__(self, counter: Counter, teams: TeamRooms, calls: Calls, marking: Marking) -> None:
        self._counter = counter
        self._ports = counter.ports
        self._teams = teams
        self._calls = calls
        self._marking = marking

    async def written(self, written: Written) -> bool:
        """Whether the message stands where teams talk; nothing written there ever begins a conversation."""
        if written.place.direct or not self._teams.rooms:
            return False
        room = written.place.room
        if room in self._teams.rooms:
            if written.mention:
                await self._once(written, f"room/{written.person.user}", "room_talk")
            return True
        at = await self._ports.ticket_in(room)
        if at is None:
            return await self._unknown(written)
        if not self._counter.directory.is_agent(written.person):
            await self._once(written, f"stranger/{room}/{written.person.user}", "not_heard")
        elif not written.blank:
            await self._line(at, written)
        return True

    async def _unknown(self, written: Written) -> bool:
        """A thread in a room that is no ticket's; or a ticket's, and it is not written down yet whose it is."""
        room = written.place.room
        young = made(written.message) - made(room) < UNRECORDED_S * 1000
        if not young and not written.mention:
            return False
        try:
            told = await self._counter.channel(room)
            ours = str(told.get("owner_id") or "") == (await self._calls.identity()).bot
        except FAILURES:
            return False
        if str(told.get("parent_id")) not in self._teams.rooms:
            return False
        for number in range(TRIES if ours and young else 0):
            if await self._ports.marks.first(f"discord/early/{written.message}/{number}", ONCE):
                raise Contended("a thread that was opened a moment ago")
        if written.mention:
            await self._once(written, f"room/{written.person.user}", "room_talk")
        return True

    async def _once(self, written: Written, name: str, saying: str) -> None:
        if await self._ports.marks.first(f"discord/told/{name}", ONCE):
            await self._counter.reply(written.place, hint(phrase(saying)), written.message)

    async def _line(self, at: Conversation, written: Written) -> None:
        person, kept = written.person, await self._kept(at, written)
        means = meant(written.text, kept)
        if means.kind == "order" and means.verb is not None and not written.files:
            order = plainly(means.verb, person, at.id, written.key)
            assert order is not None, "what is done at once needs nothing further"
            await self._record(order, written)
            return
        who = named(person, at.id, written.key)
        if means.kind == "reply" and (means.text or written.files):
            line = receipt(written.place.room, written.message)
            event = Replied(text=means.text, files=written.files, line=line, **who)
            if await self._record(event, written) and self._pulls(at):
                await self._marking.put(SENT, written.place.room, written.message)
            return
        if means.kind == "canned" and not written.files:
            # A key of its own: who changes the line changes its id, not what was said.
            given = {**who, "key": f"{written.key}/ready"}
            line = receipt(written.place.room, written.message)
            event = Replied(text=kept[means.text], line=line, aside=True, **given)
            if await self._record(event, written) and self._pulls(at):
                await self._marking.put(SENT, written.place.room, written.message)
            return
        if await self._record(Noted(text=written.text, files=written.files, **who), written):
            await self._marking.put(AMONG, written.place.room, written.message)
            if means.kind != "note":
                await self._ask(at, written, means.text, means.verb)

    async def _kept(self, at: Conversation, written: Written) -> dict[str, str]:
        """The replies that are kept ready, by id; looked up only where the line may mean one."""
        if not written.text.startswith("!"):
            return {}
        agent = written.person.name or written.person.user
        return {reply.id: reply.text for reply in await self._teams.replies(at, agent)}

    def _pulls(self, at: Conversation) -> bool:
        """Whether the customer has it on their screen already; elsewhere the outbox tells when it is there."""
        return at.customer.partition("|")[0] in self._teams.pulled

    async def _record(self, event: Event, written: Written) -> bool:
        """Whether it was recorded now; why it changes nothing is said below it."""
        outcome = await self._ports.receive(event)
        text, orders = explained(outcome)
        if text:
            await self._counter.reply(written.place, hint(text, orders), written.message)
            return False
        return outcome is not None and not outcome.repeated

    async def _ask(self, at: Conversation, written: Written, text: str, verb: object) -> None:
        """Nobody knows whether that was an order or a reply, so whoever wrote it says so."""
        shown: Message
        if text:
            kept = {"text": mask(text), "of": written.key}
            token = await self._ports.vault.put(json.dumps(kept), VALID)
            orders = [Order(verb="send", conversation=at.id, of=token)]
            if verb not in (None, "reply"):
                orders.append(Order.model_validate({"verb": verb, "conversation": at.id}))
            shown = hint(phrase("unsure", text=text[:200]), orders)
        else:
            shown = hint(phrase("menu"), further=everything(at))
        await self._counter.reply(written.place, shown, written.message)

    # ------------------------------------------------------------ changed and taken back

    async def reworded(self, reworded: Reworded) -> bool:
        """An agent changed or deleted a line: kept as it is now; a reply follows where the customer is."""
        if reworded.place.direct or (at := await self._ports.ticket_in(reworded.place.room)) is None:
            return False
        if reworded.person is not None and not self._counter.directory.is_agent(reworded.person):
            return True
        fate = await self._teams.fate(at.id, receipt(reworded.place.room, reworded.message))
        if fate is not None and reworded.text and meant(reworded.text).kind != "reply":
            await self._counter.reply(reworded.place, hint(phrase("edit_unclear")), reworded.message)
            return True
        outcome: Outcome | None = None
        for actor in await self._authors(at, reworded, fate):
            outcome = await self._ports.receive(
                Edited(
                    conversation=at.id,
                    of=reworded.of,
                    version=fate.version if fate is not None and not reworded.text else 0,
                    text=reworded.text,
                    moment=reworded.moment,
                    actor=actor,
                    key=reworded.event,
                )
            )
            if outcome is not None and outcome.refusal is None:
                return True
        if fate is not None and outcome is not None:
            # Its words were kept ready: who changes the line changes what they are called.
            await self._counter.reply(reworded.place, hint(phrase("edit_stays")), reworded.message)
        return True

    async def _authors(self, at: Conversation, reworded: Reworded, fate: Fate | None) -> list[str]:
        """Who may have written it; of a message that is deleted Discord does not say whose it was."""
        if reworded.person is not None:
            return [reworded.person.actor]
        if fate is not None:
            return [fate.actor]
        known = await self._teams.dossier(at.id)
        lines = known.lines if known is not None else ()
        return list(dict.fromkeys(one.actor for one in lines if one.kind in ("reply", "note")))
