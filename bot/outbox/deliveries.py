"""Looks up, just before sending, what an effect only names: texts, addresses, receipts, and what agents read."""

from collections.abc import Callable, Mapping
from typing import Final, assert_never
from urllib.parse import quote

from bot.agents.deliveries import AgentDeliveries, LookedUp
from bot.ports import Conversations, Delivery, Lease, Outbox
from bot.telemetry import log
from bot.views.reader import Library, Reader
from bot.views.sent_copies import sent_copies
from flows.acts import Replied
from flows.catalogue import PICKER
from flows.conversation import Address, Conversation
from flows.effects import (
    Amend,
    Ask,
    Brief,
    Effect,
    Filing,
    Mailing,
    Notify,
    Packet,
    Recap,
    Relay,
    Retire,
    Suggest,
    Tell,
)
from flows.flow import Flow
from flows.prompts import Prompt, answered, owner, prompt, tell_words
from flows.suggestions import settled
from flows.text.markup.words import Words
from flows.views.dossier import CustomerReply
from flows.views.quotes import verbatim

CURRENT_S: Final = 1.0
"""Seconds after a commit for which the state that this process recorded last counts as current for its first sends.
Their attempts were recorded as begun in the commit itself, so no later commit can cancel them (law L6)."""

Newest = Callable[[str], Conversation | None]
"""Returns the state of a conversation that this process recorded last; None if it remembers none."""


def unknown(_conversation_id: str) -> None:
    """Remember no state: what a lane waits for is sent on what is stored by then."""


def thread_door(channel: str, receipt: str) -> str:
    """Return the door at which an agents' thread is found: the receipt of the packet that opened it."""
    return f"{channel}/agents/{receipt}"


class Deliveries:
    """Makes a Delivery of a Lease, with one read of the conversation."""

    def __init__(
        self,
        conversations: Conversations,
        outbox: Outbox,
        library: Library,
        reader: Reader,
        words: Mapping[str, str],
        pings: Mapping[str, str] | None = None,
        site: str = "",
    ) -> None:
        """Take the ports of one store; `words` are the operator's, by setting.

        `pings` says whom a team's packet alerts, by the team's id; '' is for teams without a setting of their own.
        `site` is the public address of the page, which serves the pictures beside flows, and of the desk.
        """
        self._conversations = conversations
        self._outbox = outbox
        self._library = library
        self._reader = reader
        self._words = words
        self._site = site
        self._to_agents = AgentDeliveries(outbox, reader, pings or {}, site)
        self._log = log("outbox")

    async def of(self, lease: Lease, at: Conversation | None = None) -> LookedUp | None:
        """Return the effect with everything looked up; None if nothing is left to do. `at` is the state if it is known.

        Raises Unsure if it must wait, and PlaceGone for an alert without a thread.
        """
        blank = await self.blank(lease, at)
        if blank is None:
            return None
        at = blank.conversation
        if isinstance(lease.effect, Mailing):
            return LookedUp(blank)
        if isinstance(lease.effect, Filing):
            return await self._report(blank, at, lease.effect)
        if lease.effect.end == "agents":
            is_current = blank.address.channel == lease.channel
            return await self._to_agents.of(blank, at, lease.effect) if is_current else None
        if isinstance(lease.effect, Relay | Amend):
            return await self._reply(blank, at, lease.effect)
        delivery = await self._for_customer(blank, at, lease.effect)
        return LookedUp(delivery) if delivery is not None else None

    async def blank(self, lease: Lease, at: Conversation | None = None) -> Delivery | None:
        """Return the conversation and address of the effect, without its content; None if there is no such place."""
        at = at or await self._conversations.load(lease.conversation)
        if at is not None and isinstance(lease.effect, Filing):
            return Delivery(effect=lease.effect, conversation=at, address=Address(channel=lease.effect.to))
        if at is not None and isinstance(lease.effect, Mailing):
            mailbox = Address(channel=lease.channel, person=at.mail)
            return Delivery(effect=lease.effect, conversation=at, address=mailbox) if at.mail else None
        if at is not None and isinstance(lease.effect, Recap) and lease.effect.room:
            left = Address.parse(lease.effect.room)
            return Delivery(effect=lease.effect, conversation=at, address=left)
        if at is not None and isinstance(lease.effect, Notify):
            person = Address(channel=lease.channel, person=lease.effect.to)
            return Delivery(effect=lease.effect, conversation=at, address=person)
        address = at.address(lease.effect.end) if at else None
        if at is None or address is None:
            return None
        return Delivery(effect=lease.effect, conversation=at, address=address)

    async def _for_customer(self, blank: Delivery, at: Conversation, effect: Effect) -> Delivery | None:
        flow = await self._library.flow(at.revision)
        match effect:
            case Ask(turn=turn):
                if turn != at.turn:
                    return None
                shown = await self._reader.led(prompt(flow, at, self._words), at)
                return blank.model_copy(update={"prompt": self._reachable(shown, at)})
            case Tell(words=words, step=step, agent=agent):
                said = tell_words(words, flow, at, self._words, step, agent)
                return blank.model_copy(update={"words": said})
            case Suggest(id=asks):
                suggested = prompt(flow, at, self._words).suggestion if asks == at.suggested_effect else None
                return blank.model_copy(update={"suggestion": suggested}) if suggested else None
            case Retire():
                return await self._retirement(blank, effect)
            case Relay() | Amend() | Packet() | Brief() | Recap() | Notify() | Filing() | Mailing():
                return None
            case _:
                assert_never(effect)

    async def _report(self, blank: Delivery, at: Conversation, filing: Filing) -> LookedUp:
        """Return a ticket for a backend, with the team's address if the bot may write to that unasked.

        An external team gets email only when an agent forwards the ticket; all other email goes to the operator's
        address.
        """
        read = await self._reader.read(at)
        dossier = await self._reader.dossier_of(read)
        flow = await self._library.flow(at.revision)
        known = flow.team(filing.team or at.team)
        _, reach = owner(flow, filing.team or at.team, self._words)
        if known is not None and known.external and not filing.team:
            reach = self._words.get("SUPPORT_EMAIL", "")
        address = Address(channel=filing.to, person=reach)
        found = {"address": address, "dossier": dossier, "line": dossier.at(filing.version)}
        return LookedUp(blank.model_copy(update=found), read)

    async def ticket(self, conversation_id: str, backend: str) -> Delivery | None:
        """Return a ticket as it is now, for a backend that bundles tickets; None without a ticket."""
        at = await self._conversations.load(conversation_id)
        if at is None or not at.ticket:
            return None
        filing = Filing(to=backend, version=at.version)
        blank = Delivery(effect=filing, conversation=at, address=Address(channel=backend))
        return (await self._report(blank, at, filing)).delivery

    def _reachable(self, asked: Prompt, at: Conversation) -> Prompt:
        """Return the prompt with its picture's public address, for a picture beside a flow on a page with such an
        address.
        """
        image = asked.image
        if image is None or image.src.startswith("https://") or not self._site.startswith("https://"):
            return asked
        address = f"{self._site}/pictures/{quote(at.revision)}/{quote(image.src)}"
        return asked.model_copy(update={"image": image.model_copy(update={"src": address})})

    async def _retirement(self, blank: Delivery, effect: Retire) -> Delivery | None:
        receipt = await self._outbox.receipt(blank.conversation.id, effect.of)
        if not receipt:
            return None
        flow = await self._library.flow(effect.revision)
        words = _left_of(flow, effect, self._words)
        return blank.model_copy(update={"of": receipt, "words": words})

    async def _reply(self, blank: Delivery, at: Conversation, effect: Relay | Amend) -> LookedUp | None:
        """Look up an agent's reply for the customer, or its edited form: the one place that makes a CustomerReply."""
        read = await self._reader.read(at)
        row = read.row(effect.version)
        if row is None or not isinstance(row.event, Replied):
            self._log.error("not sent to the customer: the effect is not a reply", effect=effect.id)
            return None
        line = (await self._reader.dossier_of(read)).at(effect.version)
        if line is None:
            return None
        reply = CustomerReply.of(row.event, line)
        if isinstance(effect, Relay):
            unsent = reply.since == "gone"  # the agent deleted the reply before it was sent
            return None if unsent else LookedUp(blank.model_copy(update={"reply": reply}), read)
        copied = await sent_copies(self._outbox, read, row, at, effect)
        if not copied:
            return None  # no message carried it to the customer
        return LookedUp(blank.model_copy(update={"reply": reply, "copied": copied}), read)


def _left_of(flow: Flow, retired: Retire, words: Mapping[str, str]) -> Words:
    """Return what a retired message shrinks to: its question and the answer."""
    if not retired.suggested:
        return answered(flow, retired.step, retired.answer, words)
    step = flow.by_id.get(retired.step)
    labels = [(choice.id, choice.label) for choice in step.choices] if step else []
    return verbatim(settled(retired.suggested, retired.answer, labels, starts=flow.id == PICKER))
