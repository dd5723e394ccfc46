"""Notes that a customer's post or thread was closed, locked or opened by a person, and opens it for agents' replies."""

import asyncio
from typing import Final

from adapters.discord.api.addresses import DISCORD, Person, Place
from adapters.discord.api.client import DELETED, FAILURES, LOCKED, DiscordClient, code_of
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.thread_states import (
    CHANGED,
    AuditEntry,
    ThreadState,
    archivers,
    thread_state,
    what_became,
)
from bot.ports import Look, Outcome, Receive, Unreadable
from bot.telemetry import log
from flows.conversation import Conversation, Status
from flows.events import Event, PlaceLost, TimerRang

LOOKED_AT: Final = 50
"""Entries of the audit log in which the one about a thread is looked for."""

LOOK_S: Final = 5.0
"""Seconds that a look at a thread may hold up a timer."""

SPEAKING: Final = frozenset({"nudge", "close", "follow_up", "quiet", "unclaimed", "fallback", "abandoned"})
"""Timers that write to the customer."""


class ClosedPosts:
    """Records what people do to customers' posts and threads."""

    def __init__(self, conversations: DiscordConversations, client: DiscordClient) -> None:
        self._ports = conversations.ports
        self._client = client

    async def changed(self, thread: ThreadState) -> None:
        """Record a thread's new state, if a person brought it about. Raises what the desk raises."""
        at = await self._ports.finder.at(thread.place.door)
        if at is not None and (lost := await _change_of(self._client, at, thread)) is not None:
            await self._ports.receive(lost)


def looking_first(receive: Receive, look: Look, client: DiscordClient) -> Receive:
    """Wrap the port Receive for timers: look at the thread before a timer writes there.

    A post may have been closed or deleted while no process listened, and a message would open it again.
    """

    async def receive_timer(event: Event) -> Outcome | None:
        if isinstance(event, TimerRang) and event.kind in SPEAKING:
            lost = await _lost_unheard(event.conversation, look, client)
            if lost is not None:
                await receive(lost)
        return await receive(event)

    return receive_timer


async def _lost_unheard(conversation: str, look: Look, client: DiscordClient) -> PlaceLost | None:
    """Return what became of the conversation's thread, if a person changed it and that isn't recorded."""
    try:
        screen = await look(conversation)
    except Unreadable:
        return None
    address = screen.conversation.address("customer") if screen else None
    if screen is None or address is None or address.channel != DISCORD or not address.thread:
        return None
    try:
        async with asyncio.timeout(LOOK_S):
            row = await client.ask("GET", "/channels/{channel_id}", channel_id=address.thread)
            thread = thread_state({"guild_id": address.workspace, **row})
            return await _change_of(client, screen.conversation, thread) if thread else None
    except FAILURES as failure:
        gone = code_of(failure) == DELETED
        return PlaceLost.of_customer(conversation, "thread") if gone else None


async def _change_of(client: DiscordClient, at: Conversation, thread: ThreadState) -> PlaceLost | None:
    """Return the event of a thread's new state; None if it's known, or if no person brought it about."""
    if at.status is Status.CLOSED or _is_known(at, thread):
        return None
    entries = await _archivers(client, thread) if thread.archived and not thread.locked else ()
    customers = {one.user for actor in (at.contact, *at.may_press) if (one := Person.of(actor))}
    how = what_became(thread, entries, customers, (await client.identity()).bot)
    # The time of an archive names it: another process may hear of it after the customer wrote again. Locks have none.
    lock = f"/{at.version}" if "locked" in (how, at.place_closed) else ""
    return PlaceLost.of_changed(at.id, how, f"{thread.archived_ms}{lock}") if how else None


async def _archivers(client: DiscordClient, thread: ThreadState) -> tuple[AuditEntry, ...]:
    """Read who archived the thread; nothing if the bot may not view the audit log."""
    query, guild = {"action_type": CHANGED, "limit": LOOKED_AT}, thread.place.guild
    try:
        found = await client.ask("GET", "/guilds/{guild_id}/audit-logs", guild_id=guild, params=query)
    except FAILURES as failure:
        log("discord").info("the audit log could not be read", code=code_of(failure))
        return ()
    return archivers(found, thread.place.thread)


def _is_known(at: Conversation, thread: ThreadState) -> bool:
    """Return whether the conversation has this state already, so that nothing needs to be asked or recorded."""
    if thread.locked:
        return at.place_closed == "locked"
    return at.place_closed in ("closed", "moderated") if thread.archived else not at.place_closed


async def unlocked(client: DiscordClient, place: Place, failure: BaseException) -> bool:
    """Unlock and open a thread that refused a message because it's locked. Return whether the bot could."""
    if code_of(failure) not in LOCKED or not place.thread:
        return False
    body = {"archived": False, "locked": False}
    try:
        await client.ask("PATCH", "/channels/{channel_id}", body, channel_id=place.thread)
    except FAILURES as refused:
        log("discord").warning(
            "a locked thread could not be unlocked; give the bot Manage Threads",
            thread=place.thread,
            code=code_of(refused),
        )
        return False
    return True
