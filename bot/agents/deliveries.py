"""Looks up, just before sending, what agents read: the packet, a thread's lines and their edits, a notification."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.ports import Delivery, Outbox, PlaceGone, Unsure
from bot.views.reader import Read, Reader
from bot.views.sent_copies import sent_copies
from flows.acts import Act, Noted, Replied
from flows.conversation import Conversation
from flows.effects import Amend, Brief, Change, Effect, Notify, Packet, Recap, Relay
from flows.events import PlaceLost
from flows.rules.agents.notification import notified
from flows.views.dossier import Dossier
from flows.views.notice_lines import notice_line
from flows.views.quotes import verbatim


class LookedUp(NamedTuple):
    """A delivery, and everything read of its conversation; None if the record was enough."""

    delivery: Delivery
    read: Read | None = None


class AgentDeliveries:
    """Completes deliveries to agents, with one read of the conversation."""

    def __init__(self, outbox: Outbox, reader: Reader, pings: Mapping[str, str], site: str) -> None:
        """`pings` says whom a team's packet alerts, by the team's id; '' is for teams without a setting of their own.

        `site` is the public address of the desk.
        """
        self._outbox = outbox
        self._reader = reader
        self._pings = pings
        self._site = site

    async def of(self, blank: Delivery, at: Conversation, effect: Effect) -> LookedUp | None:
        """Look up what agents read. Raises PlaceGone for an alert without a thread, and Unsure.

        Everything but the packet goes into the packet's thread, or to its first message.
        """
        if not _current(at, effect):
            return None
        if isinstance(effect, Notify):
            return await self._notification(blank, at, effect)
        thread = ""
        if not isinstance(effect, Packet):
            of = effect.of if isinstance(effect, Recap) else at.thread_effect
            thread = await self._thread(at, effect, of)
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
            delivery = await self._amended(given, read, dossier, effect)
            return LookedUp(delivery, read) if delivery is not None else None
        line = dossier.at(effect.version) if isinstance(effect, Relay) else None
        if isinstance(effect, Relay) and line is None:
            return None
        ping = (self._pings.get(at.team) or self._pings.get("", "")) if _calls(effect) else ""
        mentions = _mentions(rows, at, effect)
        ping = "" if mentions and isinstance(effect, Packet | Brief) else ping
        path = f"{self._site}/desk/c/{at.id}/path" if self._site else ""
        found = {"line": line, "ping": ping, "mentions": mentions, "path": path}
        return LookedUp(given.model_copy(update=found), read)

    async def _thread(self, at: Conversation, effect: Effect, of: str) -> str:
        """Return the receipt of the packet that opened a thread, or ''. Raises Unsure.

        A brief follows its packet in the lane. A packet behind its brief was a dead letter, and brings its own brief.
        """
        try:
            return await self._outbox.receipt(at.id, of) or ""
        except Unsure:
            if isinstance(effect, Brief):
                return ""
            raise

    async def _notification(self, blank: Delivery, at: Conversation, effect: Notify) -> LookedUp | None:
        """Look up a direct message; None in the middle of a burst, or if the agent has acted since.

        After an edit, look up the message that was sent about the words; None if there was none.
        """
        rows = await self._reader.rows(at)
        if not effect.by and (effect.to not in notified(rows, effect.version) or _acted_since(rows, effect)):
            return None
        copied = await self._sent_notice(rows, at, effect) if effect.by else ""
        if effect.by and not copied:
            return None
        read = await self._reader.read(at, rows)
        dossier = await self._reader.dossier_of(read)
        row, line = read.row(effect.version), dossier.at(effect.version)
        if row is None or line is None or (line.since == "gone" and not effect.by):
            return None
        try:
            thread = await self._outbox.receipt(at.id, at.thread_effect) or "" if at.thread_effect else ""
        except Unsure:
            thread = ""
        desk = f"{self._site}/desk/c/{at.id}" if self._site else ""
        words = verbatim(notice_line(row.event, line, dossier))
        found = {"of": thread, "dossier": dossier, "words": words, "desk": desk, "copied": copied}
        return LookedUp(blank.model_copy(update=found), read)

    async def _sent_notice(self, rows: Sequence[Change], at: Conversation, edit: Notify) -> str:
        """Return the receipt of the direct message about the edited words; '' if none was sent."""
        about = (effect for row in rows if row.version == edit.version for effect in row.effects)
        theirs = (one.id for one in about if isinstance(one, Notify) and one.to == edit.to)
        first = next(theirs, "")
        return (await self._outbox.receipt(at.id, first) or "") if first else ""

    async def _amended(self, given: Delivery, read: Read, dossier: Dossier, effect: Amend) -> Delivery | None:
        """Return a line as it is now, and the news of its edit; None if an agent edited it in the thread itself."""
        row = read.row(effect.version)
        copied = await sent_copies(self._outbox, read, row, given.conversation, effect) if row else ""
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
    row = next((row for row in rows if effect in row.effects), None)
    if row is None or not isinstance(effect, Packet | Brief | Relay):
        return ()
    if isinstance(row.event, PlaceLost):
        # What follows the packet in the new thread was said before.
        return (at.holder,) if at.holder and isinstance(effect, Packet | Brief) else ()
    return notified(rows, row.version)


def _acted_since(rows: Sequence[Change], effect: Notify) -> bool:
    """Return whether the agent has done something in the conversation after the event, and so has seen it."""
    later = (row.event for row in rows if row.version > effect.version)
    return any(isinstance(event, Act) and event.actor == effect.to for event in later)


def _calls(effect: Effect) -> bool:
    """Return whether the message alerts the team."""
    return isinstance(effect, Packet | Brief) or (isinstance(effect, Relay) and effect.alert)


def _current(at: Conversation, effect: Effect) -> bool:
    """Return whether the effect's thread is still the conversation's.

    A later thread shows the event anyway. To wait here for the later thread, whose packet is behind in the same lane,
    would be to wait forever.
    """
    match effect:
        case Packet(id=opens):
            return opens == at.thread_effect
        case Relay(of=of) | Amend(of=of) | Brief(of=of):
            return of == at.thread_effect
        case _:
            return True
