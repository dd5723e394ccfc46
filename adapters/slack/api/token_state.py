"""Remembers that Slack refuses the bot's token, asks again every few seconds, and lets sending continue afterwards."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.client import error_of
from adapters.slack.api.preflight import DEFINITE
from bot.ports import Busy
from bot.telemetry import log

REFUSALS: Final = frozenset(
    ["account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"]
)
"""Error codes of a token that no call accepts. A missing scope is none of these: other calls still work."""

FIRST_PROBE_S: Final = 1.0
"""Seconds until a refused token is tried again; each further attempt waits twice as long."""

LONGEST_PROBE_S: Final = 10.0
"""Seconds between two attempts at most, and between two checks of a token that works."""

PROBE_TIMEOUT_S: Final = 2.0
"""Seconds that one attempt may take."""


class TokenState:
    """Says whether Slack takes the token. `refusal` is Slack's error code while it doesn't, else ''."""

    def __init__(
        self, probe: Callable[[], Awaitable[object]], now: Callable[[], float] = time.monotonic
    ) -> None:
        """`probe` calls `auth.test`; `now` is in seconds."""
        self.refusal = ""
        self._probe = probe
        self._now = now
        self._pause = FIRST_PROBE_S
        self._next = 0.0
        self._asking = asyncio.Lock()
        self._log = log("slack")

    @property
    def problem(self) -> str:
        """What is wrong and what to do, in one sentence; '' if Slack takes the token."""
        return f"SLACK_BOT_TOKEN {DEFINITE[self.refusal]} ({self.refusal})" if self.refusal else ""

    def heard(self, error: str) -> None:
        """Note the error code of a call that failed; most say nothing about the token."""
        if error not in REFUSALS:
            return
        if not self.refusal:
            self._pause = FIRST_PROBE_S
            self._next = self._now() + self._pause
        fresh, self.refusal = error != self.refusal, error
        if fresh:
            self._log.error("nothing is sent to Slack until it takes the token again", reason=self.problem)

    async def admit(self) -> None:
        """Return if Slack takes the token. Raises Busy until the next attempt; every waiting lane shares one."""
        if self.refusal:
            await self.check()
        if self.refusal:
            raise Busy(self.wait)

    @property
    def wait(self) -> float:
        """Seconds until the next attempt."""
        return max(self._next - self._now(), PROBE_TIMEOUT_S / 20)

    def doubt(self) -> None:
        """Ask Slack at the next check, because an event says that the token was revoked."""
        self._next = 0.0

    async def check(self) -> str:
        """Ask Slack, unless it was asked a moment ago. Return what is wrong, or ''."""
        async with self._asking:
            if self._now() >= self._next:
                await self._ask()
        return self.problem

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                await self._probe()
        except SlackApiError as failure:
            self.heard(error_of(failure))
        except (aiohttp.ClientError, TimeoutError):
            pass  # says nothing about the token
        else:
            if self.refusal:
                self.refusal = ""
                self._log.info("Slack takes the token again; sending continues")
        if self.refusal:
            self._next = self._now() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PROBE_S)
        else:
            self._next = self._now() + LONGEST_PROBE_S
