"""Keeps agents signed in: the session's cookie, its record in the store, and the proof against forged forms."""

import hmac
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from adapters.web.desk.deps import DeskDeps
from adapters.web.site import Site
from adapters.web.visitors import needs_https
from bot.ports import Account

COOKIE: Final = "tt_desk"
NEXT: Final = "tt_desk_next"
"""The cookie with the page to open after signing in."""

IDLE_S: Final = 12 * 3600
"""Seconds for which a session lasts without activity. An open page that only listens is not activity."""

MAX_AGE_MS: Final = 30 * 24 * 3600 * 1000
"""Milliseconds after which a session ends, however active it is."""

ISSUER_MAX_AGE_MS: Final = IDLE_S * 1000
"""Milliseconds after which a session of an issuer's account ends, so that the issuer's claims are read again."""

_KIND: Final = "desk/session/"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_WAY: Final = re.compile(r"/desk(/c/[A-Za-z0-9_-]{1,40}|/accounts|/notices)?")


@dataclass(frozen=True)
class Session:
    """A browser in which an agent is signed in. `token` is the cookie's value, which only this file uses."""

    token: str
    account: Account

    @property
    def actor(self) -> str:
        """Return the id by which events name the agent."""
        return actor(self.account.id)


def actor(account_id: str) -> str:
    """Return the id by which events name an account of the desk."""
    return f"desk:{account_id}"


class Sessions:
    """Starts, finds and ends the sessions of one site, which are stored in the vault."""

    def __init__(self, site: Site, deps: DeskDeps) -> None:
        self._site = site
        self._accounts = deps.accounts
        self._links = deps.links

    async def begin(self, account: Account) -> Session:
        """Start a session for an account that has signed in."""
        text = json.dumps({"account": account.id, "began": self._site.now()})
        return Session(await self._site.vault.put(_KIND + text, IDLE_S), account)

    async def whose(self, connection: HTTPConnection, *, busy: bool = True) -> Session | None:
        """Return the browser's session if its account still exists; `busy` extends it by IDLE_S."""
        token = connection.cookies.get(COOKIE, "")
        text = await self._site.vault.peek(token) if _TOKEN.fullmatch(token) else None
        if text is None or not text.startswith(_KIND):
            return None
        stored = json.loads(text.removeprefix(_KIND))
        account = await self._accounts.get(stored["account"])
        if account is None or not (account.source or self._links):
            await self._site.vault.take(token)
            return None
        if self._site.now() - stored["began"] > (ISSUER_MAX_AGE_MS if account.source else MAX_AGE_MS):
            return None
        if busy:
            await self._site.vault.renew(token, IDLE_S)
        return Session(token, account)

    async def end(self, session: Session) -> None:
        """End a session, so that no copy of its cookie works any longer."""
        await self._site.vault.take(session.token)

    def proof(self, session: Session) -> str:
        """Return the proof that a form of this session must carry."""
        return hmac.new(self._site.secret, f"desk\n{session.token}".encode(), sha256).hexdigest()[:32]

    def proven(self, session: Session, claimed: str) -> bool:
        """Return whether a form's proof is this session's."""
        return hmac.compare_digest(self.proof(session).encode(), claimed.encode())


def remember(connection: HTTPConnection, answer: Response, session: Session | None) -> None:
    """Set the session's cookie; None deletes it."""
    value, age = (session.token, MAX_AGE_MS // 1000) if session else ("", 0)
    put_cookie(connection, answer, COOKIE, value, age)


def remember_way(connection: HTTPConnection, answer: Response, way: str) -> None:
    """Remember for an hour the desk's page to open after signing in; '' forgets it. Ignores other addresses."""
    if not way or good_way(way):
        put_cookie(connection, answer, NEXT, way, 3600 if way else 0)


def way(connection: HTTPConnection) -> str:
    """Return the remembered page, or the queue."""
    path = connection.cookies.get(NEXT, "")
    return path if good_way(path) else "/desk"


def good_way(path: str) -> bool:
    """Return whether the path is a page of the desk that a redirect may open."""
    return _WAY.fullmatch(path) is not None


def put_cookie(connection: HTTPConnection, answer: Response, name: str, value: str, age: int) -> None:
    """Set a cookie of the desk for `age` seconds, hidden from scripts; 0 deletes it."""
    parts = [f"{name}={value}", "Path=/desk", f"Max-Age={age}", "HttpOnly", "SameSite=Lax"]
    if needs_https(connection):
        parts.append("Secure")
    answer.headers.append("set-cookie", "; ".join(parts))
