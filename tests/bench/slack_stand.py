"""Stands in for Slack in its benchmark: takes messages at once, and notes when a room's next step came."""

import asyncio
import re
import time
from typing import Any

from aiohttp import web

from tests.fakes.slack import Slack
from tests.fakes.slack.web import WebApi


class Taking(WebApi):
    """Takes every message and edit at once, and notes when a room's next step came."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.expected: dict[str, asyncio.Future[float]] = {}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a call, with the stand-in itself unless the call shows something."""
        method = request.match_info["method"]
        if not method.startswith(("chat.", "views.", "reactions.")):
            return await super().handle(request)
        came, body = time.perf_counter(), await request.text()
        if method == "chat.postMessage":
            room = re.search(r'"?channel"?[=:] ?"?(\w+)', body)
            waiting = self.expected.pop(room[1], None) if room else None
            if waiting is not None and not waiting.done():
                waiting.set_result(came)
        return web.json_response({"ok": True, "ts": f"{came:.6f}", "channel": "C1"})


class Stand(Slack):
    """A stand-in for Slack that takes everything at once."""

    taking: Taking

    def __init__(self, token: str, app_token: str, signing_secret: str, team: str) -> None:
        super().__init__(token, app_token, signing_secret, team)
        self.taking = Taking(self.workspace, self.sockets, self.faults, self.bell, token, app_token)
        self.web = self.taking
        self.person("U1", name="Ana")
