"""Makes the commit of a decided change: what is stored beside it, sent where, and rings when."""

from collections.abc import Mapping, Sequence

from bot.desk.event_words import answers_unread, confirms, files_of, styled_of, words_of
from bot.desk.settings import DeskSettings
from bot.ports import MAIL, Armed, Commit, Queued
from flows.conversation import Address, Conversation, End
from flows.effects import Change, Effect, Filing, Mailing, Notify, Recap, Retire
from flows.engine import apply
from flows.events import Edited, Event, Started
from flows.screen_answers import READING_MS


class CommitMaker:
    """Turns what the engine decided into what the store records, with the settings of the deployment."""

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings

    def make(self, at: Conversation, event: Event, change: Change, remembered: bool) -> Commit:
        """Return the commit of a change to a state, which was read or only `remembered`."""
        after = apply(at, change)  # the store applies it as well, to answer with the stamped change
        ends = _ends(after)
        kept, queued = self._split_effects(after, ends, change.effects)
        if len(kept) < len(change.effects):
            change = change.model_copy(update={"effects": kept})
        timers = None
        if change.timers is not None:
            timers = tuple(
                Armed.trusted(
                    kind=timer.kind,
                    turn=after.turn,
                    status=after.status,
                    after=self._settings.delay(timer.after, after.team),
                )
                for timer in change.timers
            )
        return Commit.trusted(
            before=at,
            remembered=remembered,
            change=change,
            key=event.key,
            door=event.door if isinstance(event, Started) else "",
            findable=isinstance(event, Started) and self.is_sent_to(ends["customer"]),
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
            Armed.trusted(kind=promise, turn=0, status=after.status, after=delay)
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
            return Queued.trusted(lane=lane, channel=effect.to, effect=effect)
        if isinstance(effect, Mailing):
            return Queued.trusted(lane=f"{after.id}/{effect.end}", channel=MAIL, effect=effect)
        if isinstance(effect, Notify):
            channel = effect.to.partition(":")[0]
            return Queued.trusted(lane=f"{after.id}/notify/{effect.to}", channel=channel, effect=effect)
        left = effect.room if isinstance(effect, Recap) else ""
        address = Address.parse(left) if left else ends.get(effect.end)
        if address is None or not self.is_sent_to(address):
            return None
        lane = f"{after.id}/{effect.end}" + ("/edits" if isinstance(effect, Retire | Recap) else "")
        # The earlier thread may be on a platform that is down, which must not delay the new thread.
        return Queued.trusted(lane=lane + ("/left" if left else ""), channel=address.channel, effect=effect)

    def is_sent_to(self, address: Address | None) -> bool:
        """Return whether messages are sent to that place: its channel does not draw its own screen."""
        return address is not None and address.channel not in self._settings.pulled


def _ends(at: Conversation) -> Mapping[End, Address | None]:
    """Return the address of each end that has a place."""
    return {"customer": at.address("customer"), "agents": at.address("agents")}
