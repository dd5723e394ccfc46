"""The way in by an issuer: off to it, back from it into a session, and a page that says what to do where that fails."""

import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.desk import sessions
from adapters.web.desk.context import DeskContext
from adapters.web.desk.oidc.issuer import Issuer, IssuerDown, IssuerRefused, SignInTry
from adapters.web.desk.oidc.token import BadToken
from adapters.web.guard import network
from bot.ports import Account
from bot.telemetry import log

START: Final = "/desk/oidc"
BACK: Final = "/desk/oidc/back"
OUT: Final = "/desk/oidc/out"
COOKIE: Final = "tt_desk_oidc"
"""Names the browser that a try was begun in: what comes back to another one is worth nothing."""

SIGN_IN_S: Final = 600
"""Seconds in which a sign-in at the issuer must finish."""

TRIES: Final = 120
"""Times one network address may go to the issuer, and come back, in a minute."""

_KIND: Final = "desk/oidc/"
_VALUE: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_ERROR: Final = re.compile(r"[a-z_]{1,40}")


class SignInRefused(Exception):
    """They do not come in. `why` chooses what they read; `reason` is for the log, and holds nothing secret."""

    def __init__(self, why: str, reason: str = "", who: str = "") -> None:
        """`who` is how the issuer calls them, where that is known."""
        super().__init__(reason)
        self.why, self.reason, self.who = why, reason, who


@dataclass(frozen=True)
class _Begun:
    """What the vault keeps of a try, under its state."""

    browser: str
    nonce: str
    verifier: str
    back: str


class OidcRoutes:
    """The routes of signing in by the issuer."""

    def __init__(self, room: DeskContext, issuer: Issuer) -> None:
        """`room` is the site's."""
        self.room = room
        self.issuer = issuer

    def routes(self) -> list[Route]:
        """Off to the issuer, back, and out. They change only who is signed in here, so links lead to them."""
        return [Route(START, self.begin), Route(BACK, self.back), Route(OUT, self.out)]

    async def begin(self, request: Request) -> Response:
        """Off to the issuer, with a state that is kept for this browser alone."""
        await self._allowed(request)
        browser = request.cookies.get(COOKIE, "")
        browser = browser if _VALUE.fullmatch(browser) else secrets.token_urlsafe(24)
        begun = _Begun(
            browser=_hashed(browser),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            back=visitors.address_of(self.room.site, request) + BACK,
        )
        try:
            await self.issuer.described()
            state = await self.room.site.vault.put(_KIND + json.dumps(asdict(begun)), SIGN_IN_S)
            answer = self.room.go(await self.issuer.address(state, _try(begun)))
        except IssuerDown as away:
            return self._turned(SignInRefused("away", str(away)))
        sessions.put_cookie(request, answer, COOKIE, browser, SIGN_IN_S)
        return answer

    async def back(self, request: Request) -> Response:
        """They come back from the issuer: with a code that says who they are, or with why not."""
        await self._allowed(request)
        try:
            account = await self._account(request.query_params, request.cookies.get(COOKIE, ""))
        except SignInRefused as turned:
            return self._turned(turned)
        before = await self.room.sessions.whose(request)
        if before is not None:
            await self.room.sessions.end(before)
        answer = self.room.go(sessions.way(request))
        sessions.remember(request, answer, await self.room.sessions.begin(account))
        sessions.remember_way(request, answer, "")
        sessions.put_cookie(request, answer, COOKIE, "", 0)
        return answer

    async def out(self, request: Request) -> Response:
        """On to the issuer's own way out, for those who are signed out here."""
        await self._allowed(request)
        try:
            return self.room.go(await self.issuer.leaving() or "/desk/sign-in")
        except IssuerDown as away:
            return self._turned(SignInRefused("away", str(away)))

    async def _account(self, query: Mapping[str, str], browser: str) -> Account:
        """Whose it is. Raises Turned."""
        begun = await self._begun(query.get("state", ""), browser)
        error = query.get("error", "")
        if error:
            named = error if _ERROR.fullmatch(error) else "unreadable"
            raise SignInRefused("denied" if error == "access_denied" else "refused", f"it answered {named}")
        if query.get("iss", self.issuer.client.issuer) != self.issuer.client.issuer:
            raise SignInRefused("token", "the answer is of another issuer")
        try:
            claims = await self.issuer.who(query.get("code", ""), _try(begun))
        except IssuerDown as away:
            raise SignInRefused("away", str(away)) from None
        except IssuerRefused as refused:
            raise SignInRefused("old" if refused.why == "code" else "refused", str(refused)) from None
        except BadToken as bad:
            raise SignInRefused("token", str(bad)) from None
        account = await self.room.office.porter.admit(str(claims["sub"]), claims)
        if account is None:
            raise SignInRefused(
                "nobody", f"of the claims {sorted(claims)} none lets them in", _called(claims)
            )
        return account

    async def _begun(self, state: str, browser: str) -> _Begun:
        """The try of that state, spent by this; one of another browser is left to that browser. Raises Turned."""
        vault = self.room.site.vault
        text = await vault.peek(state) if _VALUE.fullmatch(state) else None
        if text is None or not text.startswith(_KIND):
            raise SignInRefused("old", "its state is unknown, spent or too old")
        begun = _Begun(**json.loads(text.removeprefix(_KIND)))
        if not hmac.compare_digest(begun.browser, _hashed(browser)):
            raise SignInRefused("old", "its state is of another browser")
        if await vault.take(state) is None:
            raise SignInRefused("old", "its state was already used")
        return begun

    async def _allowed(self, request: Request) -> None:
        host = request.client.host if request.client else ""
        await self.room.allowed(f"desk/oidc/{network(host)}", TRIES)

    def _turned(self, turned: SignInRefused) -> Response:
        log("desk").warning("a sign-in with the issuer failed", why=turned.why, reason=turned.reason)
        return self.room.show(
            "turned",
            None,
            _STATUS[turned.why],
            why=turned.why,
            who=turned.who,
            label=self.issuer.client.label,
            issuer=self.issuer.client.issuer,
            links=self.room.office.links,
            home=self.room.site.public_url,
        )


_STATUS: Final = {"old": 400, "denied": 403, "nobody": 403, "refused": 502, "token": 502, "away": 502}
"""How each refusal is answered, for programs; people read `templates/desk/turned.html`."""


def _hashed(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()


def _try(begun: _Begun) -> SignInTry:
    return SignInTry(nonce=begun.nonce, verifier=begun.verifier, back=begun.back)


def _called(claims: Mapping[str, Any]) -> str:
    """How they know themselves: shown to them alone."""
    for name in ("email", "preferred_username", "name"):
        if isinstance(claims.get(name), str):
            return str(claims[name])[:80]
    return ""
