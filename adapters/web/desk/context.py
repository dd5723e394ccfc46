"""Finds the session of a request, checks that forms are ours and draws the desk's pages."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web import visitors
from adapters.web.desk import sessions
from adapters.web.desk.deps import DeskDeps
from adapters.web.desk.packet import machine, moment
from adapters.web.desk.phrases import SENTENCES
from adapters.web.desk.sessions import Session, Sessions
from adapters.web.failures import Failure
from adapters.web.forms import read_form
from adapters.web.guard import TooMany, security_headers
from adapters.web.page.assets import Assets
from adapters.web.page.render import Renderer
from adapters.web.site import Site
from adapters.web.stream import Streams
from flows.hours import duration
from flows.text.agent_phrases import phrase

SIGN_IN: Final = "/desk/sign-in"
FIELDS: Final = 600
"""Most fields of a form. A flow may have 500 steps to mark as done."""


class SignedOut(Exception):
    """No one is signed in on the browser that sent the request. `way` is the requested page."""

    def __init__(self, way: str, *, fetched: bool) -> None:
        """`fetched` says that the page's script sent the request."""
        super().__init__("no one is signed in")
        self.way = way
        self.fetched = fetched


class DeskContext:
    """Holds what the desk's routes share: the site, its ports, the sessions, and how to draw a page."""

    def __init__(
        self, site: Site, deps: DeskDeps, renderer: Renderer, streams: Streams, assets: Assets
    ) -> None:
        """`renderer`, `streams` and `assets` are those of the customers' page."""
        self.site = site
        self.deps = deps
        self.streams = streams
        self.assets = assets
        self.sessions = Sessions(site, deps)
        self._renderer = renderer
        self._headers = headers(site)

    async def entered(self, request: Request, *, busy: bool = True) -> Session:
        """Return the browser's session; `busy` extends it. Raises SignedOut."""
        session = await self.sessions.whose(request, busy=busy)
        if session is None:
            way = request.url.path if request.method == "GET" else ""
            raise SignedOut(way, fetched=fetched(request))
        return session

    async def form(self, request: Request) -> tuple[Session, dict[str, str], FormData]:
        """Return the fields of a form of this session. Raises SignedOut, and Failure for a forged or expired form."""
        session = await self.entered(request)
        form = await read_form(request, FIELDS)
        fields = texts(form)
        ours = visitors.same_origin(self.site, request)
        if not ours or not self.sessions.proven(session, fields.get("proof", "")):
            await form.close()
            raise forged()
        return session, fields, form

    async def allowed(self, who: str, per_minute: int) -> None:
        """Count a request against its limit. Raises TooMany."""
        seconds = await self.site.limiter.wait_for(who, per_minute)
        if seconds > 0:
            raise TooMany(seconds)

    def show(self, page: str, session: Session | None, status: int = 200, **values: Any) -> Response:
        """Draw a page of the desk. A name that ends in `_part` draws only the part that changes."""
        drawn = self._renderer.page(
            f"desk/{page}",
            me=session.account if session else None,
            proof=self.sessions.proof(session) if session else "",
            key=secrets.token_urlsafe(9),
            now=self.site.now(),
            when=moment,
            day=day,
            machine=machine,
            span=duration,
            sentence=SENTENCES.say,
            agent_phrase=phrase,
            **values,
        )
        return HTMLResponse(drawn, status, {**self._headers, "vary": "x-requested-with, cookie"})

    def go(self, where: str) -> Response:
        """Redirect to another page."""
        return RedirectResponse(where, 303, self._headers)

    def to_sign_in(self, request: Request, out: SignedOut) -> Response:
        """Answer a request without a session: redirect to the sign-in page, or send the script a 401."""
        if out.fetched:
            return HTMLResponse("<p>You're signed out.</p>", 401, self._headers)
        answer = self.go(SIGN_IN)
        if out.way:
            sessions.remember_way(request, answer, out.way)
        return answer


def headers(site: Site) -> Mapping[str, str]:
    """Return the headers of the desk's pages. No site may frame the desk, even if it may frame customers' pages."""
    known = security_headers(replace(site, embed_origins=()))
    policy = known["content-security-policy"].replace("frame-ancestors 'self'", "frame-ancestors 'none'")
    return known | {"content-security-policy": policy, "x-frame-options": "DENY"}


def forged() -> Failure:
    """Return the failure of a form that this page did not make."""
    return Failure(403, "forged", "This form has expired. Reload the page and try again.")


def fetched(request: Request) -> bool:
    """Return whether the page's script sent the request. The script replaces only the part that changes."""
    return request.headers.get("x-requested-with") == "fetch"


def day(milliseconds: int) -> str:
    """Return a day as text, in UTC. The page's script converts it to the reader's time zone."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).strftime("%b %-d, %Y")


def texts(form: FormData) -> dict[str, str]:
    """Return a form's text fields. If several have the same name, the last one counts."""
    return {name: value for name, value in form.items() if isinstance(value, str)}
