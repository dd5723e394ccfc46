"""A session of the gateway: what its client asked to be told, what it was told, and what it may still be told again."""

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass, field

import orjson
from aiohttp import web

from tests.fakes.discord.rest_messages import censored
from tests.fakes.discord.state import Json
from tests.fakes.discord.world import Happening, World

KEPT = 1000
"""So many events are kept for a client that comes back."""


@dataclass(eq=False)
class Connection:
    """A socket of a client; what is put into `outgoing` is sent in that order, None closes it."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    outgoing: asyncio.Queue[Json | str | int] = field(default_factory=asyncio.Queue)
    session: "Session | None" = None
    deaf: bool = False
    sent_away: bool = False
    received: list[Json] = field(default_factory=list)

    def send(self, payload: Json | str) -> None:
        """A payload, or a text as it is."""
        self.outgoing.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close with that code, after what is to be sent; the session stays, for the client did not say goodbye."""
        self.sent_away = True
        self.outgoing.put_nowait(code)

    def drop(self) -> None:
        """Cut the wire, without a word."""
        if self.transport is not None:
            self.transport.abort()

    async def write(self) -> None:
        """Send what is put into `outgoing`, until a code closes it."""
        while True:
            payload = await self.outgoing.get()
            if isinstance(payload, int):
                await self.socket.close(code=payload)
                return
            text = payload if isinstance(payload, str) else orjson.dumps(payload).decode()
            try:
                await self.socket.send_str(text)
            except ConnectionError:
                return


@dataclass(eq=False)
class Session:
    """What is known of a client across its connections; `connection` is None while it is away."""

    world: World
    intents: int
    shard: tuple[int, int]
    connection: Connection | None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    past: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    resumes: int = 0

    @property
    def connected(self) -> bool:
        """Whether the client is there now."""
        return self.connection is not None

    def serves(self, guild: int | None) -> bool:
        """Whether events of that guild are this shard's; direct messages are those of shard 0."""
        number, of = self.shard
        return number == (0 if guild is None else (guild >> 22) % of)

    def hears(self, happening: Happening) -> None:
        """Tell the client, where it asked for that kind of event."""
        if not self.serves(happening.guild) or (happening.intent and not self.intents & happening.intent):
            return
        data = happening.data
        if happening.message is not None and not self.intents & self.world.intents.content:
            data = censored(self.world, happening.message, data)
        self.tell(happening.name, data)

    def tell(self, name: str, data: Json | None) -> None:
        """Send an event, and keep it for a client that comes back."""
        self.sequence += 1
        payload = {"op": 0, "s": self.sequence, "t": name, "d": data}
        self.past.append(payload)
        if self.connection is not None:
            self.connection.send(payload)

    def replay(self, after: int) -> int:
        """Send again what was told after that number; how many events that were."""
        missed = [payload for payload in self.past if payload["s"] > after]
        for payload in missed:
            assert self.connection is not None
            self.connection.send(payload)
        return len(missed)
