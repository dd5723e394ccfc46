"""What all pages of the desk share: who is asking, forms that are ours, and drawing."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web import visitors
from adapters.web.assets import Assets
from adapters.web.desk import sessions
from adapters.web.desk.office import Office
from adapters.web.desk.packet import machine, moment
from adapters.web.desk.sessions import Session, Sessions
from adapters.web.failures import Failure
from adapters.web.guard import TooMany, files_at, security_headers
from adapters.web.render import Renderer
from adapters.web.site import Site
from adapters.web.stream import Streams
from flows.hours import duration

SIGN_IN: Final = "/desk/sign-in"
FIELDS: Final = 600
"""Fields of a form at most: a flow may have as many as 500 steps to tick."""


class SignedOut(Exception):
    """Nobody is signed in there; `way` is where they wanted to go."""

    def __init__(self, way: str, *, fetched: bool) -> None:
        """`fetched`: the page's script asks."""
        super().__init__("nobody is signed in")
        self.way = way
        self.fetched = fetched


class Room:
    """The desk of one site."""

    def __init__(
        self, site: Site, office: Office, renderer: Renderer, streams: Streams, assets: Assets
    ) -> None:
        """`renderer`, `streams` and `assets` are the page's."""
        self.site = site
        self.office = office
        self.streams = streams
        self.assets = assets
        self.sessions = Sessions(site, office)
        self._renderer = renderer
        self._headers = headers()

    async def entered(self, request: Request, *, busy: bool = True) -> Session:
        """Who is signed in there. Raises SignedOut."""
        session = await self.sessions.whose(request, busy=busy)
        if session is None:
            way = request.url.path if request.method == "GET" else ""
            raise SignedOut(way, fetched=fetched(request))
        return session

    async def form(self, request: Request) -> tuple[Session, dict[str, str], FormData]:
        """The fields of a form that the desk made in this session. Raises SignedOut, and Failure for a forged one."""
        session = await self.entered(request)
        form = await request.form(max_files=files_at(request.url.path), max_fields=FIELDS)
        fields = texts(form)
        ours = visitors.same_origin(self.site, request)
        if not ours or not self.sessions.proven(session, fields.get("proof", "")):
            await form.close()
            raise forged()
        return session, fields, form

    async def allowed(self, who: str, per_minute: int) -> None:
        """Count something that may not be done often. Raises TooMany."""
        seconds = await self.site.limiter.wait_for(who, per_minute)
        if seconds > 0:
            raise TooMany(seconds)

    def show(self, page: str, session: Session | None, status: int = 200, **values: Any) -> Response:
        """A page of the desk, or with a name that ends in `_part` the part of it that changes."""
        drawn = self._renderer.page(
            f"desk/{page}",
            me=session.account if session else None,
            proof=self.sessions.proof(session) if session else "",
            key=secrets.token_urlsafe(9),
            now=self.site.now(),
            when=moment,
            machine=machine,
            span=duration,
            **values,
        )
        return HTMLResponse(drawn, status, {**self._headers, "vary": "x-requested-with, cookie"})

    def go(self, where: str) -> Response:
        """On to another page."""
        return RedirectResponse(where, 303, self._headers)

    def to_sign_in(self, request: Request, out: SignedOut) -> Response:
        """What somebody gets who is not signed in: the way in, or for the script a plain no."""
        if out.fetched:
            return HTMLResponse("<p>You are signed out.</p>", 401, self._headers)
        answer = self.go(SIGN_IN)
        if out.way:
            sessions.remember_way(request, answer, out.way)
        return answer


def headers() -> Mapping[str, str]:
    """Those of every page of the desk: no other site may put it in a frame, whoever may embed the customers' page."""
    known = security_headers(())
    policy = known["content-security-policy"].replace("frame-ancestors 'self'", "frame-ancestors 'none'")
    return known | {"content-security-policy": policy, "x-frame-options": "DENY"}


def forged() -> Failure:
    """A form that this page did not make."""
    return Failure(403, "forged", "That form is too old, or is not of this page. Please open the page again.")


def fetched(request: Request) -> bool:
    """Whether the page's script asks, which swaps in only what changes."""
    return request.headers.get("x-requested-with") == "fetch"


def texts(form: FormData) -> dict[str, str]:
    """Its fields that are texts; of several with one name the last."""
    return {name: value for name, value in form.items() if isinstance(value, str)}
