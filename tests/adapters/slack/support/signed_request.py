"""Sends one request to the signature check as a server would, signed as Slack signs or not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.slack.api.signature import SignatureGuard
from tests.fakes.slack.http import signed

SECRET: Final = "stand-in-signing-secret"
NOW: Final = 1_800_000_000
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
EVENT: Final = json.dumps(
    {"type": "event_callback", "team_id": "T1", "event": {"type": "message", "text": "hunter2", "user": "U1"}}
).encode()


@dataclass(frozen=True)
class Said:
    status: int
    body: bytes
    headers: Mapping[bytes, bytes]


async def ask(
    guard: SignatureGuard,
    body: bytes,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    query: bytes = b"",
    pieces: int = 1,
    hang_up: bool = False,
) -> Said:
    """Send one request in that many pieces, as a server would."""
    size = -(-len(body) // pieces) or 1
    parts = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    sent: list[dict[str, Any]] = []
    read: list[bytes] = []

    async def receive() -> dict[str, Any]:
        if hang_up and read:
            return {"type": "http.disconnect"}
        read.append(parts[len(read)])
        return {"type": "http.request", "body": read[-1], "more_body": hang_up or len(read) < len(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "query_string": query, "headers": named}
    await guard(scope, receive, send)
    return Said(sent[0]["status"], sent[1]["body"], dict(sent[0]["headers"]))


def good(body: bytes = EVENT, kind: str = JSON, at: int = NOW, secret: str = SECRET) -> dict[str, str]:
    return {"Content-Type": kind, "Content-Length": str(len(body)), **signed(body, secret, at)}
