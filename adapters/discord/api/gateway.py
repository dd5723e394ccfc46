"""Receives Discord's events over the gateway with discord.py's own client, which keeps none of them.

Events bypass the library's parsers, so that no message, view or guild stays in memory and an event of an unexpected
form cannot end the client (read in discord.py 2.7.1: a parser that raises ends `connect`). A client that ends for any
other reason is replaced by a new one, after growing pauses.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.api.gateway_queue import KINDS, GatewayQueue, Json, frames
from adapters.discord.api.identify_limit import IdentifyGate, Limits
from adapters.discord.api.preflight import ApplicationStatus, MessageContent, intents, refused, standing
from bot.ports import Marks
from bot.telemetry import log
from flows.values import Frozen

FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""The exceptions that a call to Discord raises."""

DISCORDS_OWN: Final = "wss://gateway.discord.gg/"

READY_AFTER_S: Final = 0.01
"""Seconds that the library waits for guilds; our READY handler gives it none."""


class Pace(Frozen):
    """Intervals and time limits of the clients, in seconds."""

    first: float = 1.0
    """Before the next client after one has ended; each further pause is twice as long."""

    longest: float = 60.0
    """Between two clients at most."""

    steady: float = 60.0
    """A client that lived this long was a good one: the next failure counts as the first."""

    drain: float = 10.0
    """For the events in progress to finish."""


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
        on_state: Callable[[int], None] = lambda _open: None,
    ) -> None:
        """Await `on_login` before connecting, `on_ready` per session; `on_state` gets the number of open ones."""
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
        self._open: set[int] = set()
        self._parsers = self._connection.parsers
        self._connection.parsers = self._table()

    def _table(self) -> dict[str, Callable[[Any], None]]:
        """Map each event's name to its handler; the library ignores events whose name is missing."""
        handlers = {name: self._handler(name) for name in KINDS}
        return handlers | {"READY": self._ready_without_guilds, "RESUMED": self._parsers["RESUMED"]}

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

    def _state(self, shard: int, *, connected: bool) -> None:
        known = shard in self._open
        (self._open.add if connected else self._open.discard)(shard)
        if known is not connected:
            log("discord").info("a shard is connected" if connected else "a shard disconnected", shard=shard)
            self._on_state(len(self._open))


async def hear(
    make: Callable[[GatewayQueue], GatewayClient],
    hearing: Callable[[], GatewayQueue],
    token: str,
    stop: asyncio.Event,
    beside: Callable[[GatewayClient], Awaitable[object]],
    pace: Pace | None = None,
) -> None:
    """Receive events until `stop` is set, then drain; start a new client after one ends. Raises PreflightRefused.

    `beside` runs once for each client, after its login, and is cancelled with it. If Discord refuses an intent that
    the application had switched on, the next client requests no privileged intent.
    """
    pace = pace or Pace()
    _silence_library_log()
    failures, plain = 0, False
    clock = asyncio.get_running_loop().time
    while not stop.is_set():
        began = clock()
        queue = hearing()
        client = make(queue)
        client.plain = plain
        try:
            await _once(client, queue, token, stop, beside, pace.drain)
            return
        except Exception as failure:  # noqa: BLE001  # whatever ended this client, a new one may work
            refusal = refused(failure)
            if refusal is not None and (plain or not isinstance(failure, discord.PrivilegedIntentsRequired)):
                raise refusal from None
            plain = plain or refusal is not None
            failures = 0 if clock() - began >= pace.steady else failures
            wait = max(min(pace.first * 2.0**failures, pace.longest), getattr(failure, "seconds", 0.0))
            failures += 1
            expected = isinstance(failure, (*FAILURES, Exhausted))
            reason = str(refusal or failure)[:200] if expected else frames(failure)
            log("discord").warning(
                "cannot connect to Discord; trying again",
                seconds=wait,
                error=type(failure).__name__,
                reason=reason,
            )
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await stop.wait()


async def _once(
    client: GatewayClient,
    hearing: GatewayQueue,
    token: str,
    stop: asyncio.Event,
    beside: Callable[[GatewayClient], Awaitable[object]],
    drain: float,
) -> None:
    """Run one client until `stop` is set. Raises whatever ended the client."""
    stopping = asyncio.create_task(stop.wait())
    living = asyncio.create_task(_live(client, token, beside))
    try:
        async with client:
            await asyncio.wait({living, stopping}, return_when=asyncio.FIRST_COMPLETED)
            # The connection stays open meanwhile: events in progress may still need it to respond.
            await hearing.finish(drain)
    finally:
        for task in (stopping, living):
            task.cancel()
        _stopped, ended = await asyncio.gather(stopping, living, return_exceptions=True)
    if isinstance(ended, Exception) and not stop.is_set():
        raise ended


async def _live(
    client: GatewayClient, token: str, beside: Callable[[GatewayClient], Awaitable[object]]
) -> None:
    """Log in and run the client until it ends."""
    await client.login(token)
    task = asyncio.ensure_future(beside(client))
    try:
        await client.connect()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    raise ConnectionError("the client ended without a word")


def _silence_library_log() -> None:
    """Silence the library's log: it holds whole URLs with interactions' tokens, and a traceback for each attempt."""
    logging.getLogger("discord").setLevel(logging.CRITICAL)
