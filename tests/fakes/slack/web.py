"""Implements the Web API: parses a call, checks token, scope, limit and fault, answers, and records the call."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from tests.fakes.slack import chat, read_methods, upload_methods, views
from tests.fakes.slack.bell import Bell
from tests.fakes.slack.chat import Method
from tests.fakes.slack.faults import Fault, Faults
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.refusals import KINDS, SCOPES, Json, Refused
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.state import Workspace

METHODS: Final[Mapping[str, Method]] = {
    **chat.METHODS,
    **read_methods.METHODS,
    **upload_methods.METHODS,
    **views.METHODS,
}
AS_JSON: Final = ("blocks", "attachments", "metadata", "view")
"""Arguments that are JSON text if the call is a form."""


@dataclass(frozen=True)
class Call:
    """A call and its answer. A `lost` answer never arrived."""

    method: str
    args: Json
    answer: Json
    status: int
    at: float
    lost: bool = False

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


class WebApi:
    """Serves `/api/{method}`. `scopes` are the bot token's scopes; `dead` is the error of a revoked token."""

    def __init__(
        self, workspace: Workspace, sockets: Sockets, faults: Faults, bell: Bell, token: str, app_token: str
    ) -> None:
        self.token, self.app_token = token, app_token
        self.dead = ""
        self.calls: list[Call] = []
        self.limits = Limits()
        self._workspace, self._sockets, self._faults, self._bell = workspace, sockets, faults, bell

    @property
    def scopes(self) -> set[str]:
        """Return the bot token's scopes."""
        return self._workspace.scopes

    @scopes.setter
    def scopes(self, scopes: set[str]) -> None:
        self._workspace.scopes = scopes

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args, broken = await arguments(request)
        fault = self._faults.next(method) or Fault(method)
        status, answer, headers = self._answer(method, args, request, fault, broken)
        self.calls.append(Call(method, args, answer, status, time.time(), fault.lose))
        self._bell.ring()
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.lose and request.transport is not None:
            request.transport.abort()
        if fault.status:
            return web.Response(
                status=status, text=fault.body, headers=headers, content_type=fault.content_type
            )
        return web.json_response(answer, status=status, headers=headers)

    def _answer(
        self, method: str, args: Json, request: web.Request, fault: Fault, broken: Refused | None
    ) -> tuple[int, Json, Mapping[str, str]]:
        if fault.status:
            return fault.status, {"ok": False, "error": f"status {fault.status}"}, fault.headers
        try:
            if fault.error:
                raise Refused(fault.error, fault.messages)
            self._admit(method, args, token_of(request, args))
            if wait := self.limits.wait(method, args):
                return 429, Refused("ratelimited").answer(), {"Retry-After": str(int(wait) + 1)}
            if broken is not None:
                raise broken
            return 200, self._do(method, args), {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}
        except Refused as refused:
            return 200, refused.answer(), {}

    def _admit(self, method: str, args: Json, token: str) -> None:
        """Check that the caller may make the call. Raises Refused."""
        if method not in METHODS and method != "apps.connections.open":
            raise Refused("unknown_method", req_method=method)
        if not token:
            raise Refused("not_authed")
        if token not in (self.token, self.app_token):
            raise Refused("invalid_auth")
        if self.dead and token == self.token:
            raise Refused(self.dead)
        if (token == self.app_token) != (method == "apps.connections.open"):
            raise Refused("not_allowed_token_type")
        for needed in self._needed(method, args):
            if needed not in self.scopes:
                raise Refused("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))

    def _needed(self, method: str, args: Json) -> list[str]:
        needed = [SCOPES[method]] if method in SCOPES else []
        family, _, verb = method.partition(".")
        if family == "conversations" and verb != "open":
            kind = self._workspace.channel(args.get("channel")).kind
            needed.append(f"{KINDS[kind]}:{'history' if verb in ('history', 'replies') else 'read'}")
        if method == "chat.postMessage" and (args.get("username") or args.get("icon_url")):
            needed.append("chat:write.customize")
        return needed

    def _do(self, method: str, args: Json) -> Json:
        if said := self._faults.complaints(args):
            raise Refused("invalid_arguments" if "view" in args else "invalid_blocks", said)
        if method != "apps.connections.open":
            return METHODS[method](self._workspace, args)
        address = self._workspace.address.replace("http:", "ws:")
        ticket = self._sockets.ticket()
        return {"ok": True, "url": f"{address}/link/?ticket={ticket}&app_id={self._workspace.app_id}"}

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Handle a POST to a response_url, recorded as a call of `response_url`."""
        url = self._workspace.reply_urls.get(request.match_info["id"])
        args = await request.json()
        fault = self._faults.next("response_url") or Fault("response_url")
        status, answer = 200, {"ok": True}
        try:
            if url is None or fault.error:
                raise Refused(fault.error or "expired_url")
            answer = chat.respond(self._workspace, url, args)
        except Refused as refused:
            status, answer = 404, refused.answer()
        self.calls.append(Call("response_url", args, answer, fault.status or status, time.time()))
        self._bell.ring()
        if fault.status:
            return web.Response(status=fault.status, text=fault.body)
        return web.json_response(answer, status=status)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Receive a file's content at its upload address."""
        if fault := self._faults.next("upload"):
            await asyncio.sleep(fault.delay)
        return await upload_methods.take(self._workspace, request)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Serve a private file. Without the token, serve a sign-in page, as Slack does."""
        if fault := self._faults.next("download"):
            await asyncio.sleep(fault.delay)
        allowed = token_of(request, {}) == self.token and not self.dead and "files:read" in self.scopes
        self.calls.append(Call("download", {"path": request.path}, {"ok": allowed}, 200, time.time()))
        self._bell.ring()
        file = self._workspace.files.get(request.match_info["id"].rpartition("-")[2])
        if not allowed or (file is not None and file.locked):
            return web.Response(text="<html><body>Sign in to Slack</body></html>", content_type="text/html")
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.mimetype)


def token_of(request: web.Request, args: Json) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ") if header else str(args.get("token") or "")


async def arguments(request: web.Request) -> tuple[Json, Refused | None]:
    """Read the arguments of a query, a form or JSON. Raises Refused for invalid JSON in a form."""
    args: Json = dict(request.query)
    try:
        if request.content_type == "application/json":
            args |= json.loads(await request.text() or "{}")
        elif request.can_read_body:
            args |= dict(await request.post())
        for name in AS_JSON:
            if isinstance(args.get(name), str) and args[name]:
                args[name] = json.loads(args[name])
    except ValueError:
        return args, Refused(
            "invalid_blocks_format" if isinstance(args.get("blocks"), str) else "invalid_json"
        )
    return args, None
