"""Looks up, just before sending, what an effect only names: texts, addresses, receipts, and what agents read."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, assert_never
from urllib.parse import quote

from bot.ports import Conversations, Delivery, Lease, Outbox, PlaceGone, Unsure
from bot.telemetry import log
from bot.views.reader import Library, Read, Reader
from flows.acts import Noted, Replied
from flows.catalogue import PICKER
from flows.conversation import Address, Conversation
from flows.effects import (
    Amend,
    Ask,
    Change,
    Effect,
    Filing,
    Mailing,
    Packet,
    Recap,
    Relay,
    Retire,
    Suggest,
    Tell,
)
from flows.events import PlaceLost
from flows.flow import Flow
from flows.prompts import Prompt, answered, owner, prompt, tell_words
from flows.rules.agents.notification import notified
from flows.suggestions import settled
from flows.text.markup.words import Words
from flows.views.dossier import CustomerReply, Dossier
from flows.views.quotes import verbatim


def thread_door(channel: str, receipt: str) -> str:
    """Return the door at which an agents' thread is found: the receipt of the packet that opened it."""
    return f"{channel}/agents/{receipt}"


class LookedUp(NamedTuple):
    """A delivery, and everything read of its conversation; None if the record was enough."""

    delivery: Delivery
    read: Read | None = None


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
        self._pings = pings or {}
        self._site = site
        self._log = log("outbox")

    async def of(self, lease: Lease) -> LookedUp | None:
        """Return the effect with everything looked up; None if nothing is left to do.

        Raises Unsure if it must wait, and PlaceGone for an alert without a thread.
        """
        blank = await self.blank(lease)
        if blank is None:
            return None
        at = blank.conversation
        if isinstance(lease.effect, Mailing):
            return LookedUp(blank)
        if isinstance(lease.effect, Filing):
            return await self._report(blank, at, lease.effect)
        if lease.effect.end == "agents":
            is_current = blank.address.channel == lease.channel and _current(at, lease.effect)
            return await self._for_agents(blank, at, lease.effect) if is_current else None
        if isinstance(lease.effect, Relay | Amend):
            return await self._reply(blank, at, lease.effect)
        delivery = await self._for_customer(blank, at, lease.effect)
        return LookedUp(delivery) if delivery is not None else None

    async def blank(self, lease: Lease) -> Delivery | None:
        """Return the conversation and address of the effect, without its content; None if there is no such place."""
        at = await self._conversations.load(lease.conversation)
        if at is not None and isinstance(lease.effect, Filing):
            return Delivery(effect=lease.effect, conversation=at, address=Address(channel=lease.effect.to))
        if at is not None and isinstance(lease.effect, Mailing):
            mailbox = Address(channel=lease.channel, person=at.mail)
            return Delivery(effect=lease.effect, conversation=at, address=mailbox) if at.mail else None
        if at is not None and isinstance(lease.effect, Recap) and lease.effect.room:
            left = Address.parse(lease.effect.room)
            return Delivery(effect=lease.effect, conversation=at, address=left)
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
            case Relay() | Amend() | Packet() | Recap() | Filing() | Mailing():
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
        copied = await self._copied(read, row, at, effect)
        if not copied:
            return None  # no message carried it to the customer
        return LookedUp(blank.model_copy(update={"reply": reply, "copied": copied}), read)

    async def _copied(self, read: Read, row: Change, at: Conversation, amend: Amend) -> str:
        """Return the receipt of the messages that carried the words; '' while one waits, as it will carry the edit.

        An earlier edit of a customer's copy may have added messages; its receipt names all of them.
        """
        relays = (one for one in row.effects if isinstance(one, Relay) and one.end == amend.end)
        carried = [one.id for one in relays if one.of == amend.of][:1]
        if carried and amend.end == "customer":
            edits = (one for row in read.rows for one in row.effects if isinstance(one, Amend))
            carried += [one.id for one in edits if (one.version, one.end) == (amend.version, amend.end)]
            carried = carried[: carried.index(amend.id)] if amend.id in carried else carried
        try:
            for effect in reversed(carried):
                if receipt := await self._outbox.receipt(at.id, effect):
                    return receipt
        except Unsure:
            return ""
        return ""

    async def _for_agents(self, blank: Delivery, at: Conversation, effect: Effect) -> LookedUp | None:
        """Look up what agents read.

        Everything but the packet goes into the packet's thread, or to its first message.
        """
        thread = ""
        if not isinstance(effect, Packet):
            of = effect.of if isinstance(effect, Recap) else at.thread_effect
            thread = await self._outbox.receipt(at.id, of) or ""
            if not thread and isinstance(effect, Relay) and effect.alert:
                raise PlaceGone("the ticket's thread was never opened", "thread")
            if not thread:
                return None
        rows = await self._reader.rows(at)
        if isinstance(effect, Recap) and _overtaken(rows, effect):
            return None
        read = await self._reader.read(at, rows)
        dossier = await self._reader.dossier_of(read)
        given = blank.model_copy(update={"of": thread, "dossier": dossier})
        if isinstance(effect, Amend):
            delivery = await self._amended_for_agents(given, read, dossier, effect)
            return LookedUp(delivery, read) if delivery is not None else None
        line = dossier.at(effect.version) if isinstance(effect, Relay) else None
        if isinstance(effect, Relay) and line is None:
            return None
        ping = (self._pings.get(at.team) or self._pings.get("", "")) if _calls(effect) else ""
        mentions = _mentions(rows, at, effect)
        ping = "" if mentions and isinstance(effect, Packet) else ping
        path = f"{self._site}/desk/c/{at.id}/path" if self._site else ""
        found = {"line": line, "ping": ping, "mentions": mentions, "path": path}
        return LookedUp(given.model_copy(update=found), read)

    async def _amended_for_agents(
        self, given: Delivery, read: Read, dossier: Dossier, effect: Amend
    ) -> Delivery | None:
        """Return a line as it is now, and the news of its edit; None if an agent edited it in the thread itself."""
        row = read.row(effect.version)
        copied = await self._copied(read, row, given.conversation, effect) if row else ""
        if row is None or (not copied and isinstance(row.event, Replied | Noted)):
            return None
        line, news = dossier.at(effect.version), dossier.at(effect.by)
        if news is not None and line is not None and line.since == "changed":
            news = news.model_copy(
                update={"words": news.words + (line.edited or line.words), "files": line.files}
            )
        return given.model_copy(update={"line": line, "copied": copied, "news": news})


def _overtaken(rows: Sequence[Change], recap: Recap) -> bool:
    """Return whether a later Recap will update the same message: each shows the facts of the moment it is drawn."""
    recaps = (effect for row in rows for effect in row.effects if isinstance(effect, Recap))
    same = [effect.id for effect in recaps if effect.of == recap.of]
    return bool(same) and same[-1] != recap.id


def _mentions(rows: Sequence[Change], at: Conversation, effect: Effect) -> tuple[str, ...]:
    """Return the actors of the agents whom the effect notifies; of a thread in place of a deleted one, the assignee."""
    if isinstance(effect, Relay):
        return notified(rows, effect.version)
    opened = next((row for row in rows if effect in row.effects), None)
    if opened is None or not isinstance(effect, Packet):
        return ()
    if isinstance(opened.event, PlaceLost):
        return (at.holder,) if at.holder else ()
    return notified(rows, opened.version)


def _left_of(flow: Flow, retired: Retire, words: Mapping[str, str]) -> Words:
    """Return what a retired message shrinks to: its question and the answer."""
    if not retired.suggested:
        return answered(flow, retired.step, retired.answer, words)
    step = flow.by_id.get(retired.step)
    labels = [(choice.id, choice.label) for choice in step.choices] if step else []
    return verbatim(settled(retired.suggested, retired.answer, labels, starts=flow.id == PICKER))


def _calls(effect: Effect) -> bool:
    """Return whether the message alerts the team."""
    return isinstance(effect, Packet) or (isinstance(effect, Relay) and effect.alert)


def _current(at: Conversation, effect: Effect) -> bool:
    """Return whether the effect's thread is still the conversation's.

    A later thread shows the event anyway. To wait here for the later thread, whose packet is behind in the same lane,
    would be to wait forever.
    """
    match effect:
        case Packet(id=opens):
            return opens == at.thread_effect
        case Relay(of=of) | Amend(of=of):
            return of == at.thread_effect
        case _:
            return True
