"""Makes the next calls of a route fail on command: rate limits, errors, slowness, lost answers, an outage."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import orjson

from tests.fakes.discord.refusals import CODES, Refusal

Kind = Literal["refuse", "limit", "slow", "hold", "lose"]


@dataclass(frozen=True)
class Response:
    """An answer that a fault sends instead of doing the work."""

    status: int
    body: bytes
    headers: dict[str, str]
    json: bool = True


@dataclass(eq=False)
class Fault:
    """One fault for the next `times` calls of a route."""

    kind: Kind
    method: str
    route: re.Pattern[str]
    times: int
    code: int = 0
    seconds: float = 0.0
    scope: str = "user"
    status: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let the held calls continue."""
        self.gate.set()


def route(pattern: str) -> re.Pattern[str]:
    """Compile a route. `*` matches one part of a path, `**` any rest: "/channels/*/messages"."""
    parts = (re.escape(part).replace(r"\*", "[^/]+") for part in pattern.split("**"))
    return re.compile(".*".join(parts))


class Faults:
    """Holds the faults. Each method sets one; `route` defines how routes are written."""

    def __init__(self) -> None:
        self.set: list[Fault] = []
        self.away = False

    def refuse(self, method: str, path: str, code: int, times: int = 1) -> Fault:
        """Answer with that error code without doing the work. 500 and 502 to 504 are plain statuses."""
        return self._add(Fault("refuse", method, route(path), times, code))

    def limit(
        self,
        method: str = "*",
        path: str = "**",
        *,
        seconds: float = 0.05,
        times: int = 1,
        scope: Literal["user", "shared", "global", "cloudflare"] = "user",
    ) -> Fault:
        """Answer 429 with `seconds` to wait. Cloudflare's 429 has no Via header and an HTML body."""
        return self._add(Fault("limit", method, route(path), times, seconds=seconds, scope=scope))

    def slow(self, method: str, path: str, seconds: float, times: int = 1) -> Fault:
        """Wait that many seconds before doing the work."""
        return self._add(Fault("slow", method, route(path), times, seconds=seconds))

    def lose(self, method: str, path: str, times: int = 1) -> Fault:
        """Do the work, then close the connection instead of answering."""
        return self._add(Fault("lose", method, route(path), times))

    def hold(self, method: str, path: str, times: int = 1) -> Fault:
        """Hold calls before the work until `release()`. `reached` is set once the first call has come."""
        return self._add(Fault("hold", method, route(path), times))

    @contextmanager
    def held(self, method: str, path: str, times: int = 1) -> Iterator[Fault]:
        """Hold calls as `hold` does, and release them at the end."""
        fault = self.hold(method, path, times)
        try:
            yield fault
        finally:
            fault.release()
            self.forget(fault)

    def forget(self, fault: Fault | None = None) -> None:
        """Remove one fault, or all."""
        self.set = [one for one in self.set if fault is not None and one is not fault]

    def _add(self, fault: Fault) -> Fault:
        self.set.append(fault)
        return fault

    def take(self, method: str, path: str, *kinds: Kind) -> Fault | None:
        """Return the next fault of these kinds for a call, and use it up."""
        for fault in self.set:
            fits = fault.method in ("*", method) and fault.route.fullmatch(path)
            if fits and fault.kind in kinds:
                fault.times -= 1
                if fault.times <= 0:
                    self.set.remove(fault)
                return fault
        return None

    async def before(self, method: str, path: str) -> Response | None:
        """Apply the faults that come before the work. Return an answer if the work must not be done."""
        if fault := self.take(method, path, "hold"):
            fault.reached.set()
            await fault.gate.wait()
        if fault := self.take(method, path, "slow"):
            await asyncio.sleep(fault.seconds)
        if fault := self.take(method, path, "limit"):
            return limited(fault)
        if fault := self.take(method, path, "refuse"):
            if fault.code not in CODES and 500 <= fault.code < 600:
                return Response(fault.code, b"upstream error", {}, json=False)
            raise Refusal(fault.code)
        return None


def limited(fault: Fault) -> Response:
    """Return Discord's 429, or the page of Cloudflare in front of it."""
    if fault.scope == "cloudflare":
        page = b"<html><title>Access denied | Error 1015</title></html>"
        return Response(429, page, {"Retry-After": str(int(fault.seconds) + 1)}, json=False)
    everywhere = fault.scope == "global"
    said = {"message": "You are being rate limited.", "retry_after": fault.seconds, "global": everywhere}
    headers = {
        "Via": "1.1 google",
        "Retry-After": str(int(fault.seconds) + 1),
        "X-RateLimit-Scope": fault.scope,
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    return Response(429, orjson.dumps(said), headers)
