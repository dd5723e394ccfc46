"""What agents write in their room: notes among themselves, replies behind a !, and what is changed later."""

import json
from typing import Final

from adapters.slack.agents.actions import Acting
from adapters.slack.api.addresses import Person, Place, receipt
from adapters.slack.customers.pending_edits import Early
from adapters.slack.inbound.events import Pointed, Reworded, Written
from adapters.slack.render.agent_texts import slack_phrase
from adapters.slack.render.agent_thread import hint
from flows.conversation import Conversation
from flows.events import Event, File, Noted, Replied
from flows.orders import UNRECORDED_S, Order, meant
from flows.text.agent_phrases import phrase
from flows.text.masking import mask

ONCE: Final = 24 * 3600
"""Seconds in which somebody is told the same only once."""

VALID: Final = 24 * 3600
"""Seconds in which what was held back may still be sent."""


class NotYet(Exception):
    """The thread stands, but it is not written down yet whose it is; Slack brings the message again."""


class Handling:
    """Hears what is written where teams talk."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting
        self._counter = acting.counter
        self._ports = acting.counter.ports
        self._early = Early(self._ports)

    async def written(self, written: Written) -> None:
        """A message in a room; nothing written there ever begins a conversation."""
        place, person = written.place, written.person
        at = await self._acting.of(place) if place.thread != written.ts else None
        if at is None:
            if written.ours and written.after < UNRECORDED_S:
                raise NotYet(place.thread)
            if written.mention:
                await self._once(f"room/{person.actor}", written.beside, person, "room_talk")
        elif not await self._acting.may(person):
            await self._once(f"stranger/{place.thread}/{person.actor}", place, person, "not_heard")
        else:
            files = await self._counter.whole(written)
            await self._line(at, written.model_copy(update={"files": files}))
            await self._early.heard(written, self._reword)

    async def _once(self, name: str, place: Place, person: Person, saying: str) -> None:
        if await self._ports.marks.first(f"told/{place.channel}/{name}", ONCE):
            await self._counter.whisper(place, person, hint(phrase(saying)))

    async def _line(self, at: Conversation, written: Written) -> None:
        place, person, files = written.place, written.person, written.files
        who = await self._acting.named(person, at.id, written.key)
        kept = await self._kept(at, written.text, who["name"])
        means = meant(written.text, kept)
        if means.kind == "order" and means.verb is not None and not files:
            event = await self._acting.plainly(means.verb, person, at.id, written.key)
            assert event is not None, "what is done at once needs nothing further"
            await self._acting.record(event, place, person)
            return
        if means.kind == "reply" and (means.text or files):
            line = receipt(place.channel, written.ts)
            event = Replied(text=means.text, files=files, line=line, **who)
            await self._reply(event, place, written.ts, person)
            return
        if means.kind == "canned" and not files:
            # A key of its own: who changes the line changes its id, not what was said.
            given = {**who, "key": f"{written.key}/ready"}
            line = receipt(place.channel, written.ts)
            event = Replied(text=kept[means.text], line=line, aside=True, **given)
            await self._reply(event, place, written.ts, person)
            return
        note = Noted(text=written.text, files=files, **who)
        if await self._acting.record(note, place, person) is None:
            return
        await self._acting.noted(place, written.ts, person)
        if means.kind != "note":
            await self._ask(at, written, means.text, means.verb)

    async def _kept(self, at: Conversation, line: str, agent: str) -> dict[str, str]:
        """The replies that are kept ready, by id; looked up only where the line may mean one."""
        if not line.startswith("!"):
            return {}
        return {reply.id: reply.text for reply in await self._acting.teams.replies(at, agent)}

    async def _reply(self, event: Event, place: Place, ts: str, person: Person) -> None:
        outcome = await self._acting.record(event, place, person)
        if outcome is None:
            return
        await self._acting.replied(outcome, place, ts, person)

    async def _ask(self, at: Conversation, written: Written, text: str, verb: object) -> None:
        """Nobody knows whether that was an order or a reply, so whoever wrote it says so; to them alone."""
        place, person = written.place, written.person
        if not text or not at.packet:
            await self._acting.offer(at, place, person)
            return
        kept = {"text": mask(text), "ts": written.ts}
        token = await self._ports.vault.put(json.dumps(kept), VALID)
        orders = [Order(verb="send", conversation=at.id, of=token)]
        if verb not in (None, "reply"):
            orders.append(Order.model_validate({"verb": verb, "conversation": at.id}))
        await self._counter.whisper(place, person, hint(phrase("unsure", text=text[:200]), orders))

    # ------------------------------------------------------------ sending what was noted

    async def pointed(self, pointed: Pointed) -> None:
        """*Send to customer* on a message of an agent's in a thread."""
        place, person = pointed.place, pointed.person
        here = self._acting.here(place)
        at = await self._acting.of(place) if here and place.thread != pointed.ts else None
        if not await self._acting.may(person):
            await self._counter.whisper(pointed.beside, person, hint(slack_phrase("not_an_agent")))
        elif at is None:
            await self._counter.whisper(pointed.beside, person, hint(phrase("not_about_it")))
        elif pointed.author is None or not (pointed.text or pointed.files):
            await self._counter.whisper(place, person, hint(phrase("nothing_to_send")))
        else:
            text = pointed.text.removeprefix("!").strip()
            await self.send(at.id, text, place, pointed.ts, person, await self._counter.whole(pointed))

    async def sent(self, order: Order, place: Place, person: Person) -> None:
        """The button under the question what was meant."""
        kept = await self._ports.vault.peek(order.of)
        if kept is None:
            await self._counter.whisper(place, person, hint(phrase("too_late")))
            return
        told = json.loads(kept)
        await self.send(order.conversation, told["text"], place, told["ts"], person)

    async def send(
        self,
        conversation: str,
        text: str,
        place: Place,
        ts: str,
        person: Person,
        files: tuple[File, ...] = (),
    ) -> None:
        """What stands in that message becomes a reply, once, whoever sends it; the thread is told."""
        if not await self._ports.marks.first(f"sent/{place.channel}/{ts}", ONCE):
            await self._counter.whisper(place, person, hint(phrase("sent_already")))
            return
        who = await self._acting.named(person, conversation, f"send/{place.channel}/{ts}")
        outcome = None
        try:
            outcome = await self._acting.record(
                Replied(text=text, files=files, aside=True, **who), place, person
            )
        finally:
            if outcome is None:
                await self._ports.marks.clear(f"sent/{place.channel}/{ts}")

    # ------------------------------------------------------------ changed and taken back

    async def reworded(self, reworded: Reworded) -> None:
        """An agent changed or deleted a line: kept as it is now; a reply follows where the customer is."""
        person, place = reworded.person, reworded.place
        if (
            not await self._reword(reworded)
            and await self._acting.may(person)
            and await self._acting.of(place)
        ):
            await self._early.remember(reworded, self._reword)

    async def _reword(self, reworded: Reworded) -> bool:
        """Whether what it is about was known."""
        person, place = reworded.person, reworded.place
        at = await self._acting.of(place)
        if at is None or not await self._acting.may(person):
            return False
        fate = await self._acting.teams.fate(at.id, receipt(place.channel, reworded.ts))
        if fate is not None and reworded.text and meant(reworded.text).kind != "reply":
            await self._counter.whisper(place, person, hint(phrase("edit_unclear")))
            return True
        version = fate.version if fate is not None and not reworded.text else 0
        known = await self._early.reword(at, reworded, version)
        if fate is not None and not known:
            # Its words were kept ready: who changes the line changes what they are called.
            await self._counter.whisper(place, person, hint(phrase("edit_stays")))
        return known or fate is not None
