"""Hearing Discord put together: gateway, count of sessions, commands, and what was written meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from adapters.discord.api.command_sync import register
from adapters.discord.api.gateway import GatewayClient, Pace, hear
from adapters.discord.api.gateway_queue import GatewayQueue, Hear, Patience
from adapters.discord.api.manifest import application_of
from adapters.discord.api.preflight import TOKEN_REFUSED, MessageContent, PreflightRefused
from adapters.discord.catchup.messages import Follower
from bot.ports import Bookmarks, Marks
from flows.values import Frozen


class GatewaySettings(Frozen):
    """What the operator has set for it; without shards, Discord says how many there are and all are heard here."""

    token: str = Field(repr=False)
    content: MessageContent = "auto"
    shard_ids: tuple[int, ...] = ()
    shard_count: int | None = None


@dataclass(frozen=True)
class GatewayDeps:
    """What hearing stands on: who is told, and the store's small facts. `follower` stands before the desk. `enters` is
    told of every new log-in, and whether the intent to read what is typed was refused before it.
    """

    hear: Hear
    follower: Follower
    marks: Marks
    bookmarks: Bookmarks
    enters: Callable[[bool], None] = lambda _plain: None


async def listen(
    settings: GatewaySettings,
    ears: GatewayDeps,
    stop: asyncio.Event,
    on_state: Callable[[int], None] = lambda _open: None,
    *,
    pace: Pace | None = None,
    patience: Patience | None = None,
) -> None:
    """Hear Discord until told to stop, then drain. `on_state` is told how many shards are connected. Raises Refused."""
    if not application_of(settings.token):
        raise PreflightRefused(TOKEN_REFUSED)

    async def entered(at: GatewayClient) -> None:
        ears.enters(at.plain)
        await ears.follower.load()

    def client(hearing: GatewayQueue) -> GatewayClient:
        return GatewayClient(
            hearing,
            ears.marks,
            content=settings.content,
            shard_ids=settings.shard_ids,
            shard_count=settings.shard_count,
            on_login=entered,
            on_ready=ears.follower.catch_up,
            on_state=on_state,
        )

    async def beside(at: GatewayClient) -> None:
        assert at.standing is not None, "known after the login"
        await register(at.put_commands, at.standing.application, ears.marks, ears.bookmarks)

    await hear(
        client,
        lambda: GatewayQueue(ears.hear, ears.follower.heard, patience),
        settings.token,
        stop,
        beside,
        pace,
    )
