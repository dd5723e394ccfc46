"""Keeps the button to write to an agent below the newest message, where the bot can't read what customers write."""

from collections.abc import Sequence
from typing import Final

from adapters.discord.api.addresses import Place
from adapters.discord.api.client import FAILURES, DiscordClient, code_of
from adapters.discord.render.card import V2, Message
from adapters.discord.render.write_buttons import has_write_button, with_write_button, without_write_button
from adapters.discord.sent_messages import last_messages
from adapters.discord.uploads import shown_again
from bot.telemetry import log
from flows.conversation import Conversation, Status

PATH: Final = "/channels/{channel_id}/messages/{message_id}"


class WriteButtons:
    """Adds the button to what agents say, and removes the earlier ones; does nothing where the bot reads messages."""

    def __init__(self, client: DiscordClient, content: bool) -> None:
        """`content` is whether the operator lets the bot read messages everywhere."""
        self._client = client
        self._content = content

    async def typed(self, place: Place) -> bool:
        """Return whether the bot reads what is typed in that place. Raises FAILURES."""
        return place.direct or (self._content and (await self._client.identity()).content)

    async def below(
        self, drawn: Sequence[Message], at: Conversation, place: Place, agent: str
    ) -> tuple[Message, ...]:
        """Add the button to the last of the messages, if the customer needs it to answer `agent`. Raises FAILURES."""
        if at.status is not Status.WITH_AGENT or await self.typed(place):
            return tuple(drawn)
        return (*drawn[:-1], with_write_button(drawn[-1], at, agent))

    async def standing(self, place: Place) -> frozenset[str]:
        """Return the ids of the messages that have the button. Raises FAILURES."""
        if await self.typed(place):
            return frozenset()
        return frozenset(
            str(row["id"]) for row in await last_messages(self._client, place.room) if has_write_button(row)
        )

    async def leave_newest(self, place: Place, newest: str) -> None:
        """Remove the button from the messages before `newest`, where customers need it at all."""
        try:
            if await self.typed(place):
                return
        except FAILURES:
            return
        await remove_write_buttons(self._client, place, newest)


async def remove_write_buttons(client: DiscordClient, place: Place, before: str) -> None:
    """Remove the button from the messages before that one. A failure is logged: an old button works as well."""
    try:
        for row in await last_messages(client, place.room):
            if int(str(row["id"])) < int(before) and has_write_button(row):
                left = without_write_button(row, shown_again(row.get("components") or ())[0])
                body = {"components": left, "flags": V2, "allowed_mentions": {"parse": []}}
                await client.ask("PATCH", PATH, body, channel_id=place.room, message_id=str(row["id"]))
    except FAILURES as failure:
        log("discord").info("a button to write could not be removed", code=code_of(failure), room=place.room)
