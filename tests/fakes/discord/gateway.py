"""Runs the gateway: clients identify, get events, disconnect and resume. A test can make it fail."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from tests.fakes.discord.sessions import Connection, Session
from tests.fakes.discord.state import Json
from tests.fakes.discord.world import Happening, World


@dataclass(frozen=True)
class Identified:
    """An IDENTIFY, of which a bot may send a thousand a day. Times are seconds since 1970."""

    at: float
    shard: tuple[int, int]
    intents: int


class Gateway:
    """Holds all sessions of the bot's clients, including several clients of one shard."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: list[Session] = []
        self.connections: list[Connection] = []
        self.identified: list[Identified] = []
        self.closed: list[int] = []
        world.listeners.append(self._hear)

    def _hear(self, happening: Happening) -> None:
        for session in self.sessions:
            session.hears(happening)

    # ---- one connection

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a client until it disconnects."""
        socket = web.WebSocketResponse(autoping=True, max_msg_size=0)
        await socket.prepare(request)
        transport = request.transport
        connection = Connection(socket, transport if isinstance(transport, asyncio.Transport) else None)
        self.connections.append(connection)
        writer = asyncio.create_task(connection.write())
        connection.send(self._hello())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, message.data)
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
            self._gone(connection)
        return socket

    def _hello(self) -> Json:
        interval = int(self.world.settings.heartbeat * 1000)
        return {"op": 10, "s": None, "t": None, "d": {"heartbeat_interval": interval, "_trace": ["stand-in"]}}

    def _gone(self, connection: Connection) -> None:
        """End the session of a client that closed with 1000 or 1001. Others may resume their session."""
        self.connections.remove(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            goodbye = connection.socket.close_code in (1000, 1001) and not connection.sent_away
            if goodbye and session in self.sessions:
                self.sessions.remove(session)
        self.world.changed()

    def _receive(self, connection: Connection, text: str) -> None:
        try:
            payload = orjson.loads(text)
        except orjson.JSONDecodeError:
            self._close(connection, 4002)
            return
        connection.received.append(payload)
        op, data = payload.get("op"), payload.get("d")
        if op == 1:
            if not connection.deaf:
                connection.send({"op": 11, "s": None, "t": None, "d": None})
        elif op == 2:
            self._identify(connection, data)
        elif op == 6:
            self._resume(connection, data)
        elif connection.session is None:
            self._close(connection, 4003)
        elif op == 8:
            self._request_members(connection.session, data)
        elif op not in (3, 4, 31):
            self._close(connection, 4001)

    def _close(self, connection: Connection, code: int) -> None:
        self.closed.append(code)
        connection.close(code)
        self.world.changed()

    def _identify(self, connection: Connection, data: Json) -> None:
        settings, shard = self.world.settings, tuple(data.get("shard") or (0, 1))
        intents = int(data.get("intents", 0))
        self.identified.append(Identified(self.world.clock.now(), (shard[0], shard[1]), intents))
        allowed = ~0
        for intent, on in (
            (self.world.intents.content, settings.message_content),
            (self.world.intents.members, settings.members),
            (self.world.intents.presences, False),
        ):
            allowed &= ~0 if on else ~intent
        if connection.session is not None:
            self._close(connection, 4005)
            return
        if data.get("token") != settings.token:
            self._close(connection, 4004)
            return
        if not 0 <= shard[0] < shard[1]:
            self._close(connection, 4010)
            return
        if intents & ~allowed:
            self._close(connection, 4014)
            return
        session = Session(self.world, intents, (shard[0], shard[1]), connection)
        connection.session = session
        self.sessions.append(session)
        self._ready(session)
        self.world.changed()

    def _ready(self, session: Session) -> None:
        world = self.world
        guilds = [one for one in world.guilds.values() if session.serves(one.id)]
        guilds = [one for one in guilds if world.bot.id in one.members]
        session.tell(
            "READY",
            {
                "v": 10,
                "user": {
                    **world.payloads.user(world.bot),
                    "verified": True,
                    "mfa_enabled": True,
                    "email": None,
                },
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "session_type": "normal",
                "resume_gateway_url": world.url.replace("http://", "ws://") + "/gateway",
                "shard": list(session.shard),
                "application": {"id": str(world.bot.id), "flags": 0},
                "private_channels": [],
                "relationships": [],
                "presences": [],
                "user_settings": {},
                "_trace": ["stand-in"],
            },
        )
        for guild in guilds if session.intents & world.intents.guilds else []:
            session.tell("GUILD_CREATE", world.payloads.guild(guild))

    def _resume(self, connection: Connection, data: Json) -> None:
        session = next((one for one in self.sessions if one.id == data.get("session_id")), None)
        if data.get("token") != self.world.settings.token:
            self._close(connection, 4004)
            return
        if session is None:
            connection.send({"op": 9, "s": None, "t": None, "d": False})
            return
        if session.connection is not None and session.connection is not connection:
            session.connection.close(4000)
        session.connection = connection
        connection.session = session
        session.replay(int(data.get("seq") or 0))
        session.resumes += 1
        session.tell("RESUMED", {"_trace": ["stand-in"]})
        self.world.changed()

    def _request_members(self, session: Session, data: Json) -> None:
        guild = self.world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        wanted = {int(one) for one in data.get("user_ids") or guild.members}
        found = [self.world.payloads.member(one) for user, one in guild.members.items() if user in wanted]
        chunk: Json = {"guild_id": str(guild.id), "members": found, "chunk_index": 0, "chunk_count": 1}
        session.tell("GUILD_MEMBERS_CHUNK", {**chunk, "nonce": data.get("nonce"), "not_found": []})

    # ---- what goes wrong on command; `shard` narrows it down

    def _live(self, shard: int | None) -> list[Connection]:
        sessions = [one for one in self.sessions if shard is None or one.shard[0] == shard]
        return [one.connection for one in sessions if one.connection is not None]

    def drop(self, shard: int | None = None) -> None:
        """Cut the sockets without a close frame. The clients may resume."""
        for connection in self._live(shard):
            connection.drop()

    def reconnect(self, shard: int | None = None) -> None:
        """Ask the clients to reconnect (op 7)."""
        for connection in self._live(shard):
            connection.send({"op": 7, "s": None, "t": None, "d": None})

    def invalidate(self, resumable: bool = False, shard: int | None = None) -> None:
        """Tell the clients that their sessions are invalid (op 9)."""
        for connection in self._live(shard):
            if not resumable and connection.session in self.sessions:
                self.sessions.remove(connection.session)
            connection.send({"op": 9, "s": None, "t": None, "d": resumable})

    def close(self, code: int, shard: int | None = None) -> None:
        """Close the sockets with that code."""
        for connection in self._live(shard):
            self._close(connection, code)

    def send(self, name: str, data: Any, shard: int | None = None) -> None:
        """Send an event as it is, even an invalid one."""
        for session in self.sessions:
            if shard is None or session.shard[0] == shard:
                session.tell(name, data)

    def send_text(self, text: str, shard: int | None = None) -> None:
        """Send a text, which need not be JSON."""
        for connection in self._live(shard):
            connection.send(text)

    def deafen(self, shard: int | None = None) -> None:
        """Stop acknowledging heartbeats."""
        for connection in self._live(shard):
            connection.deaf = True
