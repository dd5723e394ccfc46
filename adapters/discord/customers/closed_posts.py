"""Notes that a customer's post or thread was closed, locked or opened by a person, and opens it for agents' replies."""

from typing import Final

from adapters.discord.api.addresses import Person, Place
from adapters.discord.api.client import FAILURES, LOCKED, DiscordClient, code_of
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.inbound.thread_states import CHANGED, AuditEntry, ThreadState, archivers, what_became
from bot.telemetry import log
from flows.conversation import Conversation, Status
from flows.events import PlaceLost

LOOKED_AT: Final = 50
"""Entries of the audit log in which the one about a thread is looked for."""


class ClosedPosts:
    """Records what people do to customers' posts and threads."""

    def __init__(self, conversations: DiscordConversations, client: DiscordClient) -> None:
        self._ports = conversations.ports
        self._client = client

    async def changed(self, thread: ThreadState) -> None:
        """Record a thread's new state, if a person brought it about. Raises what the desk raises."""
        at = await self._ports.finder.at(thread.place.door)
        if at is None or at.status is Status.CLOSED or _is_known(at, thread):
            return
        entries = await self._archivers(thread) if thread.archived and not thread.locked else ()
        customers = {one.user for actor in (at.contact, *at.may_press) if (one := Person.of(actor))}
        bot = (await self._client.identity()).bot
        how = what_became(thread, entries, customers, bot)
        if how is not None:
            change = f"{thread.archived_ms}/{at.version}"
            await self._ports.receive(PlaceLost.of_changed(at.id, how, change))

    async def _archivers(self, thread: ThreadState) -> tuple[AuditEntry, ...]:
        """Read who archived the thread; nothing if the bot may not view the audit log."""
        query = {"action_type": CHANGED, "limit": LOOKED_AT}
        try:
            found = await self._client.ask(
                "GET", "/guilds/{guild_id}/audit-logs", guild_id=thread.place.guild, params=query
            )
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
