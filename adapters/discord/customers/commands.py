"""Starts conversations from `/fix`, with its autocomplete, and from a message's menu."""

from typing import Final

import discord

from adapters.discord.api.addresses import Place, made
from adapters.discord.api.client import FAILURES
from adapters.discord.api.slash_commands import HERE, ProblemOption, autocomplete, problem, where
from adapters.discord.customers.conversations import PRIVATE, PUBLIC, DiscordConversations
from adapters.discord.inbound.events import Autocomplete, CommandCalled, MessageShortcut, message_key
from adapters.discord.render.card import note
from adapters.discord.render.texts import said
from adapters.discord.responses import DEFER_AFTER_S, Response
from bot.ports import Contended, StoreDown
from bot.telemetry import log
from flows.catalogue import PICKER
from flows.conversation import Conversation
from flows.events import Said
from flows.text.phrases import PHRASES
from flows.text.starts import recognise

CLAIM_S: Final = 900
"""Seconds in which only one process opens a thread for an interaction; Discord repeats none for longer."""

NEEDED: Final = {
    PUBLIC: ("create_public_threads", "send_messages_in_threads"),
    PRIVATE: ("create_private_threads", "send_messages_in_threads"),
}
"""Permissions that a thread of that type needs, by the library's names."""


FORUM_TYPES: Final = frozenset([15, 16])
"""Types of channels that hold only posts."""


class Commands:
    """Starts conversations for people who have none yet."""

    def __init__(self, conversations: DiscordConversations) -> None:
        self._conversations = conversations
        self._ports = conversations.ports

    async def typing(self, typing: Autocomplete, answer: Response) -> None:
        """Offer flows to a person who types."""
        await answer.choices(autocomplete(dict(typing.data), self._ports.catalogue()))

    async def called(self, called: CommandCalled, answer: Response) -> None:
        """Start a conversation in a thread of its own and say where, or link to the open one."""
        if not await self._ports.marks.first(f"discord/called/{called.id}", CLAIM_S):
            await _leave_to_other_process(answer)
            return
        wanted = problem(dict(called.data), self._ports.catalogue())
        at = await self._open_conversation(called, wanted)
        if at is not None:
            if wanted.text:
                await self._say(called, at, wanted.text)
            await answer.say(self._conversations.under_way(at, await self._conversations.live(at)))
        else:
            await self._open(called, wanted, answer)

    async def _say(self, called: CommandCalled, at: Conversation, text: str) -> None:
        """Record the command's text in the person's open conversation."""
        turn = await self._conversations.turn_read(at, made(called.id))
        actor = called.person.actor
        event = Said(conversation=at.id, text=text, turn=turn, actor=actor, key=called.key)
        await self._ports.receive(event)

    async def _open_conversation(self, called: CommandCalled, wanted: ProblemOption) -> Conversation | None:
        """Find an open conversation about the same problem whose place still exists."""
        here = called.place
        if here.direct or (where(dict(called.data)) == HERE and here.thread):
            at = await self._ports.finder.at(here.door)
            return at if at is not None and not at.status.ended else None
        recognized = recognise(self._ports.catalogue().flows, wanted.text) if wanted.text else None
        flow = wanted.flow or (recognized.flow if recognized else "")
        for at in await self._ports.finder.of(called.person.actor):
            address = at.address("customer")
            place = Place.of(address) if address else Place()
            same = not flow or at.flow in (flow, PICKER)
            if not at.status.ended and same and place.guild == here.guild and await self._exists(place):
                return at
        return None

    async def _exists(self, place: Place) -> bool:
        try:
            await self._conversations.channel(place.room)
        except (discord.NotFound, discord.Forbidden):
            return False
        except FAILURES:
            return True
        return True

    async def _open(self, called: CommandCalled, wanted: ProblemOption, answer: Response) -> None:
        place, text = await self._place(called)
        if place is None:
            await answer.say(note(text))
            return
        try:
            await self._conversations.begin(
                place,
                called.person,
                called.key,
                flow=wanted.flow,
                text=wanted.text,
                locale=called.locale,
            )
        except (StoreDown, Contended):
            if place.thread and place.thread != called.place.thread:
                await self._conversations.remove(place)
            raise
        await answer.say(note(text, place.link))

    async def _place(self, called: CommandCalled) -> tuple[Place | None, str]:
        """Choose where the conversation starts, and what to say about it; None if the person cannot be reached."""
        here = called.place
        if here.direct:
            return here, said("post")
        public = where(dict(called.data)) == HERE
        if public and here.thread:
            return here, said("post")
        if here.thread and await self._is_post(here):
            return await self._in_direct_messages(
                called, *map(said, ("in_post_opening", "in_post", "no_way_from_post"))
            )
        kind = PUBLIC if public else PRIVATE
        missing = _missing(called.may, kind)
        if not missing:
            name = said("thread_name", who=called.person.name or PHRASES["someone"])
            try:
                place = await self._conversations.thread(here.guild, here.channel, name, kind, called.person)
            except FAILURES as failure:
                missing = said("denied")
                log("discord").warning(
                    "a thread could not be opened", channel=here.channel, reason=str(failure)[:200]
                )
            else:
                return place, said("thread")
        else:
            log("discord").warning(
                "the bot is not allowed to open threads", channel=here.channel, missing=missing
            )
        texts = (said(name, why=missing) for name in ("no_threads_opening", "no_threads", "no_way"))
        return await self._in_direct_messages(called, *texts)

    async def _is_post(self, here: Place) -> bool:
        """Whether the thread is a post: a forum has no other threads beside its posts."""
        try:
            return (await self._conversations.channel(here.channel)).get("type") in FORUM_TYPES
        except FAILURES:
            return False

    async def _in_direct_messages(
        self, called: CommandCalled, opening: str, text: str, no_way: str
    ) -> tuple[Place | None, str]:
        try:
            return await self._conversations.directly(called.person, opening, f"d{called.id}"), text
        except FAILURES as failure:
            log("discord").info("no way to reach a person", reason=str(failure)[:200])
            return None, no_way

    # ------------------------------------------------------------ a message's menu

    async def pointed(self, pointed: MessageShortcut, answer: Response) -> None:
        """Start a conversation in the message's thread for its author, even if someone else used the menu."""
        if pointed.author is None:
            await answer.say(note(PHRASES["not_by_a_person"]))
            return
        if not await self._ports.marks.first(f"discord/called/{pointed.id}", CLAIM_S):
            await _leave_to_other_process(answer)
            return
        here = pointed.place
        place = (
            here
            if here.thread or here.direct
            else Place(guild=here.guild, channel=here.channel, thread=pointed.of)
        )
        at = await self._ports.finder.at(place.door)
        if at is not None and not at.status.ended:
            await answer.say(note(PHRASES["under_way_here"], await self._conversations.live(at)))
            return
        if place != here and not await self._thread_on(pointed, answer):
            return
        # The first conversation gets the message's own key, so that later edits of the message reach it.
        key = pointed.key if at is not None else message_key(here.room, pointed.of)
        await self._conversations.begin(place, pointed.author, key, text=pointed.text, files=pointed.files)
        await answer.say(note(said("thread") if place != here else said("post"), place.link))

    async def _thread_on(self, pointed: MessageShortcut, answer: Response) -> bool:
        """Open the thread on the message, and add its author. Return whether there is one."""
        author, here = pointed.author, pointed.place
        assert author is not None, "asked before"
        missing = _missing(pointed.may, PUBLIC)
        if not missing:
            name = pointed.text or said("thread_name", who=author.name or PHRASES["someone"])
            try:
                place = await self._conversations.thread_of(here.guild, here.channel, pointed.of, name)
            except FAILURES as failure:
                missing = said("denied")
                log("discord").warning(
                    "a thread could not be opened", channel=here.channel, reason=str(failure)[:200]
                )
            else:
                await self._join(place, pointed)
                return True
        await answer.say(note(said("no_thread_told", why=missing)))
        return False

    async def _join(self, place: Place, pointed: MessageShortcut) -> None:
        """Add the message's author to the thread; a failure is logged."""
        assert pointed.author is not None, "asked before"
        try:
            await self._conversations.join(place, pointed.author)
        except FAILURES as failure:
            log("discord").info("a person could not be added to a thread", reason=str(failure)[:200])


async def _leave_to_other_process(answer: Response) -> None:
    """Leave the response to another process that got the interaction; if that process died, defer it."""
    await answer.wait(DEFER_AFTER_S)
    await answer.later()


def _missing(may: int, kind: int) -> str:
    """Say which permissions are missing, by Discord's names; '' if none is missing or Discord did not say."""
    if not may:
        return ""
    permissions = discord.Permissions(may)
    lacking = [name for name in NEEDED[kind] if not getattr(permissions, name)]
    names = " and ".join(name.replace("_", " ").title() for name in lacking)
    return said("lacks", missing=names, count=len(lacking)) if lacking else ""
