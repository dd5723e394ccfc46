"""What people write: mentions, direct messages, replies in a thread, and what they change or take back later."""

from collections.abc import Sequence
from typing import Final

from adapters.slack.api.addresses import Place
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.customers.offers import Offers
from adapters.slack.customers.pending_edits import PendingEdits
from adapters.slack.inbound.events import MessageEdited, Written
from bot.ports import Outcome
from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.engine import is_back
from flows.events import Wrote
from flows.text.understanding import recognise, understand

AFTER_END_S: Final = 3600.0
"""Seconds after an end in which what somebody writes to the bot is about what has ended ("thank you")."""

MENTION_ONCE_S: Final = 3600
"""Seconds in which a mention may be told of again: it comes as two events, and each may be repeated."""

LOOKED_AT: Final = 4
"""A person's last conversations in which a changed message is looked for."""


class CustomerMessages:
    """Hears what is written, wherever that is."""

    def __init__(self, conversations: SlackConversations, offers: Offers) -> None:
        self._conversations = conversations
        self._ports = conversations.ports
        self._offers = offers
        self._pending_edits = PendingEdits(conversations.ports)

    async def written(self, written: Written) -> None:
        """A message."""
        files = await self._conversations.whole(written)
        written = written.model_copy(update={"files": files})
        if written.place.direct:
            await self._directly(written)
        else:
            await self._in_channel(written)
        await self._pending_edits.heard(written, self._reword)

    async def reworded(self, reworded: MessageEdited) -> None:
        """A message that was changed or deleted: its words are kept as they are now."""
        if not reworded.text:
            await self._offers.forget(reworded)
        if not await self._reword(reworded) and await self._may_come(reworded):
            await self._pending_edits.remember(reworded, self._reword)

    async def _reword(self, reworded: MessageEdited) -> bool:
        """Whether what it is about was known."""
        for at in (await self._about(reworded))[:LOOKED_AT]:
            if await self._pending_edits.reword(at, reworded):
                return True
        return False

    async def _about(self, reworded: MessageEdited) -> Sequence[Conversation]:
        if reworded.place.direct:
            return await self._theirs(reworded.person.actor, reworded.place)
        at = await self._ports.finder.at(reworded.place.door())
        return (at,) if at is not None else ()

    async def _may_come(self, reworded: MessageEdited) -> bool:
        """Whether the message is one that we listen to, and may be heard after this."""
        if reworded.place.direct or reworded.mention:
            return True
        person, found = reworded.person, await self._about(reworded)
        if any(at.may_answer(person.actor) for at in found):
            return True
        return bool(found) and await self._conversations.directory.is_agent(person, reworded.place.workspace)

    # ------------------------------------------------------------ direct messages

    async def _directly(self, written: Written) -> None:
        theirs = await self._theirs(written.person.actor, written.place)
        at = await self._meant([one for one in theirs if not one.status.ended], written)
        if at is None and theirs and self._still_about(theirs[0], written):
            at = theirs[0]
        if at is None:
            await self._begin(written)
        else:
            await self._say(at, written)

    async def _meant(self, under_way: Sequence[Conversation], written: Written) -> Conversation | None:
        """Which of them it is about: what happened last, unless the words name another problem."""
        if not under_way:
            return None
        last = under_way[0]
        found = recognise(self._ports.catalogue().flows, written.text)
        if found is None or last.flow in (PICKER, found.flow) or last.status is not Status.GUIDING:
            return last
        screen = await self._ports.look(last.id)
        offered = [(choice.id, choice.label) for choice in screen.prompt.choices] if screen else []
        if understand(offered, written.text):
            return last
        return next((one for one in under_way if one.flow == found.flow), None)

    async def _theirs(self, actor: str, place: Place) -> tuple[Conversation, ...]:
        """The person's conversations in these direct messages; that in which something happened last comes first."""
        found = [at for at in await self._ports.finder.of(actor) if _at(at) == place]
        return tuple(sorted(found, key=lambda at: at.changed_at, reverse=True))

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
            await self._under_way(at, written)
        elif at is not None and at.may_answer(written.person.actor) and is_back(written.text):
            await self._say(at, written)
        elif written.mention:
            await self._begin(written)
        elif at is None:
            await self._offers.consider(written)

    async def _under_way(self, at: Conversation, written: Written) -> None:
        """A conversation lives in this thread: its people answer, agents take over, others talk among themselves."""
        person, place = written.person, written.place
        if at.may_answer(person.actor):
            await self._say(at, written)
        elif await self._conversations.directory.is_agent(person, place.workspace):
            known = await self._conversations.directory.known(person, place.workspace)
            event = Wrote(
                conversation=at.id,
                name=known.name,
                text=written.text,
                files=written.files,
                actor=person.actor,
                key=written.key,
            )
            await self._ports.receive(event)
        elif written.mention and await self._ports.marks.first(f"told/{written.key}", MENTION_ONCE_S):
            refusal = Refusal(why="not_yours")
            await self._conversations.explain(Outcome(conversation=at), refusal, place, person)

    # ------------------------------------------------------------ recording

    async def _begin(self, written: Written) -> None:
        said = (written.key, written.text, written.files)
        await self._conversations.come(written.place, written.person, *said)

    async def _say(self, at: Conversation, written: Written) -> None:
        said = (written.key, written.text, written.files)
        await self._conversations.hear(at, written.place, written.person, *said)


def _at(conversation: Conversation) -> Place | None:
    address = conversation.address("customer")
    return Place.of(address) if address else None
