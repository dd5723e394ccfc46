"""Puts the desk together: its routes, the redirect to the sign-in page, and the page for failures."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.desk.acts import ActRoutes
from adapters.web.desk.context import DeskContext, SignedOut
from adapters.web.desk.conversation import ConversationRoutes
from adapters.web.desk.damage import DamageRoutes
from adapters.web.desk.deps import DeskDeps
from adapters.web.desk.erasure import ErasureRoutes
from adapters.web.desk.notices import NoticeRoutes
from adapters.web.desk.queue_page import QueueRoutes
from adapters.web.desk.replay import ReplayRoutes
from adapters.web.desk.sign_in import SignInRoutes
from adapters.web.failures import Failure
from adapters.web.page.assets import Assets
from adapters.web.page.render import Renderer
from adapters.web.site import Site
from adapters.web.stream import Streams


class WebDesk:
    """Serves the desk of one site."""

    def __init__(
        self, site: Site, deps: DeskDeps, renderer: Renderer, streams: Streams, assets: Assets
    ) -> None:
        """`renderer`, `streams` and `assets` are those of the customers' page."""
        self._desk = DeskContext(site, deps, renderer, streams, assets)

    def routes(self) -> list[Route]:
        """Return every route of the desk."""
        pages = ConversationRoutes(self._desk)
        looking = [*QueueRoutes(self._desk).routes(), *ReplayRoutes(self._desk).routes()]
        beside = (
            *SignInRoutes(self._desk).routes(),
            *NoticeRoutes(self._desk).routes(),
            *DamageRoutes(self._desk).routes(),
            *ErasureRoutes(self._desk).routes(),
        )
        routes = [*looking, *pages.routes(), *ActRoutes(pages).routes(), *beside]
        if self._desk.deps.issuer is not None:
            from adapters.web.desk.oidc.routes import OidcRoutes

            routes += OidcRoutes(self._desk, self._desk.deps.issuer).routes()
        return routes

    async def signed_out(self, request: Request, error: Exception) -> Response:
        """Answer a request without a session; see `DeskContext.to_sign_in`."""
        assert isinstance(error, SignedOut)
        return self._desk.to_sign_in(request, error)

    def failed(self, request: Request, failure: Failure) -> Response:
        """Draw a page that says what went wrong."""
        part = request.headers.get("x-requested-with") == "fetch"
        answer = self._desk.show("failure_part" if part else "failure", None, failure.status, failure=failure)
        answer.headers.update(failure.headers)
        return answer
