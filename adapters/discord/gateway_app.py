"""Runs the gateway with all its parts: client, limit of sessions, commands, and catching up on missed messages."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from adapters.discord.api.client import user_agent
from adapters.discord.api.command_sync import register
from adapters.discord.api.gateway import GatewayClient
from adapters.discord.api.gateway_loop import Pace, hear
from adapters.discord.api.gateway_queue import GatewayQueue, Hear, Patience
from adapters.discord.api.manifest import application_of
from adapters.discord.api.preflight import TOKEN_REFUSED, MessageContent, PreflightRefused
from adapters.discord.catchup.messages import Follower
from bot.ports import Bookmarks, Marks
from flows.values import Frozen


class GatewaySettings(Frozen):
    """Holds the operator's gateway settings; without shards, Discord gives their number and all run here. `url` is the
    public address.
    """

    token: str = Field(repr=False)
    content: MessageContent = "auto"
    shard_ids: tuple[int, ...] = ()
    shard_count: int | None = None
    url: str = ""


@dataclass(frozen=True)
class GatewayDeps:
    """Holds what the gateway needs: the receiver `hear`, the follower that reads missed messages, and the store.

    `enters` is called before every new login, with whether Discord refused the message content intent before.
    """

    hear: Hear
    follower: Follower
    marks: Marks
    bookmarks: Bookmarks
    enters: Callable[[bool], None] = lambda _plain: None


async def listen(
    settings: GatewaySettings,
    deps: GatewayDeps,
    stop: asyncio.Event,
    on_state: Callable[[int], None] = lambda _open: None,
    *,
    pace: Pace | None = None,
    patience: Patience | None = None,
) -> None:
    """Receive events until `stop` is set, then drain. `on_state` gets the number of connected shards.

    Raises PreflightRefused.
    """
    if not application_of(settings.token):
        raise PreflightRefused(TOKEN_REFUSED)

    async def after_login(at: GatewayClient) -> None:
        deps.enters(at.plain)
        await deps.follower.load()

    def opened(hearing: GatewayQueue) -> GatewayClient:
        client = GatewayClient(
            hearing,
            deps.marks,
            content=settings.content,
            shard_ids=settings.shard_ids,
            shard_count=settings.shard_count,
            on_login=after_login,
            on_ready=deps.follower.catch_up,
            on_guild=deps.follower.read_guild,
            on_state=on_state,
        )
        client.http.user_agent = user_agent(settings.url)
        return client

    async def beside(at: GatewayClient) -> None:
        assert at.standing is not None, "known after the login"
        await register(at.put_commands, at.standing.application, deps.marks, deps.bookmarks)

    await hear(
        opened,
        lambda: GatewayQueue(deps.hear, deps.follower.heard, patience),
        settings.token,
        stop,
        beside,
        pace,
    )
