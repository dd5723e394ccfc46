"""Sends agents direct messages about their tickets, to those who want them."""

from collections.abc import Awaitable, Callable
from typing import Final

from adapters.discord.api.addresses import DISCORD, Person, link, sent
from adapters.discord.api.client import FAILURES, DiscordClient, judged
from adapters.discord.api.limits import TEXT, cut
from adapters.discord.api.users import Directory
from adapters.discord.render.card import V2, Message
from adapters.discord.render.components import can_be_button, link_button, row, text
from adapters.discord.render.markdown import escape
from bot.ports import Delivery, Undeliverable
from bot.telemetry import log
from flows.conversation import Conversation
from flows.text.agent_phrases import phrase
from flows.text.markup.words import plain

GUILDS: Final = 20
"""Servers that are asked for an agent's roles."""

Post = Callable[[str, Message, str], Awaitable[str]]
"""Posts a message of that effect in a channel, within the rates. Raises FAILURES and Busy."""

Find = Callable[[str, str, int], Awaitable[str | None]]
"""Looks in a channel for the effect's message; the last argument is the conversation's last change, in ms."""


Edit = Callable[[str, Message], Awaitable[str]]
"""Edits a sent message, by its receipt. Raises FAILURES and Busy."""


class Notifier:
    """Sends a Notify. An agent who takes no direct messages misses it; nothing else waits for it."""

    def __init__(
        self,
        client: DiscordClient,
        post: Post,
        find: Find,
        edit: Edit,
        directory: Directory | None = None,
    ) -> None:
        """`directory` says who is an agent; without it everyone is."""
        self._directory = directory
        self._client = client
        self._post = post
        self._edit = edit
        self._find = find
        self._log = log("discord")

    async def send(self, delivery: Delivery) -> str:
        """Post the line with a link to the ticket. Return its receipt, or '' if the agent cannot be reached."""
        try:
            guild, thread = await thread_of(self._client, delivery.conversation, delivery.of)
            if delivery.copied:
                return await self._edit(
                    delivery.copied, notice(delivery, link(guild, thread) or delivery.desk)
                )
            room = await self._room(delivery) if await self._is_agent(delivery, guild) else ""
            if not room:
                self._log.info(
                    "an agent could not be notified directly", reason="they are no longer an agent"
                )
            way = link(guild, thread) or delivery.desk
            return await self._post(room, notice(delivery, way), delivery.effect.id) if room else ""
        except FAILURES as failure:
            return self._missed(failure)

    async def settle(self, delivery: Delivery) -> str | None:
        """Look for an earlier attempt in the agent's direct messages. Return its receipt, or None."""
        if delivery.copied:
            return None  # an edit may be made twice
        try:
            room = await self._room(delivery)
        except FAILURES as failure:
            return self._missed(failure)
        return await self._find(room, delivery.effect.id, delivery.conversation.changed_at) if room else ""

    async def _is_agent(self, delivery: Delivery, guild: str) -> bool:
        """Return whether the person is an agent now (law L11), by their roles in the thread's server.

        If the thread is elsewhere, every server of the bot is asked. Raises FAILURES.
        """
        person = Person.of(delivery.address.person)
        if self._directory is None or person is None or self._directory.is_agent(person):
            return person is not None
        if guild:
            return self._directory.is_agent(await self._with_roles(person, guild))
        for own in (await self._client.ask("GET", "/users/@me/guilds"))[:GUILDS]:
            try:
                if self._directory.is_agent(await self._with_roles(person, str(own["id"]))):
                    return True
            except FAILURES as failure:
                if not isinstance(judged(failure), Undeliverable):
                    raise
        return False

    async def _with_roles(self, person: Person, guild: str) -> Person:
        """Return the person with their roles in a server. Raises FAILURES."""
        path = "/guilds/{guild_id}/members/{user_id}"
        member = await self._client.ask("GET", path, guild_id=guild, user_id=person.user)
        return person.model_copy(update={"roles": tuple(map(str, member.get("roles") or ()))})

    async def _room(self, delivery: Delivery) -> str:
        """Open the agent's direct messages; '' if the agent is not in Discord. Raises FAILURES."""
        person = Person.of(delivery.address.person)
        if person is None:
            return ""
        opened = await self._client.ask("POST", "/users/@me/channels", {"recipient_id": person.user})
        return str(opened["id"])

    def _missed(self, failure: BaseException) -> str:
        """Give the message up if the agent cannot be reached; any other failure is for the outbox."""
        verdict = judged(failure)
        if not isinstance(verdict, Undeliverable):
            raise verdict from failure
        self._log.info("an agent could not be notified directly", reason=str(verdict))
        return ""


def notice(delivery: Delivery, way: str) -> Message:
    """Draw the direct message, with a button that leads to the ticket."""
    hint = f"-# {phrase('notify_hint')}"
    line = text(f"{cut(escape(plain(delivery.words)), TEXT - len(hint) - 1)}\n{hint}")
    to = [row(link_button(phrase("notify_open"), way))] if can_be_button(way) else []
    return Message(components=(line, *to), flags=V2)


async def thread_of(client: DiscordClient, at: Conversation, receipt: str) -> tuple[str, str]:
    """Return the server and the id of an agents' thread, by the receipt of its first message; '' if it is elsewhere."""
    address, thread = at.address("agents"), sent(receipt)[1]
    if address is None or address.channel != DISCORD or not thread:
        return "", ""
    try:
        channel = await client.ask("GET", "/channels/{channel_id}", channel_id=thread)
    except FAILURES:
        return "", ""
    return str(channel.get("guild_id") or ""), thread
