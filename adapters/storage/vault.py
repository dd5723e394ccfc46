"""Short-lived credentials and the server's own secrets in Redis; and how often somebody may do something."""

import secrets

from adapters.storage.wire import ScriptCall, Wire, script


class RedisVault:
    """The port Vault. Keys hold a hash of the token, so that reading the store's keys opens nothing."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def put(self, text: str, seconds: int) -> str:
        """Keep a text for that long under a fresh random token of 32 characters."""
        token = secrets.token_urlsafe(24)
        await self._wire.ask("SET", self._wire.keys.vault(token), text, "EX", seconds)
        return token

    async def take(self, token: str) -> str | None:
        """Give the text once and forget it; None when it is unknown, spent or too old."""
        text: str | None = await self._wire.ask("GETDEL", self._wire.keys.vault(token))
        return text

    async def peek(self, token: str) -> str | None:
        """The text without spending it."""
        text: str | None = await self._wire.ask("GET", self._wire.keys.vault(token))
        return text

    async def renew(self, token: str, seconds: int) -> str | None:
        """The same, and from now on it is kept that long again."""
        text: str | None = await self._wire.ask("GETEX", self._wire.keys.vault(token), "EX", seconds)
        return text

    async def secret(self, name: str) -> bytes:
        """32 random bytes, made on first use and the same ever after."""
        key = self._wire.keys.secret(name)
        await self._wire.ask("SET", key, secrets.token_hex(32), "NX")
        return bytes.fromhex(await self._wire.ask("GET", key))


class RedisLimiter:
    """The port Limiter."""

    def __init__(self, wire: Wire) -> None:
        """Everything goes over that wire."""
        self._wire = wire

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        """0.0 when it may go ahead (and is counted), else the seconds until it may."""
        rate = [per_minute, per_minute if at_once is None else at_once]
        milliseconds = await self._wire.run(ScriptCall(script("limit"), [self._wire.keys.limit(who)], rate))
        return int(milliseconds) / 1000
