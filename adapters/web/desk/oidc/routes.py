"""Signs agents in through an issuer: redirects to the issuer, starts a session on return, and explains failures."""

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
from adapters.web.doors.addresses import network
from bot.ports import Account
from bot.telemetry import log

START: Final = "/desk/oidc"
BACK: Final = "/desk/oidc/back"
OUT: Final = "/desk/oidc/out"
COOKIE: Final = "tt_desk_oidc"
"""The cookie that names the browser of an attempt. The issuer's answer is worthless in another browser."""

SIGN_IN_S: Final = 600
"""Seconds in which a sign-in at the issuer must finish."""

TRIES: Final = 120
"""Most requests of one network address to these routes in a minute."""

_KIND: Final = "desk/oidc/"
_VALUE: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_ERROR: Final = re.compile(r"[a-z_]{1,40}")


class SignInRefused(Exception):
    """A person cannot sign in. `why` chooses the text on the page; `reason` is for the log and contains no secret."""

    def __init__(self, why: str, reason: str = "", who: str = "") -> None:
        """`who` is the issuer's name for the person, if known."""
        super().__init__(reason)
        self.why, self.reason, self.who = why, reason, who


@dataclass(frozen=True)
class _Attempt:
    """An attempt to sign in, as the vault stores it under its state."""

    browser: str
    nonce: str
    verifier: str
    back: str


class OidcRoutes:
    """Serves sign-in through the issuer."""

    def __init__(self, desk: DeskContext, issuer: Issuer) -> None:
        self.desk = desk
        self.issuer = issuer

    def routes(self) -> list[Route]:
        """Return the routes to the issuer, back, and out. They are plain links, since they change only the sign-in."""
        return [Route(START, self.begin), Route(BACK, self.back), Route(OUT, self.out)]

    async def begin(self, request: Request) -> Response:
        """Redirect to the issuer, with a state that is valid only for this browser."""
        await self._count_request(request)
        browser = request.cookies.get(COOKIE, "")
        browser = browser if _VALUE.fullmatch(browser) else secrets.token_urlsafe(24)
        attempt = _Attempt(
            browser=_hashed(browser),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            back=visitors.address_of(self.desk.site, request) + BACK,
        )
        try:
            await self.issuer.described()
            state = await self.desk.site.vault.put(_KIND + json.dumps(asdict(attempt)), SIGN_IN_S)
            answer = self.desk.go(await self.issuer.address(state, _sign_in_try(attempt)))
        except IssuerDown as error:
            return self._show_refusal(SignInRefused("away", str(error)))
        sessions.put_cookie(request, answer, COOKIE, browser, SIGN_IN_S)
        return answer

    async def back(self, request: Request) -> Response:
        """Sign in a person who returns from the issuer with a code, or explain why not."""
        await self._count_request(request)
        try:
            account = await self._account(request.query_params, request.cookies.get(COOKIE, ""))
        except SignInRefused as refusal:
            return self._show_refusal(refusal)
        before = await self.desk.sessions.whose(request)
        if before is not None:
            await self.desk.sessions.end(before)
        answer = self.desk.go(sessions.way(request))
        sessions.remember(request, answer, await self.desk.sessions.begin(account))
        sessions.remember_way(request, answer, "")
        sessions.put_cookie(request, answer, COOKIE, "", 0)
        return answer

    async def out(self, request: Request) -> Response:
        """Redirect to the issuer's sign-out page, after the person signed out here."""
        await self._count_request(request)
        try:
            return self.desk.go(await self.issuer.leaving() or "/desk/sign-in")
        except IssuerDown as error:
            return self._show_refusal(SignInRefused("away", str(error)))

    async def _account(self, query: Mapping[str, str], browser: str) -> Account:
        """Return the account of the person whom the issuer's answer names. Raises SignInRefused."""
        attempt = await self._spend(query.get("state", ""), browser)
        error = query.get("error", "")
        if error:
            named = error if _ERROR.fullmatch(error) else "unreadable"
            raise SignInRefused("denied" if error == "access_denied" else "refused", f"it answered {named}")
        if query.get("iss", self.issuer.client.issuer) != self.issuer.client.issuer:
            raise SignInRefused("token", "the answer is of another issuer")
        try:
            claims = await self.issuer.who(query.get("code", ""), _sign_in_try(attempt))
        except IssuerDown as down:
            raise SignInRefused("away", str(down)) from None
        except IssuerRefused as refusal:
            raise SignInRefused("old" if refusal.why == "code" else "refused", str(refusal)) from None
        except BadToken as bad:
            raise SignInRefused("token", str(bad)) from None
        account = await self.desk.deps.sign_in.admit(str(claims["sub"]), claims)
        if account is None:
            raise SignInRefused(
                "no_access",
                f"no rule of OIDC_AGENTS or OIDC_ADMINS admits these claims: {sorted(claims)}",
                _own_name(claims),
            )
        return account

    async def _spend(self, state: str, browser: str) -> _Attempt:
        """Return the attempt of that state and delete it. Another browser's attempt stays. Raises SignInRefused."""
        vault = self.desk.site.vault
        text = await vault.peek(state) if _VALUE.fullmatch(state) else None
        if text is None or not text.startswith(_KIND):
            raise SignInRefused("old", "its state is unknown, spent or too old")
        attempt = _Attempt(**json.loads(text.removeprefix(_KIND)))
        if not hmac.compare_digest(attempt.browser, _hashed(browser)):
            raise SignInRefused("old", "its state is of another browser")
        if await vault.take(state) is None:
            raise SignInRefused("old", "its state was already used")
        return attempt

    async def _count_request(self, request: Request) -> None:
        host = request.client.host if request.client else ""
        await self.desk.allowed(f"desk/oidc/{network(host)}", TRIES)

    def _show_refusal(self, refusal: SignInRefused) -> Response:
        log("desk").warning("a sign-in with the issuer failed", why=refusal.why, reason=refusal.reason)
        return self.desk.show(
            "turned",
            None,
            _STATUS[refusal.why],
            why=refusal.why,
            who=refusal.who,
            label=self.issuer.client.label,
            issuer=self.issuer.client.issuer,
            links=self.desk.deps.links,
            home=self.desk.site.public_url,
        )


_STATUS: Final = {"old": 400, "denied": 403, "no_access": 403, "refused": 502, "token": 502, "away": 502}
"""The HTTP status of each refusal. People read `templates/desk/turned.html`."""


def _hashed(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()


def _sign_in_try(attempt: _Attempt) -> SignInTry:
    return SignInTry(nonce=attempt.nonce, verifier=attempt.verifier, back=attempt.back)


def _own_name(claims: Mapping[str, Any]) -> str:
    """Return the person's own name for themselves, which only they will see."""
    for name in ("email", "preferred_username", "name"):
        if isinstance(claims.get(name), str):
            return str(claims[name])[:80]
    return ""
