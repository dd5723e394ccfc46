"""Keeps a gateway session: the client's intents, the events sent, and those that a resume can repeat."""

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
"""Number of events stored for a client that resumes."""


@dataclass(eq=False)
class Connection:
    """A client's socket. It sends what is put into `outgoing`, in order; None closes it."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    outgoing: asyncio.Queue[Json | str | int] = field(default_factory=asyncio.Queue)
    session: "Session | None" = None
    deaf: bool = False
    sent_away: bool = False
    received: list[Json] = field(default_factory=list)

    def send(self, payload: Json | str) -> None:
        """Send a payload, or a text as it is."""
        self.outgoing.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close with that code after all outgoing payloads. The session stays, because the client did not close."""
        self.sent_away = True
        self.outgoing.put_nowait(code)

    def drop(self) -> None:
        """Cut the connection without a close frame."""
        if self.transport is not None:
            self.transport.abort()

    async def write(self) -> None:
        """Send what is put into `outgoing`, until a code closes the socket."""
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
    """A client's session across its connections. `connection` is None while the client is disconnected."""

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
        """Return whether the client is connected."""
        return self.connection is not None

    def serves(self, guild: int | None) -> bool:
        """Return whether this shard serves the guild's events. Shard 0 serves direct messages."""
        number, of = self.shard
        return number == (0 if guild is None else (guild >> 22) % of)

    def hears(self, happening: Happening) -> None:
        """Send an event to the client, if its intents include the event."""
        if not self.serves(happening.guild) or (happening.intent and not self.intents & happening.intent):
            return
        data = happening.data
        if happening.message is not None and not self.intents & self.world.intents.content:
            data = censored(self.world, happening.message, data)
        self.tell(happening.name, data)

    def tell(self, name: str, data: Json | None) -> None:
        """Send an event, and store it for a resume."""
        self.sequence += 1
        payload = {"op": 0, "s": self.sequence, "t": name, "d": data}
        self.past.append(payload)
        if self.connection is not None:
            self.connection.send(payload)

    def replay(self, after: int) -> int:
        """Send the events after that number again. Return how many there were."""
        missed = [payload for payload in self.past if payload["s"] > after]
        for payload in missed:
            assert self.connection is not None
            self.connection.send(payload)
        return len(missed)
