"""Stores short-lived credentials and the server's own secrets in Redis, and limits how often someone may act."""

import secrets
from collections.abc import Callable, Sequence
from typing import Final

from adapters.storage.wire import ScriptCall, Wire, script
from bot.ports import Rate

PATIENCE_MS: Final = 5_000
"""Milliseconds after its time for which a claim is waited for: a worker looks twice a second."""

REMEMBERED_MS: Final = 120_000
"""Milliseconds after its time in which a claim that was passed over gets its old place when it comes back."""


class RedisVault:
    """Implements the port Vault. Keys contain a hash of the token, so reading the store's keys reveals no token."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._secrets: dict[str, str] = {}

    async def put(self, text: str, seconds: int) -> str:
        """Store a text for that many seconds. Return its new random token of 32 characters."""
        token = secrets.token_urlsafe(24)
        await self._wire.ask("SET", self._wire.keys.vault(token), text, "EX", seconds)
        return token

    async def take(self, token: str) -> str | None:
        """Return a token's text and delete it. None if the token is unknown, used or expired."""
        text: str | None = await self._wire.ask("GETDEL", self._wire.keys.vault(token))
        return text

    async def peek(self, token: str) -> str | None:
        """Return a token's text and keep it. None if the token is unknown, used or expired."""
        text: str | None = await self._wire.ask("GET", self._wire.keys.vault(token))
        return text

    async def renew(self, token: str, seconds: int) -> str | None:
        """Return a token's text and keep it for that many seconds from now. None as in `peek`."""
        text: str | None = await self._wire.ask("GETEX", self._wire.keys.vault(token), "EX", seconds)
        return text

    async def secret(self, name: str) -> bytes:
        """Return the secret of that name: 32 random bytes, created on first use and never changed."""
        key = self._wire.keys.secret(name)
        await self._wire.ask("SET", key, secrets.token_hex(32), "NX")
        self._secrets[name] = await self._wire.ask("GET", key)
        return bytes.fromhex(self._secrets[name])

    async def restore_secrets(self) -> None:
        """Store the secrets that this process uses, if the store lost them: other processes must use the same."""
        for name, value in self._secrets.items():
            await self._wire.ask("SET", self._wire.keys.secret(name), value, "NX")


class RedisLimiter:
    """Implements the port Limiter."""

    def __init__(self, wire: Wire, now: Callable[[], int] | None = None) -> None:
        """`now` is in milliseconds; by default the store's clock is read."""
        self._wire = wire
        self._now = now

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        """Count one request of `who` and return 0.0, or return the seconds until the next request is allowed."""
        rate = [per_minute, per_minute if at_once is None else at_once]
        milliseconds = await self._wire.run(ScriptCall(script("limit"), [self._wire.keys.limit(who)], rate))
        return int(milliseconds) / 1000

    async def reserve(self, scope: str, claim: str, rates: Sequence[Rate], amount: int = 1) -> float:
        """Take that many calls from all rates and return 0.0, or take nothing, keep the claim's place, and return the
        seconds to wait.
        """
        keys = [key for rate in rates for key in self._wire.keys.rate(scope, rate.name)]
        limits = [str(limit) for rate in rates for limit in (rate.per_minute, rate.at_once)]
        now = "" if self._now is None else self._now()
        args = [claim, amount, PATIENCE_MS, REMEMBERED_MS, now, *limits]
        return int(await self._wire.run(ScriptCall(script("reserve"), keys, args))) / 1000

    async def hold(self, scope: str, rate: Rate, seconds: float) -> None:
        """Allow no call of that rate for so many seconds."""
        now = "" if self._now is None else self._now()
        args = [int(seconds * 1000), now, rate.per_minute, str(rate.at_once)]
        await self._wire.run(ScriptCall(script("hold"), self._wire.keys.rate(scope, rate.name)[:1], args))
