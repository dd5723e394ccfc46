"""Hears Discord over its gateway with discord.py's own client, which is given nothing to remember.

Every event goes past the library's parsers, as Discord sent it, so that no message, view or guild stays in memory and
an event of an unexpected form cannot end the client (read in discord.py 2.7.1: a parser that raises ends `connect`).
What ends it all the same is answered by a new client, later and later.
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
"""What a call of Discord's raises."""

DISCORDS_OWN: Final = "wss://gateway.discord.gg/"

READY_AFTER_S: Final = 0.01
"""Seconds the library waits for guilds, of which it is told none here."""


class Pace(Frozen):
    """How long: seconds."""

    first: float = 1.0
    """Before a client that ended is followed by the next; each further one waits twice as long."""

    longest: float = 60.0
    """Between two clients at most."""

    steady: float = 60.0
    """A client that lived this long was a good one: the next failure is a first one."""

    drain: float = 10.0
    """What is being heard gets that long to finish."""


class Exhausted(Exception):
    """No IDENTIFY is left for today; `seconds` says until when."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Discord allows no new session for {seconds:.0f} seconds")
        self.seconds = seconds


@contextmanager
def aimed(api: str = "", gateway: str = "") -> Iterator[None]:
    """For as long as this lasts, discord.py in this process talks to these addresses; '' leaves Discord's own.

    The library reads them from its classes, so one process has one Discord.
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
        """Await `on_login` before connecting; tell `on_ready` of each new session, `on_state` how many are open."""
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
        self.plain = False  # whether no privileged intent is asked for, whatever is switched on
        self._marks, self._content = marks, content
        self._identifying: IdentifyGate | None = None
        self._on_login, self._on_ready, self._on_state = on_login, on_ready, on_state
        self._open: set[int] = set()
        self._given = self._connection.parsers
        self._connection.parsers = self._table()

    def _table(self) -> dict[str, Callable[[Any], None]]:
        """What becomes of each event, by its name; the library passes over names that are not in it."""
        heard = {name: self._hears(name) for name in KINDS}
        return heard | {"READY": self._greeted, "RESUMED": self._given["RESUMED"]}

    def _hears(self, name: str) -> Callable[[Any], None]:
        def parse(data: Any) -> None:
            try:
                self.hearing.take(name, data)
            except Exception as error:  # noqa: BLE001  # whatever it is, the client must not end
                log("discord").error(
                    "an event from Discord could not be handled", kind=name, traceback=frames(error)
                )

        return parse

    def _greeted(self, data: Json) -> None:
        """The library's own way, but without the guilds, which it would keep."""
        self._given["READY"](data | {"guilds": []})

    async def read(self, place: int, after: int, most: int) -> list[Json]:
        """Messages of a place after that one. Raises FAILURES."""
        return [dict(row) for row in await self.http.logs_from(place, most, after=after)]

    async def member(self, guild: int, user: int) -> Json:
        """Somebody in a guild, with their roles. Raises FAILURES."""
        return dict(await self.http.get_member(guild, user))

    async def room(self, room: int) -> Json:
        """A channel. Raises FAILURES."""
        return dict(await self.http.get_channel(room))

    async def active(self, guild: int) -> list[Json]:
        """The threads of a guild that are not archived. Raises FAILURES."""
        return [dict(one) for one in (await self.http.get_active_threads(guild))["threads"]]

    async def put_commands(self, application: int, given: list[Json]) -> object:
        """Replace all commands of the application. Raises FAILURES."""
        return await self.http.bulk_upsert_global_commands(application, given)

    # ------------------------------------------------------------ the library's hooks

    async def setup_hook(self) -> None:
        """After the login and before the gateway: ask only for what the owner of the bot has switched on."""
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
        """Connect it: where the operator has set a gateway, there and nowhere else, for the token goes there."""
        set_one = DiscordWebSocket.DEFAULT_GATEWAY
        at = gateway if str(set_one) == DISCORDS_OWN else set_one
        await super().launch_shard(at, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the turn, among all processes."""
        del initial
        assert self._identifying is not None, "setup_hook comes first"
        await self._identifying.wait(shard_id or 0)

    async def on_shard_connect(self, shard_id: int) -> None:
        """A shard has a new session: whatever happened before it is not told."""
        self._state(shard_id, connected=True)
        if self._on_ready is not None:
            await self._on_ready(self, shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """A shard is back, and is told what it missed."""
        self._state(shard_id, connected=True)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A shard lost its line."""
        self._state(shard_id, connected=False)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Whatever one of the hooks above raised."""
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
    """Hear Discord until told to stop, then drain; a client that ends is followed by another. Raises Refused.

    `beside` is done once for each client, after its login, and cancelled with it. After an intent was refused, though
    the application had it switched on, none is asked for.
    """
    pace = pace or Pace()
    _quieten()
    failures, plain = 0, False
    clock = asyncio.get_running_loop().time
    while not stop.is_set():
        began = clock()
        ears = hearing()
        client = make(ears)
        client.plain = plain
        try:
            await _once(client, ears, token, stop, beside, pace.drain)
            return
        except Exception as failure:  # noqa: BLE001  # whatever ended it, a new client may do better
            no = refused(failure)
            if no is not None and (plain or not isinstance(failure, discord.PrivilegedIntentsRequired)):
                raise no from None
            plain = plain or no is not None
            failures = 0 if clock() - began >= pace.steady else failures
            wait = max(min(pace.first * 2.0**failures, pace.longest), getattr(failure, "seconds", 0.0))
            failures += 1
            told = isinstance(failure, (*FAILURES, Exhausted))
            reason = str(no or failure)[:200] if told else frames(failure)
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
    """One client, until told to stop. Raises whatever ended it."""
    stopping = asyncio.create_task(stop.wait())
    living = asyncio.create_task(_live(client, token, beside))
    try:
        async with client:
            await asyncio.wait({living, stopping}, return_when=asyncio.FIRST_COMPLETED)
            # The line stays open meanwhile: what is being heard may still need it to answer.
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
    """Until something ends it."""
    await client.login(token)
    task = asyncio.ensure_future(beside(client))
    try:
        await client.connect()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    raise ConnectionError("the client ended without a word")


def _quieten() -> None:
    """The library logs whole addresses, tokens of interactions among them, and a traceback a try; we say it here."""
    logging.getLogger("discord").setLevel(logging.CRITICAL)
