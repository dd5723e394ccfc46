"""Closes connections whose client is too slow, and limits how many a network address may open.

uvicorn closes a connection only between two requests; a request that is half sent, or a response that no one reads,
stays open for as long as the client likes.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.web.doors.addresses import network
from adapters.web.doors.media import is_stream
from bot.telemetry import log

PER_ADDRESS: Final = 256
"""Most connections of one network address, without streams: enough for an office behind one address."""

LOG_EVERY_S: Final = 60.0
"""Seconds between two log lines about refused connections."""


@dataclass(frozen=True)
class Timeouts:
    """Holds how many seconds a client may take for each part of a request and its response."""

    head_s: float = 10.0
    """For the request line and the headers, from the first byte, or from the connection's opening."""

    body_s: float = 20.0
    """For the body, and one second more for each `body_rate` bytes that came."""

    body_rate: int = 8 * 1024

    unread_s: float = 30.0
    """For a full send buffer to drain."""

    idle_s: float = 30.0
    """Between two requests."""

    linger_s: float = 5.0
    """After the response: for the rest of an unread body, and for the last bytes to be taken."""

    def limit(self, phase: str, received: int) -> float | None:
        """Return the seconds that a phase may last; None if the client is not to blame for its length."""
        limits = {
            "new": self.head_s,
            "head": self.head_s,
            "body": self.body_s + received / self.body_rate,
            "unread": self.unread_s,
            "idle": self.idle_s,
            "rest": self.linger_s,
            "closing": self.linger_s,
        }
        return limits.get(phase)


class Connections:
    """Holds the open connections of a process, counts them by network address, and closes the overdue ones."""

    def __init__(
        self,
        most: int,
        trusts: Callable[[str], bool],
        patience: Timeouts | None = None,
        per_address: int = PER_ADDRESS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`most` limits all connections. `trusts` tells proxies, whose connections are those of many clients."""
        self._most, self._trusts, self._per_address = most, trusts, per_address
        self.patience, self.clock = patience or Timeouts(), clock
        self._open: dict[Connection, str] = {}
        self._counts: Counter[str] = Counter()
        self._refused, self._logged_at = 0, -LOG_EVERY_S

    def __call__(self, **given: Any) -> "Connection":
        """Make the protocol of a new connection, as uvicorn asks for one."""
        return Connection(self, **given)

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator["Connection"]:
        return iter(self._open)

    def admit(self, connection: "Connection", host: str) -> bool:
        """Count a new connection, and close an idle one for it if there are too many. Return False if none is idle."""
        address = "" if self._trusts(host) else network(host)
        crowded = address and self._counts[address] >= self._per_address
        if crowded or len(self._open) >= self._most:
            idle = (
                each
                for each, of in self._open.items()
                if each.phase == "idle" and (not crowded or of == address)
            )
            spare = min(idle, key=lambda each: each.since, default=None)
            if spare is None:
                self._refused += 1
                return False
            self.forget(spare)
            self._open[spare] = ""  # until it is closed
            spare.hang_up()
        self._open[connection] = address
        if address:
            self._counts[address] += 1
        return True

    def set_streaming(self, connection: "Connection", *, streaming: bool) -> None:
        """Leave a connection out of its address's count while it carries a stream, which has limits of its own."""
        address = self._open.get(connection)
        if address:
            self._change(address, -1 if streaming else 1)

    def forget(self, connection: "Connection") -> None:
        """Stop to count a connection that was closed."""
        address = self._open.pop(connection, "")
        if address and not connection.streaming:
            self._change(address, -1)

    def sweep(self) -> None:
        """Close the connections whose client takes too long."""
        for connection in list(self._open):
            connection.close_if_overdue()
        now = self.clock()
        if self._refused and now - self._logged_at >= LOG_EVERY_S:
            log("web").warning("refused connections: too many are open", count=self._refused)
            self._refused, self._logged_at = 0, now

    def _change(self, address: str, by: int) -> None:
        self._counts[address] += by
        if self._counts[address] <= 0:
            del self._counts[address]


_REFUSED: Final = (
    b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 10\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Connection(H11Protocol):
    """One connection: knows what it waits for, and since when."""

    def __init__(self, connections: Connections, **given: Any) -> None:
        """`given` is what uvicorn gives a protocol."""
        super().__init__(**given)
        self.app = self._watch
        self._connections = connections
        self.received = 0
        self.phase, self.since = "new", connections.clock()
        self.streaming = False

    # ------------------------------------------------------------ called by the transport

    def connection_made(self, transport: Any) -> None:
        """Admit the connection, or refuse it."""
        super().connection_made(transport)
        if not self._connections.admit(self, self.client[0] if self.client else ""):
            transport.write(_REFUSED)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop to count the connection."""
        self._connections.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Handle the bytes, unless the connection was refused or closed."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._note()
        self.received += len(data)

    def pause_writing(self) -> None:
        """Remember since when the client takes nothing."""
        super().pause_writing()
        self._note()

    def resume_writing(self) -> None:
        """Forget that the client took nothing."""
        super().resume_writing()
        self._note()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, or for the rest of this one."""
        if self.streaming:
            self.streaming = False
            self._connections.set_streaming(self, streaming=False)
        super().on_response_complete()
        self._note()

    # ------------------------------------------------------------ too slow

    def close_if_overdue(self) -> None:
        """Close the connection if its phase lasts too long: with a 408 if a request was half sent."""
        self._note()
        limit = self._connections.patience.limit(self.phase, self.received)
        if limit is None or self._connections.clock() - self.since <= limit:
            return
        if self.phase in ("unread", "closing"):
            self.transport.abort()
            return
        request = self._request()
        begun = request is not None and request.response_started
        if self.phase == "head" or (self.phase == "body" and not begun):
            self.transport.write(_TOO_SLOW)
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection, and tell the application if it still waits for the body."""
        request = self._request()
        if request is not None and not request.response_complete:
            request.disconnected = True
            request.message_event.set()
        self.transport.close()
        self._note()

    def _note(self) -> None:
        """Note what the connection waits for, and since when if that is new."""
        phase = self._phase()
        if phase != self.phase:
            self.phase, self.since = phase, self._connections.clock()
            self.received = 0

    def _phase(self) -> str:
        if self.transport.is_closing():
            return "closing"
        if self.flow.write_paused:
            return "unread"
        if self.conn.their_state is h11.SEND_BODY:
            if self.cycle.response_complete:
                return "rest"
            return "answering" if self.flow.read_paused else "body"
        if self.conn.their_state is not h11.IDLE:
            return "answering"
        if self.conn.trailing_data[0]:
            return "head"
        return "new" if self._request() is None else "idle"

    def _request(self) -> Any:
        """Return the request that is being answered, or the last one; None before the first."""
        return self.cycle

    async def _watch(self, scope: Any, receive: Any, send: Any) -> None:
        """Run the application, and note whether its response is a stream."""

        async def watched(message: Any) -> None:
            if message["type"] == "http.response.start" and is_stream(message):
                self.streaming = True
                self._connections.set_streaming(self, streaming=True)
            await send(message)

        await self.config.loaded_app(scope, receive, watched)
