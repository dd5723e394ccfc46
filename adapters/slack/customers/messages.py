"""Handles customers' messages: mentions, direct messages, replies in a thread, and their later edits."""

from collections.abc import Sequence
from typing import Final

from adapters.slack.api.addresses import Place
from adapters.slack.customers.conversations import SlackConversations, room_for_offers
from adapters.slack.customers.handover import Handover
from adapters.slack.customers.hidden_files import all_files
from adapters.slack.customers.offers import Offers
from adapters.slack.customers.pending_edits import PendingEdits
from adapters.slack.inbound.events import MessageEdited, Written
from adapters.slack.render.card import note
from bot.ports import Outcome, TooMany
from flows.conversation import Conversation
from flows.effects import Refusal
from flows.events import Wrote
from flows.rules.placement import Placement, placed_at_start, placed_in_talk
from flows.screen_answers import is_back
from flows.text.phrases import PHRASES
from flows.text.starts import recognise
from flows.text.understanding import understand

AFTER_END_S: Final = 3600.0
"""Seconds after a conversation's end in which a message to the bot still belongs to it ("thank you")."""

MENTION_ONCE_S: Final = 3600
"""Seconds in which a mention is refused only once: it comes as two events, and Slack may repeat each."""

LOOKED_AT: Final = 4
"""A customer's last conversations in which an edited message is looked up."""


class CustomerMessages:
    """Records customers' messages in channels and direct messages."""

    def __init__(self, conversations: SlackConversations, offers: Offers, handover: Handover) -> None:
        self._conversations = conversations
        self._handover = handover
        self._ports = conversations.ports
        self._offers = offers
        self._pending_edits = PendingEdits(conversations.ports)

    async def written(self, written: Written) -> None:
        """Handle a message."""
        files = await all_files(self._conversations.client, written)
        written = written.model_copy(update={"files": files})
        try:
            if written.place.direct:
                await self._in_direct_messages(written)
            else:
                await self._in_channel(written)
        except TooMany as refused:
            if await self._ports.marks.first(f"told/{written.key}", MENTION_ONCE_S):
                await self._conversations.answer(written.beside, written.person, note(str(refused)))
        await self._pending_edits.heard(written, self._reword)

    async def concerned(self, happened: Written | MessageEdited) -> bool:
        """Return whether a conversation or an offer may need the words: others are not read. Raises StoreDown."""
        if happened.place.direct or happened.mention:
            return True
        if isinstance(happened, Written) and (happened.group or room_for_offers(self._ports, happened)):
            return True
        return await self._ports.finder.at(happened.place.door()) is not None

    async def reworded(self, reworded: MessageEdited) -> None:
        """Record an edited or deleted message."""
        if not reworded.text:
            await self._offers.forget(reworded)
        if not await self._reword(reworded) and await self._may_arrive(reworded):
            await self._pending_edits.remember(reworded, self._reword)

    async def _reword(self, reworded: MessageEdited) -> bool:
        """Record an edit. Return whether its message was known."""
        for at in (await self._candidates(reworded))[:LOOKED_AT]:
            if await self._pending_edits.reword(at, reworded):
                return True
        return False

    async def _candidates(self, reworded: MessageEdited) -> Sequence[Conversation]:
        if reworded.place.direct:
            own = await self._conversations_of(reworded.person.actor, reworded.place)
            return (*own, *await self._handover.open_in(reworded.place, reworded.person))
        at = await self._ports.finder.at(reworded.place.door())
        return (at,) if at is not None else ()

    async def _may_arrive(self, reworded: MessageEdited) -> bool:
        """Whether the message concerns the bot, and may still arrive after its edit."""
        if reworded.place.direct or reworded.mention:
            return True
        person, candidates = reworded.person, await self._candidates(reworded)
        if any(at.may_answer(person.actor) for at in candidates):
            return True
        return bool(candidates) and await self._conversations.directory.is_agent(
            person, reworded.place.workspace
        )

    # ------------------------------------------------------------ direct messages

    async def _in_direct_messages(self, written: Written) -> None:
        theirs = await self._conversations_of(written.person.actor, written.place)
        own = [at for at in theirs if not at.status.ended]
        under_way = own or await self._handover.open_in(written.place, written.person)
        at = (await self._placed(under_way, written)).at
        if at is None and theirs and self._still_about(theirs[0], written):
            at = theirs[0]
        if at is None:
            await self._begin(written)
            return
        await self._record(at, written)
        if self._handover.is_copy(written.place, at):
            await self._handover.heard(written.place, written.person, at)

    async def _placed(self, under_way: Sequence[Conversation], written: Written) -> Placement:
        """Place a message: in the latest open conversation, unless it names another problem."""
        flows = self._ports.catalogue().flows
        screen = (
            await self._ports.look(under_way[0].id) if under_way and recognise(flows, written.text) else None
        )
        offered = [(choice.id, choice.label) for choice in screen.prompt.choices] if screen else []
        return placed_in_talk(written.text, under_way, flows, offered)

    async def _conversations_of(self, actor: str, place: Place) -> tuple[Conversation, ...]:
        """List the customer's conversations in these direct messages, the last changed one first."""
        listed = [at for at in await self._ports.finder.of(actor) if _place_of(at) == place]
        return tuple(sorted(listed, key=lambda at: at.changed_at, reverse=True))

    def _still_about(self, at: Conversation, written: Written) -> bool:
        if is_back(written.text):
            return True
        fresh = written.seconds - at.changed_at / 1000 < AFTER_END_S
        return fresh and recognise(self._ports.catalogue().flows, written.text) is None

    # ------------------------------------------------------------ channels

    async def _in_channel(self, written: Written) -> None:
        if written.mention and await self._offers.switched(written):
            return
        at = await self._ports.finder.at(written.place.door())
        if at is not None and not at.status.ended:
            await self._in_conversation(at, written)
        elif at is not None and at.may_answer(written.person.actor) and is_back(written.text):
            await self._record(at, written)
        elif at is None and written.group:
            await self._in_group(written)
        elif written.mention:
            await self._begin(written)
        elif at is None:
            await self._offers.consider(written)

    async def _in_group(self, written: Written) -> None:
        """Handle a new message in a group DM: it is for the bot if a guide knows it, or if it asks for a person."""
        flows = self._ports.catalogue().flows
        known = recognise(flows, written.text) is not None
        asks = known or understand((), written.text) == "person"
        if not written.mention and not (asks and written.place.thread == written.ts):
            return
        theirs = await self._open_in_group(written)
        latest = next(iter(theirs), None) if asks else None
        at = placed_at_start(written.text, theirs, flows).at if known else latest
        if at is None:
            await self._begin(written)
            return
        await self._record(at, written)
        if await self._ports.marks.first(f"told/{written.key}", MENTION_ONCE_S):
            shown = note(PHRASES["under_way"], await self._conversations.live(at))
            await self._conversations.tell(written.person, shown, written.place)

    async def _open_in_group(self, written: Written) -> Sequence[Conversation]:
        """List the author's open conversations in a group DM, the last changed one first."""
        channel = written.place.channel
        listed = [at for at in await self._ports.finder.of(written.person.actor) if not at.status.ended]
        theirs = [at for at in listed if (place := _place_of(at)) is not None and place.channel == channel]
        return sorted(theirs, key=lambda at: at.changed_at, reverse=True)

    async def _in_conversation(self, at: Conversation, written: Written) -> None:
        """Handle a message in a conversation's thread: the customer answers, agents write, others are ignored."""
        person, place = written.person, written.place
        if at.may_answer(person.actor):
            await self._record(at, written)
        elif await self._conversations.directory.recognizes(person, place.workspace):
            known = await self._conversations.directory.known(person, place.workspace)
            event = Wrote(
                conversation=at.id,
                name=known.name,
                text=written.text,
                styled=written.styled,
                files=written.files,
                public=written.public,
                actor=person.actor,
                key=written.key,
            )
            await self._ports.receive(event)
        elif written.mention and await self._ports.marks.first(f"told/{written.key}", MENTION_ONCE_S):
            refusal = Refusal(why="not_yours")
            await self._conversations.explain(Outcome(conversation=at), refusal, place, person)

    # ------------------------------------------------------------ recording

    async def _begin(self, written: Written) -> None:
        message = (written.key, written.text, written.files, written.written_ms, written.styled)
        await self._conversations.come(written.place, written.person, *message)

    async def _record(self, at: Conversation, written: Written) -> None:
        """Record the message; to a mention without words, show where the conversation is."""
        if not (written.text or written.files):
            if await self._ports.marks.first(f"told/{written.key}", MENTION_ONCE_S):
                shown = note(PHRASES["where_you_are"], await self._conversations.live(at))
                await self._conversations.whisper(written.place, written.person, shown)
            return
        message = (written.key, written.text, written.files, written.written_ms, written.styled)
        await self._conversations.hear(at, written.place, written.person, *message)


def _place_of(conversation: Conversation) -> Place | None:
    address = conversation.address("customer")
    return Place.of(address) if address else None
