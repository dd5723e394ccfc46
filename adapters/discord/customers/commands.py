"""Starts conversations from `/fix`, with its autocomplete, and from another customer's step."""

from typing import Final

import discord

from adapters.discord.api.addresses import Place, made
from adapters.discord.api.client import FAILURES
from adapters.discord.api.slash_commands import HERE, ProblemOption, autocomplete, problem, where
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.customers.threads import kind_of_thread, missing
from adapters.discord.inbound.events import (
    Acted,
    Autocomplete,
    CommandCalled,
    Pressed,
)
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
            await leave_to_other_process(answer)
            return
        wanted = problem(dict(called.data), self._ports.catalogue())
        at = await self._open_conversation(called, wanted)
        if at is not None:
            if wanted.text:
                await self._say(called, at, wanted.text)
            await answer.say(self._conversations.under_way(at, await self._conversations.live(at)))
        else:
            public = where(dict(called.data)) == HERE
            await self._begin(called, wanted, answer, public=public)

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
        return await self._open_about(called, flow)

    async def _open_about(self, called: Acted, flow: str) -> Conversation | None:
        """Find the person's open conversation about that flow in this server; '' for any flow."""
        here = called.place
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

    async def _begin(self, called: Acted, wanted: ProblemOption, answer: Response, *, public: bool) -> None:
        await self._conversations.count(called.person, called.person, called.key)
        place, text = await self._place(called, public=public)
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

    async def started(self, pressed: Pressed, flow: str, answer: Response) -> None:
        """Start the flow of another customer's step for the person who pressed, in a place of their own."""
        if not await self._ports.marks.first(f"discord/called/{pressed.id}", CLAIM_S):
            await leave_to_other_process(answer)
            return
        wanted = flow if flow in self._ports.catalogue().by_id else PICKER
        at = await self._open_about(pressed, wanted)
        if at is not None:
            await answer.say(self._conversations.under_way(at, await self._conversations.live(at)))
        else:
            await self._begin(pressed, ProblemOption(flow=wanted), answer, public=False)

    async def _place(self, called: Acted, *, public: bool) -> tuple[Place | None, str]:
        """Choose where the conversation starts, and what to say about it; None if the person cannot be reached."""
        here = called.place
        if here.direct:
            return here, said("post")
        if public and here.thread:
            return here, said("post")
        if here.thread and await self._is_post(here):
            return await self._in_direct_messages(
                called, *map(said, ("in_post_opening", "in_post", "no_way_from_post"))
            )
        kind = kind_of_thread(called, public=public)
        why = missing(called.may, kind)
        if not why and kind is not None:
            name = said("thread_name", who=called.person.name or PHRASES["someone"])
            opened = (here.guild, here.channel, name, kind, called.person, called.key)
            try:
                place = await self._conversations.thread(*opened)
            except FAILURES as failure:
                why = said("denied")
                log("discord").warning(
                    "a thread could not be opened", channel=here.channel, reason=str(failure)[:200]
                )
            else:
                return place, said("thread")
        else:
            log("discord").warning("the bot cannot open such a thread", channel=here.channel, missing=why)
        texts = (said(name, why=why) for name in ("no_threads_opening", "no_threads", "no_way"))
        return await self._in_direct_messages(called, *texts)

    async def _is_post(self, here: Place) -> bool:
        """Whether the thread is a post: a forum has no other threads beside its posts."""
        try:
            return (await self._conversations.channel(here.channel)).get("type") in FORUM_TYPES
        except FAILURES:
            return False

    async def _in_direct_messages(
        self, called: Acted, opening: str, text: str, no_way: str
    ) -> tuple[Place | None, str]:
        try:
            return await self._conversations.directly(called.person, opening, f"d{called.id}"), text
        except FAILURES as failure:
            log("discord").info("no way to reach a person", reason=str(failure)[:200])
            return None, no_way


async def leave_to_other_process(answer: Response) -> None:
    """Leave the response to another process that got the interaction; if that process died, defer it."""
    await answer.wait(DEFER_AFTER_S)
    await answer.later()
