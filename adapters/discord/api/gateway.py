"""Receives Discord's events over the gateway with discord.py's own client, which keeps none of them.

Events bypass the library's parsers, so that no message, view or guild stays in memory and an event of an unexpected
form cannot end the client (read in discord.py 2.7.1: a parser that raises ends `connect`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.api.gateway_queue import KINDS, GatewayQueue, Json, frames
from adapters.discord.api.identify_limit import IdentifyGate, Limits
from adapters.discord.api.preflight import ApplicationStatus, MessageContent, intents, standing
from bot.ports import Marks
from bot.telemetry import log

FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""The exceptions that a call to Discord raises."""

DISCORDS_OWN: Final = "wss://gateway.discord.gg/"

READY_AFTER_S: Final = 0.01
"""Seconds that the library waits for guilds; our READY handler gives it none."""


class Exhausted(Exception):
    """Raised when no IDENTIFY is left for today; `seconds` is the time until Discord allows one."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Discord allows no new session for {seconds:.0f} seconds")
        self.seconds = seconds


@contextmanager
def aimed(api: str = "", gateway: str = "") -> Iterator[None]:
    """Point discord.py in this process at these URLs for the time of the block; '' keeps Discord's own.

    The library reads them from its classes, so one process can use one Discord.
    """
    before, door = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    if api:
        Route.BASE = api.rstrip("/")
    if gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before, door


class GatewayClient(discord.AutoShardedClient):
    """The library's client, with our table in place of its parsers."""

    def __init__(
        self,
        hearing: GatewayQueue,
        marks: Marks,
        *,
        content: MessageContent = "auto",
        shard_ids: tuple[int, ...] = (),
        shard_count: int | None = None,
        on_login: Callable[["GatewayClient"], Awaitable[None]] | None = None,
        on_ready: Callable[["GatewayClient", int], Awaitable[None]] | None = None,
        on_guild: Callable[["GatewayClient", Json], Awaitable[None]] | None = None,
        on_state: Callable[[int], None] = lambda _open: None,
    ) -> None:
        """Await `on_login` before connecting, `on_ready` per session; `on_state` gets the number of open ones.

        `on_guild` gets each guild of a new session, and guilds that become available again, as Discord sends them.
        """
        shards: dict[str, Any] = {"shard_ids": list(shard_ids)} if shard_ids else {}
        super().__init__(
            intents=intents(None),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=READY_AFTER_S,
            shard_count=shard_count,
            **shards,
        )
        self.hearing = hearing
        self.standing: ApplicationStatus | None = None
        self.plain = False  # whether to request no privileged intent, even those switched on
        self._marks, self._content = marks, content
        self._identifying: IdentifyGate | None = None
        self._on_login, self._on_ready, self._on_state = on_login, on_ready, on_state
        self._on_guild = on_guild
        self._reading: set[asyncio.Future[None]] = set()
        self._open: set[int] = set()
        self._parsers = self._connection.parsers
        self._connection.parsers = self._table()

    def _table(self) -> dict[str, Callable[[Any], None]]:
        """Map each event's name to its handler; the library ignores events whose name is missing."""
        handlers = {name: self._handler(name) for name in KINDS}
        own = {"READY": self._ready_without_guilds, "GUILD_CREATE": self._guild_available}
        return handlers | own | {"RESUMED": self._parsers["RESUMED"]}

    def _guild_available(self, data: object) -> None:
        """Start reading what was missed in a guild. Like every handler, it keeps nothing of the guild."""
        if self._on_guild is None or not isinstance(data, dict):
            return
        task = asyncio.ensure_future(self._on_guild(self, data))
        self._reading.add(task)
        task.add_done_callback(self._read_through)

    def _read_through(self, task: asyncio.Future[None]) -> None:
        self._reading.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log("discord").error("a guild could not be read", traceback=frames(error))

    def _handler(self, name: str) -> Callable[[Any], None]:
        def parse(data: Any) -> None:
            try:
                self.hearing.take(name, data)
            except Exception as error:  # noqa: BLE001  # whatever a handler raises, the client must not end
                log("discord").error(
                    "an event from Discord could not be handled", kind=name, traceback=frames(error)
                )

        return parse

    def _ready_without_guilds(self, data: Json) -> None:
        """Run the library's own READY handler without the guilds, which it would keep."""
        self._parsers["READY"](data | {"guilds": []})

    async def read(self, place: int, after: int, most: int) -> list[Json]:
        """Read the messages of a channel after the message `after`. Raises FAILURES."""
        return [dict(row) for row in await self.http.logs_from(place, most, after=after)]

    async def member(self, guild: int, user: int) -> Json:
        """Look up a member of a guild, with their roles. Raises FAILURES."""
        return dict(await self.http.get_member(guild, user))

    async def room(self, room: int) -> Json:
        """Look up a channel. Raises FAILURES."""
        return dict(await self.http.get_channel(room))

    async def active(self, guild: int) -> list[Json]:
        """List a guild's threads that are not archived. Raises FAILURES."""
        return [dict(row) for row in (await self.http.get_active_threads(guild))["threads"]]

    async def put_commands(self, application: int, given: list[Json]) -> object:
        """Replace all commands of the application. Raises FAILURES."""
        return await self.http.bulk_upsert_global_commands(application, given)

    # ------------------------------------------------------------ the library's hooks

    async def setup_hook(self) -> None:
        """Request, after the login, only the intents that the bot's owner has switched on."""
        assert self.application is not None, "login sets it"
        at = self.standing = standing(self.application)
        self._connection._intents = intents(None if self.plain else at, self._content)  # noqa: SLF001  # known only after the login
        if at.endpoint:
            log("discord").error(
                "button clicks go to the application's Interactions Endpoint URL; remove it in the developer portal"
            )
        if self._on_login is not None:
            await self._on_login(self)
        limits = await self.fetch_session_start_limits()
        if limits.remaining < 1:
            raise Exhausted(limits.reset_after / 1000)
        allowed = Limits(total=limits.total, at_once=limits.max_concurrency)
        self._identifying = IdentifyGate(self._marks, at.application, allowed)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard, only to the operator's gateway URL if one is set: the token goes there."""
        configured = DiscordWebSocket.DEFAULT_GATEWAY
        at = gateway if str(configured) == DISCORDS_OWN else configured
        await super().launch_shard(at, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for this shard's turn to identify, among all processes."""
        del initial
        assert self._identifying is not None, "setup_hook comes first"
        await self._identifying.wait(shard_id or 0)

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note a shard's new session: Discord does not send what happened before it."""
        self._state(shard_id, connected=True)
        if self._on_ready is not None:
            await self._on_ready(self, shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard is connected again; Discord sends what it missed."""
        self._state(shard_id, connected=True)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that a shard lost its connection."""
        self._state(shard_id, connected=False)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log whatever one of the hooks above raised."""
        del args, kwargs
        log("discord").exception("a gateway event handler failed", during=event_method)

    async def close(self) -> None:
        """Stop reading what was missed in guilds, which the next client continues, and close the connections."""
        for task in tuple(self._reading):
            task.cancel()
        await super().close()

    def _state(self, shard: int, *, connected: bool) -> None:
        known = shard in self._open
        (self._open.add if connected else self._open.discard)(shard)
        if known is not connected:
            log("discord").info("a shard is connected" if connected else "a shard disconnected", shard=shard)
            self._on_state(len(self._open))
