"""Puts the web channel together: its routes, its error responses, and the guard before all of them."""

from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from adapters.web.api.openapi import document
from adapters.web.api.routes import ApiRoutes
from adapters.web.desk.context import SignedOut
from adapters.web.desk.routes import WebDesk
from adapters.web.failures import Failure, failure_of, problem
from adapters.web.guard import Guard, TooMany, security_headers
from adapters.web.inbound import BadRequest
from adapters.web.limits import StoreFull
from adapters.web.metrics import MeteredRequests, MetricsRoute
from adapters.web.notice_watch import NoticeWatch
from adapters.web.page.assets import Assets
from adapters.web.page.home import HomeRoutes
from adapters.web.page.one_time_link import AddressLinkRoutes, DeviceLinkRoutes, MailLinkRoutes
from adapters.web.page.render import Host, Renderer
from adapters.web.page.routes import PageRoutes
from adapters.web.site import Site
from adapters.web.stream import Streams
from bot.ports import Contended, StoreDown, Unreadable

FAILURES: Final[tuple[type[Exception], ...]] = (
    Failure,
    StoreDown,
    Contended,
    Unreadable,
    TooMany,
    StoreFull,
    BadRequest,
    HTTPException,
    RequestValidationError,
    Exception,
)
"""Errors that get a page or a problem document; the last one is any other error."""


def create(site: Site) -> FastAPI:
    """Build the application. Raises ValueError if a trusted proxy is not an address.

    `app.state.site` is the given site. Close `app.state.streams` before a server waits for its connections to end.
    """
    host = Host(
        product=site.product_name, support=site.support_name, email=site.support_email, mails=site.mails
    )
    app = FastAPI(
        title=host.name, version="1", summary=_SUMMARY, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.state.site = site
    app.state.streams = streams = Streams(site.feed, NoticeWatch(site.notices))
    assets = Assets(site)
    renderer = Renderer(host, assets.address, assets.image)
    pages = PageRoutes(site, renderer, streams)
    app.router.routes.extend(
        [
            *HomeRoutes(pages).routes(),
            *pages.routes(),
            *DeviceLinkRoutes(pages).routes(),
            *MailLinkRoutes(pages).routes(),
            *AddressLinkRoutes(pages).routes(),
            *assets.routes(),
            *MetricsRoute(site.metrics, site.metrics_token).routes(),
        ]
    )
    app.include_router(ApiRoutes(site, streams, assets).router())
    desk = WebDesk(site, site.desk, renderer, streams, assets) if site.desk is not None else None
    if desk is not None:
        app.router.routes.extend(desk.routes())
        app.add_exception_handler(SignedOut, desk.signed_out)
    errors = _ErrorResponses(site, renderer, desk)
    for kind in FAILURES:
        app.add_exception_handler(kind, errors.answer)
    app.add_exception_handler(ClientDisconnect, _hung_up)
    app.add_middleware(Guard, site=site)
    if site.meter is not None:
        app.add_middleware(MeteredRequests, meter=site.meter)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # how FastAPI wants it extended
    return app


async def _hung_up(_request: Request, _error: Exception) -> Response:
    """End the request of a client that hung up or was too slow. No one reads this response."""
    return Response(status_code=400)


_SUMMARY: Final = "Guided troubleshooting, one step at a time, with a person one click away."


class _ErrorResponses:
    """Answers errors: with a problem document for the API, with a page for people."""

    def __init__(self, site: Site, renderer: Renderer, desk: WebDesk | None) -> None:
        self._site = site
        self._desk = desk
        self._renderer = renderer
        self._headers = security_headers(site)

    async def answer(self, request: Request, error: Exception) -> Response:
        failure = failure_of(error)
        if request.url.path.startswith("/api/"):
            answer = problem(failure, self._site.support_email)
        elif self._desk is not None and request.url.path.startswith("/desk"):
            answer = self._desk.failed(request, failure)
        else:
            fetched = request.headers.get("x-requested-with") == "fetch"
            page = self._renderer.page("failure_part" if fetched else "failure", failure=failure)
            answer = HTMLResponse(page, failure.status, dict(failure.headers))
        if failure.status == 500:
            # The guard does not see this response, so it lacks the guard's headers.
            for name, value in self._headers.items():
                answer.headers.setdefault(name, value)
        return answer
