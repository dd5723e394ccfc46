"""Starts conversations in Discord, opens their threads, and shows notes."""

from collections.abc import Sequence
from typing import Any, Final

import discord

from adapters.discord.api.addresses import Person, Place, link, sent, shown
from adapters.discord.api.client import FAILURES, DiscordClient
from adapters.discord.api.users import Directory
from adapters.discord.customers.threads import NEWS_THREAD, PRIVATE
from adapters.discord.ports import Ports
from adapters.discord.render.card import V2, Message, note, payload
from adapters.discord.render.tokens import StartForMe
from adapters.discord.responses import Response
from bot.ports import Outcome
from bot.telemetry import log
from flows.button import Button
from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.effects import Refusal
from flows.events import File, Started
from flows.screen_answers import turn_read
from flows.text.markup.wordtree import Words
from flows.text.phrases import PHRASES, apology
from flows.text.quotation import without_marks

THREAD_NAME: Final = 100
ARCHIVE_AFTER: Final = 4320
"""Characters of a thread's name, and minutes of silence after which Discord archives it: three days."""

NO_HISTORY: Final = 160002
"""The error code for a reply in a channel whose history the bot may not read."""

ALREADY: Final = 160004
"""The error code for a message that has a thread already; the thread has the message's id."""


class DiscordConversations:
    """Starts conversations, opens threads for them, and explains refusals."""

    def __init__(self, ports: Ports, client: DiscordClient, directory: Directory) -> None:
        self.ports = ports
        self.client = client
        self.directory = directory
        self._log = log("discord")

    async def begin(
        self,
        place: Place,
        person: Person,
        key: str,
        *,
        flow: str = "",
        text: str = "",
        styled: Words = (),
        files: Sequence[File] = (),
        locale: str = "",
        ticket: str = "",
        by: Person | None = None,
    ) -> Outcome:
        """Start the customer's conversation in that place, or find the open one. Raises TooMany.

        `ticket` is the reason to open a ticket at once, or ''. `by` is who asked, if not the customer.
        """
        await self.count(person, by or person, key)
        event = Started(
            door=place.door,
            address=place.address(person),
            flow=flow,
            text=text,
            styled=styled,
            name=person.name,
            locale=locale,
            files=tuple(files),
            ticket=ticket,
            actor=person.actor,
            key=key,
        )
        outcome = await self.ports.receive(event)
        assert outcome is not None, "Started always finds or makes a conversation"
        return outcome

    async def count(self, person: Person, by: Person, key: str) -> None:
        """Count one more start by that person, unless it is an agent's. A key counts once. Raises TooMany."""
        if not self.directory.is_agent(by):
            await self.ports.limits.check(by.actor, "guide" if by.user == person.user else "pulled", key)

    # ------------------------------------------------------------ places

    async def thread(self, guild: str, channel: str, name: str, kind: int, person: Person, key: str) -> Place:
        """Open a new thread with that person in it. Raises FAILURES, and TooMany."""
        await self._may_open(person, key)
        if kind == NEWS_THREAD:
            place = await self._under_a_line(guild, channel, name, person, key)
        else:
            body: dict[str, Any] = {
                "name": _thread_name(name),
                "type": kind,
                "auto_archive_duration": ARCHIVE_AFTER,
            }
            if kind == PRIVATE:
                body["invitable"] = False
            opened = await self.client.ask("POST", "/channels/{channel_id}/threads", body, channel_id=channel)
            place = Place(guild=guild, channel=channel, thread=str(opened["id"]))
        try:
            await self.join(place, person)
        except FAILURES:
            await self.remove(place)
            raise
        return place

    async def _under_a_line(self, guild: str, channel: str, name: str, person: Person, key: str) -> Place:
        """Open a thread in an announcement channel, where threads begin at messages. Raises FAILURES."""
        body = payload(note(name), nonce=f"n{key}"[-25:])
        body["flags"] &= V2
        posted = await self.client.ask("POST", "/channels/{channel_id}/messages", body, channel_id=channel)
        return await self.thread_of(guild, channel, str(posted["id"]), name, person, key)

    async def _may_open(self, person: Person, key: str) -> None:
        """Count one more thread of that person, unless it is an agent. Raises TooMany."""
        if not self.directory.is_agent(person):
            await self.ports.limits.check(person.actor, "thread", key)

    async def thread_of(
        self, guild: str, channel: str, message: str, name: str, person: Person, key: str
    ) -> Place:
        """Open the thread on a message for that person, or return the existing one. Raises FAILURES, and TooMany."""
        await self._may_open(person, key)
        place = Place(guild=guild, channel=channel, thread=message)
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        body = {"name": _thread_name(name), "auto_archive_duration": ARCHIVE_AFTER}
        try:
            await self.client.ask("POST", path, body, channel_id=channel, message_id=message)
        except discord.HTTPException as failure:
            if failure.code != ALREADY:
                raise
        return place

    async def join(self, place: Place, person: Person) -> None:
        """Add the person to a thread. Raises FAILURES."""
        path = "/channels/{channel_id}/thread-members/{user_id}"
        await self.client.ask("PUT", path, channel_id=place.thread, user_id=person.user)

    async def remove(self, place: Place) -> None:
        """Delete a thread that stayed empty; a failure is logged."""
        try:
            await self.client.ask("DELETE", "/channels/{channel_id}", channel_id=place.thread)
        except FAILURES as failure:
            self._log.info(
                "an empty thread could not be deleted", thread=place.thread, reason=str(failure)[:200]
            )

    async def directly(self, person: Person, opening: str, key: str) -> Place:
        """Post the opening line to the person's direct messages, which may be closed. Raises FAILURES."""
        body = {"recipient_id": person.user}
        opened = await self.client.ask("POST", "/users/@me/channels", body)
        place = Place(channel=str(opened["id"]))
        await self.post(place, note(opening), key)
        return place

    async def channel(self, room: str) -> dict[str, Any]:
        """Look up a channel or thread. Raises FAILURES."""
        return dict(await self.client.ask("GET", "/channels/{channel_id}", channel_id=room))

    # ------------------------------------------------------------ notes

    async def post(self, place: Place, shown: Message, key: str, to: str = "") -> None:
        """Post a message for everyone; `key` names what it answers, so that it is posted once. Raises FAILURES."""
        body = payload(shown, nonce=key[-25:], reference=to)
        body["flags"] &= V2
        await self.client.ask("POST", "/channels/{channel_id}/messages", body, channel_id=place.room)

    async def reply(self, place: Place, shown: Message, to: str) -> None:
        """Reply to a message, or post without a reply where Discord lets the bot read no history.

        A reply that cannot be posted raises nothing: nothing depends on it.
        """
        try:
            try:
                await self.post(place, shown, f"r{to}", to)
            except discord.Forbidden as failure:
                if failure.code != NO_HISTORY:
                    raise
                await self.post(place, shown, f"r{to}")
        except FAILURES as failure:
            self._log.warning("a message could not be posted", room=place.room, reason=str(failure)[:200])

    async def explain(self, answer: Response, outcome: Outcome, refusal: Refusal) -> None:
        """Tell the person alone why nothing changed, with a link to the current step.

        Someone else than the customer may start the same guide for themselves.
        """
        at = outcome.conversation
        flow = at.flow if at.flow in self.ports.catalogue().by_id else PICKER
        own = [(PHRASES["start_for_me"], StartForMe(flow=flow))] if refusal.why == "not_yours" else []
        await answer.say(note(_reason(at, refusal), await self.live(at), own))

    def sorry(self, phrase: str) -> str:
        """Say that nothing was recorded, and whom to write to instead (law L7)."""
        return apology(phrase, self.ports.support)

    async def live(self, at: Conversation) -> str:
        """Build the link to the message with the live prompt, or else to its place."""
        address = at.address("customer")
        if address is None:
            return ""
        place = Place.of(address)
        _, message = sent(await self.ports.finder.asked(at))
        return link(place.guild, place.room, message)

    async def turn_read(self, at: Conversation, written_ms: int) -> int:
        """Return the turn of the prompt that the customer could read when they wrote, all by Discord's clock."""
        return turn_read(at, written_ms, shown(await self.ports.finder.asked(at)))

    def under_way(self, at: Conversation, way: str, text: str = "") -> Message:
        """Say that a conversation is open, with a link to it and a button to start over."""
        restart = Button(conversation=at.id, turn=at.turn, built_in="restart")
        buttons = [(PHRASES["restart"], restart)] if at.path else []
        return note(text or PHRASES["under_way"], way, buttons)


def _reason(at: Conversation, refusal: Refusal) -> str:
    if at.status is Status.WITH_AGENT and refusal.why != "not_yours":
        return PHRASES.say("with_agent", agent=at.holder_name or PHRASES["a_person"])
    if refusal.why == "not_yours" and at.name:
        return PHRASES.say("not_yours_named", who=at.name)
    return PHRASES.get(refusal.why, PHRASES["not_now"])


def _thread_name(name: str) -> str:
    """Make a thread's name: one line, never empty."""
    return " ".join(without_marks(name).split())[:THREAD_NAME] or "?"
