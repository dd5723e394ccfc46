"""Implements HTTP mode: posts Slack's requests to the app's address, signed with its secret."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.answers import Answer
from tests.fakes.slack.refusals import Json


def signed(body: bytes, secret: str, at: int | None = None) -> dict[str, str]:
    """Return the headers that sign this body at that time in seconds."""
    stamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def bodied(kind: str, payload: Mapping[str, object]) -> tuple[bytes, str]:
    """Return a request's body and content type. Events are JSON, all others are forms."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = {"payload": json.dumps(payload)} if kind == "interactive" else payload
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


class Http:
    """Posts requests to `url`. The first request opens the session."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.url = ""
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, kind: str, payload: Json, attempt: int = 0, reason: str = "", seconds: float = 3.0
    ) -> Answer:
        """Send one signed request."""
        body, content_type = bodied(kind, payload)
        headers = {"Content-Type": content_type, **signed(body, self.secret)}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        return await self.post(body, headers, seconds)

    async def post(self, body: bytes, headers: Mapping[str, str], seconds: float = 3.0) -> Answer:
        """Send any request, even a forged or broken one."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        began = time.monotonic()
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.post(self.url, data=body, headers=headers) as response,
            ):
                text = await response.text()
        except TimeoutError:
            return Answer(acked=False, reason="http_timeout", seconds=time.monotonic() - began)
        except aiohttp.ClientError:
            return Answer(acked=False, reason="connection_failed", seconds=time.monotonic() - began)
        acked = response.status == 200
        stop = response.headers.get("X-Slack-No-Retry") == "1"
        return Answer(
            acked=acked,
            payload=_json(text),
            seconds=time.monotonic() - began,
            status=response.status,
            text=text,
            reason="" if acked else "no_retry" if stop else "http_error",
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _json(text: str) -> Json | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
