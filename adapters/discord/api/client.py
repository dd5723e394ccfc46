"""Calls Discord's REST API from any process, with or without a gateway, and sorts failed calls."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from json import dumps
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.ports import Busy, PlaceGone, Undeliverable
from flows.values import Frozen

RESPONSE_TIMEOUT_S: Final = 10.0
"""Seconds that a response to an interaction may take; the callers of other calls set their own limits."""

MAX_RATE_LIMIT_S: Final = 30.0
"""Seconds of a rate limit that the library waits out; a longer one is raised, and becomes Busy."""

REFUSED_RETRY_S: Final = 60.0
"""Seconds between attempts while Discord refuses the token, which only an operator can fix."""

POST_RETRY_S: Final = 2.0
"""Seconds between attempts while a post's first message is missing (attachments delay it)."""

THREADS_RETRY_S: Final = 60.0
"""Seconds between attempts to open a thread while a server has as many open ones as Discord allows: idle threads close
by themselves."""

NOT_YET: Final = 40058
TOO_MANY_THREADS: Final = 160006
OLD_EDITS: Final = 30046
TOO_LATE: Final = 10062
TOO_LARGE: Final = 40005
ANSWERED: Final = 40060
UNREADABLE: Final = 50035
"""No first message yet; too many edits of old messages; an expired or answered interaction; an invalid form."""

EXPECTED: Final = frozenset([TOO_LATE, ANSWERED, 10008, 10015, 50027, 50083])
"""Codes that responses to interactions often get: late, repeated, or about a message deleted since."""

NEVER: Final = frozenset(
    [
        UNREADABLE,
        10003,
        10004,
        10008,
        10013,
        40067,
        50001,
        50005,
        50006,
        50007,
        50008,
        50013,
        50024,
        50083,
        50278,
    ]
)
"""Codes after which another attempt fails alike: deleted, closed or locked channels, and missing permissions."""

DELETED: Final = 10003
LOCKED: Final = frozenset([50083, 160005])
"""Codes of a thread or channel that was deleted, and of a thread that was locked."""

CHANNEL_CLOSED: Final = frozenset([10004, 10013, 50001, 50007, 50013, 50024])
"""Codes of a channel that no longer lets the bot in, of closed direct messages, and of a server without the bot."""

NO_MEMBER: Final = 10007
NO_SERVER_SHARED: Final = 50278
"""Codes of a person who is not, or no longer, in the server, and of direct messages to a person in no server of the
bot's.
"""

LIBRARY_URL: Final = "https://github.com/Rapptz/discord.py"
"""The address in the User-Agent of an operator without a public address: that of the library that makes the calls."""

Upload = tuple[str, str, bytes]
"""A file as it is sent: its name, its media type and its content."""


class ResponseRefused(Exception):
    """Raised when Discord refuses a response to an interaction; without its URL, which holds a token."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"Discord refused an answer: {status}, {code}")
        self.status = status
        self.code = code


def user_agent(url: str = "") -> str:
    """Write the header that every request names the bot with, in the form that Discord asks for: other clients may be
    blocked. `url` is the operator's public address.
    """
    if not url.startswith("https://"):
        return f"DiscordBot ({LIBRARY_URL}, {discord.__version__})"
    with suppress(PackageNotFoundError):  # run from a folder, without an installation
        return f"DiscordBot ({quote(url, safe=':/')}, {version('troubletree')})"
    return f"DiscordBot ({quote(url, safe=':/')}, 0)"


FAILURES: Final = (discord.DiscordException, ResponseRefused, aiohttp.ClientError, OSError, TimeoutError)
"""The exceptions that a call to Discord raises."""


class Identity(Frozen):
    """The bot's identity, and whether it may read messages that do not mention it."""

    application: str
    bot: str
    content: bool = False


class _Client(HTTPClient):
    """The library's client, changed so that its login also uses our API URL: the token is sent nowhere else."""

    api: str = ""

    async def request(self, route: Route, **options: Any) -> Any:
        """Send one request, to our API URL if one is set."""
        if self.api and not route.url.startswith(self.api):
            route.url = self.api + route.url.removeprefix(Route.BASE)
        return await super().request(route, **options)


class DiscordClient:
    """Calls REST as the bot. The library obeys rate limits and retries after 5xx; nothing else is repeated."""

    def __init__(self, token: str, session: aiohttp.ClientSession, api: str = "", url: str = "") -> None:
        """`session` responds to interactions and is closed by its opener. An empty `api` is Discord's own; `url` is the
        operator's public address.
        """
        self.headers = {"User-Agent": user_agent(url)}
        self._token = token
        self._session = session
        self._api = api.rstrip("/")
        self._route: type[Route] = type("Route", (Route,), {"BASE": api.rstrip("/")}) if api else Route
        self._http: HTTPClient | None = None
        self._known: Identity | None = None
        self._login_lock = asyncio.Lock()
        self._plain = False
        self._roles: dict[str, str] = {}

    async def login(self) -> HTTPClient:
        """Return the library's client, after one check of the token. Raises FAILURES."""
        if self._http is None:
            async with self._login_lock:
                if self._http is None:
                    self._http = await self._log_in()
        return self._http

    async def _log_in(self) -> HTTPClient:
        http = _Client(asyncio.get_running_loop(), max_ratelimit_timeout=MAX_RATE_LIMIT_S)
        http.api, http.user_agent = self._api, self.headers["User-Agent"]
        try:
            await http.static_login(self._token)
        except BaseException:
            await http.close()
            raise
        return http

    async def ask(self, method: str, path: str, json: Any = None, **parts: Any) -> Any:
        """Call a method; `parts` fill the path, and `params` the query. Raises FAILURES."""
        http = await self.login()
        options: dict[str, Any] = {"params": query} if (query := parts.pop("params", None)) else {}
        if json is not None:
            options["json"] = json
        return await http.request(self._route(method, path, **parts), **options)

    async def post(self, path: str, json: Mapping[str, Any], files: Sequence[Upload], **parts: Any) -> Any:
        """POST `json`, with files if there are any. Raises FAILURES."""
        if not files:
            return await self.ask("POST", path, json, **parts)
        http = await self.login()
        body = {
            **json,
            "attachments": [{"id": str(n), "filename": name} for n, (name, _, _) in enumerate(files)],
        }
        form: list[dict[str, Any]] = [{"name": "payload_json", "value": dumps(body)}]
        form += [
            {
                "name": f"files[{n}]",
                "value": content,
                "filename": name,
                "content_type": kind or "application/octet-stream",
            }
            for n, (name, kind, content) in enumerate(files)
        ]
        return await http.request(self._route("POST", path, **parts), form=form)

    async def identity(self) -> Identity:
        """Look up the bot's identity, once. Raises FAILURES."""
        if self._known is None:
            info = await self.ask("GET", "/applications/@me")
            flags = discord.ApplicationFlags._from_value(int(info.get("flags") or 0))  # noqa: SLF001  # not public
            content = flags.gateway_message_content or flags.gateway_message_content_limited
            bot = info.get("bot") or await self.ask("GET", "/users/@me")
            allowed = content and not self._plain
            self._known = Identity(application=str(info["id"]), bot=str(bot["id"]), content=allowed)
        return self._known

    def enters(self, *, plain: bool) -> None:
        """Forget the identity, because the bot logs in to the gateway again. `plain` means that Discord refused the
        message content intent.
        """
        self._known, self._plain = None, plain

    async def role(self, guild: str) -> str:
        """Look up, once, the role that Discord made for the bot in the guild; '' if none. Raises FAILURES."""
        if guild not in self._roles:
            bot = (await self.identity()).bot
            roles = await self.ask("GET", "/guilds/{guild_id}/roles", guild_id=guild)
            mine = [row["id"] for row in roles or () if str((row.get("tags") or {}).get("bot_id")) == bot]
            self._roles[guild] = str(mine[0]) if mine else ""
        return self._roles[guild]

    async def answer(self, method: str, path: str, json: Mapping[str, Any], **parts: str) -> None:
        """Respond to an interaction. Its token is in the path, so nothing is logged; no rate limit applies.

        Raises ResponseRefused with Discord's code, and whatever the session raises.
        """
        address = self._route(method, path, **parts).url
        limit = aiohttp.ClientTimeout(total=RESPONSE_TIMEOUT_S)
        async with self._session.request(
            method, address, json=dict(json), timeout=limit, headers=self.headers
        ) as response:
            if response.status < 300:
                return
            try:
                body = await response.json(content_type=None)
            except ValueError:
                body = None
            code = body.get("code") if isinstance(body, dict) else 0
            raise ResponseRefused(response.status, code if isinstance(code, int) else 0)

    async def close(self) -> None:
        """Close the library's client."""
        if self._http is not None:
            await self._http.close()
            self._http = None


def code_of(failure: BaseException) -> int:
    """Return Discord's error code; 0 if Discord gave none."""
    return failure.code if isinstance(failure, discord.HTTPException | ResponseRefused) else 0


def judged(failure: BaseException) -> BaseException:
    """Say what a failed call means for the outbox: Busy, Undeliverable, or `failure` for an unknown outcome."""
    if isinstance(failure, discord.RateLimited):
        return Busy(failure.retry_after)
    if isinstance(failure, discord.LoginFailure):
        return Busy(REFUSED_RETRY_S)
    if not isinstance(failure, discord.HTTPException):
        return failure
    if failure.code == NOT_YET:
        return Busy(POST_RETRY_S)
    if failure.code == TOO_MANY_THREADS:
        return Busy(THREADS_RETRY_S)
    if failure.status == 401:
        return Busy(REFUSED_RETRY_S)
    if failure.status == 429:
        return Busy(MAX_RATE_LIMIT_S)
    if failure.code in NEVER or failure.status in (403, 404):
        return Undeliverable(f"{failure.code} {failure.text[:100]}")
    return failure


def lost(failure: BaseException, thread: bool) -> PlaceGone | None:
    """Return what of the place is gone, if that is why the call failed; `thread` says that the place is a thread."""
    code = code_of(failure)
    if code == DELETED:
        return PlaceGone(str(judged(failure)), "thread" if thread else "channel")
    if code in LOCKED:
        return PlaceGone(str(judged(failure)), "locked")
    if code == NO_SERVER_SHARED:
        return PlaceGone(str(judged(failure)), "left")
    return PlaceGone(str(judged(failure)), "channel") if code in CHANNEL_CLOSED else None
