"""Calls of Discord's REST interface in any process, with or without a gateway, and failures told apart."""

import asyncio
from collections.abc import Mapping, Sequence
from json import dumps
from typing import Any, Final

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.ports import Busy, Undeliverable
from flows.values import Frozen

RESPONSE_TIMEOUT_S: Final = 10.0
"""Seconds an answer to an interaction may take; other calls are cut off by whoever makes them."""

MAX_RATE_LIMIT_S: Final = 30.0
"""Seconds of a rate limit that the library sleeps through; a longer one is told, and comes back as Busy."""

REFUSED_RETRY_S: Final = 60.0
"""Seconds between tries while the token is refused, which only an operator can mend."""

POST_RETRY_S: Final = 2.0
"""Seconds between tries while a post's first message is not there yet (attachments make it come late)."""

NOT_YET: Final = 40058
OLD_EDITS: Final = 30046
TOO_LATE: Final = 10062
ANSWERED: Final = 40060
UNREADABLE: Final = 50035
"""No first message yet; too many edits of old messages; an interaction that ended, or was answered; a bad form."""

EXPECTED: Final = frozenset([TOO_LATE, ANSWERED, 10008, 10015, 50027, 50083])
"""Codes that answers to interactions get in the ordinary course: late, repeated, or of what is gone meanwhile."""

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
"""Codes after which another try gives the same: what is gone, closed or locked, and what may not be."""


Upload = tuple[str, str, bytes]
"""A file as it is sent: its name, its media type and its content."""


class ResponseRefused(Exception):
    """Discord did not take the answer to an interaction; its words are left out, the address holds a token."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"Discord refused an answer: {status}, {code}")
        self.status = status
        self.code = code


FAILURES: Final = (discord.DiscordException, ResponseRefused, aiohttp.ClientError, OSError, TimeoutError)
"""What a call of Discord's raises."""


class Identity(Frozen):
    """Who the bot is, and whether it may read what is typed everywhere."""

    application: str
    bot: str
    content: bool = False


class _Client(HTTPClient):
    """The library's client, whose own log-in too goes where all other calls go: the token is sent nowhere else."""

    api: str = ""

    async def request(self, route: Route, **given: Any) -> Any:
        """One call."""
        if self.api and not route.url.startswith(self.api):
            route.url = self.api + route.url.removeprefix(Route.BASE)
        return await super().request(route, **given)


class DiscordClient:
    """REST as the bot. The library obeys the buckets, and tries again after 5xx; nothing else is repeated."""

    def __init__(self, token: str, session: aiohttp.ClientSession, api: str = "") -> None:
        """`session` answers interactions, and is closed by whoever opened it. `api` is Discord's own unless told."""
        self._token = token
        self._session = session
        self._api = api.rstrip("/")
        self._route: type[Route] = type("Route", (Route,), {"BASE": api.rstrip("/")}) if api else Route
        self._http: HTTPClient | None = None
        self._known: Identity | None = None
        self._entering = asyncio.Lock()
        self._plain = False
        self._roles: dict[str, str] = {}

    async def login(self) -> HTTPClient:
        """The library's client, which asks once whether the token is right. Raises FAILURES."""
        if self._http is None:
            async with self._entering:
                if self._http is None:
                    self._http = await self._enter()
        return self._http

    async def _enter(self) -> HTTPClient:
        http = _Client(asyncio.get_running_loop(), max_ratelimit_timeout=MAX_RATE_LIMIT_S)
        http.api = self._api
        try:
            await http.static_login(self._token)
        except BaseException:
            await http.close()
            raise
        return http

    async def ask(self, method: str, path: str, json: Any = None, **parts: Any) -> Any:
        """Call it; `parts` fill the path, and `params` the query. Raises FAILURES."""
        http = await self.login()
        given: dict[str, Any] = {"params": query} if (query := parts.pop("params", None)) else {}
        if json is not None:
            given["json"] = json
        return await http.request(self._route(method, path, **parts), **given)

    async def post(self, path: str, json: Mapping[str, Any], files: Sequence[Upload], **parts: Any) -> Any:
        """POST it, with files if there are any. Raises FAILURES."""
        if not files:
            return await self.ask("POST", path, json, **parts)
        http = await self.login()
        body = {**json, "attachments": [{"id": n, "filename": name} for n, (name, _, _) in enumerate(files)]}
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
        """Who the bot is, asked once. Raises FAILURES."""
        if self._known is None:
            info = await self.ask("GET", "/applications/@me")
            flags = discord.ApplicationFlags._from_value(int(info.get("flags") or 0))  # noqa: SLF001  # its only way in
            content = flags.gateway_message_content or flags.gateway_message_content_limited
            bot = info.get("bot") or await self.ask("GET", "/users/@me")
            allowed = content and not self._plain
            self._known = Identity(application=str(info["id"]), bot=str(bot["id"]), content=allowed)
        return self._known

    def enters(self, *, plain: bool) -> None:
        """The bot logs in to the gateway anew, so who it is is asked again; `plain`: the intent to read was refused."""
        self._known, self._plain = None, plain

    async def role(self, guild: str) -> str:
        """The role that Discord made for the bot in that guild, asked once; '' where there is none. Raises FAILURES."""
        if guild not in self._roles:
            bot = (await self.identity()).bot
            found = await self.ask("GET", "/guilds/{guild_id}/roles", guild_id=guild)
            mine = [row["id"] for row in found or () if str((row.get("tags") or {}).get("bot_id")) == bot]
            self._roles[guild] = str(mine[0]) if mine else ""
        return self._roles[guild]

    async def answer(self, method: str, path: str, json: Mapping[str, Any], **parts: str) -> None:
        """Answer an interaction: its token stands in the path, no bucket holds it, and nothing of it is logged.

        Raises Refused with Discord's code, and what the session raises.
        """
        address = self._route(method, path, **parts).url
        limit = aiohttp.ClientTimeout(total=RESPONSE_TIMEOUT_S)
        async with self._session.request(method, address, json=dict(json), timeout=limit) as response:
            if response.status < 300:
                return
            try:
                told = await response.json(content_type=None)
            except ValueError:
                told = None
            code = told.get("code") if isinstance(told, dict) else 0
            raise ResponseRefused(response.status, code if isinstance(code, int) else 0)

    async def close(self) -> None:
        """Let go of the library's client."""
        if self._http is not None:
            await self._http.close()
            self._http = None


def code_of(failure: BaseException) -> int:
    """Discord's code for what was wrong; 0 where it gave none."""
    return failure.code if isinstance(failure, discord.HTTPException | ResponseRefused) else 0


def judged(failure: BaseException) -> BaseException:
    """What a failed call means for the outbox: Busy, Undeliverable, or the failure itself for an unknown outcome."""
    if isinstance(failure, discord.RateLimited):
        return Busy(failure.retry_after)
    if isinstance(failure, discord.LoginFailure):
        return Busy(REFUSED_RETRY_S)
    if not isinstance(failure, discord.HTTPException):
        return failure
    if failure.code == NOT_YET:
        return Busy(POST_RETRY_S)
    if failure.status == 401:
        return Busy(REFUSED_RETRY_S)
    if failure.status == 429:
        return Busy(MAX_RATE_LIMIT_S)
    if failure.code in NEVER or failure.status in (403, 404):
        return Undeliverable(f"{failure.code} {failure.text[:100]}")
    return failure
