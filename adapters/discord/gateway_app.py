"""Hearing Discord put together: gateway, count of sessions, commands, and what was written meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from adapters.discord.api.command_sync import register
from adapters.discord.api.gateway import Client, Pace, hear
from adapters.discord.api.gateway_queue import Hear, Hearing, Patience
from adapters.discord.api.manifest import application_of
from adapters.discord.api.preflight import TOKEN_REFUSED, MessageContent, Refused
from adapters.discord.catchup.messages import Follower
from bot.ports import Bookmarks, Marks
from flows.values import Frozen


class Listening(Frozen):
    """What the operator has set for it; without shards, Discord says how many there are and all are heard here."""

    token: str = Field(repr=False)
    content: MessageContent = "auto"
    shard_ids: tuple[int, ...] = ()
    shard_count: int | None = None


@dataclass(frozen=True)
class Ears:
    """What hearing stands on: who is told, and the store's small facts. `follower` stands before the desk. `enters` is
    told of every new log-in, and whether the intent to read what is typed was refused before it.
    """

    hear: Hear
    follower: Follower
    marks: Marks
    bookmarks: Bookmarks
    enters: Callable[[bool], None] = lambda _plain: None


async def listen(
    settings: Listening,
    ears: Ears,
    stop: asyncio.Event,
    on_state: Callable[[int], None] = lambda _open: None,
    *,
    pace: Pace | None = None,
    patience: Patience | None = None,
) -> None:
    """Hear Discord until told to stop, then drain. `on_state` is told how many shards are connected. Raises Refused."""
    if not application_of(settings.token):
        raise Refused(TOKEN_REFUSED)

    async def entered(at: Client) -> None:
        ears.enters(at.plain)
        await ears.follower.load()

    def client(hearing: Hearing) -> Client:
        return Client(
            hearing,
            ears.marks,
            content=settings.content,
            shard_ids=settings.shard_ids,
            shard_count=settings.shard_count,
            on_login=entered,
            on_ready=ears.follower.catch_up,
            on_state=on_state,
        )

    async def beside(at: Client) -> None:
        assert at.standing is not None, "known after the login"
        await register(at.put_commands, at.standing.application, ears.marks, ears.bookmarks)

    await hear(
        client,
        lambda: Hearing(ears.hear, ears.follower.heard, patience),
        settings.token,
        stop,
        beside,
        pace,
    )
